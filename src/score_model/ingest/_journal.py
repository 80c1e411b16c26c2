"""The journal beside a raw dump: what has been committed, one JSON line per event.

The dump is append-only. A page counts as committed when its journal line is complete; whatever lies in the dump behind
the last such line is a torn tail. Opening a journal again cuts both files back to the last page whose bytes are really
there (by checksum), so that after any crash the two agree.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from score_model.ingest._cell_reader import Position
from score_model.ingest._plan import CrawlPlan


class Started(msgspec.Struct, frozen=True, kw_only=True, tag="started"):
    """First line: what this prefix holds."""

    version: int = 1
    plan: CrawlPlan
    endpoint: str
    started_at: str


class UpdateStarted(msgspec.Struct, frozen=True, kw_only=True, tag="update_started"):
    """A finished prefix is being brought up to date, oldest rows first."""

    endpoint: str
    started_at: str


class PageCommitted(msgspec.Struct, frozen=True, kw_only=True, tag="page"):
    """One page is in the dump, up to byte `offset`; the bytes that it added have the given checksum.

    `received` rows came, of which `rows` were new to the dump and written. `position` is where the cell's reader goes
    on. `step_backs` and `unproven` are JoinedPage's. The cell's last page says why it `ended`: read to the `end`, all
    `pages` or `max_records` that were asked for, or `stalled`.
    """

    cell: int
    offset: int
    rows: int
    received: int
    total: int | None
    checksum: str
    position: Position
    step_backs: int = 0
    unproven: bool = False
    ended: str = ""
    dialect: str = ""


class CellEmpty(msgspec.Struct, frozen=True, kw_only=True, tag="cell_empty"):
    """A cell without a single page: it holds no rows, or the record limit was reached before it."""

    cell: int
    ended: str


class Finished(msgspec.Struct, frozen=True, kw_only=True, tag="finished"):
    """The crawl, or the update, is complete."""

    finished_at: str
    offset: int


Event = Started | UpdateStarted | PageCommitted | CellEmpty | Finished

_decoder = msgspec.json.Decoder(Event)
_encoder = msgspec.json.Encoder()


def decode_events(content: bytes) -> tuple[list[Event], int]:
    """The events of a journal's bytes up to the first line that is torn, and how many bytes they fill."""
    events: list[Event] = []
    good = 0
    for line in content.splitlines(keepends=True):
        if not line.endswith(b"\n"):
            break
        try:
            events.append(_decoder.decode(line))
        except msgspec.DecodeError:
            break
        good += len(line)
    return events, good


def encode_event(event: Event) -> bytes:
    """One journal line."""
    return _encoder.encode(event) + b"\n"


def read_journal(path: Path) -> list[Event]:
    """The committed events of a journal; empty if there is none."""
    return decode_events(path.read_bytes())[0] if path.exists() else []


@dataclass(slots=True)
class CrawlState:
    """Where the crawl, or its latest update, stands.

    A crawl has `begun` when something came of it: a plan whose first request was refused binds nobody. `ended`,
    `last_page` and `rows_in_pass` (rows written) are of the present pass, as is `begins_at`, the dump's length in bytes
    when a cell was begun; `before_update` has each cell's last page of the passes before.
    """

    plan: CrawlPlan | None = None
    begun: bool = False
    finished: bool = False
    updating: bool = False
    rows_in_pass: int = 0
    ended: set[int] = field(default_factory=set)
    last_page: dict[int, PageCommitted] = field(default_factory=dict)
    before_update: dict[int, PageCommitted] = field(default_factory=dict)
    begins_at: dict[int, int] = field(default_factory=dict)


def crawl_state(events: Iterable[Event]) -> CrawlState:
    """Replays a journal."""
    state = CrawlState()
    offset = 0
    for event in events:
        match event:
            case Started():
                state.plan = event.plan
            case UpdateStarted():
                state.finished, state.updating, state.rows_in_pass = False, True, 0
                state.before_update |= state.last_page
                state.ended, state.last_page, state.begins_at = set(), {}, {}
            case PageCommitted():
                state.begun = True
                state.last_page[event.cell] = event
                state.rows_in_pass += event.rows
                state.begins_at.setdefault(event.cell, offset)
                offset = event.offset
                if event.ended:
                    state.ended.add(event.cell)
            case CellEmpty():
                state.ended.add(event.cell)
            case Finished():
                state.begun = state.finished = True
    return state
