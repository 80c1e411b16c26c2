"""Reading one cell of the filter grid, page by page, over a table that moves."""

import itertools
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import parse_qsl, urlsplit

import msgspec

from score_model.client import ListPage, NumberedPages, PageRequest, detect_dialect
from score_model.ingest._ahead import ReadAhead
from score_model.ingest._identity import Identity, row_identities
from score_model.ingest._recent import RecentRows
from score_model.ingest._windows import Window, overlapping, window_over

_RECENT_PAGES = 20  # how far back a page may reach and still be recognised as overlapping
_MAX_STEP_BACKS = 20  # in a row, before an overlap is given up
_MAX_STALLED = 5  # pages in a row that begin with the same row, before the server is taken to ignore `page`


class PageSource(Protocol):
    """Where pages come from; `score_model.client.LeaderboardClient` is one."""

    def request(self, filters: Mapping[str, str], page: int, limit: int, sort: str | None) -> PageRequest:
        """How a numbered page is asked for."""

    async def page_at(self, request: PageRequest) -> ListPage:
        """The page behind a request."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """What a reader asks for: filters, rows per page, order, and how many rows to take (None: all)."""

    filters: Mapping[str, str]
    limit: int
    sort: str | None
    max_pages: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """Where a reader goes on: `last` is the identity (in hex) of the last row that it has read, `at` its offset.

    `taken` counts the cell's rows so far, `page_size` is the server's, and `next` the following request where pages
    are not numbered. `plain` says that the server's pages can't be made to overlap.
    """

    at: int
    last: str
    taken: int
    page_size: int
    next: PageRequest | None = None
    plain: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinedPage:
    """A page that joins what came before; `rows` are its rows that the reader had not met, with their identities.

    `received` counts all its rows, `position` is where to go on behind it, and `total` the server's count. `step_backs`
    counts the pages since the one before that did not overlap what was taken; `unproven` says that this page does not,
    so that rows may be missing before it.
    """

    rows: Sequence[tuple[Identity, msgspec.Raw]]
    received: int
    total: int | None
    position: Position
    fetched_at: str
    step_backs: int = 0
    unproven: bool = False


class CellReader:
    """Reads one cell of the grid, from `position` on (None: from its beginning).

    Up to `width` pages are asked for at once. `dialect` and `reason` (`end`, `pages`, `stalled`) are known when `pages`
    has ended. `met` are the identities that the cell is known to hold already; an update names in `start` the offset
    at which to begin.
    """

    def __init__(
        self,
        source: PageSource,
        query: Query,
        now: Callable[[], str],
        *,
        position: Position | None = None,
        met: Iterable[Identity] = (),
        start: int | None = None,
        width: int = 1,
    ) -> None:
        self.dialect = ""
        self.reason = ""
        self._source, self._query, self._now, self._width = source, query, now, width
        self._position = position
        self._start = start
        self._size = position.page_size if position else query.limit
        self._taken = position.taken if position else 0
        last = [bytes.fromhex(position.last)] if position else []
        self._met = RecentRows(_RECENT_PAGES * query.limit, itertools.chain(met, last))
        self._ahead = ReadAhead(self._read)

    async def pages(self) -> AsyncIterator[JoinedPage]:
        """The cell's pages in order. Raises the client's errors."""
        try:
            async for page in self._pages():
                yield page
        finally:
            await self._ahead.forget()

    async def _pages(self) -> AsyncIterator[JoinedPage]:
        position = self._position
        if self._room() == 0:
            self.reason = "pages"
            return
        if position and position.next:
            request, page = position.next, await self._source.page_at(position.next)
            window = Window(1, self._size)
        else:
            window = await self._first_window()
            request, page = self._request(window), await self._ahead.take(window)
        dialect = detect_dialect(page, request)
        self.dialect = type(dialect).__name__
        if position and position.plain:
            reading = self._plain(position.at + 1)
        elif isinstance(dialect, NumberedPages) or _is_next_number(request, dialect.next_request(request, page)):
            reading = self._overlapping(window, page)
        else:
            reading = self._followed(request, page)
        async for joined in reading:
            yield joined

    def _request(self, window: Window) -> PageRequest:
        return self._source.request(self._query.filters, window.number, window.size, self._query.sort)

    async def _read(self, window: Window) -> ListPage:
        return await self._source.page_at(self._request(window))

    def _room(self) -> int | None:
        """Rows that may still be taken; None without a limit."""
        return None if self._query.max_pages is None else self._query.max_pages * self._size - self._taken

    async def _first_window(self) -> Window:
        if self._position:
            return overlapping(self._position.at, self._size)
        window = Window(1, self._size)
        if self._start is None:
            return window
        # An update begins at the last page, from `start` backwards, whose first row is known: rows that were judged
        # late, and sort between known ones, are found too.
        met, at = False, self._start
        while at > 0:
            window = overlapping(at, self._size)
            page = await self._ahead.take(window)
            identities = row_identities(page.items)
            if identities and self._met.hold_any(identities[:1]):
                return window
            if met and not self._met.hold_any(identities):
                return overlapping(window.stop - 1, self._size)
            met = met or self._met.hold_any(identities)
            at = min(window.start - 1, page.total or window.start)
        return Window(1, self._size)

    async def _overlapping(self, window: Window, page: ListPage) -> AsyncIterator[JoinedPage]:
        """Numbered pages, each made to hold the last row of the one before."""
        joins = self._position is None
        step_backs = stalled = 0
        first_row: Identity | None = None
        while True:
            identities = row_identities(page.items)
            joins = joins or window.start == 0 or self._met.hold_any(identities)
            if len(identities) > window.size or (not joins and step_backs == _MAX_STEP_BACKS):
                async for joined in self._plain(window.stop - 1 if self._taken else 0, step_backs):
                    yield joined
                return
            if not joins:
                step_backs += 1
                await self._ahead.forget()
                window = overlapping(max(0, window.start - self._size), self._size)
                page = await self._ahead.take(window)
                continue
            if not identities:
                self.reason = "end"
                return
            at = window.start + len(identities) - 1
            joined = self._join(page, identities, at, step_backs=step_backs)
            yield joined
            stalled = stalled + 1 if identities[0] == first_row and not joined.rows else 0
            joins, step_backs, first_row = False, 0, identities[0]
            if self._room() == 0 or stalled == _MAX_STALLED:
                self.reason = "pages" if self._room() == 0 else "stalled"
                return
            if len(identities) < window.size:
                more = _says_more(page, window, len(identities))
                if more is False or not joined.rows:
                    self.reason = "end"
                    return
                if window.start == 0:  # the server may have a page size of its own
                    self._size = len(identities)
                    if window_over(at, self._size) is None:
                        async for joined in self._plain(at + 1):
                            yield joined
                        return
            window = overlapping(at, self._size)
            self._look_ahead(window, page.total)
            page = await self._ahead.take(window)

    def _look_ahead(self, window: Window, total: int | None) -> None:
        """Asks for the pages that will be wanted if nothing moves."""
        room = self._room()
        end = total or 0
        if room is not None:
            end = min(end, window.start + room + 1)
        for _ in range(self._width):
            self._ahead.expect(window)
            if window.stop >= end:
                return
            window = overlapping(window.stop - 1, self._size)

    async def _plain(self, at: int, step_backs: int = 0) -> AsyncIterator[JoinedPage]:
        """Page after page by number, from the one that holds offset `at`, where pages can't be made to overlap."""
        number = at // self._size + 1
        first_row: Identity | None = None
        stalled = 0
        while stalled < _MAX_STALLED:
            page = await self._read(Window(number, self._query.limit))
            identities = row_identities(page.items)
            if not identities or self._room() == 0:
                self.reason = "pages" if identities else "end"
                return
            unproven = number > 1 and not self._met.hold_any(identities)
            at = (number - 1) * self._size + len(identities) - 1
            yield self._join(page, identities, at, step_backs=step_backs, plain=True, unproven=unproven)
            stalled = stalled + 1 if identities[0] == first_row else 0
            first_row, step_backs, number = identities[0], 0, number + 1
        self.reason = "stalled"

    async def _followed(self, request: PageRequest, page: ListPage) -> AsyncIterator[JoinedPage]:
        """Pages reached by cursor, link or `next`: what joins them is the server's business."""
        dialect = detect_dialect(page, request)
        at = self._position.at if self._position else -1
        while page.items:
            following = dialect.next_request(request, page)
            identities = row_identities(page.items)
            at += len(identities)
            yield self._join(page, identities, at, following=following)
            if self._room() == 0 or following is None:
                self.reason = "pages" if following else "end"
                return
            request, page = following, await self._source.page_at(following)
        self.reason = "end"

    def _join(
        self,
        page: ListPage,
        identities: Sequence[Identity],
        at: int,
        *,
        following: PageRequest | None = None,
        step_backs: int = 0,
        plain: bool = False,
        unproven: bool = False,
    ) -> JoinedPage:
        rows = self._met.add_new(identities, page.items, self._room())
        self._taken += len(rows)
        return JoinedPage(
            rows=rows,
            received=len(identities),
            total=page.total,
            position=Position(
                at=at,
                last=identities[-1].hex(),
                taken=self._taken,
                page_size=self._size,
                next=following,
                plain=plain,
            ),
            fetched_at=self._now(),
            step_backs=step_backs,
            unproven=unproven,
        )


def _is_next_number(request: PageRequest, following: PageRequest | None) -> bool:
    """Whether a `next` leads to nothing else than the following page number: then pages can be read by number."""
    if following is None or request.number is None or following.number != request.number + 1:
        return False
    asked, offered = urlsplit(request.path), urlsplit(following.path)
    parameters = {**dict(parse_qsl(offered.query, keep_blank_values=True)), **following.params}
    return asked[:3] == offered[:3] and parameters == {**request.params, "page": str(following.number)}


def _says_more(page: ListPage, window: Window, rows: int) -> bool | None:
    """Whether a hint promises rows behind this page's; None if there are no hints."""
    hints = (
        page.has_next,
        None if page.total is None else page.total > window.start + rows,
        None if page.total_pages is None else page.total_pages > window.number,
    )
    said = [hint for hint in hints if hint is not None]
    return any(said) if said else None
