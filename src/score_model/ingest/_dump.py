"""The append-only raw dump and its journal, kept in step."""

import os
import time
import zlib
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Self

import msgspec

from score_model.atomic import lock_output, sync_folder
from score_model.errors import UsageError
from score_model.ingest._identity import Identity, row_key
from score_model.ingest._journal import Event, Finished, PageCommitted, decode_events, encode_event

_SYNC_EVERY_S = 1.0  # a killed process loses nothing that was committed; a power cut at most this much

_RawEntry = msgspec.defstruct("_RawEntry", [("entry", msgspec.Raw)])


class RawDump:
    """One prefix's dump and journal, open for appending by one process at a time.

    Opening repairs: torn tails are cut off, so that `events` and the dump's bytes agree. Raises UsageError if another
    process has the prefix open, or the folder can't be written.
    """

    def __init__(self, path: Path, journal_path: Path) -> None:
        self.path = path
        self.journal_path = journal_path
        self.events: list[Event] = []
        self._synced_at = time.monotonic()
        with ExitStack() as stack:
            with self._writing(journal_path):
                stack.enter_context(lock_output(path))
                self._journal: BinaryIO = stack.enter_context(journal_path.open("ab+"))
            with self._writing(path):
                self._dump: BinaryIO = stack.enter_context(path.open("ab+"))
            sync_folder(path.parent)
            self._repair()
            self._stack = stack.pop_all()

    def _repair(self) -> None:
        self._journal.seek(0)
        events, good = decode_events(self._journal.read())
        size = self.path.stat().st_size
        while (last := _last_offset(events)) and not self._is_there(events, last, size):
            dropped = events.pop()
            good -= len(encode_event(dropped))
        if not events and size:
            raise UsageError(f"{self.path} has no journal beside it: it was not made by mirror, choose another prefix")
        self._journal.truncate(good)
        self._dump.truncate(last)
        self.events = events
        self.offset = last

    def _is_there(self, events: Sequence[Event], last: int, size: int) -> bool:
        """Whether the last committed page's bytes are in the dump, as its checksum says."""
        if size < last:
            return False
        page = next(event for event in reversed(events) if isinstance(event, PageCommitted))
        before = _last_offset(events[: events.index(page)])
        self._dump.seek(before)
        return checksum(self._dump.read(page.offset - before)) == page.checksum

    def lines_from(self, offset: int = 0) -> Iterator[bytes]:
        """The committed lines from byte `offset` on."""
        with self.path.open("rb") as dump:
            dump.seek(offset)
            while dump.tell() < self.offset:
                yield dump.readline()

    def identities_from(self, offset: int = 0) -> Iterator[Identity]:
        """The identities of the committed rows from byte `offset` on."""
        decoder: msgspec.json.Decoder[Any] = msgspec.json.Decoder(_RawEntry)
        for line in self.lines_from(offset):
            yield hash(row_key(decoder.decode(line).entry))

    def append(self, lines: bytes) -> int:
        """Writes a page's lines and returns the offset behind them. They don't count before `commit` names it."""
        with self._writing(self.path):
            self._dump.write(lines)
            self._dump.flush()
        self.offset += len(lines)
        return self.offset

    def clear(self) -> None:
        """Forgets everything: for a crawl that never got as far as its first page."""
        self._dump.truncate(0)
        self._journal.truncate(0)
        self.events, self.offset = [], 0

    def commit(self, event: Event) -> None:
        """Adds the event to the journal: what it describes survives a kill from here on."""
        with self._writing(self.journal_path):
            self._journal.write(encode_event(event))
            self._journal.flush()
        self.events.append(event)
        now = time.monotonic()
        if isinstance(event, Finished) or now - self._synced_at >= _SYNC_EVERY_S:
            self.sync()
            self._synced_at = now

    def sync(self) -> None:
        """Makes what was committed durable, the dump first."""
        with self._writing(self.path):
            os.fdatasync(self._dump.fileno())
            os.fdatasync(self._journal.fileno())

    @contextmanager
    def _writing(self, path: Path) -> Iterator[None]:
        """A full disk ends the crawl in one line; what the journal names is there."""
        try:
            yield
        except OSError as error:
            raise UsageError(f"can't write {path}: {error.strerror}") from None

    def close(self) -> None:
        """Closes both files and lets other processes at the prefix."""
        with suppress(OSError):  # what could not be written is cut off when the prefix is opened again
            self._stack.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _last_offset(events: Sequence[Event]) -> int:
    """The dump's committed length in bytes after these events."""
    return next((event.offset for event in reversed(events) if isinstance(event, PageCommitted)), 0)


def checksum(lines: bytes) -> str:
    """CRC-32 of a page's bytes: enough to tell a page that is there from one that a crash tore."""
    return f"{zlib.crc32(lines):08x}"
