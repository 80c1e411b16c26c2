"""The two splits that the headline is about: the dataset's own test split, and grouped folds over every row."""

from collections.abc import Callable
from functools import partial

import msgspec
import numpy as np

from score_model.arrays import Floats, Ints
from score_model.errors import UsageError
from score_model.evaluation._contestants import Contest, hear, heard_out_of_fold, success_rate
from score_model.evaluation._curves import failure_curve
from score_model.evaluation._eval_set import Ground
from score_model.evaluation._predictions import Said, Scored, Usual, mixture_of
from score_model.evaluation._records import EvaluateSettings, Split, Table
from score_model.evaluation._tables import cells_of, table_of
from score_model.model import Head, Progress, Rows, Scorer, ScoreResult, threshold_rows, trusted_rows

_HALF = 0.5
_CHOSEN_ON = {"val": "val", "all": "all trusted rows that were learnt from, as val has too few failures"}

TEST = "test"
OUT_OF_FOLD = "out_of_fold"


def as_trained(
    ground: Ground, scorer: Scorer, head: Head, contest: Contest, progress: Progress
) -> tuple[Scored | None, tuple[str, ...]]:
    """The test split scored; and notes, which say why there is nothing where there is nothing.

    The model's yes or no is at the threshold that it ships. The baselines' thresholds are chosen as that one is: on the
    rows of val or, where those are too few, on all that were learnt from, by fits that had not seen them.
    """
    splits = contest.settings.splits
    if "test" in splits:
        return None, ("the model learnt from the test split, so that nothing of the dataset is new to it",)
    places = ground.acted_in(("test",))
    held = ground.acted.take(places)
    if len(held) == 0:
        return None, ("the test split has no labelled answers with actions",)
    results = scorer.score_inputs(held.inputs, head.name)
    probability = _numbers(results, lambda result: result.probability)
    shipped = head.calibrated
    threshold = _HALF if shipped.threshold is None else shipped.threshold
    own = Said(
        probability=probability,
        called=probability >= threshold,
        score=_numbers(results, lambda result: result.score),
        strength=_numbers(results, lambda result: result.strength),
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
    baselines, note = _baselines(ground, places, contest, progress)
    said = {name: [each] for name, each in ({**baselines, "model": own}).items()}
    whole = np.zeros((1, len(held)), dtype=np.int64)
    return Scored(held, places, trusted_rows(held), whole, said), (*notes, note)


def _baselines(
    ground: Ground, places: np.ndarray[tuple[int], np.dtype[np.int64]], contest: Contest, progress: Progress
) -> tuple[dict[str, Said], str]:
    learn = ground.acted_in(contest.settings.splits)
    chosen, on = threshold_rows(ground.acted.take(learn))
    try:
        heard = hear(
            ground,
            learn,
            places,
            contest,
            contest.own,
            partial(progress, 0, 0),
            threshold_on=chosen,
        )
    except UsageError as few:
        constant = np.full(len(places), success_rate(ground.rows, contest))
        usual = Said.of(constant, constant >= _HALF)
        return {"majority": usual, "empty_answer": usual}, f"There are no baselines that learn: {few}."
    return heard.said, f"The baselines' thresholds are chosen in the same way on {_CHOSEN_ON[on]}."


def _numbers(results: list[ScoreResult], of: Callable[[ScoreResult], float]) -> Floats:
    return np.array([of(result) for result in results], dtype=np.float64)


def own_test(
    head: Head, ground: Ground, contest: Contest, scorer: Scorer, settings: EvaluateSettings, progress: Progress
) -> Split:
    """The model as it was trained, on the dataset's own test split."""
    title = "The dataset's own test split, the model as it was trained"
    scored, notes = as_trained(ground, scorer, head, contest, progress)
    if scored is None:
        return Split(name=TEST, title=title, skipped=notes[0])
    empties = ground.rows.empty & ground.rows.in_splits((TEST,))
    progress(0, 0, "intervals")
    return _split(TEST, title, notes, scored, np.flatnonzero(empties), ground, contest, settings)


def folded(ground: Ground, contest: Contest, settings: EvaluateSettings, progress: Progress) -> Split:
    """Every row scored by fits that have not seen its group, `repeats` times."""
    repeats = "1 repeat" if settings.repeats == 1 else f"{settings.repeats} repeats"
    title = f"Grouped out of fold over every row: {settings.folds} folds, {repeats}"
    try:
        scored, picks = heard_out_of_fold(ground, contest, settings.folds, settings.repeats, progress)
    except UsageError as few:
        return Split(name=OUT_OF_FOLD, title=title, skipped=str(few))
    counts = ", ".join(f"{kind} in {picks.count(kind)} of {len(picks)} folds" for kind in sorted(set(picks)))
    notes = (
        "Intervals are those of the first repeat. Near-copies of a task never stand on both sides of a fold.",
        f"The model's kind was chosen inside the folds: {counts}." if contest.auto else f"The model is {contest.kind}.",
        "Each fold's calibration, threshold and expected scores come from inner folds of the rows that it learns from.",
        "Answers to one task are ordered by probability; as trained, the model may have learnt an order of its own.",
    )
    progress(0, 0, "intervals")
    empties = np.flatnonzero(ground.rows.empty)
    split = _split(OUT_OF_FOLD, title, notes, scored, empties, ground, contest, settings)
    return msgspec.structs.replace(split, kinds={kind: picks.count(kind) for kind in sorted(set(picks))})


def _split(
    name: str,
    title: str,
    notes: tuple[str, ...],
    scored: Scored,
    empties: Ints,
    ground: Ground,
    contest: Contest,
    settings: EvaluateSettings,
) -> Split:
    usual = _usual_of(ground.rows, contest)
    everything = {name: [each.with_empties(len(empties)) for each in every] for name, every in scored.said.items()}
    everything["majority"] = [each.constant_for(len(empties), usual) for each in scored.said["majority"]]
    all_rows = ground.rows.take(np.append(ground.places[scored.places], empties))
    whole = np.zeros((len(scored.parts), len(all_rows)), dtype=np.int64)
    websites, use_cases = cells_of(scored, settings)
    tables: dict[str, Table] = {}
    curve = None
    if scored.trusted.any():
        trusted = scored.take(np.flatnonzero(scored.trusted))
        tables["trusted"] = table_of(trusted.rows, trusted.said, trusted.parts, settings, whole=True)
        first: Said = trusted.said["model"][0]
        curve = failure_curve(trusted.rows.labels > 0.5, first.probability, trusted.rows.task_ids, settings)
    tables["non_empty"] = table_of(scored.rows, scored.said, scored.parts, settings, whole=True)
    tables["all"] = table_of(all_rows, everything, whole, settings, whole=True)
    return Split(
        name=name,
        title=title,
        notes=notes,
        tables=tables,
        websites=websites,
        use_cases=use_cases,
        curve=curve,
    )


def _usual_of(rows: Rows, contest: Contest) -> Usual:
    """What the majority says where rows without actions are among those that are scored."""
    learn = rows.in_splits(contest.settings.splits)
    rate = success_rate(rows, contest)
    return Usual(rate, float(mixture_of(rows, learn).expected(np.array([rate]))[0]))
