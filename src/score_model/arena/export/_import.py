"""Loading rows into an arena: raw dumps of the mirror, bare entries, and generated rows."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import msgspec
from sqlalchemy import Engine

from score_model.arena.database.engine import store_rows
from score_model.arena.database.entry_rows import Row, json_fault, row_of_entry
from score_model.errors import ContractError, UsageError

MAX_LINE_BYTES = 64 * 2**20
_SHOWN_LINES = 20  # rejected lines that a report names one by one


@dataclass
class ImportReport:
    """What became of the lines: rows added, rows known already, and lines left out by reason."""

    added: int = 0
    known: int = 0
    rejected: Counter[str] = field(default_factory=Counter)
    rejected_lines: list[str] = field(default_factory=list)

    @property
    def failed(self) -> int:
        """Lines that became no row."""
        return self.rejected.total()

    def reject(self, where: str, reason: str) -> None:
        """Count a line that can't be used; the first twenty are named."""
        self.rejected[reason] += 1
        if len(self.rejected_lines) < _SHOWN_LINES:
            self.rejected_lines.append(f"{where}: {reason}")

    def as_dict(self) -> dict[str, object]:
        """The report for JSON."""
        return {
            "added": self.added,
            "known": self.known,
            "failed": self.failed,
            "reasons": dict(sorted(self.rejected.items())),
            "failed_lines": self.rejected_lines,
        }


def import_dumps(
    engine: Engine, files: Iterable[Path], committed: Callable[[ImportReport], None] = lambda _: None
) -> ImportReport:
    """Add the rows of raw dumps; a line may be `{"entry": …}` or a bare entry.

    `committed` is called after each transaction: what it is told is safe. A line that is torn or breaks the contract
    is counted with its reason. Raises UsageError if a file can't be read, before anything is stored.
    """
    paths = list(files)
    for path in paths:
        _check_readable(path)
    report = ImportReport()
    rows = (row for path in paths for row in _rows_of_file(path, report))
    _store(engine, rows, report, committed)
    return report


def import_entries(
    engine: Engine, entries: Iterable[bytes], committed: Callable[[ImportReport], None] = lambda _: None
) -> ImportReport:
    """Add entries given as JSON; `committed` is called after each transaction. Raises ContractError for a bad one."""
    report = ImportReport()
    _store(engine, (row_of_entry(entry) for entry in entries), report, committed)
    return report


def _store(
    engine: Engine, rows: Iterable[Row], report: ImportReport, committed: Callable[[ImportReport], None]
) -> None:
    for batch in store_rows(engine, rows):
        report.added += batch.added
        report.known += batch.known
        committed(report)


class _Line(msgspec.Struct):
    entry: msgspec.Raw | msgspec.UnsetType = msgspec.UNSET


_LINE_DECODER = msgspec.json.Decoder(_Line)


def _check_readable(path: Path) -> None:
    try:
        with path.open("rb"):
            pass
    except OSError as error:
        raise UsageError(f"cannot read {path}: {error.strerror}") from None


def _rows_of_file(path: Path, report: ImportReport) -> Iterator[Row]:
    for number, line in _lines(path):
        where = f"{path.name}:{number}"
        if line is None:
            report.reject(where, f"longer than {MAX_LINE_BYTES} bytes")
        elif line.strip():
            try:
                yield row_of_entry(_entry_of_line(line))
            except ContractError as error:
                report.reject(where, str(error))


def _lines(path: Path) -> Iterator[tuple[int, bytes | None]]:
    """Lines with their numbers, from 1; None stands for a line that is too long to hold."""
    try:
        with path.open("rb") as file:
            number = 0
            while line := file.readline(MAX_LINE_BYTES):
                number += 1
                if len(line) == MAX_LINE_BYTES and not line.endswith(b"\n"):
                    while (rest := file.readline(MAX_LINE_BYTES)) and not rest.endswith(b"\n"):
                        pass
                    yield number, None
                else:
                    yield number, line
    except OSError as error:
        raise UsageError(f"cannot read {path}: {error.strerror}") from None


def _entry_of_line(line: bytes) -> bytes:
    try:
        decoded = _LINE_DECODER.decode(line)
    except RecursionError:
        raise ContractError("nested too deeply") from None
    except msgspec.ValidationError:
        raise ContractError("not an object") from None
    except msgspec.DecodeError as error:
        raise ContractError(json_fault(error)) from None
    return line if isinstance(decoded.entry, msgspec.UnsetType) else bytes(decoded.entry)
