"""Training: measure the candidates' loss out of fold, take the best, fit and calibrate it, head by head."""

from dataclasses import dataclass

import numpy as np

from score_model.arrays import Bools, Floats
from score_model.errors import UsageError
from score_model.metrics import choose_threshold, log_loss
from score_model.model._calibration.out_of_distribution import fit_detector
from score_model.model._calibration.platt import choose_calibration, repeat_groups
from score_model.model._calibration.venn_abers import fit_venn_abers
from score_model.model._estimators.base import TrainingSet
from score_model.model._estimators.baselines import Rates
from score_model.model._estimators.registry import AUTO, find_estimator, list_candidates, list_choices
from score_model.model._inputs import ACTION_COLUMNS, COLUMN_NAMES, Rows
from score_model.model._libraries import one_thread
from score_model.model._serving.checkpoint import TrainedModel
from score_model.model._serving.head import Head, HeadCalibration
from score_model.model._train_settings import TrainSettings
from score_model.model._training.auxiliary import (
    ExpectedReport,
    HeldOut,
    PreferenceReport,
    train_expected,
    train_preference,
)
from score_model.model._training.cross_validation import (
    OutOfFold,
    Progress,
    calibrate_out_of_fold,
    check_enough,
    name_progress,
    predict_out_of_fold,
    row_weights,
    threshold_rows,
    trusted_rows,
)


@dataclass(frozen=True)
class TrainedHead:
    """A head and what its training was based on, from which a report can be made.

    `rows` have labels; `weights`, `trusted` and what is out of fold are of `non_empty`, those of them with actions.
    `probabilities` are by model, calibrated out of fold (repeats × rows). `losses` are the log loss of each kind of
    calibration.
    """

    head: Head
    columns: tuple[str, ...]
    rows: Rows
    non_empty: Rows
    weights: Floats
    trusted: Bools
    out_of_fold: OutOfFold
    probabilities: dict[str, Floats]
    training_set: TrainingSet
    losses: dict[str, float]
    expected: ExpectedReport
    preference: PreferenceReport


@dataclass(frozen=True)
class TrainingRun:
    """What `train` gives: the model, and for each head what it was based on.

    `rows` and `labelled` count the rows that were given and those learnt from; `traces` says why there is no such head
    where there is none.
    """

    model: TrainedModel
    heads: dict[str, TrainedHead]
    rows: int
    labelled: int
    traces: str | None


def train(rows: Rows, settings: TrainSettings, progress: Progress = lambda done, total, detail: None) -> TrainingRun:
    """Return the model of the rows of the settings' splits that have a label.

    The head `actions` learns from every such row, the head `traces` from those with a trace, if there are enough.
    Deterministic: the same rows and settings give the same model, on however many cores. Raises UsageError if there is
    too little to learn from, or no estimator of the settings' name.
    """
    with one_thread():
        return _train(rows, settings, progress)


def _train(rows: Rows, settings: TrainSettings, progress: Progress) -> TrainingRun:
    labelled = rows.take(rows.in_splits(settings.splits) & ~np.isnan(rows.labels))
    if len(labelled) == 0:
        raise UsageError(f"no labelled rows in the splits {', '.join(settings.splits)}")
    weights = row_weights(labelled, settings)
    weights[labelled.empty] = 0.0
    if not weights.any():
        raise UsageError("no answer with actions has a label that is trusted")
    heads = {"actions": _train_head("actions", labelled, ACTION_COLUMNS, settings, name_progress(progress, "actions"))}
    reason = None
    traced = labelled.take(labelled.inputs.has_trace)
    if len(traced) == 0:
        reason = "No row has a trace: the model judges by actions alone, and a trace that is given to it is not used."
    else:
        try:
            heads["traces"] = _train_head("traces", traced, COLUMN_NAMES, settings, name_progress(progress, "traces"))
        except UsageError as too_few:
            reason = f"Too few rows have a trace for a head of their own: {too_few}."
    used = labelled.take(weights > 0)
    rates = Rates.of(used.inputs, used.labels, weights[weights > 0])
    model = TrainedModel(settings, {name: trained.head for name, trained in heads.items()}, rates)
    return TrainingRun(model, heads, len(rows), len(labelled), reason)


def _train_head(
    name: str, rows: Rows, columns: tuple[str, ...], settings: TrainSettings, progress: Progress
) -> TrainedHead:
    """Return the head. `rows` have labels; those without actions are not learnt from.

    Raises UsageError if there is too little to learn from.
    """
    wanted = None if settings.model == AUTO else find_estimator(settings.model)
    non_empty = rows.take(~rows.empty)
    weights, is_trusted = row_weights(non_empty, settings), trusted_rows(non_empty)
    # Suspect rows may be learnt from, but the choice, the calibration and the threshold are made on trusted ones.
    check_enough(non_empty, is_trusted.astype(np.float64), settings, "trusted answers with actions")
    candidates = list_candidates(network=settings.network, chosen=wanted)
    scored = predict_out_of_fold(non_empty, columns, weights, candidates, settings, progress)
    probabilities = {
        each: calibrate_out_of_fold(logits, non_empty.labels, weights, scored.folds)
        for each, logits in scored.logits.items()
    }
    trusted = non_empty.take(is_trusted)
    labels = trusted.labels

    def loss_of(model: str) -> tuple[bool, float]:
        """Return the mean log loss of the repeats on trusted rows, in nats; an undefined one comes last."""
        found = [log_loss(labels > 0.5, level[is_trusted]).value() for level in probabilities[model]]
        known = [loss for loss in found if loss is not None]
        return not known, float(np.mean(known)) if known else 0.0

    choices = list_choices(network=settings.network, traces=name == "traces")
    chosen = wanted or min(choices, key=lambda each: loss_of(each.name))
    logits = scored.logits[chosen.name]
    folds = scored.folds[:, is_trusted]
    stacked, repeats = logits[:, is_trusted].ravel(), settings.repeats
    all_labels, shares = np.tile(labels, repeats), np.full(len(stacked), 1.0 / repeats)
    groups = repeat_groups(trusted.groups, repeats)
    calibration, losses = choose_calibration(stacked, all_labels, shares, groups, settings.seed)
    calibrated = calibration.probabilities(logits[0, is_trusted])
    on, threshold_on = threshold_rows(trusted)
    used = np.flatnonzero(weights > 0)
    learnt = non_empty.take(used)
    progress(0, 0, f"fitting {chosen.name}")
    training_set = TrainingSet.of(non_empty, columns, weights, settings.seed)
    model = training_set.fit(chosen)
    expected, expected_report = train_expected(
        learnt, columns, weights[used], HeldOut(trusted, folds[0], calibrated), settings.seed
    )
    preference, preference_report = train_preference(trusted, columns, logits[0, is_trusted], folds[0])
    head = Head(
        name=name,
        estimator=chosen,
        model=model,
        calibrated=HeadCalibration(
            calibration=calibration,
            intervals=fit_venn_abers(stacked, all_labels, shares),
            threshold=choose_threshold(labels[on] > 0.5, calibrated[on], "macro_f1"),
            threshold_on=threshold_on,
        ),
        expected=expected,
        preference=preference,
        rank_by=preference_report.rank_by,
        detector=fit_detector(learnt.inputs, columns, scored.folds[0, used]),
    )
    return TrainedHead(
        head=head,
        columns=columns,
        rows=rows,
        non_empty=non_empty,
        weights=weights,
        trusted=is_trusted,
        out_of_fold=scored,
        probabilities=probabilities,
        training_set=training_set,
        losses=losses,
        expected=expected_report,
        preference=preference_report,
    )
