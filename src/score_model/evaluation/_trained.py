"""The model as it was trained, on the dataset's own test split, beside baselines that learnt from the same rows."""

from collections.abc import Callable

import numpy as np

from score_model.errors import UsageError
from score_model.evaluation._contest import Contest, Progress, said_apart
from score_model.evaluation._said import Bools, Floats, Said, Scored, enough, threshold_of
from score_model.model import Rows, Scorer, ScoreResult, trusted_rows


def as_trained(
    rows: Rows, scorer: Scorer, head: str, contest: Contest, progress: Progress
) -> tuple[Scored | None, tuple[str, ...]]:
    """The test split scored; and notes, which say why there is nothing where there is nothing.

    `rows` are labelled and have actions. Thresholds are chosen on val with fits that saw train alone; where val is too
    small for that, on out-of-fold scores of the rows that were learnt from.
    """
    splits = contest.settings.splits
    if "test" in splits:
        return None, ("the model learnt from the test split, so that nothing of the dataset is new to it",)
    places = np.flatnonzero(_in(rows, ("test",)))
    learn, held = rows.take(_in(rows, splits)), rows.take(places)
    if len(held) == 0:
        return None, ("the test split has no labelled answers with actions",)
    try:
        said, thresholds = said_apart(learn, held, contest.lean, contest.settings, progress)
    except UsageError as few:
        return None, (f"too little to train the baselines on: {few}",)
    thresholds, note = _on_val(rows, contest, thresholds, progress)
    results = scorer.score_inputs(held.inputs, head)
    probability = _numbers(results, lambda result: result.probability)
    own = Said(
        probability=probability,
        called=probability >= thresholds[contest.kind],
        score=_numbers(results, lambda result: result.score),
        strength=_numbers(results, lambda result: result.strength),
    )
    called = {name: Said.of(each.probability, each.probability >= thresholds[name]) for name, each in said.items()}
    every = {name: [each] for name, each in ({**contest.named(called), "model": own}).items()}
    notes = [note, f"The model's threshold is {thresholds[contest.kind]:.3f}."]
    if abstained := sum(result.abstain for result in results):
        notes.append(
            f"The model abstains on {abstained:,} of {len(held):,} answers, which it finds unlike its training."
        )
    whole = np.zeros((1, len(held)), dtype=np.int64)
    return Scored(held, places, trusted_rows(held), whole, every), tuple(notes)


def _on_val(
    rows: Rows, contest: Contest, otherwise: dict[str, float], progress: Progress
) -> tuple[dict[str, float], str]:
    val, train = rows.take(_in(rows, ("val",))), rows.take(_in(rows, ("train",)))
    believed = trusted_rows(val)
    if not enough(val.labels, believed):
        failures = int(np.sum(val.labels[believed] == 0.0))
        return otherwise, (
            f"val has {failures} trusted failures, too few to choose a threshold on: thresholds have the best mean F1 "
            "of both classes out of fold on the rows that were learnt from."
        )
    try:
        said, _ = said_apart(train, val, contest.lean, contest.settings, progress)
    except UsageError as few:
        return otherwise, f"Thresholds are from the rows that were learnt from: train alone is too small ({few})."
    found = {name: threshold_of(each.probability, val.labels, believed) for name, each in said.items()}
    return found, "Thresholds have the best mean F1 of both classes on val, by fits that learnt from train alone."


def _in(rows: Rows, splits: tuple[str, ...]) -> Bools:
    return np.array([split in splits for split in rows.splits], dtype=np.bool_)


def _numbers(results: list[ScoreResult], of: Callable[[ScoreResult], float]) -> Floats:
    return np.array([of(result) for result in results], dtype=np.float64)
