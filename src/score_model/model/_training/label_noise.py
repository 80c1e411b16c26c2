"""What suspect labels do to a model."""

import numpy as np

from score_model.arrays import Bools
from score_model.model._estimators.base import Fitted, Lesson, Recipe
from score_model.model._folds import fold_pairs
from score_model.model._inputs import Rows
from score_model.model._report import SuspectEffect
from score_model.model._settings import TrainSettings
from score_model.model._training.cross_validation import OutOfFold, Progress
from score_model.model._training.measure import area


def suspect_effect(
    acted: Rows, trusted: Bools, recipe: Recipe[Fitted], scored: OutOfFold, settings: TrainSettings, progress: Progress
) -> SuspectEffect | None:
    """The chosen model learnt with every label and with the trusted ones only, on the same folds; None if all are
    trusted."""
    if trusted.all():
        return None
    areas: dict[float, tuple[float | None, float | None]] = {}
    for place, weight in enumerate((0.0, 1.0)):
        weights = np.where(trusted, 1.0, weight)
        logits = np.empty(len(acted))
        for learn, score in fold_pairs(scored.folds[0]):
            progress(place, 2, "effect of suspect labels")
            lesson = Lesson.of(acted.take(learn), weights[learn], settings.seed)
            logits[score] = lesson.learn(recipe).logits(acted.inputs.take(score))
        areas[weight] = area(acted.labels[trusted], logits[trusted]), area(acted.labels, logits)
    return SuspectEffect(
        suspect_rows=int((~trusted).sum()),
        left_out_on_trusted=areas[0.0][0],
        left_out_on_all=areas[0.0][1],
        learnt_on_trusted=areas[1.0][0],
        learnt_on_all=areas[1.0][1],
    )
