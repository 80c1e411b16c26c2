"""Reading one cell of the filter grid, page by page, over a table that moves."""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import parse_qsl, urlsplit

import msgspec

from score_model.client import ListPage, NumberedPages, PageRequest, detect_dialect
from score_model.ingest._ahead import ReadAhead
from score_model.ingest._identity import Identity, row_identity
from score_model.ingest._seams import is_tight, probe_of

_RECENT_PAGES = 20  # how far back a page may reach and still be recognised as overlapping
_MAX_STEP_BACKS = 20  # in a row, before a seam is given up and reported
_MAX_GIVEN_UP = 3  # seams of a cell, before the others are no longer probed
_MAX_STALLED = 5  # pages in a row without a new row, before the server is taken to ignore `page`


class PageSource(Protocol):
    """Where pages come from; `score_model.client.LeaderboardClient` is one."""

    def request(self, filters: Mapping[str, str], page: int, limit: int, sort: str | None) -> PageRequest:
        """How a numbered page is asked for."""

    async def page_at(self, request: PageRequest) -> ListPage:
        """The page behind a request."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """What a reader asks for: filters, rows per page, order, and how many pages' worth of rows to take (None: all)."""

    filters: Mapping[str, str]
    limit: int
    sort: str | None
    max_pages: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """Where a reader goes on: the last page taken, its last row, the rows before it, and the server's page size.

    `next` is the request of the following page where pages are not numbered.
    """

    number: int
    last: Identity
    recent: Sequence[Identity]
    taken: int
    page_size: int
    next: PageRequest | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinedPage:
    """A page that joins what came before; `rows` are its rows that the reader had not met, with their identities.

    `received` counts all its rows and `taken` the cell's rows so far. `step_backs` counts the seams that did not fit
    since the page before, and `unjoined` means that this page's seam was given up.
    """

    number: int
    rows: Sequence[tuple[Identity, msgspec.Raw]]
    received: int
    total: int | None
    last: Identity
    taken: int
    page_size: int
    next: PageRequest | None
    fetched_at: str
    step_backs: int
    unjoined: bool


class CellReader:
    """Reads one cell from `position` on (None: from its first page), asking for up to `width` pages at once.

    `dialect` and `reason` (`end`, `pages`, `stalled`) are known when `pages` has ended. For updates, `start` is the
    first page to look at, `page_size` the server's own, and `known` tells the rows of the crawl before: a page that
    holds one joins it.
    """

    def __init__(
        self,
        source: PageSource,
        query: Query,
        now: Callable[[], str],
        *,
        position: Position | None = None,
        width: int = 1,
        start: int = 1,
        page_size: int | None = None,
        known: Callable[[Identity], bool] | None = None,
    ) -> None:
        self.dialect = ""
        self.reason = ""
        self._source = source
        self._query = query
        self._now = now
        self._position = position
        self._width = width
        self._start = start
        self._known = known or (lambda _identity: False)
        self._recent = dict.fromkeys(position.recent) if position else {}
        self._taken = position.taken if position else 0
        self._size = position.page_size if position else page_size or query.limit
        self._given_up = 0
        self._ahead = ReadAhead(self._read, query.limit)

    async def pages(self) -> AsyncIterator[JoinedPage]:
        """The cell's pages in order. Raises the client's errors."""
        try:
            async for page in self._pages():
                yield page
        finally:
            await self._ahead.forget()

    async def _pages(self) -> AsyncIterator[JoinedPage]:
        if self._room() == 0:
            self.reason = "pages"
            return
        position = self._position
        number = position.number + 1 if position else await self._first_page()
        if position and position.next:
            request, page = position.next, await self._source.page_at(position.next)
        else:
            request = self._source.request(self._query.filters, number, self._query.limit, self._query.sort)
            page = await self._ahead.take(number)
        dialect = detect_dialect(page, request)
        self.dialect = type(dialect).__name__
        if isinstance(dialect, NumberedPages) or _is_next_number(request, dialect.next_request(request, page)):
            self._adopt_page_size(number, page)
            reading = self._numbered(number, page, position.last if position else None)
        else:
            reading = self._followed(number, request, page)
        async for joined in reading:
            yield joined

    async def _read(self, number: int, limit: int) -> ListPage:
        return await self._source.page_at(self._source.request(self._query.filters, number, limit, self._query.sort))

    def _room(self) -> int | None:
        """Rows that may still be taken; None without a limit."""
        return None if self._query.max_pages is None else self._query.max_pages * self._size - self._taken

    def _adopt_page_size(self, number: int, page: ListPage) -> None:
        """A server that sends fewer rows than asked for, and says that there are more, has a page size of its own."""
        if number == 1 and 0 < len(page.items) < self._size and _says_more(page, len(page.items)):
            self._size = len(page.items)

    async def _first_page(self) -> int:
        """Where an update starts: the last page, from `start` backwards, that begins with a row that is known."""
        number = self._start
        met = False
        while number > 1:
            page = await self._ahead.take(number)
            identities = [row_identity(item) for item in page.items]
            if identities and self._known(identities[0]):
                break
            if met and not any(map(self._known, identities)):
                return number + 1
            met = met or any(map(self._known, identities))
            last_page = -(-page.total // self._size) if page.total else number
            number = max(1, min(number - 1, last_page))
        return number

    async def _numbered(self, number: int, page: ListPage, last: Identity | None) -> AsyncIterator[JoinedPage]:
        fresh_start = self._position is None
        step_backs = stalled = 0
        short: int | None = None  # rows of the page before, if they were fewer than a page
        while True:
            identities = [row_identity(item) for item in page.items]
            if short is not None and not identities:
                self.reason = "end"
                return
            if short is not None and number == 2:  # no hint told that the server has a page size of its own
                self._size, short = short, None
            joins = number == 1 or fresh_start or await self._joins(number, identities, last)
            if joins is False and step_backs < _MAX_STEP_BACKS:
                step_backs += 1
                number -= 1
                await self._ahead.forget()
                page = await self._ahead.take(number)
                continue
            if not identities:
                self.reason = "end"
                return
            self._given_up += not joins
            joined = self._join(number, page, identities, step_backs=step_backs, unjoined=not joins)
            yield joined
            last, step_backs, fresh_start = joined.last, 0, False
            short = len(identities) if len(identities) < self._size else None
            stalled = 0 if joined.rows else stalled + 1
            if self._room() == 0 or stalled == _MAX_STALLED:
                self.reason = "pages" if self._room() == 0 else "stalled"
                return
            if _is_last(page, number, self._size):
                self.reason = "end"
                return
            number += 1
            self._look_ahead(number, page)
            page = await self._ahead.take(number)

    def _look_ahead(self, number: int, page: ListPage) -> None:
        """Asks for the next pages that are sure to be wanted, each with the seam before it."""
        room = self._room()
        wanted = [count for count in (room, page.total) if count is not None]
        ends = -(-wanted[0] // self._size) + number - 1 if room is not None else number
        if page.total is not None:
            in_table = -(-page.total // self._size)
            ends = in_table if room is None else min(ends, in_table)
        for ahead in range(number, max(number, min(number + self._width - 1, ends)) + 1):
            self._ahead.expect(ahead)
            self._ahead.expect(*probe_of((ahead - 1) * self._size))

    async def _joins(self, number: int, identities: Sequence[Identity], last: Identity | None) -> bool | None:
        """Whether the page overlaps rows already taken or directly follows the last; None if it can't be known."""
        if any(identity in self._recent or self._known(identity) for identity in identities):
            return True
        if last is None or self._given_up >= _MAX_GIVEN_UP:
            return None
        page_number, size = probe_of((number - 1) * self._size)
        if self._size < min(size, self._query.limit):  # the server does not send that many rows at once
            return None
        probe = await self._ahead.take(page_number, size)
        if len(probe.items) > size:  # the server does not heed `limit`
            return None
        return is_tight([row_identity(item) for item in probe.items], last, identities[0] if identities else None)

    async def _followed(self, number: int, request: PageRequest, page: ListPage) -> AsyncIterator[JoinedPage]:
        """Pages reached by cursor, link or `next`: what joins them is the server's business."""
        dialect = detect_dialect(page, request)
        while page.items:
            following = dialect.next_request(request, page)
            identities = [row_identity(item) for item in page.items]
            yield self._join(number, page, identities, following=following)
            if self._room() == 0 or following is None:
                self.reason = "end" if following is None else "pages"
                return
            request, number = following, number + 1
            page = await self._source.page_at(request)
        self.reason = "end"

    def _join(
        self,
        number: int,
        page: ListPage,
        identities: Sequence[Identity],
        *,
        following: PageRequest | None = None,
        step_backs: int = 0,
        unjoined: bool = False,
    ) -> JoinedPage:
        room = self._room()
        rows: list[tuple[Identity, msgspec.Raw]] = []
        for identity, item in zip(identities, page.items, strict=True):
            if len(rows) == room:
                break
            if identity not in self._recent:
                rows.append((identity, item))
                self._recent[identity] = None
        self._taken += len(rows)
        while len(self._recent) > _RECENT_PAGES * self._size:
            del self._recent[next(iter(self._recent))]
        return JoinedPage(
            number=number,
            rows=rows,
            received=len(identities),
            total=page.total,
            last=identities[-1],
            taken=self._taken,
            page_size=self._size,
            next=following,
            fetched_at=self._now(),
            step_backs=step_backs,
            unjoined=unjoined,
        )


def _is_next_number(request: PageRequest, following: PageRequest | None) -> bool:
    """Whether a `next` leads to nothing else than the following page number: then pages can be read by number."""
    if following is None or request.number is None or following.number != request.number + 1:
        return False
    asked, offered = urlsplit(request.path), urlsplit(following.path)
    parameters = {**dict(parse_qsl(offered.query, keep_blank_values=True)), **following.params}
    return asked[:3] == offered[:3] and parameters == {**request.params, "page": str(following.number)}


def _says_more(page: ListPage, seen: int) -> bool:
    """Whether the server's hints promise rows behind the first `seen` ones."""
    return bool(
        page.has_next
        or (page.total is not None and page.total > seen)
        or (page.total_pages is not None and page.total_pages > 1)
    )


def _is_last(page: ListPage, number: int, size: int) -> bool:
    """Whether the table ends with this page.

    A full page never proves it: the hints may have been counted a moment before the rows. A short one does, unless
    the hints promise more or there are none (then only an empty page ends the list).
    """
    if len(page.items) >= size or (page.total is None and page.total_pages is None and page.has_next is None):
        return False
    return not (page.has_next or (page.total is not None and page.total > number * size))
