"""The AUC is exact, ties included, and its variance is DeLong's."""

import random
from itertools import product

import pytest

from score_model.dataset.audit._auc import Ranking, pooled, rank


def by_pairs(failures: list[int], passes: list[int]) -> float:
    """The definition: every pass against every failure, ties half."""
    won = sum(
        p * f * (1.0 if high > low else 0.5 if high == low else 0.0)
        for (high, p), (low, f) in product(enumerate(passes), enumerate(failures))
    )
    return won / (sum(passes) * sum(failures))


def delong(failures: list[int], passes: list[int]) -> float:
    """The variance from single placements, as in the paper."""
    high = [value for value, count in enumerate(passes) for _ in range(count)]
    low = [value for value, count in enumerate(failures) for _ in range(count)]

    def beats(a: int, b: int) -> float:
        return 1.0 if a > b else 0.5 if a == b else 0.0

    mean = by_pairs(failures, passes)
    tops = [sum(beats(a, b) for b in low) / len(low) for a in high]
    bottoms = [sum(beats(a, b) for a in high) / len(high) for b in low]
    s10 = sum((v - mean) ** 2 for v in tops) / (len(high) - 1)
    s01 = sum((v - mean) ** 2 for v in bottoms) / (len(low) - 1)
    return s10 / len(high) + s01 / len(low)


def test_the_auc_and_its_variance_equal_brute_force() -> None:
    """On random small tables with many ties both agree with their definitions."""
    chance = random.Random(5)
    for _ in range(50):
        failures = [chance.randrange(4) for _ in range(6)]
        passes = [chance.randrange(4) for _ in range(6)]
        if sum(failures) < 2 or sum(passes) < 2:
            continue
        ranking = rank(failures, passes)
        assert ranking is not None
        assert ranking.auc == pytest.approx(by_pairs(failures, passes), abs=1e-12)
        least = 1 / (2 * min(sum(failures), sum(passes))) ** 2
        assert ranking.variance == pytest.approx(max(least, delong(failures, passes)), abs=1e-12)


def test_one_label_alone_has_no_auc() -> None:
    """Without a pass, or without a failure, there is nothing to rank."""
    assert rank([3, 1], [0, 0]) is None
    assert rank([], []) is None


def test_a_perfect_separation_does_not_claim_certainty() -> None:
    """The variance of AUC 1 stays above zero."""
    ranking = rank([5, 0], [0, 5])
    assert ranking is not None
    assert ranking.auc == 1.0
    assert ranking.variance > 0


def test_folds_weigh_by_their_pairs() -> None:
    """The pooled AUC is that over all pairs from the same fold."""
    joined = pooled([Ranking(1.0, 0.1, 2, 3), Ranking(0.5, 0.2, 1, 2)])
    assert joined is not None
    assert joined.auc == pytest.approx((6 * 1.0 + 2 * 0.5) / 8)
    assert (joined.passed, joined.failed) == (3, 5)
    assert pooled([]) is None
