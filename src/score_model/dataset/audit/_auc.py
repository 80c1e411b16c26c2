"""The area under the ROC curve, exact with ties, and its uncertainty."""

import math
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple


class Ranking(NamedTuple):
    """`auc` is the chance that a pass has the greater value than a failure, ties counting half."""

    auc: float
    variance: float
    passed: int
    failed: int


def rank(failures: Sequence[int], passes: Sequence[int]) -> Ranking | None:
    """The AUC of a value from the failures and passes at each distinct value, ascending; None if a label is missing.

    AUC: Mann-Whitney in integers, divided once. Variance: E. DeLong, D. DeLong, D. Clarke-Pearson (1988); a perfect
    separation would claim certainty, so it is never less than that of one misplaced row.
    """
    failed, passed = sum(failures), sum(passes)
    if not failed or not passed:
        return None
    halves = failed_below = 0
    for f, p in zip(failures, passes, strict=True):
        halves += p * (2 * failed_below + f)
        failed_below += f
    auc = halves / (2 * failed * passed)
    variance = _placements(failures, passes, auc) + _placements(passes, failures, 1 - auc)
    least = 1 / (2 * min(passed, failed)) ** 2
    return Ranking(auc, max(variance, least), passed, failed)


def _placements(below: Sequence[int], rows: Sequence[int], mean: float) -> float:
    """The variance that `rows` contribute: how unevenly each of them outranks `below`."""
    count, whole = sum(rows), 2 * sum(below)
    if count < 2:
        return 0.25

    def squares() -> Iterator[float]:
        under = 0
        for other, number in zip(below, rows, strict=True):
            if number:
                yield number * ((2 * under + other) / whole - mean) ** 2
            under += other

    return math.fsum(squares()) / (count - 1) / count


def pooled(rankings: Iterable[Ranking]) -> Ranking | None:
    """The AUC over pairs from the same fold: folds weigh by their number of pairs."""
    folds = list(rankings)
    pairs = sum(fold.passed * fold.failed for fold in folds)
    if not pairs:
        return None
    auc = math.fsum(fold.auc * (fold.passed * fold.failed) for fold in folds) / pairs
    variance = math.fsum(fold.variance * ((fold.passed * fold.failed) / pairs) ** 2 for fold in folds)
    return Ranking(auc, variance, sum(fold.passed for fold in folds), sum(fold.failed for fold in folds))
