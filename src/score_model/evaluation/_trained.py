"""The model as it was trained, on the dataset's own test split, beside baselines that learnt from the same rows."""

from collections.abc import Callable
from functools import partial

import numpy as np

from score_model.errors import UsageError
from score_model.evaluation._contest import Contest, Progress, hear, success_rate
from score_model.evaluation._ground import Ground
from score_model.evaluation._said import Floats, Said, Scored
from score_model.model import Head, Scorer, ScoreResult, threshold_rows, trusted_rows

_HALF = 0.5
_CHOSEN_ON = {"val": "val", "all": "all trusted rows that were learnt from, as val has too few failures"}


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
