"""Encoded rows on disk, between the pass that reads them and the pass that knows which ones stay."""

import os
import tempfile
from array import array
from collections.abc import Mapping
from pathlib import Path
from typing import BinaryIO

import msgspec

from score_model.dataset._flatten import FlatRow

_BATCH = 256 * 1024  # bytes


class RowSpool:
    """A file without a name, gone with the process: each row is decoded once, and no row stays in memory."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._file = tempfile.TemporaryFile(dir=folder, buffering=0)  # noqa: SIM115 - closed by close()
        self._encode_into = msgspec.json.Encoder().encode_into
        self._batch = bytearray()
        self._size = 0
        self._ends = array("q")  # where each row ends

    def close(self) -> None:
        """Gives the disk space back."""
        self._file.close()

    def add(self, row: FlatRow) -> None:
        """Appends one row, with its label quality `ok`."""
        batch = self._batch
        self._encode_into(row, batch, -1)
        batch += b"\n"
        self._ends.append(self._size + len(batch))
        if len(batch) > _BATCH:
            self._flush()

    def copy(self, leaders: "array[int]", labels: Mapping[int, str], out: BinaryIO) -> None:
        """Writes the rows whose 0-based numbers are in `leaders` (ascending), relabelled by their place in it.

        Rows that stay as they are and lie together are copied together.
        """
        self._flush()
        ends = self._ends
        start = end = 0
        for ordinal, leader in enumerate(leaders):
            row_start = ends[leader - 1] if leader else 0
            if row_start != end or ordinal in labels:
                self._copy_range(start, end, out)
                start = row_start
            end = ends[leader]
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
