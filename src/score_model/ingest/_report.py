"""What a crawl fetched and what it could not know, read off its journal."""

from collections.abc import Sequence

import msgspec

from score_model.ingest._journal import CellEnded, Event, PageCommitted, Started, UpdateStarted
from score_model.ingest._plan import Cell


class CellReport(msgspec.Struct, kw_only=True):
    """One cell over the crawl and its updates. Counts are rows, except `pages`, `step_backs` and `unproven_pages`.

    `received` rows came over the wire; `written` of them were new to the dump. `step_backs` counts the times that so
    many rows had vanished between two pages that the crawl went back; `unproven_pages` the pages before which rows may
    be missing. `unseen` is how many more rows the server counted than it sent, where the cell was read to its end.
    """

    filters: Cell
    pages: int = 0
    received: int = 0
    written: int = 0
    total: int | None = None
    dialect: str = ""
    ended: str = ""
    step_backs: int = 0
    unproven_pages: int = 0
    unseen: int = 0


class CrawlReport(msgspec.Struct, kw_only=True):
    """The whole crawl, for the metrics file; `notes` are sentences about what can't be known."""

    rows: int = 0
    duplicates: int = 0
    pages: int = 0
    updates: int = 0
    cells: list[CellReport] = []
    notes: list[str] = []


def crawl_report(events: Sequence[Event]) -> CrawlReport:
    """Adds up a journal; the same journal always gives the same report."""
    report = CrawlReport(cells=[])
    taken = 0
    for event in events:
        match event:
            case Started():
                report.cells = [CellReport(filters=cell) for cell in event.plan.cells]
            case UpdateStarted():
                report.updates += 1
            case PageCommitted():
                cell = report.cells[event.cell]
                taken = event.position.taken
                cell.pages += 1
                cell.received += event.received
                cell.written += event.rows
                cell.total = event.total
                cell.step_backs += event.step_backs
                cell.unproven_pages += event.unproven
            case CellEnded():
                cell = report.cells[event.cell]
                cell.ended, cell.dialect = event.reason, event.dialect or cell.dialect
                if event.reason == "end" and cell.total is not None and not report.updates:
                    cell.unseen = max(0, cell.total - taken)
                taken = 0
    report.rows = sum(cell.written for cell in report.cells)
    report.duplicates = sum(cell.received for cell in report.cells) - report.rows
    report.pages = sum(cell.pages for cell in report.cells)
    report.notes = [note for cell in report.cells for note in _notes(cell)]
    return report


def _notes(cell: CellReport) -> list[str]:
    notes = []
    if cell.step_backs:
        notes.append(
            f"{cell.filters}: rows vanished {cell.step_backs} times while they were read; the crawl went back each time"
        )
    if cell.unproven_pages:
        notes.append(
            f"{cell.filters}: {cell.unproven_pages} pages could not be made to overlap the ones before; "
            "rows may be missing there"
        )
    if cell.unseen:
        notes.append(
            f"{cell.filters}: the server counted {cell.unseen} more rows than it sent; "
            "they may have been deleted meanwhile"
        )
    if cell.ended == "stalled":
        notes.append(f"{cell.filters}: the server sent the same rows again and again; the cell was ended there")
    return notes
