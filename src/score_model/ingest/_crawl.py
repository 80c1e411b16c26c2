"""The crawl: cells read concurrently, committed in the grid's order, resumable after any kill."""

import asyncio
import itertools
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import msgspec

from score_model.errors import UsageError
from score_model.ingest._cell_reader import CellReader, JoinedPage, PageSource, Query
from score_model.ingest._dump import RawDump, checksum
from score_model.ingest._journal import (
    CellEmpty,
    CrawlState,
    Finished,
    PageCommitted,
    Started,
    UpdateStarted,
    crawl_state,
)
from score_model.ingest._plan import OLDEST_FIRST, Cell, CrawlPlan
from score_model.ingest._row_identity import Identity

_PAGES_WAITING = 4  # read but not yet committed, per cell


class Progress(Protocol):
    """Told after every committed page."""

    def page(self, cell: Cell, cells_done: int, rows: int, expected: int | None) -> None:
        """`rows` are in the dump; `expected` is the server's total for the cell, if it says one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CrawlMode:
    """How to treat a prefix that is already used: `resume` goes on after a kill, `update` fetches what is new since."""

    resume: bool = False
    update: bool = False


async def crawl(
    source: PageSource,
    plan: CrawlPlan,
    dump: RawDump,
    *,
    endpoint: str,
    now: Callable[[], str],
    mode: CrawlMode = CrawlMode(),
    concurrency: int = 4,
    progress: Progress | None = None,
) -> bool:
    """Fetches everything that `plan` asks for and the dump does not hold yet; returns whether anything was to be done.

    `endpoint` is recorded for people to read (it must not hold credentials); `now` gives the time as ISO 8601 text.
    Raises UsageError if the prefix holds another plan, or an unfinished one without `mode.resume`; the client's errors
    leave what was committed for a later `resume`.
    """
    state = crawl_state(dump.events)
    if not state.begun:
        dump.clear()
        dump.commit(Started(plan=plan, endpoint=endpoint, started_at=now()))
    elif state.plan != plan:
        raise UsageError(f"{dump.path} was crawled with other filters or limits; choose another --output-prefix")
    elif state.finished:
        if not mode.update:
            return False
        dump.commit(UpdateStarted(endpoint=endpoint, started_at=now()))
    elif not (mode.resume or mode.update):
        raise UsageError(
            f"{dump.path} holds an unfinished crawl; add --resume to go on, or choose another --output-prefix"
        )
    await _Crawl(source, plan, dump, now, concurrency, progress).run()
    dump.commit(Finished(finished_at=now(), offset=dump.offset))
    return True


class _Crawl:
    def __init__(
        self,
        source: PageSource,
        plan: CrawlPlan,
        dump: RawDump,
        now: Callable[[], str],
        concurrency: int,
        progress: Progress | None,
    ) -> None:
        self._source, self._plan, self._dump, self._now = source, plan, dump, now
        self._concurrency, self._progress = concurrency, progress
        self._state: CrawlState = crawl_state(dump.events)
        self._seen: set[Identity] = set(dump.identities_from())
        self._written = self._state.rows_in_pass

    async def run(self) -> None:
        """Reads ahead in the cells to come while the current one is committed."""
        remaining = [index for index in range(len(self._plan.cells)) if index not in self._state.ended]
        running: dict[int, _Running] = {}
        try:
            for place, index in enumerate(remaining):
                if self._is_full():
                    self._dump.commit(CellEmpty(cell=index, ended="max_records"))
                    continue
                for near in remaining[place : place + self._concurrency]:
                    if near not in running:
                        running[near] = _Running(self._reader(near))
                await self._commit_cell(index, running.pop(index))
        finally:
            await asyncio.gather(*(cell.stop() for cell in running.values()))

    def _is_full(self) -> bool:
        return self._plan.max_records is not None and self._written >= self._plan.max_records

    def _reader(self, index: int) -> CellReader:
        plan, state = self._plan, self._state
        query = Query(
            filters=plan.cells[index].query(),
            limit=plan.limit,
            sort=OLDEST_FIRST if state.updating else plan.sort,
            max_pages=None if state.updating else plan.pages_per_filter,
        )
        if last := state.last_page.get(index):
            met = self._seen if state.updating else self._dump.identities_from(state.begins_at[index])
            return CellReader(self._source, query, self._now, width=self._concurrency, position=last.position, met=met)
        if before := state.before_update.get(index):
            start = max(0, (before.total or 0) - before.position.page_size)
            return CellReader(self._source, query, self._now, width=self._concurrency, met=self._seen, start=start)
        return CellReader(self._source, query, self._now, width=self._concurrency)

    async def _commit_cell(self, index: int, cell: "_Running") -> None:
        """Commits a cell's pages one behind, so that the last one's journal line can say that it is the last."""
        pages = cell.pages()
        page: JoinedPage | None = None
        try:
            while True:
                try:
                    following = await anext(pages, None)
                except BaseException:
                    if page is not None:  # it was read well: what failed comes after it
                        self._commit_page(index, page)
                    raise
                if following is None:
                    break
                if page is not None and self._commit_page(index, page):
                    return
                page = following
        finally:
            await cell.stop()
        if page is None:
            self._dump.commit(CellEmpty(cell=index, ended=cell.reader.reason))
        else:
            self._commit_page(index, page, ended=cell.reader.reason, dialect=cell.reader.dialect)

    def _commit_page(self, index: int, page: JoinedPage, *, ended: str = "", dialect: str = "") -> bool:
        """Writes a page's new rows and its journal line; returns whether the record limit is reached."""
        rows = self._unseen(page)
        cell = self._plan.cells[index]
        lines = raw_lines(rows, cell, page.fetched_at)
        written = sum(map(len, rows.values()))
        self._written += written
        full = self._is_full()
        self._dump.commit(
            PageCommitted(
                cell=index,
                offset=self._dump.append(lines),
                rows=written,
                received=page.received,
                total=page.total,
                checksum=checksum(lines),
                position=page.position,
                step_backs=page.step_backs,
                unproven=page.unproven,
                ended="max_records" if full else ended,
                dialect=dialect,
            )
        )
        if self._progress:
            self._progress.page(cell, index, self._written, page.total)
        return full

    def _unseen(self, page: JoinedPage) -> dict[int, list[msgspec.Raw]]:
        """The rows that no cell has brought yet, up to the record limit, by the number of the page that they are on.

        That is the page on which they would be if nothing moved: reads overlap, pages don't.
        """
        size, begin = page.position.page_size, page.position.taken - len(page.rows)
        room = None if self._plan.max_records is None else self._plan.max_records - self._written
        by_page: dict[int, list[msgspec.Raw]] = {}
        start = 0
        while start < len(page.rows):
            number = (begin + start) // size + 1
            stop = number * size - begin
            fresh = [pair for pair in page.rows[start:stop] if pair[0] not in self._seen][:room]
            self._seen.update(identity for identity, _ in fresh)
            by_page[number] = [row for _, row in fresh]
            room = None if room is None else room - len(fresh)
            start = stop
        return by_page


class _Running:
    """A reader at work in the background, a few pages ahead."""

    def __init__(self, reader: CellReader) -> None:
        self.reader = reader
        self._queue: asyncio.Queue[JoinedPage | Exception | None] = asyncio.Queue(_PAGES_WAITING)
        self._task = asyncio.create_task(self._read())

    async def _read(self) -> None:
        try:
            async for page in self.reader.pages():
                await self._queue.put(page)
        except Exception as error:  # noqa: BLE001 (raised again by `pages`, in its turn)
            await self._queue.put(error)
        else:
            await self._queue.put(None)

    async def pages(self) -> AsyncIterator[JoinedPage]:
        """The reader's pages; its error after the last of them."""
        while (page := await self._queue.get()) is not None:
            if isinstance(page, Exception):
                raise page
            yield page

    async def stop(self) -> None:
        """Ends the reading."""
        self._task.cancel()
        await asyncio.wait({self._task})


def raw_lines(rows_by_page: Mapping[int, Sequence[msgspec.Raw]], cell: Cell, fetched_at: str) -> bytes:
    """The dump's lines of rows that were fetched together: each as received, with where and when it was fetched."""
    head = b'{"entry": '
    filters = msgspec.json.encode(cell).decode()
    parts: list[bytes | msgspec.Raw] = []
    for page, rows in rows_by_page.items():
        if rows:
            tail = f', "filters": {filters}, "page": {page}, "fetched_at": "{fetched_at}"}}\n'.encode()
            parts.append(head)
            parts.extend(itertools.chain.from_iterable(zip(rows, itertools.repeat(tail + head))))
            parts[-1] = tail
    lines = b"".join(parts)
    if lines.count(b"\n") == sum(map(len, rows_by_page.values())) and b"\r" not in lines:
        return lines
    # White space between tokens, which a row does without: inside a string a line break is escaped.
    compact = {page: [_compact(row) for row in rows] for page, rows in rows_by_page.items()}
    return raw_lines(compact, cell, fetched_at)


def _compact(row: msgspec.Raw) -> msgspec.Raw:
    try:
        return msgspec.Raw(msgspec.json.format(bytes(row), indent=-1))
    except msgspec.DecodeError:  # a line break inside a string is no JSON; the dataset's builder will say so
        return msgspec.Raw(bytes(row).replace(b"\n", b" ").replace(b"\r", b" "))
