"""Seams between offset pages: shown to be tight, or not.

The export pages by offset over a living table. Between two reads rows arrive and vanish, and what was on page 3 is on
page 4 or never seen. Order by time is fixed for a row, though, so one small answer that shows the last row of a page
immediately followed by the first row of the next proves that no row that existed throughout lies between them, however
the two pages were read. That small answer is the seam's probe.
"""

from collections.abc import Sequence

from score_model.ingest._identity import Identity


def probe_of(boundary: int) -> tuple[int, int]:
    """Page number and page size of the smallest read that holds both rows at offsets `boundary - 1` and `boundary`."""
    size = next(size for size in range(2, boundary + 2) if boundary % size)
    return boundary // size + 1, size


def is_tight(probe: Sequence[Identity], last: Identity, first: Identity | None) -> bool:
    """Whether `probe` shows `last` immediately followed by `first`, or by nothing where `first` is None."""
    if last not in probe:
        return False
    behind = probe[probe.index(last) + 1 :]
    return behind[0] == first if behind else first is None
