"""Training one head: measure the candidates out of fold, take the best, calibrate it, and say how good it is."""

import msgspec
import numpy as np

from score_model.arrays import Bools, Floats
from score_model.errors import UsageError
from score_model.metrics import choose_threshold
from score_model.model._calibration.out_of_distribution import learn_familiarity
from score_model.model._calibration.platt import choose_calibration, repeated
from score_model.model._calibration.venn_abers import fit_venn_abers
from score_model.model._estimators.base import Fitted, Lesson, Recipe
from score_model.model._estimators.baselines import CountRecipe, MajorityRecipe, RateRecipe, Rates
from score_model.model._estimators.blend import Blend, BlendRecipe
from score_model.model._estimators.logistic import IMPOSSIBLE
from score_model.model._estimators.network import NetworkRecipe
from score_model.model._estimators.text import TextRecipe
from score_model.model._estimators.trees import TreeModel, TreeRecipe, feature_gains
from score_model.model._inputs import ACTION_COLUMNS, COLUMN_NAMES, Rows
from score_model.model._libraries import one_thread
from score_model.model._report import HeadReport, Measures, TrainReport
from score_model.model._serving.checkpoint import Trained
from score_model.model._serving.head import Head, HeadCalibration
from score_model.model._settings import TrainSettings
from score_model.model._training.auxiliary import Held, train_expected, train_preference
from score_model.model._training.cross_validation import (
    OutOfFold,
    Progress,
    check_enough,
    name_progress,
    out_of_fold,
    row_weights,
    threshold_rows,
    trusted_rows,
)
from score_model.model._training.findings import head_sentences
from score_model.model._training.label_noise import suspect_effect
from score_model.model._training.measure import calibrated_out_of_fold, count_rows, find_alarms, measure

_MOST_FEATURES = 30


def train(
    rows: Rows, settings: TrainSettings, progress: Progress = lambda done, total, detail: None
) -> tuple[Trained, TrainReport]:
    """The model and what training found out, from the rows of the settings' splits that have a label.

    The head `actions` learns from every such row, the head `traces` from those with a trace, if there are enough.
    Deterministic: the same rows and settings give the same model, on however many cores. Raises UsageError if there is
    too little to learn from.
    """
    with one_thread():
        return _train(rows, settings, progress)


def _train(rows: Rows, settings: TrainSettings, progress: Progress) -> tuple[Trained, TrainReport]:
    labelled = rows.take(rows.in_splits(settings.splits) & ~np.isnan(rows.labels))
    if len(labelled) == 0:
        raise UsageError(f"no labelled rows in the splits {', '.join(settings.splits)}")
    weights = row_weights(labelled, settings)
    weights[labelled.empty] = 0.0
    if not weights.any():
        raise UsageError("no answer with actions has a label that is trusted")
    head, report = train_head("actions", labelled, ACTION_COLUMNS, settings, name_progress(progress, "actions"))
    heads, reports, reason = {"actions": head}, {"actions": report}, None
    traced = labelled.take(labelled.inputs.has_trace)
    if len(traced) == 0:
        reason = "No row has a trace: the model judges by actions alone, and a trace that is given to it is not used."
    else:
        try:
            heads["traces"], reports["traces"] = train_head(
                "traces", traced, COLUMN_NAMES, settings, name_progress(progress, "traces")
            )
        except UsageError as too_few:
            reason = f"Too few rows have a trace for a head of their own: {too_few}."
    used = labelled.take(weights > 0)
    rates = Rates.of(used.inputs, used.labels, weights[weights > 0])
    return Trained(settings, heads, rates), TrainReport(
        rows=len(rows), labelled=len(labelled), heads=reports, traces=reason
    )


def candidates(columns: tuple[str, ...], *, network: bool = False) -> tuple[Recipe[Fitted], ...]:
    """The trivial baselines and the learnt models over these columns."""
    text, trees = TextRecipe(), TreeRecipe(columns)
    plain = (MajorityRecipe(), CountRecipe(), RateRecipe(), text, trees, BlendRecipe(text, trees))
    return (*plain, NetworkRecipe(columns)) if network else plain


def train_head(
    name: str, rows: Rows, columns: tuple[str, ...], settings: TrainSettings, progress: Progress
) -> tuple[Head, HeadReport]:
    """The head and its report. `rows` have labels; those without actions are only counted, by the rule.

    Raises UsageError if there is too little to learn from.
    """
    acted = rows.take(~rows.empty)
    recipes = candidates(columns, network=settings.network)
    weights, trusted = row_weights(acted, settings), trusted_rows(acted)
    # Suspect rows may be learnt from, but the choice, the calibration and the threshold are made on trusted ones.
    check_enough(acted, trusted.astype(np.float64), settings, "trusted answers with actions")
    scored = out_of_fold(acted, weights, recipes, settings, progress)
    measures = _measure_all(rows, acted, trusted, weights, scored, settings)
    by_name = {recipe.name: recipe for recipe in recipes}
    losses = {model: found.log_loss for model, found in measures["trusted"].items()}
    chosen = settings.model
    if chosen == "auto":
        choices = settings.choices(traces=name == "traces")
        chosen = min(choices, key=lambda model: (losses[model] is None, losses[model] or 0.0))
    logits = scored.logits[chosen]
    believed = acted.take(trusted)
    folds, labels = scored.folds[:, trusted], believed.labels
    stacked, repeats = logits[:, trusted].ravel(), settings.repeats
    all_labels, shares = np.tile(labels, repeats), np.full(len(stacked), 1.0 / repeats)
    groups = repeated(believed.groups, repeats)
    calibration, kinds = choose_calibration(stacked, all_labels, shares, groups, settings.seed)
    probabilities = calibration.probabilities(logits[0, trusted])
    on, threshold_on = threshold_rows(believed)
    threshold = choose_threshold(labels[on] > 0.5, probabilities[on], "macro_f1")
    used = np.flatnonzero(weights > 0)
    learnt = acted.take(used)
    progress(0, 0, f"fitting {chosen}")
    lesson = Lesson.of(acted, weights, settings.seed)
    model = lesson.learn(by_name[chosen])
    expected, expected_report = train_expected(
        learnt, columns, weights[used], Held(believed, folds[0], probabilities), settings.seed
    )
    preference, preference_report = train_preference(believed, columns, logits[0, trusted], folds[0])
    head = Head(
        name=name,
        model_name=chosen,
        model=model,
        calibrated=HeadCalibration(
            calibration=calibration,
            intervals=fit_venn_abers(stacked, all_labels, shares),
            threshold=threshold,
            threshold_on=threshold_on,
        ),
        expected=expected,
        preference=preference,
        rank_by=preference_report.rank_by,
        familiarity=learn_familiarity(learnt.inputs, columns, scored.folds[0, used]),
    )
    report = HeadReport(
        head=name,
        counts={"all": count_rows(rows), "non_empty": count_rows(acted), "trusted": count_rows(believed)},
        model=chosen,
        chosen_by="settings" if settings.model != "auto" else "calibrated log loss out of fold on trusted labels",
        measures=measures,
        suspect=suspect_effect(acted, trusted, by_name[chosen], scored, settings, progress),
        calibration=kinds,
        calibration_kind=calibration.kind,
        threshold=threshold,
        threshold_on=threshold_on,
        expected=expected_report,
        preference=preference_report,
        alarms=find_alarms(believed, columns),
        features=_gains(model, lesson, columns),
        sentences=(),
    )
    sentences = head_sentences(report, believed, scored, trusted, settings.seed)
    return head, msgspec.structs.replace(report, sentences=sentences)


def _measure_all(
    rows: Rows, acted: Rows, trusted: Bools, weights: Floats, scored: OutOfFold, settings: TrainSettings
) -> dict[str, dict[str, Measures]]:
    everything = np.ones(len(acted), dtype=np.bool_)
    found: dict[str, dict[str, Measures]] = {"non_empty": {}, "trusted": {}, "all": {}}
    whole = np.ones(len(rows), dtype=np.bool_)
    for name, logits in scored.logits.items():
        probabilities = calibrated_out_of_fold(logits, acted.labels, weights, scored.folds)
        found["non_empty"][name] = measure(acted, probabilities, logits, everything, settings.seed)
        found["trusted"][name] = measure(acted, probabilities, logits, trusted, settings.seed)
        shape = (settings.repeats, len(rows))
        all_logits, all_probabilities = np.full(shape, IMPOSSIBLE), np.zeros(shape)
        all_logits[:, ~rows.empty], all_probabilities[:, ~rows.empty] = logits, probabilities
        by_rule = "empty_answer" if name == "majority" else name
        found["all"][by_rule] = measure(rows, all_probabilities, all_logits, whole, settings.seed)
    return found


def _gains(model: Fitted, lesson: Lesson, columns: tuple[str, ...]) -> dict[str, float]:
    """What the features gave to trees: to those of the model, or else to trees that are grown for the report alone."""
    trees = model.trees if isinstance(model, Blend) else model
    if not isinstance(trees, TreeModel):
        trees = lesson.learn(TreeRecipe(columns))
    gains = feature_gains(trees.trees)
    return dict(list(gains.items())[:_MOST_FEATURES])
