"""Which of two attempts at the same task is better: pairs within tasks, the truth's ties skipped."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from score_model.arrays import Floats
from score_model.metrics._metric import Gappy, Indices, Labels, Metric, as_numbers, codes_of, ratio, same_length

_ROUNDING = 4 * np.finfo(np.float64).eps
"""Of a mean of m numbers no greater than 1: its error per number, at most."""

_NO_PAIRS = "no two solutions of a task differ in the truth"


def pairwise_accuracy(truth: Gappy, predicted: npt.ArrayLike, tasks: Labels) -> Metric:
    """Share of the pairs within tasks that the prediction orders as the truth does; a predicted tie counts half.

    Pairs of equal truth are skipped, and so are rows whose truth is None or NaN. Every pair weighs the same.
    """
    pairs = _Pairs.of(truth, predicted, tasks)
    return ratio(pairs.wins, pairs.number, n=int(pairs.number.sum()), unit="pairs", undefined=_NO_PAIRS)


def bradley_terry_loss(truth: Gappy, strength: npt.ArrayLike, tasks: Labels) -> Metric:
    """Mean of −log σ(strength of the better − strength of the worse) over the same pairs, in nats (Bradley & Terry).

    `strength` is on the scale of log odds; a model without an opinion has log 2.
    """
    pairs = _Pairs.of(truth, strength, tasks)
    return ratio(pairs.loss, pairs.number, n=int(pairs.number.sum()), unit="pairs", undefined=_NO_PAIRS)


def task_blocks(tasks: Labels, kept: Indices) -> Iterator[Indices]:
    """The `kept` rows as matrices (tasks × solutions), one matrix for each number of solutions that occurs."""
    codes = codes_of(tasks)[kept]
    if not len(codes):
        return
    by_task = kept[np.argsort(codes, kind="stable")]
    sizes = np.bincount(codes)
    ends = np.cumsum(sizes)
    for size in np.unique(sizes[sizes > 0]):
        starts = ends[sizes == size] - size
        yield by_task[starts[:, None] + np.arange(size)]


@dataclass(frozen=True, slots=True)
class _Pairs:
    """Totals over each task's pairs, held at its first row and 0 elsewhere: whole tasks are resampled, never rows."""

    number: Floats
    wins: Floats
    loss: Floats

    @classmethod
    def of(cls, truth: Gappy, predicted: npt.ArrayLike, tasks: Labels) -> "_Pairs":
        better, guess = as_numbers(truth, "truth", may_miss=True), as_numbers(predicted, "predicted")
        rows = same_length(truth=better, predicted=guess, tasks=np.asarray(tasks))
        totals = cls(np.zeros(rows), np.zeros(rows), np.zeros(rows))
        for block in task_blocks(tasks, np.flatnonzero(~np.isnan(better))):
            first = block[:, 0]
            for shift in range(1, block.shape[1]):
                totals._add(first, better, guess, block[:, shift:], block[:, :-shift])
        return totals

    def _add(self, first: Indices, truth: Floats, guess: Floats, left: Indices, right: Indices) -> None:
        """Adds the pairs (left[i, j], right[i, j]) of task i to its first row."""
        direction = np.sign(truth[left] - truth[right])
        margin = direction * (guess[left] - guess[right])
        differs = direction != 0
        self.number[first] += differs.sum(axis=1)
        self.wins[first] += (differs * (np.sign(margin) + 1) / 2).sum(axis=1)
        self.loss[first] += (differs * np.logaddexp(0.0, -margin)).sum(axis=1)


@dataclass(frozen=True, slots=True)
class BestOfMetrics:
    """Means over the tasks with at least n solutions; `gain` is (picked − random) / (oracle − random)."""

    picked: Metric
    random: Metric
    oracle: Metric
    gain: Metric


def best_of_n(truth: Gappy, predicted: npt.ArrayLike, tasks: Labels, n: int) -> BestOfMetrics:
    """Expected truth of the solution with the highest prediction among `n` of a task's solutions.

    The expectation over every choice of n of the m solutions is exact: the solution with r better ones is picked with
    probability C(m−1−r, n−1) / C(m, n), and equal predictions share theirs. Rows whose truth is None or NaN are left
    out, tasks with fewer than n known solutions too; each other task weighs the same. A task whose oracle is no better
    than chance, but for rounding, has nothing to gain and is left out of `gain`.
    """
    if n < 1:
        raise ValueError("n must be at least 1")
    outcome, guess = as_numbers(truth, "truth", may_miss=True), as_numbers(predicted, "predicted")
    rows = same_length(truth=outcome, predicted=guess, tasks=np.asarray(tasks))
    picked, random, oracle, won, possible, used = (np.zeros(rows) for _ in range(6))
    for block in task_blocks(tasks, np.flatnonzero(~np.isnan(outcome))):
        if block.shape[1] < n:
            continue
        first, values = block[:, 0], outcome[block]
        chances = _chances(block.shape[1], n)
        # Where all outcomes are equal the three means are that very number, with no rounding between them.
        equal = values.min(axis=1) == values.max(axis=1)
        used[first] = 1
        random[first] = np.where(equal, values[:, 0], values.mean(axis=1))
        oracle[first] = np.where(equal, values[:, 0], np.sort(values, axis=1)[:, ::-1] @ chances)
        picked[first] = np.where(equal, values[:, 0], _expected_pick(values, guess[block], chances))
        gap = oracle[first] - random[first]
        real = gap > _ROUNDING * block.shape[1] * np.abs(values).max(axis=1)
        possible[first] = np.where(real, gap, 0.0)
        won[first] = np.where(real, picked[first] - random[first], 0.0)
    number = int(used.sum())
    none = f"no task has {n} solutions"
    return BestOfMetrics(
        picked=ratio(picked, used, n=number, unit="tasks", undefined=none),
        random=ratio(random, used, n=number, unit="tasks", undefined=none),
        oracle=ratio(oracle, used, n=number, unit="tasks", undefined=none),
        gain=ratio(
            won,
            possible,
            n=number,
            unit="tasks",
            undefined=f"no task has {n} solutions that differ in the truth" if number else none,
        ),
    )


def _chances(solutions: int, n: int) -> Floats:
    """C(m−1−r, n−1) / C(m, n) for r = 0 … m−1, as a running product: binomials of thousands overflow."""
    better = np.arange(solutions - 1)
    steps = np.maximum(solutions - n - better, 0) / (solutions - 1 - better)
    chances: Floats = np.cumprod(np.concatenate(([n / solutions], steps)), dtype=np.float64)
    return chances


def _expected_pick(values: Floats, guess: Floats, chances: Floats) -> Floats:
    """Expected value of the pick per task (a row of the matrices); equal predictions share their chances."""
    order = np.argsort(-guess, axis=1, kind="stable")
    ordered, levels = np.take_along_axis(values, order, axis=1), np.take_along_axis(guess, order, axis=1)
    begins = np.ones(levels.shape, dtype=np.bool_)
    begins[:, 1:] = levels[:, 1:] != levels[:, :-1]
    starts = np.flatnonzero(begins)
    sizes = np.diff(starts, append=begins.size)
    shared = np.add.reduceat(np.broadcast_to(chances, levels.shape).ravel(), starts) / sizes
    expected: Floats = (np.repeat(shared, sizes).reshape(levels.shape) * ordered).sum(axis=1)
    return expected
