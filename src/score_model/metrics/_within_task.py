"""Which of two attempts at the same task is better: pairs within tasks, the truth's ties skipped."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from score_model.metrics._inputs import Floats, Gappy, Indices, Labels, as_numbers, codes_of, same_length
from score_model.metrics._metric import Metric, ratio

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
