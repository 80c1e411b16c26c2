"""Encoded rows on disk, between the pass that reads them and the passes that know which ones stay."""

import os
import tempfile
from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, BinaryIO

import msgspec

_BATCH = 256 * 1024  # bytes


class Spool:
    """A file without a name, gone with the process: rows are numbered from 0, and no row stays in memory.

    `encode_into(row, buffer, -1)` appends one row to a buffer, as msgspec's encoders do.
    """

    def __init__(self, folder: Path, encode_into: Callable[[Any, bytearray, int], None], *, end: bytes = b"") -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._file = tempfile.TemporaryFile(dir=folder, buffering=0)  # noqa: SIM115 - closed by close()
        self._encode_into = encode_into
        self._end = end
        self._batch = bytearray()
        self._size = 0
        self._ends = array("q")  # where each row ends

    def close(self) -> None:
        """Gives the disk space back."""
        self._file.close()

    def add(self, row: Any) -> None:
        """Appends one row."""
        batch = self._batch
        self._encode_into(row, batch, -1)
        batch += self._end
        self._ends.append(self._size + len(batch))
        if len(batch) > _BATCH:
            self._flush()

    def read(self, numbers: Iterable[int]) -> Iterator[memoryview]:
        """The encoded rows of these numbers (ascending); each is valid until the next is asked for."""
        self._flush()
        ends = self._ends
        block, block_start, block_end = memoryview(b""), 0, 0
        for number in numbers:
            start, end = ends[number - 1] if number else 0, ends[number]
            if end > block_end:
                block_start = start
                block = memoryview(os.pread(self._file.fileno(), max(_BATCH, end - start), start))
                block_end = block_start + len(block)
            yield block[start - block_start : end - block_start]

    def copy(self, numbers: "array[int]", labels: Mapping[int, str], out: BinaryIO) -> None:
        """Writes the JSON lines of these numbers (ascending), relabelled by their place among them.

        Rows that stay as they are and lie together are copied together.
        """
        self._flush()
        ends = self._ends
        start = end = 0
        for ordinal, number in enumerate(numbers):
            row_start = ends[number - 1] if number else 0
            if row_start != end or ordinal in labels:
                self._copy_range(start, end, out)
                start = row_start
            end = ends[number]
            if ordinal in labels:
                out.write(_relabelled(os.pread(self._file.fileno(), end - start, start), labels[ordinal]))
                start = end
        self._copy_range(start, end, out)

    def _copy_range(self, start: int, end: int, out: BinaryIO) -> None:
        while start < end:
            block = os.pread(self._file.fileno(), min(_BATCH, end - start), start)
            out.write(block)
            start += len(block)

    def _flush(self) -> None:
        batch = self._batch
        while batch:
            written = self._file.write(batch)
            self._size += written
            del batch[:written]


_OK = b'"label_quality":"ok"'


def _relabelled(line: bytes, label: str) -> bytes:
    """The row's line with another label quality: the key is searched from the end, where no text from outside comes."""
    before, _, after = line.rpartition(_OK)
    return before + b'"label_quality":' + msgspec.json.encode(label) + after
