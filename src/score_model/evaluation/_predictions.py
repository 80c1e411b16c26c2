"""What contestants say of rows: probabilities and calls, from fits that have not seen those rows."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from score_model.arrays import Bools, Floats, Ints
from score_model.metrics import choose_threshold
from score_model.model import IMPOSSIBLE, Mixture, Rows, fit_calibration, sigmoid

_LEAST = 10
"""Failures and passes that a calibration or a threshold needs."""

_HALF = 0.5


class Usual(NamedTuple):
    """What the majority says of every row: the success rate, and the score that it comes with."""

    rate: float
    score: float


@dataclass(frozen=True)
class Said:
    """One number per row: probability of success, whether that is called passed, expected score, and what ranks answers
    to one task (log-odds; None: the probability does)."""

    probability: Floats
    called: Bools
    score: Floats
    strength: Floats | None = None

    @classmethod
    def of(cls, probability: Floats, called: Bools) -> "Said":
        """A contestant that has nothing but a probability: it stands for the expected score where nothing is known of
        scores."""
        return cls(probability, called, probability)

    def expecting(self, mixture: Mixture) -> "Said":
        """The same with the expected score that each probability comes to, by the law of total expectation."""
        return replace(self, score=mixture.expected(self.probability))

    @classmethod
    def joined(cls, parts: Sequence["Said"]) -> "Said":
        """What was said of one set of rows after the other, by contestants that have nothing but a probability."""
        return cls(
            np.concatenate([part.probability for part in parts]),
            np.concatenate([part.called for part in parts]),
            np.concatenate([part.score for part in parts]),
        )

    def take(self, rows: Ints) -> "Said":
        """What it says of these rows."""
        strength = None if self.strength is None else self.strength[rows]
        return Said(self.probability[rows], self.called[rows], self.score[rows], strength)

    def with_empties(self, empties: int) -> "Said":
        """The same and, after it, rows without actions, which fail by the rule."""
        nothing = np.zeros(empties)
        return Said(
            np.append(self.probability, nothing),
            np.append(self.called, nothing > 0),
            np.append(self.score, nothing),
            None if self.strength is None else np.append(self.strength, np.full(empties, IMPOSSIBLE)),
        )

    def constant_for(self, empties: int, usual: Usual) -> "Said":
        """The same for every row, those without actions too: the majority's."""
        rows = len(self.probability) + empties
        return Said(np.full(rows, usual.rate), np.full(rows, usual.rate >= _HALF), np.full(rows, usual.score))


@dataclass(frozen=True)
class Scored:
    """Labelled rows with actions, whether each label is believed, the part that scored each, and what was said of them.

    `places` are the row numbers of `rows` among those that were given; `parts` is repeats × rows; `said` is by
    contestant, then by repeat.
    """

    rows: Rows
    places: Ints
    trusted: Bools
    parts: Ints
    said: dict[str, list[Said]]

    def take(self, rows: Ints) -> "Scored":
        """These rows, in this order."""
        return Scored(
            self.rows.take(rows),
            self.places[rows],
            self.trusted[rows],
            self.parts[:, rows],
            {name: [each.take(rows) for each in every] for name, every in self.said.items()},
        )


def mixture_of(rows: Rows, chosen: Bools) -> Mixture:
    """The mean scores of what passed and of what failed, over the chosen rows, which have labels."""
    some = rows.take(chosen)
    return Mixture.of(some.labels, some.scores, np.ones(len(some)))


def enough(labels: Floats, chosen: Bools) -> bool:
    """Whether the chosen rows have passes and failures enough for a number: ten of each."""
    failures = int(np.sum(labels[chosen] < _HALF))
    return min(failures, int(chosen.sum()) - failures) >= _LEAST


def calibrated(logits: Floats, labels: Floats, believed: Bools, apply_to: Floats) -> Floats:
    """Probabilities by Platt's method, learnt on believed rows; those of the log-odds themselves where they are few."""
    if not enough(labels, believed):
        if believed.any() and np.ptp(logits) == 0.0:  # what says the same of everything can still say the right rate
            return np.full(len(apply_to), float(labels[believed].mean()))
        return sigmoid(apply_to)
    fitted = fit_calibration("platt", logits[believed], labels[believed], np.ones(int(believed.sum())))
    return fitted.probabilities(apply_to)


def threshold_of(probability: Floats, labels: Floats, believed: Bools) -> float:
    """The threshold with the best mean F1 of both classes on believed rows; 0.5 where they are too few."""
    if not enough(labels, believed):
        return _HALF
    found = choose_threshold(labels[believed] > _HALF, probability[believed], "macro_f1")
    return _HALF if found is None else found
