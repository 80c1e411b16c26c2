"""What a journal's events add up to: where a crawl stands."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from score_model.ingest._journal import CellEnded, Event, Finished, PageCommitted, Started, UpdateStarted
from score_model.ingest._plan import CrawlPlan

_OVERLAP_PAGES = 20  # as far back as a reader recognises rows


@dataclass(slots=True)
class CrawlState:
    """Where the crawl, or its latest update, stands.

    `ended` and `last_page` are of the present pass, by cell; `before_update` has each cell's last page of the passes
    before. `rows_in_pass` counts the rows that this pass has written.
    """

    plan: CrawlPlan | None = None
    finished: bool = False
    updating: bool = False
    rows_in_pass: int = 0
    ended: set[int] = field(default_factory=set)
    last_page: dict[int, PageCommitted] = field(default_factory=dict)
    before_update: dict[int, PageCommitted] = field(default_factory=dict)
    _offsets: dict[int, list[int]] = field(default_factory=dict)

    def recent_offset(self, cell: int) -> int:
        """Byte offset in the dump from which on the cell's last pages lie."""
        return self._offsets[cell][0]


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
                state.ended, state.last_page, state._offsets = set(), {}, {}
            case PageCommitted():
                state.last_page[event.cell] = event
                state.rows_in_pass += event.rows
                before = state._offsets.setdefault(event.cell, [])
                before.append(offset)
                del before[:-_OVERLAP_PAGES]
                offset = event.offset
            case CellEnded():
                state.ended.add(event.cell)
            case Finished():
                state.finished = True
    return state
