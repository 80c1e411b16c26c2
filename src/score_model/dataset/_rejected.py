"""Lines that break the contract: recorded with their reason, counted, and never in the dataset."""

from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Self

import msgspec

from score_model.atomic import atomic_write, discard

_LONGEST_RECORD = 64 * 1024  # bytes of a line that are kept
_MOST_REASONS = 100
_OTHER = "other reasons"


class RejectedRow(msgspec.Struct, frozen=True, kw_only=True):
    """A line of the rejected file; `row` is the line as JSON, or as text if it is not JSON or too long to keep."""

    file: str
    line: int
    reason: str
    row: Any


class Rejects:
    """The rejected file, which exists only if something was rejected."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.reasons: dict[str, int] = {}
        self._stack = ExitStack()
        self._file: BinaryIO | None = None

    @property
    def count(self) -> int:
        return sum(self.reasons.values())

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.__exit__(kind, error, trace)
        if kind is None and self._file is None:
            discard(self.path)

    def add(self, source: Path, number: int, reason: str, line: bytes | None) -> None:
        """One rejected line; `line` is None if it was too long to load."""
        known = reason in self.reasons or len(self.reasons) < _MOST_REASONS
        counted = reason if known else _OTHER
        self.reasons[counted] = self.reasons.get(counted, 0) + 1
        if self._file is None:
            self._file = self._stack.enter_context(atomic_write(self.path))
        row = RejectedRow(file=source.name, line=number, reason=reason, row=_as_received(line))
        self._file.write(msgspec.json.encode(row) + b"\n")


def _as_received(line: bytes | None) -> Any:
    if line is None:
        return None
    stripped = line.strip()
    if len(stripped) <= _LONGEST_RECORD:
        try:
            stripped.decode()
            return msgspec.Raw(msgspec.json.format(stripped, indent=-1))
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            pass
    return stripped[:_LONGEST_RECORD].decode("utf-8", "replace")
