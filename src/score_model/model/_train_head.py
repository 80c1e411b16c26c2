"""Training one head: measure the candidates out of fold, take the best, calibrate it, and say how good it is."""

import msgspec
import numpy as np

from score_model.metrics import choose_threshold
from score_model.model._alarms import find_alarms
from score_model.model._baselines import CountRecipe, MajorityRecipe, RateRecipe
from score_model.model._blend import Blend, BlendRecipe
from score_model.model._calibration import choose_calibration, repeated
from score_model.model._estimator import Fitted, Recipe
from score_model.model._familiarity import learn_familiarity
from score_model.model._head import Head, HeadCalibration
from score_model.model._interval import fit_venn_abers
from score_model.model._lesson import Lesson
from score_model.model._measure import calibrated_out_of_fold, count_rows, measure
from score_model.model._network import NetworkRecipe
from score_model.model._out_of_fold import (
    OutOfFold,
    Progress,
    check_enough,
    out_of_fold,
    row_weights,
    threshold_rows,
    trusted_rows,
)
from score_model.model._report import HeadReport, Measures
from score_model.model._rows import Bools, Floats, Rows
from score_model.model._sentences import head_sentences
from score_model.model._settings import TrainSettings
from score_model.model._side_heads import Held, train_expected, train_preference
from score_model.model._suspects import suspect_effect
from score_model.model._text import TextRecipe
from score_model.model._trees import TreeModel, TreeRecipe, feature_gains

_MOST_FEATURES = 30
_IMPOSSIBLE = -30.0  # log-odds of an answer without actions, by the rule


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
        all_logits, all_probabilities = np.full(shape, _IMPOSSIBLE), np.zeros(shape)
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
