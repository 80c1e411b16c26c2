"""Writing one trace file, which appears whole or not at all."""

import hashlib
import string
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from score_model.atomic import atomic_write
from score_model.errors import ContractError, UsageError
from score_model.traces._frames import open_frame
from score_model.traces._records import (
    MAX_BYTES,
    MAX_LINE_BYTES,
    MAX_STEPS,
    TraceFooter,
    TraceHeader,
    TraceRecord,
    TraceStep,
    encode_line,
)

COMPRESSED = ".jsonl.zst"
PLAIN = ".jsonl"

_SAFE = frozenset((string.ascii_lowercase + string.digits + "_-.").encode())
_NOT_FIRST = frozenset(b"-.")
_MOST_BYTES = 200
_DIGEST_DIGITS = 32


def trace_path(output: Path, website: str | None, task_id: str, solution_id: str, *, compressed: bool = True) -> Path:
    """`<output>/<website>/<task_id>/<solution_id>.jsonl.zst`, or `.jsonl`; no website is `unknown`.

    Every byte of an id but a-z, 0-9, `_`, `-` and `.` becomes `%` and two hexadecimal digits, as does a leading `-` or
    `.`: no separator, control character or hidden file can come of it, and ids that differ only in case or in Unicode
    normalisation stay apart on every file system. An empty id is `%`. Names of more than 200 bytes keep their
    beginning and end in `~` and 128 bits of the id's SHA-256. Different ids get different paths.
    """
    folder = output / _file_name("unknown" if website is None else website) / _file_name(task_id)
    return folder / (_file_name(solution_id) + (COMPRESSED if compressed else PLAIN))


def _file_name(text: str) -> str:
    raw = text.encode("utf-8", "surrogatepass")
    name = "".join(
        chr(byte) if byte in _SAFE and (position or byte not in _NOT_FIRST) else f"%{byte:02X}"
        for position, byte in enumerate(raw)
    )
    if len(name) > _MOST_BYTES:
        digest = hashlib.sha256(raw).hexdigest()[:_DIGEST_DIGITS]
        return f"{name[: _MOST_BYTES - _DIGEST_DIGITS - 1]}~{digest}"
    return name or "%"


class TraceWriter:
    """A trace file in the making: `with TraceWriter(path, header) as writer`, then `write` steps and `finish`.

    The lines go to a hidden file beside `path`, as one zstd frame if the name ends in `.jsonl.zst`, as they are if it
    ends in `.jsonl`. Only `finish` gives the file its name. A block that ends otherwise, by an exception or not, leaves
    nothing; a killed process leaves the hidden file, which the next writer of the same path takes over. Of several
    writers of a path each has a file of its own; the last to finish gives it the name.

    Raises UsageError, one line with the path, if the file can't be written (a full disk, no permission);
    MissingExtraError if it is to be compressed and zstandard is not installed.
    """

    def __init__(self, path: Path, header: TraceHeader) -> None:
        if not path.name.endswith((COMPRESSED, PLAIN)):
            raise UsageError(f"a trace's name ends in {COMPRESSED} or {PLAIN}: {path}")
        self.path = path
        self._header = header
        self._frame = open_frame() if path.name.endswith(COMPRESSED) else None
        self._place = atomic_write(path)
        self._file: BinaryIO | None = None
        self._bytes = 0
        self._steps = 0

    def __enter__(self) -> Self:
        with self._one_line_errors():
            self._file = self._place.__enter__()
            try:
                self._append(self._header)
            except BaseException as error:
                self._discard(error)
                raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._file is not None:
            self._discard(error or _UnfinishedError())

    def write(self, step: TraceStep) -> None:
        """Adds a step. Raises ContractError if it, or the trace with it, exceeds what `read_trace` reads."""
        if self._steps == MAX_STEPS:
            raise ContractError(f"{self.path}: more than {MAX_STEPS:,} steps")
        with self._one_line_errors():
            self._append(step)
        self._steps += 1

    def finish(self, footer: TraceFooter) -> None:
        """Adds the footer, syncs the file to disk and gives it its name; nothing can be written afterwards."""
        with self._one_line_errors():
            self._append(footer)
            assert self._file is not None
            if self._frame is not None:
                self._file.write(self._frame.flush())
            self._file = None  # from here on nothing is left to discard
            self._place.__exit__(None, None, None)

    def _append(self, record: TraceRecord) -> None:
        assert self._file is not None, "a trace is written inside its with block and before finish"
        line = encode_line(record)
        if len(line) > MAX_LINE_BYTES:
            raise ContractError(f"{self.path}: a line of {len(line):,} bytes; {MAX_LINE_BYTES:,} is the most")
        self._bytes += len(line)
        if self._bytes > MAX_BYTES:
            raise ContractError(f"{self.path}: more than {MAX_BYTES:,} bytes")
        self._file.write(line if self._frame is None else self._frame.compress(line))

    def _discard(self, error: BaseException) -> None:
        self._file = None
        with suppress(OSError):  # closing a file on a full disk fails again; the error that led here says why
            self._place.__exit__(type(error), error, error.__traceback__)

    @contextmanager
    def _one_line_errors(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise UsageError(f"can't write {self.path}: {error.strerror or error}") from None


class _UnfinishedError(Exception):
    """Tells `atomic_write` to leave nothing."""
