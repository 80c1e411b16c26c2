"""What a crawl fetched and what it could not know, read off its journal."""

import itertools
from collections.abc import Sequence

import msgspec

from score_model.ingest._journal import CellEmpty, Event, PageCommitted, Started, UpdateStarted
from score_model.ingest._plan import Cell


class CellReport(msgspec.Struct, kw_only=True):
    """One cell over the crawl and its updates. Counts are rows, except `pages`, `step_backs` and `unproven_pages`.

    `received` rows came over the wire; `written` of them were new to the dump, and `held` counts the cell's distinct
    rows. `first_total` and `total` are the server's counts with the first and the last page. `step_backs` counts the
    times that so many rows had moved between two pages that the crawl went back; `unproven_pages` the pages before
    which rows may be missing.
    """

    filters: Cell
    pages: int = 0
    received: int = 0
    written: int = 0
    held: int = 0
    first_total: int | None = None
    total: int | None = None
    dialect: str = ""
    ended: str = ""
    step_backs: int = 0
    unproven_pages: int = 0


class CrawlReport(msgspec.Struct, kw_only=True):
    """The whole crawl, for the metrics file; `notes` are sentences about what can't be known.

    `repeated` rows came again: where pages overlap, or because several cells list them.
    """

    rows: int = 0
    repeated: int = 0
    pages: int = 0
    updates: int = 0
    cells: list[CellReport] = []
    notes: list[str] = []


def crawl_report(events: Sequence[Event]) -> CrawlReport:
    """Adds up a journal; the same journal always gives the same report."""
    report = CrawlReport(cells=[])
    for event in events:
        match event:
            case Started():
                report.cells = [CellReport(filters=cell) for cell in event.plan.cells]
            case UpdateStarted():
                report.updates += 1
                for cell in report.cells:
                    cell.first_total = cell.total
            case PageCommitted():
                _add(report.cells[event.cell], event, updating=report.updates > 0)
            case CellEmpty():
                report.cells[event.cell].ended = event.ended
    report.rows = sum(cell.written for cell in report.cells)
    report.repeated = sum(cell.received for cell in report.cells) - report.rows
    report.pages = sum(cell.pages for cell in report.cells)
    overlapping = any(_overlap(one, other) for one, other in itertools.combinations(report.cells, 2))
    report.notes = [note for cell in report.cells for note in _notes(cell, report.updates, overlapping=overlapping)]
    return report


def _add(cell: CellReport, page: PageCommitted, *, updating: bool) -> None:
    cell.pages += 1
    cell.received += page.received
    cell.written += page.rows
    cell.held = cell.held + page.rows if updating else page.position.taken
    cell.first_total = page.total if cell.first_total is None else cell.first_total
    cell.total = page.total
    cell.step_backs += page.step_backs
    cell.unproven_pages += page.unproven
    cell.ended, cell.dialect = page.ended or cell.ended, page.dialect or cell.dialect


def _overlap(one: CellReport, other: CellReport) -> bool:
    """Whether a row can belong to both cells: then only one writes it, and `held` is vague after an update."""
    axes = zip(msgspec.structs.astuple(one.filters), msgspec.structs.astuple(other.filters), strict=True)
    return all(mine is None or theirs is None or mine == theirs for mine, theirs in axes)


def _notes(cell: CellReport, updates: int, *, overlapping: bool) -> list[str]:
    notes = []
    if cell.step_backs:
        notes.append(f"rows moved {cell.step_backs} times while they were read; the crawl went back each time")
    if cell.unproven_pages:
        notes.append(
            f"{cell.unproven_pages} pages could not be made to overlap the ones before; rows that moved meanwhile may "
            "be missing"
        )
    if cell.ended == "stalled":
        notes.append("the server sent the same rows again and again; the cell was ended there")
    if cell.ended == "end" and cell.total is not None and not (updates and overlapping):
        notes.extend(_missing(cell, updates))
    return [f"{cell.filters}: {note}" for note in notes]


def _missing(cell: CellReport, updates: int) -> list[str]:
    missing = (cell.total or 0) - cell.held
    arrived = max(0, (cell.total or 0) - (cell.first_total or 0))
    if missing <= 0:
        return []
    if updates:
        cause = "judged late and created long ago, they lie where an update does not look: fetch under a new prefix"
    elif missing <= arrived:
        cause = "as many arrived while it was read: --update fetches them"
    else:
        cause = "they arrived or were deleted while it was read, or the server does not list them"
    return [f"the server counts {missing} more rows than the dump holds; {cause}"]
