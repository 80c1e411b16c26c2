"""Overlapping reads of an offset-paged table.

The export pages by offset over a living table: between two reads rows arrive and vanish, and what was on page 3 is on
page 4 or never seen. But order by time is fixed for a row. So a page that holds the last row already taken proves, in
one answer, that the rows behind it are the ones that follow: no row that existed throughout is missed, whatever moved
meanwhile. Page number and page size together can start a page almost anywhere: so each page is made to overlap the one
before.
"""

from dataclasses import dataclass
from functools import lru_cache

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


def window_over(offset: int, largest: int) -> Window | None:
    """The page of at most `largest` rows that holds the row at `offset` and the most rows behind it.

    None if every page size ends at that row.
    """
    best = max(range(largest, (largest + 1) // 2 - 1, -1), key=lambda size: size - offset % size)
    return Window(offset // best + 1, best) if best - offset % best > 1 else None


@lru_cache(maxsize=4096)  # asked for again while pages are read ahead
def overlapping(offset: int, limit: int) -> Window:
    """The page of about `limit` rows that holds the row at `offset` and rows behind it."""
    return window_over(offset, limit) or window_over(offset, max(limit, _SMALL)) or Window(1, offset + 2)
