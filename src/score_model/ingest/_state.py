"""What a journal's events add up to: where a crawl stands."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from score_model.ingest._journal import CellEmpty, Event, Finished, PageCommitted, Started, UpdateStarted
from score_model.ingest._plan import CrawlPlan


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
