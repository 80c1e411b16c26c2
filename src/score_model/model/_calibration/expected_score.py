"""The expected score of an answer, in 0..1."""

from pathlib import Path

import msgspec
import numpy as np

from score_model.arrays import Floats
from score_model.model._estimators.trees import Trees, tree_files
from score_model.model._inputs import Inputs

_ROUNDS = 100
_STEM = "score_trees"

SCORE_FILES = tree_files(_STEM)
"""What `ExpectedScore.save` writes where there are trees."""


class Mixture(msgspec.Struct, frozen=True):
    """Expected score = p · mean score of what passed + (1 − p) · mean score of what failed, by the law of total
    expectation."""

    if_passed: float = 1.0
    if_failed: float = 0.0

    def __post_init__(self) -> None:
        """Raises ValueError if a mean is no score."""
        if not 0.0 <= self.if_failed <= self.if_passed <= 1.0:
            raise ValueError("not a mixture of scores")

    @classmethod
    def of(cls, labels: Floats, scores: Floats, weights: Floats) -> "Mixture":
        """The means over rows that have a score."""
        known = ~np.isnan(scores)

        def mean(label: float, default: float) -> float:
            rows = known & (labels == label)
            return float(weights[rows] @ scores[rows] / weights[rows].sum()) if rows.any() else default

        passed, failed = mean(1.0, 1.0), mean(0.0, 0.0)
        return cls(max(passed, failed), failed)

    def predict_scores(self, probabilities: Floats) -> Floats:
        """The expected score of each calibrated probability."""
        return probabilities * self.if_passed + (1.0 - probabilities) * self.if_failed


class ExpectedScore:
    """The mixture, or trees that were learnt on the scores themselves where those measured better."""

    def __init__(self, mixture: Mixture, trees: Trees | None) -> None:
        self.mixture, self.trees = mixture, trees

    def predict_scores(self, inputs: Inputs, probabilities: Floats) -> Floats:
        """The expected score of each row, in 0..1."""
        if self.trees is None:
            return self.mixture.predict_scores(probabilities)
        return np.clip(self.trees.values(inputs), 0.0, 1.0)

    def save(self, folder: Path) -> None:
        """Writes the trees, where there are any."""
        if self.trees is not None:
            self.trees.write(folder, _STEM)


def load_score_trees(folder: Path) -> Trees:
    """The trees that `save` wrote. Raises UsageError if they are damaged."""
    return Trees.read(folder, _STEM)


def grow_score_trees(inputs: Inputs, columns: tuple[str, ...], scores: Floats, weights: Floats, seed: int) -> Trees:
    """Trees that predict the score."""
    return Trees.grow(inputs, columns, scores, weights, objective="regression", rounds=_ROUNDS, seed=seed)
