"""Predictions of contestants: probabilities and calls, from fits that have not seen the rows they are for."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from score_model.arrays import Bools, Floats, Ints
from score_model.metrics import choose_threshold
from score_model.model.fitting import IMPOSSIBLE, Mixture, Rows, fit_calibration, sigmoid

_LEAST = 10
"""Failures and passes that a calibration or a threshold needs."""

_HALF = 0.5


class MajorityPrediction(NamedTuple):
    """The majority's prediction of every row: the success rate, and the score that it comes with."""

    rate: float
    score: float


@dataclass(frozen=True)
class Predictions:
    """One number per row: probability of success, whether that is called passed, expected score, and what ranks answers
    to one task (log-odds; None: the probability does)."""

    probability: Floats
    called: Bools
    score: Floats
    strength: Floats | None = None

    @classmethod
    def of(cls, probability: Floats, called: Bools) -> "Predictions":
        """A contestant that has nothing but a probability: it stands for the expected score where nothing is known of
        scores."""
        return cls(probability, called, probability)

    def with_scores(self, mixture: Mixture) -> "Predictions":
        """The same with the expected score that each probability comes to, by the law of total expectation."""
        return replace(self, score=mixture.predict_scores(self.probability))

    @classmethod
    def join(cls, parts: Sequence["Predictions"]) -> "Predictions":
        """Return the predictions of one set of rows after the other; contestants have nothing but a probability."""
        return cls(
            np.concatenate([part.probability for part in parts]),
            np.concatenate([part.called for part in parts]),
            np.concatenate([part.score for part in parts]),
        )

    def take(self, rows: Ints) -> "Predictions":
        """Return the predictions of these rows."""
        strength = None if self.strength is None else self.strength[rows]
        return Predictions(self.probability[rows], self.called[rows], self.score[rows], strength)

    def with_empties(self, empties: int) -> "Predictions":
        """The same and, after it, rows without actions, which fail by the rule."""
        nothing = np.zeros(empties)
        return Predictions(
            np.append(self.probability, nothing),
            np.append(self.called, nothing > 0),
            np.append(self.score, nothing),
            None if self.strength is None else np.append(self.strength, np.full(empties, IMPOSSIBLE)),
        )

    def replace_all(self, empties: int, majority: MajorityPrediction) -> "Predictions":
        """Return the majority's prediction for every row and for those without actions after them."""
        rows = len(self.probability) + empties
        return Predictions(
            np.full(rows, majority.rate), np.full(rows, majority.rate >= _HALF), np.full(rows, majority.score)
        )


@dataclass(frozen=True)
class PredictedRows:
    """Labelled rows with actions, whether each label is trusted, the part that predicted each, and the predictions.

    `places` are the row numbers of `rows` among those that were given; `parts` is repeats × rows; `predictions` are by
    contestant, then by repeat.
    """

    rows: Rows
    places: Ints
    trusted: Bools
    parts: Ints
    predictions: dict[str, list[Predictions]]

    def take(self, rows: Ints) -> "PredictedRows":
        """These rows, in this order."""
        return PredictedRows(
            self.rows.take(rows),
            self.places[rows],
            self.trusted[rows],
            self.parts[:, rows],
            {name: [each.take(rows) for each in every] for name, every in self.predictions.items()},
        )


def fit_mixture(rows: Rows, chosen: Bools) -> Mixture:
    """Return the mean scores of what passed and of what failed, over the chosen rows, which have labels."""
    some = rows.take(chosen)
    return Mixture.of(some.labels, some.scores, np.ones(len(some)))


def has_enough(labels: Floats, chosen: Bools) -> bool:
    """Return whether the chosen rows have passes and failures enough for a number: ten of each."""
    failures = int(np.sum(labels[chosen] < _HALF))
    return min(failures, int(chosen.sum()) - failures) >= _LEAST


def calibrate(logits: Floats, labels: Floats, trusted: Bools, apply_to: Floats) -> Floats:
    """Return probabilities by Platt's method, learnt on trusted rows; those of the log-odds where they are few."""
    if not has_enough(labels, trusted):
        if trusted.any() and np.ptp(logits) == 0.0:  # what says the same of everything can still say the right rate
            return np.full(len(apply_to), float(labels[trusted].mean()))
        return sigmoid(apply_to)
    fitted = fit_calibration("platt", logits[trusted], labels[trusted], np.ones(int(trusted.sum())))
    return fitted.probabilities(apply_to)


def choose_best_threshold(probability: Floats, labels: Floats, trusted: Bools) -> float:
    """Return the threshold with the best mean F1 of both classes on trusted rows; 0.5 where they are too few."""
    if not has_enough(labels, trusted):
        return _HALF
    found = choose_threshold(labels[trusted] > _HALF, probability[trusted], "macro_f1")
    return _HALF if found is None else found
