"""Raw dumps as streams of lines in bounded memory, and the file of the lines that break the contract."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from io import FileIO
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Self

import msgspec

from score_model.atomic import atomic_write, discard
from score_model.errors import UsageError

LONGEST_LINE = 64 * 1024 * 1024  # bytes; a longer line is rejected and never loaded

_BLOCK = 96 * 1024  # bytes
_LONGEST_RECORD = 64 * 1024  # bytes of a rejected line that are kept
_MOST_REASONS = 100
_OTHER = "other reasons"

RawLineAt = tuple[int, int, bytes | None]
"""Where a line begins in all dumps taken together, its 1-based number in its own file, and its bytes (no newline).

The bytes are None for a line longer than the limit.
"""


class RawDumps:
    """The given dumps, in the given order, as they are now: lines that a running crawl appends later are not seen.

    Raises UsageError if one of them is missing or can't be read.
    """

    def __init__(self, paths: Sequence[Path], *, longest_line: int = LONGEST_LINE) -> None:
        self._paths = tuple(paths)
        self._longest = longest_line
        self._ends: list[int] = []
        self._open: dict[int, BinaryIO] = {}
        end = 0
        for path in self._paths:
            try:
                size = path.stat().st_size
                path.open("rb").close()
            except OSError as broken:
                raise UsageError(f"cannot read the raw dump {path}: {broken.strerror}") from None
            end += size
            self._ends.append(end)

    def close(self) -> None:
        """Closes the files that `line_at` opened."""
        for file in self._open.values():
            file.close()
        self._open.clear()

    @property
    def size(self) -> int:
        """Bytes of all dumps together."""
        return self._ends[-1] if self._ends else 0

    def __iter__(self) -> Iterator[RawLineAt]:
        start = 0
        for path, end in zip(self._paths, self._ends, strict=True):
            with path.open("rb", buffering=0) as file:
                yield from _lines_of(file, start, end, self._longest)
            start = end

    def file_of(self, position: int) -> Path:
        """The dump that holds the byte at `position`."""
        return self._paths[bisect_right(self._ends, position)]

    def line_at(self, position: int) -> bytes:
        """The line that begins at `position`."""
        index = bisect_right(self._ends, position)
        start = self._ends[index - 1] if index else 0
        file = self._open.get(index)
        if file is None:
            file = self._open[index] = self._paths[index].open("rb", buffering=16 * 1024)
        file.seek(position - start)
        return file.readline(min(self._longest + 1, self._ends[index] - position))


def _lines_of(file: FileIO, position: int, end: int, longest: int) -> Iterator[RawLineAt]:
    """The lines from the file's place on; `position` is that place's number, `end` the number where reading stops.

    Reads block by block: splitting a block is much cheaper than asking for every line.
    """
    number, unread = 0, end - position
    begun: list[bytes] = []  # the pieces of a line that goes on in the next block, unless it is too long
    length = 0  # its bytes so far
    while unread > 0:
        block = file.read(min(_BLOCK, unread))
        if not block:  # the file was truncated under us
            break
        unread -= len(block)
        first, *lines = block.split(b"\n")
        begun.append(first)
        length += len(first)
        if length > longest:
            begun.clear()
        if not lines:
            continue
        number += 1
        yield position, number, b"".join(begun) if length <= longest else None
        position += length + 1
        last = lines.pop()
        for line in lines:
            number += 1
            yield position, number, line if len(line) <= longest else None
            position += len(line) + 1
        begun, length = [last], len(last)
    if length:
        yield position, number + 1, b"".join(begun) if length <= longest else None


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
