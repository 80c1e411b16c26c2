"""Scores of rows by models that have not seen them, nor a near-copy of their task."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from score_model.arrays import Bools, Floats, Ints
from score_model.errors import UsageError
from score_model.model._calibration.platt import fit_calibration
from score_model.model._estimators.base import TrainingSet
from score_model.model._estimators.registry import AnyEstimator
from score_model.model._folds import fold_pairs, grouped_folds
from score_model.model._inputs import Rows, pick
from score_model.model._train_settings import TRUSTED, TrainSettings

Progress = Callable[[int, int, str], None]
"""Called with the fits that are done, how many there are, and what is at work."""

_LEAST_GROUPS = 4
_LEAST_ON_VAL = 10  # passes, and failures, of val that a threshold is chosen on


def name_progress(progress: Progress, head: str) -> Progress:
    """Return a progress whose details begin with the head's name."""
    return lambda done, total, detail: progress(done, total, f"{head}: {detail}")


@dataclass(frozen=True)
class OutOfFold:
    """`logits` by model (repeats × rows) and the folds that they come from (repeats × rows)."""

    logits: dict[str, Floats]
    folds: Ints


def trusted_rows(rows: Rows) -> Bools:
    """Return which rows have a label that is trusted."""
    return np.array([quality in TRUSTED for quality in rows.qualities], dtype=np.bool_)


def row_weights(rows: Rows, settings: TrainSettings) -> Floats:
    """1 for trusted rows, the settings' `suspect_weight` for suspect ones."""
    return np.where(trusted_rows(rows), 1.0, settings.suspect_weight)


def threshold_rows(rows: Rows) -> tuple[Bools, Literal["val", "all"]]:
    """The trusted rows that a threshold is chosen on, and which those are: of val, or all where val has too few."""
    trusted = trusted_rows(rows)
    val = trusted & rows.in_splits(("val",))
    failures = int(np.sum(rows.labels[val] < 0.5))
    return (val, "val") if min(failures, int(val.sum()) - failures) >= _LEAST_ON_VAL else (trusted, "all")


def predict_out_of_fold(
    rows: Rows,
    columns: tuple[str, ...],
    weights: Floats,
    estimators: Sequence[AnyEstimator],
    settings: TrainSettings,
    progress: Progress = lambda done, total, detail: None,
) -> OutOfFold:
    """Return `repeats` scores of every row by each model, learnt from rows of positive weight outside of its fold.

    The rows must have actions and labels. Raises UsageError if there are too few of them to hold some back.
    """
    check_enough(rows, weights, settings)
    shape = (settings.repeats, len(rows))
    logits = {estimator.name: np.empty(shape) for estimator in estimators}
    folds = np.empty(shape, dtype=np.int64)
    total, done = settings.repeats * settings.folds * len(estimators), 0
    for repeat in range(settings.repeats):
        seed = settings.seed + repeat
        folds[repeat] = grouped_folds(rows.groups, rows.labels, settings.folds, seed)
        for learn, score in fold_pairs(folds[repeat]):
            training_set = TrainingSet.of(rows.take(learn), columns, weights[learn], seed)
            held_out = rows.inputs.take(score)
            for estimator in estimators:
                progress(done, total, estimator.name)
                logits[estimator.name][repeat, score] = training_set.fit(estimator).predict_logits(held_out)
                done += 1
    progress(done, total, "measured")
    return OutOfFold(logits, folds)


def calibrate_out_of_fold(logits: Floats, labels: Floats, weights: Floats, folds: Ints) -> Floats:
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


def check_enough(rows: Rows, weights: Floats, settings: TrainSettings, what: str = "answers with actions") -> None:
    """Raises UsageError if passes or failures come from fewer than four groups, or groups are fewer than folds.

    Rows of weight 0 do not count; `what` names those that do.
    """
    for label, word in ((1.0, "passed"), (0.0, "failed")):
        chosen = np.flatnonzero((rows.labels == label) & (weights > 0))
        if len(found := set(pick(rows.groups, chosen))) < _LEAST_GROUPS:
            raise UsageError(
                f"{len(chosen)} {what} {word}, in {len(found)} groups of tasks; a model needs {_LEAST_GROUPS} groups"
            )
    if (groups := len(set(rows.groups))) < settings.folds:
        raise UsageError(f"{groups} groups of tasks are too few for {settings.folds} folds")
