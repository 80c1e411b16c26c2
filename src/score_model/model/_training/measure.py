"""Measuring models on out-of-fold scores, beside each other and beside the trivial baselines."""

from collections.abc import Sequence

import numpy as np

from score_model.arrays import Bools, Floats, Ints
from score_model.metrics import Metric, auroc, average_precision, brier, clustered_bootstrap, difference, log_loss
from score_model.metrics import pairwise_accuracy as pairs_in_order
from score_model.model._calibration.platt import fit_calibration
from score_model.model._estimators.logistic import sigmoid
from score_model.model._folds import fold_pairs
from score_model.model._inputs import Rows
from score_model.model._report import Alarm, Measures, RowCounts

_RESAMPLES = 1000

LIMIT = 0.97
_LEAST_ROWS = 20


def count_rows(rows: Rows) -> RowCounts:
    """How many rows, failures, tasks and groups."""
    return RowCounts(
        rows=len(rows),
        failures=int(np.sum(rows.labels == 0.0)),
        tasks=len(set(rows.task_ids)),
        groups=len(set(rows.groups)),
    )


def calibrated_out_of_fold(logits: Floats, labels: Floats, weights: Floats, folds: Ints) -> Floats:
    """Probabilities by Platt's method, each fold's learnt on the other folds (repeats × rows, as the logits).

    Rows of weight 0 get a probability and are not learnt from.
    """
    probabilities = np.empty_like(logits)
    for repeat in range(len(logits)):
        for learn, score in fold_pairs(folds[repeat]):
            used = learn[weights[learn] > 0]
            fitted = fit_calibration("platt", logits[repeat, used], labels[used], weights[used])
            probabilities[repeat, score] = fitted.probabilities(logits[repeat, score])
    return probabilities


def measure(rows: Rows, probabilities: Floats, logits: Floats, chosen: Bools, seed: int) -> Measures:
    """The measures of one model (`probabilities` and `logits` are repeats × rows) on the chosen rows."""
    some = rows.take(chosen)
    passed = some.labels > 0.5
    ranks = [sigmoid(logits[repeat, chosen]) for repeat in range(len(logits))]
    curves = [auroc(passed, rank) for rank in ranks]
    values = [value for curve in curves if (value := curve.value()) is not None]
    levels = [probabilities[repeat, chosen] for repeat in range(len(probabilities))]
    return Measures(
        auroc=clustered_bootstrap(curves[0], some.groups, resamples=_RESAMPLES, seed=seed),
        auroc_mean=float(np.mean(values)) if values else None,
        auroc_spread=(min(values), max(values)) if values else None,
        average_precision_failure=_mean([average_precision(passed, rank) for rank in ranks]),
        pairwise_accuracy=_mean([pairs_in_order(passed, rank, some.task_ids) for rank in ranks]),
        log_loss=_mean([log_loss(passed, level) for level in levels]),
        brier=_mean([brier(passed, level) for level in levels]),
    )


def compare(rows: Rows, first: Floats, second: Floats, seed: int) -> tuple[float, float, float] | None:
    """AUROC of the first model's scores minus the second's with its clustered 95 % interval; None where undefined."""
    passed = rows.labels > 0.5
    gap = difference(auroc(passed, sigmoid(first)), auroc(passed, sigmoid(second)))
    found = clustered_bootstrap(gap, rows.groups, resamples=_RESAMPLES, seed=seed)
    if found.value is None or found.low is None or found.high is None:
        return None
    return found.value, found.low, found.high


def area(labels: Floats, logits: Floats) -> float | None:
    """AUROC of scores; None where one class is missing."""
    return auroc(labels > 0.5, sigmoid(logits)).value()


def _mean(metrics: Sequence[Metric]) -> float | None:
    values = [value for metric in metrics if (value := metric.value()) is not None]
    return float(np.mean(values)) if values else None


def find_alarms(rows: Rows, columns: tuple[str, ...]) -> tuple[Alarm, ...]:
    """Every column whose AUROC, or that of whether it is known, exceeds 0.97 either way round, the highest first."""
    matrix, alarms = rows.inputs.select(columns), []
    for place, name in enumerate(columns):
        known = ~np.isnan(matrix[:, place])
        for values, chosen, unknown in (
            (matrix[:, place], known, False),
            (known.astype(np.float64), np.ones(len(rows), dtype=np.bool_), True),
        ):
            alone = _separation(values[chosen], rows.labels[chosen])
            if alone is not None and alone > LIMIT:
                alarms.append(Alarm(feature=name, auroc=alone, rows=int(chosen.sum()), unknown=unknown))
    return tuple(sorted(alarms, key=lambda alarm: (-alarm.auroc, alarm.feature)))


def _separation(values: Floats, labels: Floats) -> float | None:
    if len(values) < _LEAST_ROWS or values.min() == values.max():
        return None
    ranks = np.unique(values, return_inverse=True)[1].astype(np.float64)
    found = auroc(labels > 0.5, ranks / max(1.0, ranks.max())).value()
    return None if found is None else max(found, 1.0 - found)
