"""The model and its baselines, fitted apart from the rows that they are scored on."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import NamedTuple

import msgspec
import numpy as np

from score_model.arrays import Bools, Floats, Ints
from score_model.evaluation._eval_set import EvalSet
from score_model.evaluation._predictions import (
    PredictedRows,
    Predictions,
    calibrate,
    choose_best_threshold,
    fit_mixture,
)
from score_model.evaluation._records import VALIDATOR_RATE, WITHOUT_TRACES
from score_model.metrics import log_loss
from score_model.model import Estimator, FittedModel, Inputs, TrainingSet, TrainSettings
from score_model.model.fitting import (
    ACTION_COLUMNS,
    BASELINES,
    TEXT,
    AnyEstimator,
    Mixture,
    Progress,
    RateEstimator,
    Rows,
    check_enough,
    fold_pairs,
    grouped_folds,
    list_choices,
    row_weights,
    trusted_rows,
)

_LEAST_FOLDS = 3
_BASELINES = (*BASELINES.values(), TEXT)
_CONTESTANTS = {TEXT.name: "text_only"}
"""What reports call a baseline, where it is not the estimator's name."""


@dataclass(frozen=True)
class _WithoutTraces(Estimator[FittedModel]):
    """The model's own kind, kept to the columns that need no trace: what traces add is the difference."""

    estimator: AnyEstimator
    name = WITHOUT_TRACES

    def fit(self, training_set: TrainingSet) -> FittedModel:
        """See Estimator."""
        model: FittedModel = training_set.select(ACTION_COLUMNS).fit(self.estimator)
        return model

    def predict_held_out(self, training_set: TrainingSet) -> Floats:
        """See Estimator."""
        return training_set.select(ACTION_COLUMNS).predict_held_out(self.estimator)


@dataclass(frozen=True)
class Contestants:
    """One head's model, which is of the kind `own`, and the baselines beside it.

    `auto` says that the kind was chosen by measurement, which an out-of-fold measurement has to repeat inside.
    """

    columns: tuple[str, ...]
    own: AnyEstimator
    auto: bool
    settings: TrainSettings

    def list_estimators(self, kinds: Sequence[AnyEstimator]) -> list[AnyEstimator]:
        """Return the baselines and these kinds, each once; and the model's own kind without traces, if it sees any."""
        found = [*_BASELINES, *(kind for kind in kinds if kind not in _BASELINES)]
        if self.columns != ACTION_COLUMNS and self.own.reads_columns:
            found.append(_WithoutTraces(self.own))
        return found

    @property
    def kinds(self) -> tuple[AnyEstimator, ...]:
        """The kinds that training chose from, where it did; else the model's own."""
        if not self.auto:
            return (self.own,)
        return list_choices(network=self.settings.network, traces=self.columns != ACTION_COLUMNS)


class FoldPredictions(NamedTuple):
    """Predictions of held-out rows by contestant, and the kind that the model had."""

    predictions: dict[str, Predictions]
    kind: str


@dataclass(frozen=True)
class _Fit:
    """One fit's predictions of held-out rows, and its log loss on held-out scores of the rows that it learnt from."""

    predictions: Predictions
    loss: float | None


def fit_and_predict(
    eval_set: EvalSet,
    learn: Ints,
    held: Ints,
    contestants: Contestants,
    kinds: Sequence[AnyEstimator],
    progress: Callable[[str], None],
    *,
    seed: int | None = None,
    threshold_on: Bools | None = None,
) -> FoldPredictions:
    """Return the predictions of every contestant, fitted on some rows with actions, for others.

    Nothing of the predicted rows is used: the model's kind among `kinds`, calibrations, thresholds and expected scores
    come from inner folds of the rows that are learnt from, and there from trusted ones. `threshold_on` keeps
    thresholds to some of the learnt rows. Raises UsageError if there is too little to learn from.
    """
    rows, settings = eval_set.non_empty, contestants.settings
    learnt, inputs = rows.take(learn), rows.take(held).inputs
    weights = row_weights(learnt, settings)
    check_enough(learnt, weights, msgspec.structs.replace(settings, folds=_LEAST_FOLDS))
    used = np.flatnonzero(weights > 0)
    seed = settings.seed if seed is None else seed
    training_set = TrainingSet.of(learnt, contestants.columns, weights, seed)
    trusted = trusted_rows(learnt)[used]
    on = trusted if threshold_on is None else trusted & threshold_on[used]
    mixture = fit_mixture(learnt.take(used), trusted)
    fits = {}
    for estimator in contestants.list_estimators(kinds):
        progress(estimator.name)
        fits[estimator.name] = _fit(training_set, estimator, inputs, trusted, on, mixture)
    shown = (*(each.name for each in _BASELINES), WITHOUT_TRACES)
    predictions = {_CONTESTANTS.get(name, name): each.predictions for name, each in fits.items() if name in shown}
    predictions["empty_answer"] = predictions["majority"]
    if (judges := eval_set.validator_inputs) is not None:
        judged = replace(learnt, inputs=judges.take(learn))
        predictions[VALIDATOR_RATE] = _predict_by_validator(judged, judges.take(held), seed)
    kind = min((each.name for each in kinds), key=lambda name: (fits[name].loss is None, fits[name].loss or 0.0))
    return FoldPredictions({"model": fits[kind].predictions, **predictions}, kind)


def _predict_by_validator(learnt: Rows, inputs: Inputs, seed: int) -> Predictions:
    """Return the rate of the validator on the website.

    It learns from every label, suspect ones too: it is there to show how much of what looks like skill is a judge whose
    site was down.
    """
    everything = np.ones(len(learnt), dtype=np.bool_)
    training_set = TrainingSet.of(learnt, (), np.ones(len(learnt)), seed)
    mixture = fit_mixture(learnt, everything)
    return _fit(training_set, RateEstimator(), inputs, everything, everything, mixture).predictions


def _fit(
    training_set: TrainingSet, estimator: AnyEstimator, inputs: Inputs, trusted: Bools, on: Bools, mixture: Mixture
) -> _Fit:
    inner, labels = training_set.predict_held_out(estimator), training_set.labels
    own = calibrate(inner, labels, trusted, inner)
    probability = calibrate(inner, labels, trusted, training_set.fit(estimator).predict_logits(inputs))
    called = probability >= choose_best_threshold(own, labels, on)
    predictions = Predictions.of(probability, called).with_scores(mixture)
    loss = log_loss(labels[trusted] > 0.5, own[trusted]).value() if trusted.any() else None
    return _Fit(predictions, loss)


def predict_every_fold(
    eval_set: EvalSet, contestants: Contestants, folds: int, repeats: int, progress: Progress
) -> tuple[PredictedRows, tuple[str, ...]]:
    """Return every row predicted `repeats` times by fits that saw neither it nor its group, and each fold's kind.

    Raises UsageError if there is too little to learn from.
    """
    rows, settings = eval_set.non_empty, contestants.settings
    check_enough(rows, row_weights(rows, settings), msgspec.structs.replace(settings, folds=folds))
    parts, by_repeat, kinds = [], [], []
    for repeat in range(repeats):
        fold_of = grouped_folds(rows.groups, rows.labels, folds, settings.seed + repeat)
        by_fold: list[dict[str, Predictions]] = []
        for learn, held in fold_pairs(fold_of):
            report = partial(progress, repeat * folds + len(by_fold), folds * repeats)
            seed = settings.seed + repeat
            found = fit_and_predict(eval_set, learn, held, contestants, contestants.kinds, report, seed=seed)
            by_fold.append(found.predictions)
            kinds.append(found.kind)
        parts.append(fold_of)
        by_repeat.append(join_folds(by_fold, [held for _, held in fold_pairs(fold_of)]))
    every = {name: [each[name] for each in by_repeat] for name in by_repeat[0]}
    return PredictedRows(rows, np.arange(len(rows)), trusted_rows(rows), np.array(parts), every), tuple(kinds)


def join_folds(by_fold: Sequence[dict[str, Predictions]], held: Sequence[Ints]) -> dict[str, Predictions]:
    """Return the predictions of all folds by contestant, in the order of the rows' numbers."""
    order = np.argsort(np.concatenate(held), kind="stable")
    return {name: Predictions.join([each[name] for each in by_fold]).take(order) for name in by_fold[0]}


def measure_success_rate(rows: Rows, contestants: Contestants) -> float:
    """Return the rate of the labelled rows that may be learnt from, empty ones included; 0.5 where there are none."""
    learn = rows.in_splits(contestants.settings.splits)
    return float(rows.labels[learn].mean()) if learn.any() else 0.5
