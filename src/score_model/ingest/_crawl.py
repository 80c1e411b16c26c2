"""The crawl: cells read concurrently, committed in the grid's order, resumable after any kill."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

import msgspec

from score_model.errors import UsageError
from score_model.ingest._dump import RawDump
from score_model.ingest._identity import Identity
from score_model.ingest._journal import CellEnded, Finished, PageCommitted, Started, UpdateStarted
from score_model.ingest._plan import OLDEST_FIRST, Cell, CrawlPlan
from score_model.ingest._reader import CellReader, JoinedPage, PageSource, Position, Query
from score_model.ingest._state import CrawlState, crawl_state

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
    if state.plan is None:
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
                    self._dump.commit(CellEnded(cell=index, reason="max_records", dialect=""))
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
        last = state.last_page.get(index)
        position = self._position(last) if last else None
        before = state.before_update.get(index)
        if position is None and before is not None:
            start = max(1, -(-(before.total or 1) // before.page_size))
            return CellReader(
                self._source,
                query,
                self._now,
                width=self._concurrency,
                start=start,
                page_size=before.page_size,
                known=self._seen.__contains__,
            )
        return CellReader(self._source, query, self._now, position=position, width=self._concurrency)

    def _position(self, last: PageCommitted) -> Position:
        recent = [*self._dump.identities_from(self._state.recent_offset(last.cell)), bytes.fromhex(last.last)]
        return Position(
            number=last.page,
            last=bytes.fromhex(last.last),
            recent=recent,
            taken=last.taken,
            page_size=last.page_size,
            next=last.next,
        )

    async def _commit_cell(self, index: int, cell: "_Running") -> None:
        try:
            async for page in cell.pages():
                self._commit_page(index, page)
                if self._is_full():
                    break
        finally:
            await cell.stop()
        reason = "max_records" if self._is_full() else cell.reader.reason
        self._dump.commit(CellEnded(cell=index, reason=reason, dialect=cell.reader.dialect))

    def _commit_page(self, index: int, page: JoinedPage) -> None:
        fresh = list(self._unseen(page))
        lines = raw_lines(fresh, self._plan.cells[index], page.number, page.fetched_at)
        offset, digest = self._dump.append_page(lines)
        self._written += len(fresh)
        self._dump.commit(
            PageCommitted(
                cell=index,
                page=page.number,
                offset=offset,
                rows=len(fresh),
                received=page.received,
                taken=page.taken,
                total=page.total,
                page_size=page.page_size,
                digest=digest,
                last=page.last.hex(),
                next=page.next,
                step_backs=page.step_backs,
                unjoined=page.unjoined,
            )
        )
        if self._progress:
            self._progress.page(self._plan.cells[index], index, self._written, page.total)

    def _unseen(self, page: JoinedPage) -> Iterator[msgspec.Raw]:
        """The page's rows that no cell has brought yet, up to the record limit."""
        room = None if self._plan.max_records is None else self._plan.max_records - self._written
        for identity, row in page.rows:
            if room == 0:
                return
            if identity not in self._seen:
                self._seen.add(identity)
                room = None if room is None else room - 1
                yield row


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


def raw_lines(rows: Sequence[msgspec.Raw], cell: Cell, page: int, fetched_at: str) -> Iterator[bytes]:
    """The dump's lines of one page: each row as received, with where and when it was fetched."""
    tail = (
        f', "filters": {msgspec.json.encode(cell).decode()}, "page": {page}, "fetched_at": "{fetched_at}"}}\n'.encode()
    )
    for row in rows:
        entry = bytes(row)
        if b"\n" in entry or b"\r" in entry:  # white space between tokens: inside a string it would be escaped
            entry = msgspec.json.format(entry, indent=-1)
        yield b'{"entry": ' + entry + tail
