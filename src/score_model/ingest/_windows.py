"""Overlapping reads of an offset-paged table.

The export pages by offset over a living table: between two reads rows arrive and vanish, and what was on page 3 is on
page 4 or never seen. But order by time is fixed for a row. So a page that holds the last row already taken proves, in
one answer, that the rows behind it are the ones that follow: no row that existed throughout is missed, whatever moved
meanwhile. Page number and page size together can start a page almost anywhere: so each page is made to overlap the one
before.
"""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import msgspec

from score_model.client import ListPage, PageRequest
from score_model.ingest._row_identity import Identity

_SMALL = 30  # page sizes up to here always include one that overlaps any offset and reaches beyond it


@dataclass(frozen=True, slots=True)
class Window:
    """One page request: rows at offsets `start` to `stop` (exclusive)."""

    number: int
    size: int

    @property
    def start(self) -> int:
        """Offset of its first row."""
        return (self.number - 1) * self.size

    @property
    def stop(self) -> int:
        """Offset behind its last row."""
        return self.number * self.size


def _window_over(offset: int, largest: int) -> Window | None:
    """Return the page of at most `largest` rows that holds the row at `offset` and the most rows behind it.

    None if every page size ends at that row.
    """
    best = max(range(largest, (largest + 1) // 2 - 1, -1), key=lambda size: size - offset % size)
    return Window(offset // best + 1, best) if best - offset % best > 1 else None


@lru_cache(maxsize=4096)  # asked for again while pages are read ahead
def choose_window(offset: int, limit: int) -> Window:
    """Return the page of about `limit` rows that holds the row at `offset` and rows behind it."""
    return _window_over(offset, limit) or _window_over(offset, max(limit, _SMALL)) or Window(1, offset + 2)


def is_next_number(request: PageRequest, following: PageRequest | None) -> bool:
    """Return whether a `next` leads to nothing but the following page number: then pages can be read by number."""
    if following is None or request.number is None or following.number != request.number + 1:
        return False
    asked, offered = urlsplit(request.path), urlsplit(following.path)
    parameters = {**dict(parse_qsl(offered.query, keep_blank_values=True)), **following.params}
    return asked[:3] == offered[:3] and parameters == {**request.params, "page": str(following.number)}


class RecentRows:
    """Remembers at least the last `size` identities and at most twice as many, in two generations."""

    def __init__(self, size: int, identities: Iterable[Identity] = ()) -> None:
        self._size = size
        self._older: set[Identity] = set()
        self._newer = set(identities)

    def hold_any(self, identities: Sequence[Identity]) -> bool:
        """Return whether any of the identities was met."""
        return not (self._newer.isdisjoint(identities) and self._older.isdisjoint(identities))

    def add_new(
        self, identities: Sequence[Identity], items: Sequence[msgspec.Raw], room: int | None
    ) -> list[tuple[Identity, msgspec.Raw]]:
        """Return the items that were not met yet, with identities, at most `room` (None: all); now they are met."""
        newer, older = self._newer, self._older
        if len(set(identities)) < len(identities):  # one answer holds a row twice
            first: dict[Identity, msgspec.Raw] = {}
            for identity, item in zip(identities, items, strict=True):
                first.setdefault(identity, item)
            identities, items = list(first), list(first.values())
        pairs = zip(identities, items, strict=True)
        new = [(identity, item) for identity, item in pairs if identity not in newer and identity not in older][:room]
        newer.update(identity for identity, _ in new)
        if len(self._newer) >= self._size:
            self._older, self._newer = self._newer, set()
        return new


class ReadAhead:
    """Pages that were asked for and not yet taken, each asked for once; `read` asks the server."""

    def __init__(self, read: Callable[[Window], Coroutine[Any, Any, ListPage]]) -> None:
        self._read = read
        self._asked: dict[Window, asyncio.Task[ListPage]] = {}

    def expect(self, window: Window) -> None:
        """Ask for a page, unless it is already asked for."""
        if window not in self._asked:
            self._asked[window] = asyncio.create_task(self._read(window))

    def take(self, window: Window) -> Awaitable[ListPage]:
        """Return the page, asked for earlier or at once; taking it again reads it anew."""
        self.expect(window)
        return self._asked.pop(window)

    async def forget(self) -> None:
        """Drop everything that was asked for and not taken."""
        dropped = list(self._asked.values())
        self._asked.clear()
        for task in dropped:
            task.cancel()
        await asyncio.gather(*dropped, return_exceptions=True)
