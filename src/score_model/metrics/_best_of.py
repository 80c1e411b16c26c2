"""What a model is worth as a chooser: the best of n solutions of a task, by its ranking."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from score_model.metrics._inputs import Floats, Gappy, Labels, as_numbers, same_length
from score_model.metrics._metric import Metric, ratio
from score_model.metrics._within_task import task_blocks


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
    out, tasks with fewer than n known solutions too; each other task weighs the same.
    """
    if n < 1:
        raise ValueError("n must be at least 1")
    outcome, guess = as_numbers(truth, "truth", may_miss=True), as_numbers(predicted, "predicted")
    rows = same_length(truth=outcome, predicted=guess, tasks=np.asarray(tasks))
    picked, random, oracle, used = (np.zeros(rows) for _ in range(4))
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
    number = int(used.sum())
    none = f"no task has {n} solutions"
    return BestOfMetrics(
        picked=ratio(picked, used, n=number, unit="tasks", undefined=none),
        random=ratio(random, used, n=number, unit="tasks", undefined=none),
        oracle=ratio(oracle, used, n=number, unit="tasks", undefined=none),
        gain=ratio(
            picked - random,
            oracle - random,
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
