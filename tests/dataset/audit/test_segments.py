"""Maximal stretches and the price of the search."""

import random

import pytest

from score_model.dataset.audit._segments import looks, maximal_segments


def by_definition(scores: list[float]) -> list[tuple[int, int]]:
    """Take the best stretch, then the best left and right of it, and so on."""

    def best(first: int, last: int) -> list[tuple[int, int]]:
        choices = [(sum(scores[a : b + 1]), a - b, -a) for a in range(first, last) for b in range(a, last)]
        choices = [choice for choice in choices if choice[0] > 0]
        if not choices:
            return []
        _, extent, start = max(choices)
        begin, end = -start, -start - extent
        return [*best(first, begin), (begin, end), *best(end + 1, last)]

    return best(0, len(scores))


def test_the_stretches_are_those_of_the_definition() -> None:
    """The linear algorithm equals repeated search for the best stretch."""
    chance = random.Random(3)
    for _ in range(60):
        scores = [chance.uniform(-3, 2) for _ in range(12)]
        found = maximal_segments(scores)
        assert [(segment.first, segment.last) for segment in found] == by_definition(scores)
        assert all(s.score == pytest.approx(sum(scores[s.first : s.last + 1])) for s in found)


def test_a_long_decline_stays_linear() -> None:
    """Fifty thousand rows with a few failures each hundred take no quadratic time (this test would hang)."""
    assert len(maximal_segments(([1.0] + [-1.0] * 2) * 60_000)) == 60_000


@pytest.mark.parametrize("rows", [5, 6, 13, 100, 257])
def test_all_stretches_together_spend_what_there_is(rows: int) -> None:
    """The prices of every stretch there is, as shares, add up to at most one."""
    spent = sum((rows - length + 1) / looks(length, rows, 5) for length in range(5, rows + 1))
    assert spent == pytest.approx(1.0 if rows > 5 else 0.5)
