"""What a yes or no is worth: rows whose probability reaches a threshold are called passed."""

from typing import Literal

import numpy as np
import numpy.typing as npt

from score_model.arrays import Bools, Floats
from score_model.metrics._metric import Metric, Ties, as_flags, as_probabilities, divide, ratio, same_length

Criterion = Literal["f1", "failure_f1", "macro_f1"]


def at_threshold(passed: npt.ArrayLike, probability: npt.ArrayLike, threshold: float) -> dict[str, Metric]:
    """Metrics of the call "passed" (probability ≥ threshold), with success as the positive class.

    precision, recall, f1, false_positive_rate (failed rows called passed / failed rows), negative_predictive_value
    (failed rows / rows called failed) and failure_f1, the F1 of the opposite call. A ratio over nothing is undefined.
    """
    truth, numbers = as_flags(passed, "passed"), as_probabilities(probability)
    same_length(passed=truth, probability=numbers)
    called = numbers >= threshold
    right, errors = called == truth, called != truth
    return {
        "precision": _share(truth, called, "no row is called passed"),
        "recall": _share(called, truth, "no passed rows"),
        "f1": _f1(right & truth, errors, "no row is passed or called passed"),
        "false_positive_rate": _share(called, ~truth, "no failed rows"),
        "negative_predictive_value": _share(~truth, ~called, "no row is called failed"),
        "failure_f1": _f1(right & ~truth, errors, "no row is failed or called failed"),
    }


def choose_threshold(passed: npt.ArrayLike, probability: npt.ArrayLike, criterion: Criterion = "f1") -> float | None:
    """The threshold that is best on these rows, to be used on others; None where one class is missing.

    `f1` is that of the success class; where nearly all rows passed it calls everything passed, and `macro_f1` (the mean
    of both classes' F1) or `failure_f1` is the useful choice. Candidates lie half-way between neighbouring
    probabilities, and 0 calls everything passed. Of equally good ones, the nearest to 0.5 and then the lower is taken.
    """
    truth, numbers = as_flags(passed, "passed"), as_probabilities(probability)
    same_length(passed=truth, probability=numbers)
    if truth.all() or not truth.any():
        return None
    ties = Ties.of(numbers)
    successes = ties.sums(truth[ties.order].astype(np.float64)[None, :])[0]
    failures = ties.sums((~truth)[ties.order].astype(np.float64)[None, :])[0]
    missed = np.cumsum(successes) - successes
    caught = np.cumsum(failures) - failures
    kept, let_through = successes.sum() - missed, failures.sum() - caught
    errors = missed + let_through
    f1 = divide(2 * kept, 2 * kept + errors)
    failure_f1 = divide(2 * caught, 2 * caught + errors)
    worth = {"f1": f1, "failure_f1": failure_f1, "macro_f1": (f1 + failure_f1) / 2}[criterion]
    candidates = _between(ties.levels)
    best = candidates[np.isclose(worth, worth.max(), rtol=1e-12, atol=0)]
    return float(best[np.lexsort((best, np.abs(best - 0.5)))[0]])


def _between(levels: Floats) -> Floats:
    """For each level, a threshold that it reaches and the level below does not."""
    middle = (levels[:-1] + levels[1:]) / 2
    # Half-way between adjacent floats rounds to one of them, perhaps to the lower, which must stay outside.
    return np.concatenate(([0.0], np.where(middle > levels[:-1], middle, levels[1:])))


def _share(part: Bools, whole: Bools, undefined: str) -> Metric:
    return ratio((part & whole).astype(np.float64), whole.astype(np.float64), n=int(whole.sum()), undefined=undefined)


def _f1(hits: Bools, errors: Bools, undefined: str) -> Metric:
    """2 × hits / (2 × hits + errors); an error is a false alarm of one class and a miss of the other."""
    doubled = 2 * hits.astype(np.float64)
    return ratio(doubled, doubled + errors, n=len(hits), undefined=undefined)
