"""How well a probability ranks successes above failures, whatever its scale."""

import numpy as np
import numpy.typing as npt

from score_model.arrays import Floats
from score_model.metrics._metric import (
    Gappy,
    Metric,
    Ties,
    as_flags,
    as_numbers,
    as_probabilities,
    divide,
    ratio,
    same_length,
)

_BOTH_CLASSES = "needs passed and failed rows"


class _Blocks:
    """Weights of failed and of passed rows per distinct probability, lowest probability first."""

    def __init__(self, passed: npt.ArrayLike, probability: npt.ArrayLike) -> None:
        flags, numbers = as_flags(passed, "passed"), as_probabilities(probability)
        self.rows = same_length(passed=flags, probability=numbers)
        self._ties = Ties.of(numbers)
        self._passed = flags[self._ties.order].astype(np.float64)

    def __call__(self, weights: Floats) -> tuple[Floats, Floats]:
        ordered = weights[:, self._ties.order]
        passed = ordered * self._passed
        return self._ties.sums(ordered - passed), self._ties.sums(passed)


def auroc(passed: npt.ArrayLike, probability: npt.ArrayLike) -> Metric:
    """Area under the ROC curve: the chance that a passed row is above a failed one, ties counting half."""
    blocks = _Blocks(passed, probability)

    def compute(weights: Floats) -> Floats:
        failures, successes = blocks(weights)
        below = np.cumsum(failures, axis=1) - failures / 2
        return divide((successes * below).sum(axis=1), successes.sum(axis=1) * failures.sum(axis=1))

    return Metric(compute, blocks.rows, blocks.rows, "rows", _BOTH_CLASSES)


def average_precision(passed: npt.ArrayLike, probability: npt.ArrayLike) -> Metric:
    """Average precision of the failure class, failures being flagged from the lowest probability up.

    Σ (recall_k − recall_{k−1}) × precision_k over distinct probabilities, without interpolation; its value for a
    constant is the failure rate. Undefined where one class is missing: without successes it would always be 1.
    """
    blocks = _Blocks(passed, probability)

    def compute(weights: Floats) -> Floats:
        failures, successes = blocks(weights)
        precision = _precision_from_below(failures, successes)
        area = divide((failures * precision).sum(axis=1), failures.sum(axis=1))
        return _where_both(area, failures, successes)

    return Metric(compute, blocks.rows, blocks.rows, "rows", _BOTH_CLASSES)


def recall_at_precision(passed: npt.ArrayLike, probability: npt.ArrayLike, precision: float = 0.9) -> Metric:
    """Largest share of the failures that can be flagged while at least `precision` of the flagged rows are failures.

    A point of the curve of these very rows, not the result of a threshold that was chosen elsewhere; 0 where no
    threshold is that precise, undefined where one class is missing.
    """
    blocks = _Blocks(passed, probability)

    def compute(weights: Floats) -> Floats:
        failures, successes = blocks(weights)
        precise = _precision_from_below(failures, successes) >= precision
        caught = (np.cumsum(failures, axis=1) * precise).max(axis=1, initial=0.0)
        return _where_both(divide(caught, failures.sum(axis=1)), failures, successes)

    return Metric(compute, blocks.rows, blocks.rows, "rows", _BOTH_CLASSES)


def _precision_from_below(failures: Floats, successes: Floats) -> Floats:
    """Share of failures among the rows up to each block; 0 before the first row with weight."""
    caught = np.cumsum(failures, axis=1)
    flagged = caught + np.cumsum(successes, axis=1)
    return np.divide(caught, flagged, out=np.zeros_like(caught), where=flagged != 0)


def _where_both(values: Floats, failures: Floats, successes: Floats) -> Floats:
    both = failures.any(axis=1) & successes.any(axis=1)
    return np.where(both, values, np.nan)


def score_mae(score: Gappy, predicted: npt.ArrayLike) -> Metric:
    """Mean absolute error; rows whose score is None or NaN are left out."""
    truth, guess = as_numbers(score, "score", may_miss=True), as_numbers(predicted, "predicted")
    same_length(score=truth, predicted=guess)
    known = ~np.isnan(truth)
    errors = np.where(known, np.abs(guess - truth), 0.0)
    return ratio(errors, known.astype(np.float64), n=int(known.sum()), undefined="no row has a score")


def spearman(score: Gappy, predicted: npt.ArrayLike) -> Metric:
    """Spearman's rank correlation, tied values sharing their mean rank; undefined where either side is constant."""
    truth, guess = as_numbers(score, "score", may_miss=True), as_numbers(predicted, "predicted")
    rows = same_length(score=truth, predicted=guess)
    known = np.flatnonzero(~np.isnan(truth))
    truth_ties, guess_ties = Ties.of(truth[known]), Ties.of(guess[known])
    truth_blocks, guess_blocks = truth_ties.block_of_row(), guess_ties.block_of_row()

    def compute(weights: Floats) -> Floats:
        kept = weights[:, known]
        left = _centred_ranks(kept, truth_ties)[:, truth_blocks]
        right = _centred_ranks(kept, guess_ties)[:, guess_blocks]
        weighted = kept * left
        spread = np.sqrt((weighted * left).sum(axis=1) * (kept * right * right).sum(axis=1))
        return divide((weighted * right).sum(axis=1), spread)

    return Metric(compute, rows, len(known), "rows", "needs two different scores and two different predictions")


def _centred_ranks(weights: Floats, ties: Ties) -> Floats:
    """Mean rank of each block minus the mean of all ranks (resamples × blocks)."""
    mass = ties.sums(weights[:, ties.order])
    ranks: Floats = np.cumsum(mass, axis=1) - mass / 2 - mass.sum(axis=1, keepdims=True) / 2
    return ranks
