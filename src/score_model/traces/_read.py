"""Reading trace files: whole, or record by record."""

from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import BinaryIO

from score_model.errors import ContractError, UsageError
from score_model.traces._frames import decompressed, require_zstandard
from score_model.traces._records import (
    MAX_BYTES,
    MAX_LINE_BYTES,
    MAX_LOADED_BYTES,
    MAX_STEPS,
    Trace,
    TraceFooter,
    TraceHeader,
    TraceRecord,
    TraceStep,
    decode_line,
)
from score_model.traces._write import COMPRESSED, PLAIN

_CHUNK = 64 * 1024


def load_trace(path: str | Path, *, max_bytes: int = MAX_LOADED_BYTES) -> Trace:
    """The trace of a `.jsonl.zst` or `.jsonl` file, held in memory; `max_bytes` bounds its JSON lines (512 MiB).

    Raises as `read_trace` does.
    """
    records = read_trace(path, max_bytes=max_bytes)
    header, footer = None, None
    steps = []
    for record in records:
        match record:
            case TraceHeader():
                header = record
            case TraceStep():
                steps.append(record)
            case TraceFooter():
                footer = record
    assert header is not None, "read_trace yields a header or raises"
    return Trace(header, tuple(steps), footer)


def read_trace(path: str | Path, *, max_bytes: int = MAX_BYTES) -> Iterator[TraceRecord]:
    """The header, the steps and, if there is one, the footer of a `.jsonl.zst` or `.jsonl` file, as they are read.

    Holds one record, one compressed piece and a window of at most 128 MiB. Raises UsageError if there is no such file,
    MissingExtraError if it is compressed and zstandard is not installed, and ContractError with path, line and reason
    if it is torn, is no trace, or exceeds the bounds: `max_bytes` of JSON lines (2 GiB), 32 MiB a line, 10,000 steps.
    """
    path = Path(path)
    if not path.is_file():
        raise UsageError(f"no trace at {path}")
    if path.name.endswith(COMPRESSED):
        require_zstandard()
    elif not path.name.endswith(PLAIN):
        raise ContractError(f"{path}: not a trace: its name ends neither in {COMPRESSED} nor in {PLAIN}")
    return _records(path, max_bytes)


def iter_traces(folder: str | Path) -> Iterator[Path]:
    """The trace files in the folder and the folders below it, each folder's in the order of their names.

    Hidden files, unfinished ones among them, and links to folders are passed over. Raises UsageError if the folder is
    missing.
    """
    folder = Path(folder)
    if not folder.is_dir():
        raise UsageError(f"no folder of traces at {folder}")
    return _files(folder)


def _files(folder: Path) -> Iterator[Path]:
    for entry in sorted(folder.iterdir(), key=lambda path: path.name):
        if entry.name.startswith("."):
            continue
        if entry.is_dir():
            if not entry.is_symlink():
                yield from _files(entry)
        elif entry.name.endswith((COMPRESSED, PLAIN)):
            yield entry


def _records(path: Path, max_bytes: int) -> Iterator[TraceRecord]:
    try:
        with path.open("rb") as file:
            chunks = decompressed(file, max_bytes) if path.name.endswith(COMPRESSED) else _plain(file, max_bytes)
            previous: TraceRecord | None = None
            for number, line in enumerate(_lines(chunks), 1):
                try:
                    record = decode_line(line)
                    _check_order(number, previous, record)
                except ContractError as broken:
                    raise ContractError(f"line {number}: {broken}") from None
                yield record
                previous = record
        if previous is None:
            raise ContractError("not a trace: it is empty")
    except ContractError as broken:
        raise ContractError(f"{path}: {broken}") from None


def _check_order(number: int, previous: TraceRecord | None, record: TraceRecord) -> None:
    if isinstance(record, TraceHeader) != (previous is None):
        raise ContractError("not a trace: its header must be the first line and no other")
    if isinstance(previous, TraceFooter):
        raise ContractError("something follows the footer")
    if isinstance(record, TraceStep) and number > MAX_STEPS + 1:
        raise ContractError(f"more than {MAX_STEPS:,} steps")


def _plain(file: BinaryIO, max_bytes: int) -> Iterator[bytes]:
    total = 0
    for chunk in iter(partial(file.read, _CHUNK), b""):
        total += len(chunk)
        if total > max_bytes:
            raise ContractError(f"holds more than {max_bytes:,} bytes")
        yield chunk


def _lines(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The lines without their ends."""
    pieces: list[bytes] = []
    size = 0
    for chunk in chunks:
        start = 0
        while start < len(chunk):
            end = chunk.find(b"\n", start)
            piece = chunk[start:] if end < 0 else chunk[start:end]
            start = len(chunk) if end < 0 else end + 1
            pieces.append(piece)
            size += len(piece)
            if size > MAX_LINE_BYTES:
                raise ContractError(f"a line of more than {MAX_LINE_BYTES:,} bytes")
            if end >= 0:
                yield b"".join(pieces)
                pieces.clear()
                size = 0
    if size:
        yield b"".join(pieces)
