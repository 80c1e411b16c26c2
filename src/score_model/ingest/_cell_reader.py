"""Reading one cell of the filter grid, page by page, over a table that moves."""

import itertools
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import msgspec

from score_model.client import Dialect, ListPage, NumberedPages, PageRequest, detect_dialect, follow_pages, says_more
from score_model.errors import CircularListError
from score_model.ingest._row_identity import Identity, row_identities, row_key
from score_model.ingest._windows import ReadAhead, RecentRows, Window, choose_window, is_next_number

_RECENT_PAGES = 20  # how far back a page may reach and still be recognised as overlapping
_MAX_STEP_BACKS = 10  # without a new row between them, before overlapping is given up
_MAX_SAME = 3  # pages in a row without a new row that begin with the same one: the server ignores what it is asked
_MAX_EMPTY = 5  # pages in a row without any row, although the server says that there are more
_MAX_FRUITLESS = 200  # overlapping pages in a row without a new row


class PageSource(Protocol):
    """Where pages come from; `score_model.client.LeaderboardClient` is one."""

    def request(self, filters: Mapping[str, str], page: int, limit: int, sort: str | None) -> PageRequest:
        """Return the request for a numbered page."""

    async def page_at(self, request: PageRequest) -> ListPage:
        """Return the page that answers a request."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """What a reader asks for: filters, rows per page, order, and how many pages to read (None: all)."""

    filters: Mapping[str, str]
    limit: int
    sort: str | None
    max_pages: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """Where a reader goes on: `last` is the key of the last row that it has read, `at` its offset.

    `taken` counts the cell's rows so far and `pages` its pages; `page_size` is the server's. `next` is the request to
    go on with where pages follow each other instead of overlapping.
    """

    at: int
    last: str
    taken: int
    pages: int
    page_size: int
    next: PageRequest | None = None


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
        self._pages_read = position.pages if position else 0
        last = [hash(position.last)] if position else []
        self._met = RecentRows(_RECENT_PAGES * query.limit, itertools.chain(met, last))
        self._ahead = ReadAhead(self._read)

    async def pages(self) -> AsyncIterator[JoinedPage]:
        """Yield the cell's pages in order. Raises the client's errors."""
        try:
            async for page in self._pages():
                yield page
        finally:
            await self._ahead.forget()

    async def _pages(self) -> AsyncIterator[JoinedPage]:
        if self._position and self._position.next:
            reading = self._in_sequence(self._position.next)
        else:
            window = await self._first_window()
            request, page = self._request(window), await self._ahead.take(window)
            dialect = detect_dialect(page, request)
            self.dialect = type(dialect).__name__
            numbered = isinstance(dialect, NumberedPages) or is_next_number(
                request, dialect.next_request(request, page)
            )
            if numbered and self._can_overlap(window, page):
                reading = self._overlapping(window, page)
            else:
                reading = self._in_sequence(request, page)
        async for joined in reading:
            yield joined
        if not self.reason:
            async for joined in self._in_sequence(self._numbered(self._taken // self._size + 1)):
                yield joined

    def _can_overlap(self, window: Window, page: ListPage) -> bool:
        """Return whether rows keep their order, and the server heeds the page size asked for, as far as one sees."""
        in_time = self._query.sort is None or self._query.sort.startswith("created_at")
        short = window.start == 0 and len(page.items) < window.size and _says_more(page, window) is not False
        return in_time and not short and len(page.items) <= window.size

    def _request(self, window: Window) -> PageRequest:
        return self._source.request(self._query.filters, window.number, window.size, self._query.sort)

    async def _read(self, window: Window) -> ListPage:
        return await self._source.page_at(self._request(window))

    def _room(self) -> int | None:
        """Return how many rows may still be taken; None without a limit."""
        return None if self._query.max_pages is None else self._query.max_pages * self._size - self._taken

    async def _first_window(self) -> Window:
        if self._position:
            return choose_window(self._position.at, self._size)
        window = Window(1, self._size)
        if self._start is None:
            return window
        # An update begins at the last page, from `start` backwards, whose first row is known: rows that were judged
        # late, and sort between known ones, are found too.
        met, at = False, self._start
        while at > 0:
            window = choose_window(at, self._size)
            page = await self._ahead.take(window)
            identities = row_identities(page.items)
            if identities and self._met.hold_any(identities[:1]):
                return window
            if met and not self._met.hold_any(identities):
                return choose_window(window.stop - 1, self._size)
            met = met or self._met.hold_any(identities)
            at = min(window.start - 1, page.total or window.start)
        return Window(1, self._size)

    async def _overlapping(self, window: Window, page: ListPage) -> AsyncIterator[JoinedPage]:
        """Yield numbered pages, each made to hold the last row of the one before; no `reason` where that fails."""
        joins = self._position is None
        steps = total = 0
        repeats = _FruitlessPages()
        while True:
            identities = row_identities(page.items)
            joins = joins or window.start == 0 or self._met.hold_any(identities)
            if len(identities) > window.size or (not joins and steps == _MAX_STEP_BACKS):
                return
            if not joins:  # rows have vanished: this page lies too far behind
                steps += 1
                await self._ahead.forget()
                window = choose_window(max(0, window.start - self._size), self._size)
                page = await self._ahead.take(window)
                continue
            if not identities:
                self.reason = "" if _says_more(page, window) else "end"
                return
            at = window.start + len(identities) - 1
            joined = self._join(page, identities, at, room=self._room(), step_backs=steps)
            yield joined
            joins = False
            steps = 0 if joined.rows else steps
            repeats.note(identities, joined)
            if self._room() == 0:
                self.reason = "pages"
                return
            short = len(identities) < window.size
            more = _says_more(page, window)
            if repeats.same == _MAX_SAME or repeats.fruitless == _MAX_FRUITLESS:
                return
            if short and more and not joined.rows:
                return
            if short and not more:
                self.reason = "end"
                return
            if not joined.rows and page.total and total:  # rows arrive as fast as they are read: keep up with them
                at += max(0, page.total - total)
            total = page.total or 0
            window = choose_window(at, self._size)
            self._look_ahead(window, page.total)
            page = await self._ahead.take(window)

    def _look_ahead(self, window: Window, total: int | None) -> None:
        """Ask for the pages that will be wanted if nothing moves."""
        room = self._room()
        end = total or 0
        if room is not None:
            end = min(end, window.start + room + 1)
        for _ in range(self._width):
            self._ahead.expect(window)
            if window.stop >= end:
                return
            window = choose_window(window.stop - 1, self._size)

    async def _in_sequence(self, request: PageRequest, page: ListPage | None = None) -> AsyncIterator[JoinedPage]:
        """Yield one page after the other: by number where they can't be made to overlap, else as the server says."""
        at = self._position.at if self._position else -1
        repeats = _FruitlessPages()
        empty = 0
        try:
            async for step in follow_pages(self._source.page_at, request, self._dialect_of, page=page):
                following = step.next_request()
                identities = row_identities(step.page.items)
                empty = 0 if identities else empty + 1
                if identities:
                    if not self._pages_read:
                        self._size = len(identities)
                    unproven = isinstance(step.dialect, _CountedPages) and self._pages_read > 0
                    unproven = unproven and not self._met.hold_any(identities)
                    at += len(identities)
                    joined = self._join(step.page, identities, at, following=following, unproven=unproven)
                    yield joined
                    repeats.note(identities, joined)
                if following is None or empty == _MAX_EMPTY:
                    self.reason = "end"
                    return
                if self._query.max_pages is not None and self._pages_read >= self._query.max_pages:
                    self.reason = "pages"
                    return
                if repeats.same == _MAX_SAME:
                    self.reason = "stalled"
                    return
        except CircularListError:
            self.reason = "stalled"

    def _dialect_of(self, page: ListPage, request: PageRequest) -> Dialect:
        dialect = detect_dialect(page, request)
        self.dialect = type(dialect).__name__
        return _CountedPages(self._taken, self._numbered) if isinstance(dialect, NumberedPages) else dialect

    def _numbered(self, number: int) -> PageRequest:
        return self._request(Window(number, self._query.limit))

    def _join(
        self,
        page: ListPage,
        identities: Sequence[Identity],
        at: int,
        *,
        room: int | None = None,
        following: PageRequest | None = None,
        step_backs: int = 0,
        unproven: bool = False,
    ) -> JoinedPage:
        rows = self._met.add_new(identities, page.items, room)
        self._taken += len(rows)
        self._pages_read += 1
        return JoinedPage(
            rows=rows,
            received=len(identities),
            total=page.total,
            position=Position(
                at=at,
                last=row_key(page.items[-1]),
                taken=self._taken,
                pages=self._pages_read,
                page_size=self._size,
                next=following,
            ),
            fetched_at=self._now(),
            step_backs=step_backs,
            unproven=unproven,
        )


class _FruitlessPages:
    """Counts how long a server has given nothing new."""

    def __init__(self) -> None:
        self.fruitless = 0  # pages in a row without a new row
        self.same = 0  # of them, those that began with the same row as the one before
        self._first_row: Identity | None = None

    def note(self, identities: Sequence[Identity], joined: JoinedPage) -> None:
        """Count a page that holds rows."""
        self.fruitless = 0 if joined.rows else self.fruitless + 1
        self.same = self.same + 1 if self.fruitless and identities[0] == self._first_row else 0
        self._first_row = identities[0]


@dataclass(frozen=True, slots=True)
class _CountedPages:
    """Pages by number over a table that moves, whose page sizes need not be even: the rows taken so far are counted.

    An empty page ends the list only where nothing promises more.
    """

    rows_taken: int
    request_of: Callable[[int], PageRequest]

    def next_request(self, request: PageRequest, page: ListPage) -> PageRequest | None:
        """Return the request for the next number, unless every hint says that this page was the last."""
        number = request.number or 1
        more = says_more(page, number, self.rows_taken)
        if more is False or (more is None and not page.items):
            return None
        return self.request_of(number + 1)


def _says_more(page: ListPage, window: Window) -> bool | None:
    return says_more(page, window.number, window.start)
