"""The two splits that the headline is about: the dataset's own test split, and grouped folds over every row."""

from collections.abc import Callable
from functools import partial

import msgspec
import numpy as np

from score_model.arrays import Floats, Ints
from score_model.errors import UsageError
from score_model.evaluation._contestants import Contestants, fit_and_predict, measure_success_rate, predict_every_fold
from score_model.evaluation._curves import make_failure_curve
from score_model.evaluation._eval_set import EvalSet
from score_model.evaluation._predictions import MajorityPrediction, PredictedRows, Predictions, fit_mixture
from score_model.evaluation._records import EvaluateSettings, Split, Table
from score_model.evaluation._tables import make_slices, make_table
from score_model.model import Scorer, ScoreResult
from score_model.model.fitting import Head, Progress, Rows, threshold_rows, trusted_rows

_HALF = 0.5
_CHOSEN_ON = {"val": "val", "all": "all trusted rows that were learnt from, as val has too few failures"}

TEST = "test"
OUT_OF_FOLD = "out_of_fold"


def predict_test_split(
    eval_set: EvalSet, scorer: Scorer, head: Head, contestants: Contestants, progress: Progress
) -> tuple[PredictedRows | None, tuple[str, ...]]:
    """Return the predictions of the test split; and notes, which say why there is nothing where there is nothing.

    The model's yes or no is at the threshold that it ships. The baselines' thresholds are chosen as that one is: on the
    rows of val or, where those are too few, on all that were learnt from, by fits that had not seen them.
    """
    splits = contestants.settings.splits
    if "test" in splits:
        return None, ("the model learnt from the test split, so that nothing of the dataset is new to it",)
    places = eval_set.non_empty_in(("test",))
    held = eval_set.non_empty.take(places)
    if len(held) == 0:
        return None, ("the test split has no labelled answers with actions",)
    results = scorer.score_inputs(held.inputs, head.name)
    probability = _collect(results, lambda result: result.probability)
    shipped = head.calibrated
    threshold = _HALF if shipped.threshold is None else shipped.threshold
    own = Predictions(
        probability=probability,
        called=probability >= threshold,
        score=_collect(results, lambda result: result.score),
        strength=_collect(results, lambda result: result.strength),
    )
    on = _CHOSEN_ON[shipped.threshold_on]
    notes = [
        f"The model calls an answer passed from {threshold:.3f} on, the threshold that it ships.",
        f"That one has the best mean F1 of both classes out of fold on {on}.",
    ]
    if abstained := sum(result.abstain for result in results):
        notes.append(
            f"The model abstains on {abstained:,} of {len(held):,} answers, which it finds unlike its training."
        )
    baselines, note = _predict_baselines(eval_set, places, contestants, progress)
    predictions = {name: [each] for name, each in ({**baselines, "model": own}).items()}
    whole = np.zeros((1, len(held)), dtype=np.int64)
    return PredictedRows(held, places, trusted_rows(held), whole, predictions), (*notes, note)


def _predict_baselines(
    eval_set: EvalSet, places: Ints, contestants: Contestants, progress: Progress
) -> tuple[dict[str, Predictions], str]:
    learn = eval_set.non_empty_in(contestants.settings.splits)
    chosen, on = threshold_rows(eval_set.non_empty.take(learn))
    try:
        found = fit_and_predict(
            eval_set,
            learn,
            places,
            contestants,
            (contestants.own,),
            partial(progress, 0, 0),
            threshold_on=chosen,
        )
    except UsageError as few:
        constant = np.full(len(places), measure_success_rate(eval_set.rows, contestants))
        majority = Predictions.of(constant, constant >= _HALF)
        return {"majority": majority, "empty_answer": majority}, f"There are no baselines that learn: {few}."
    return found.predictions, f"The baselines' thresholds are chosen in the same way on {_CHOSEN_ON[on]}."


def _collect(results: list[ScoreResult], of: Callable[[ScoreResult], float]) -> Floats:
    return np.array([of(result) for result in results], dtype=np.float64)


def measure_test_split(
    head: Head,
    eval_set: EvalSet,
    contestants: Contestants,
    scorer: Scorer,
    settings: EvaluateSettings,
    progress: Progress,
) -> Split:
    """Measure the model as it was trained, on the dataset's own test split."""
    title = "The dataset's own test split, the model as it was trained"
    scored, notes = predict_test_split(eval_set, scorer, head, contestants, progress)
    if scored is None:
        return Split(name=TEST, title=title, skipped=notes[0])
    empties = eval_set.rows.empty & eval_set.rows.in_splits((TEST,))
    progress(0, 0, "intervals")
    return _make_split(TEST, title, notes, scored, np.flatnonzero(empties), eval_set, contestants, settings)


def measure_out_of_fold(
    eval_set: EvalSet, contestants: Contestants, settings: EvaluateSettings, progress: Progress
) -> Split:
    """Measure models of the kind on every row, by fits that have not seen its group, `repeats` times."""
    repeats = "1 repeat" if settings.repeats == 1 else f"{settings.repeats} repeats"
    title = f"Grouped out of fold over every row: {settings.folds} folds, {repeats}"
    try:
        scored, kinds = predict_every_fold(eval_set, contestants, settings.folds, settings.repeats, progress)
    except UsageError as few:
        return Split(name=OUT_OF_FOLD, title=title, skipped=str(few))
    counts = ", ".join(f"{kind} in {kinds.count(kind)} of {len(kinds)} folds" for kind in sorted(set(kinds)))
    notes = (
        "Intervals are those of the first repeat. Near-copies of a task never stand on both sides of a fold.",
        f"The model's kind was chosen inside the folds: {counts}."
        if contestants.auto
        else f"The model is {contestants.own.name}.",
        "Each fold's calibration, threshold and expected scores come from inner folds of the rows that it learns from.",
        "Answers to one task are ordered by probability; as trained, the model may have learnt an order of its own.",
    )
    progress(0, 0, "intervals")
    empties = np.flatnonzero(eval_set.rows.empty)
    split = _make_split(OUT_OF_FOLD, title, notes, scored, empties, eval_set, contestants, settings)
    return msgspec.structs.replace(split, kinds={kind: kinds.count(kind) for kind in sorted(set(kinds))})


def _make_split(
    name: str,
    title: str,
    notes: tuple[str, ...],
    scored: PredictedRows,
    empties: Ints,
    eval_set: EvalSet,
    contestants: Contestants,
    settings: EvaluateSettings,
) -> Split:
    majority = _predict_majority(eval_set.rows, contestants)
    everything = {
        name: [each.with_empties(len(empties)) for each in every] for name, every in scored.predictions.items()
    }
    everything["majority"] = [each.replace_all(len(empties), majority) for each in scored.predictions["majority"]]
    all_rows = eval_set.rows.take(np.append(eval_set.places[scored.places], empties))
    whole = np.zeros((len(scored.parts), len(all_rows)), dtype=np.int64)
    websites, use_cases = make_slices(scored, settings)
    tables: dict[str, Table] = {}
    curve = None
    if scored.trusted.any():
        trusted = scored.take(np.flatnonzero(scored.trusted))
        tables["trusted"] = make_table(trusted.rows, trusted.predictions, trusted.parts, settings, whole=True)
        first: Predictions = trusted.predictions["model"][0]
        curve = make_failure_curve(trusted.rows.labels > 0.5, first.probability, trusted.rows.task_ids, settings)
    tables["non_empty"] = make_table(scored.rows, scored.predictions, scored.parts, settings, whole=True)
    tables["all"] = make_table(all_rows, everything, whole, settings, whole=True)
    return Split(
        name=name,
        title=title,
        notes=notes,
        tables=tables,
        websites=websites,
        use_cases=use_cases,
        curve=curve,
    )


def _predict_majority(rows: Rows, contestants: Contestants) -> MajorityPrediction:
    """Return the majority's prediction where rows without actions are among those that are scored."""
    learn = rows.in_splits(contestants.settings.splits)
    rate = measure_success_rate(rows, contestants)
    return MajorityPrediction(rate, float(fit_mixture(rows, learn).predict_scores(np.array([rate]))[0]))
