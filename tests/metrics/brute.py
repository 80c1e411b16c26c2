"""Each metric by its definition, in plain loops: slow, and written without a look at how the package does it."""

import math
from collections.abc import Sequence
from fractions import Fraction
from itertools import combinations

Numbers = Sequence[float]


def auroc(passed: Sequence[bool], probability: Numbers) -> float | None:
    """Mean over all (passed, failed) pairs."""
    wins = [
        1.0 if high > low else 0.5 if high == low else 0.0
        for high, good in zip(probability, passed, strict=True) if good
        for low, other in zip(probability, passed, strict=True) if not other
    ]  # fmt: skip
    return sum(wins) / len(wins) if wins else None


def curve(passed: Sequence[bool], probability: Numbers) -> list[tuple[float, float]]:
    """(recall, precision) of the failure class at every distinct probability, lowest first."""
    failures = sum(not good for good in passed)
    points = []
    for level in sorted(set(probability)):
        flagged = [good for good, number in zip(passed, probability, strict=True) if number <= level]
        caught = sum(not good for good in flagged)
        points.append((caught / failures, caught / len(flagged)))
    return points


def average_precision(passed: Sequence[bool], probability: Numbers) -> float | None:
    if len(set(passed)) < 2:
        return None
    area, before = 0.0, 0.0
    for recall, precision in curve(passed, probability):
        area += (recall - before) * precision
        before = recall
    return area


def recall_at_precision(passed: Sequence[bool], probability: Numbers, wanted: float) -> float | None:
    if len(set(passed)) < 2:
        return None
    return max((recall for recall, precision in curve(passed, probability) if precision >= wanted), default=0.0)


def mean_ranks(values: Numbers) -> list[float]:
    return [sum(other < value for other in values) + (values.count(value) + 1) / 2 for value in list(values)]


def spearman(left: Numbers, right: Numbers) -> float | None:
    """Pearson's correlation of mean ranks."""
    if len(set(left)) < 2 or len(set(right)) < 2:
        return None
    a, b = mean_ranks(left), mean_ranks(right)
    middle = (len(a) + 1) / 2
    covariance = math.fsum((x - middle) * (y - middle) for x, y in zip(a, b, strict=True))
    return covariance / math.sqrt(math.fsum((x - middle) ** 2 for x in a) * math.fsum((y - middle) ** 2 for y in b))


def pairs(truth: Numbers, predicted: Numbers, tasks: Sequence[str]) -> list[float]:
    """Predicted margin of the better over the worse for every pair of a task whose truth differs."""
    margins = []
    for i, j in combinations(range(len(truth)), 2):
        if tasks[i] == tasks[j] and truth[i] != truth[j]:
            better, worse = (i, j) if truth[i] > truth[j] else (j, i)
            margins.append(predicted[better] - predicted[worse])
    return margins


def best_of(
    truth: Numbers, predicted: Numbers, tasks: Sequence[str], n: int
) -> tuple[Fraction, Fraction, Fraction] | None:
    """Picked, random and oracle means without any rounding, by trying every choice of n solutions of every task."""
    per_task = []
    for task in sorted(set(tasks)):
        rows = [row for row, name in enumerate(tasks) if name == task]
        choices = list(combinations(rows, n))
        if not choices:
            continue
        totals = [Fraction(0)] * 3
        for choice in choices:
            top = max(predicted[row] for row in choice)
            picks = [Fraction(truth[row]) for row in choice if predicted[row] == top]
            values = [Fraction(truth[row]) for row in choice]
            for place, value in enumerate((sum(picks) / len(picks), sum(values) / n, max(values))):
                totals[place] += Fraction(value) / len(choices)
        per_task.append(totals)
    if not per_task:
        return None
    picked, random, oracle = (sum(column, Fraction(0)) / len(per_task) for column in zip(*per_task, strict=True))
    return picked, random, oracle
