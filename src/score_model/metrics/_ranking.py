"""How well a probability ranks successes above failures, whatever its scale."""

import numpy as np
import numpy.typing as npt

from score_model.metrics._inputs import Floats, as_flags, as_probabilities, same_length
from score_model.metrics._metric import Metric, Ties, divide

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
