"""Contiguous stretches of a scored sequence, and the price of having looked for them."""

from collections.abc import Sequence
from typing import NamedTuple


class Segment(NamedTuple):
    """Positions `first`..`last` (both inside) and the sum of their scores."""

    first: int
    last: int
    score: float


def maximal_segments(scores: Sequence[float]) -> list[Segment]:
    """Every maximal-scoring contiguous stretch, in order of position.

    Linear time: W. Ruzzo, M. Tompa, "A linear time algorithm for finding all maximal scoring subsequences" (1999).
    """
    stack: list[tuple[int, int, float, float, int]] = []  # first, last, sum before, sum through, nearest lower start
    total = 0.0
    for position, score in enumerate(scores):
        before, total = total, total + score
        if score <= 0:
            continue
        first, left = position, before
        while True:
            lower = len(stack) - 1
            while lower >= 0 and stack[lower][2] >= left:
                lower = stack[lower][4]
            if lower < 0 or stack[lower][3] >= total:
                stack.append((first, position, left, total, lower))
                break
            first, left = stack[lower][0], stack[lower][2]
            del stack[lower:]
    return [Segment(first, last, through - before) for first, last, before, through, _ in stack]


def looks(length: int, rows: int, shortest: int) -> float:
    """How many stretches a stretch of `length` rows competes with, in a sequence of `rows`.

    The whole sequence gets half of what may be spent. The other half is shared equally by the scales (lengths that
    double from `shortest` on), and within a scale by every stretch of these lengths: a weighted Bonferroni correction,
    valid for the best of all stretches however it was found.
    """
    if length >= rows:
        return 2.0
    scales, low = 0, shortest
    inside = 1
    while low < rows:
        high = min(2 * low, rows) - 1
        scales += 1
        if low <= length <= high:
            inside = sum(rows - size + 1 for size in (low, high)) * (high - low + 1) // 2
        low *= 2
    return 2.0 * max(1, scales) * inside
