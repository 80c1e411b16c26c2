"""From log-odds to probabilities that mean what they say, learnt on scores of rows that the model had not seen."""

from collections.abc import Sequence

import msgspec
import numpy as np

from score_model.arrays import Floats
from score_model.model._estimators.logistic import fit_logistic, logit, sigmoid
from score_model.model._folds import fold_pairs, grouped_folds
from score_model.model._inputs import pick
from score_model.model._libraries import library

KINDS = ("platt", "isotonic", "none")
"""Simplest worthy first: of equal ones the first is taken."""

_FOLDS = 5
_LEAST_FOR_STEPS = 100
"""Rows of the rarer outcome: with fewer, isotonic regression fits noise (Niculescu-Mizil & Caruana 2005)."""

_CLIP = 1e-3  # an isotonic step may say 0 or 1; nothing that a few hundred rows show is that certain


class Calibration(msgspec.Struct, frozen=True):
    """A map from log-odds to probability that keeps their order.

    `platt`: σ(slope · x + intercept) (Platt 1999). `isotonic`: linear between the points (`at`, `probability`)
    (Zadrozny & Elkan 2002). `none`: σ(x).
    """

    kind: str
    slope: float = 1.0
    intercept: float = 0.0
    at: tuple[float, ...] = ()
    probability: tuple[float, ...] = ()

    def __post_init__(self) -> None:
        """Raises ValueError if the map is not one."""
        points = np.array([self.at, self.probability])
        if self.kind not in KINDS or not np.isfinite([self.slope, self.intercept]).all() or self.slope < 0:
            raise ValueError("not a calibration")
        if self.kind == "isotonic" and (points.shape[1] == 0 or (np.diff(points) < 0).any()):
            raise ValueError("not an isotonic calibration")

    def probabilities(self, logits: Floats) -> Floats:
        """The probability of success of each score."""
        if self.kind == "isotonic":
            result: Floats = np.interp(logits, np.array(self.at), np.array(self.probability))
            return result
        return sigmoid(self.slope * logits + self.intercept)


def fit_calibration(kind: str, logits: Floats, labels: Floats, weights: Floats) -> Calibration:
    """The calibration of that kind which fits best."""
    if kind == "platt":
        matrix = np.column_stack([logits, np.ones(len(logits))])
        slope, intercept = fit_logistic(matrix, labels, weights, np.array([1e-2, 1e-6])).tolist()
        if slope > 0:
            return Calibration("platt", slope, intercept)
        rate = float(weights @ labels / weights.sum())  # the scores say nothing, or the opposite: don't turn them round
        return Calibration("platt", 0.0, float(logit(np.array([rate]))[0]))
    if kind == "isotonic":
        steps = library("sklearn.isotonic").IsotonicRegression(y_min=_CLIP, y_max=1 - _CLIP, out_of_bounds="clip")
        steps.fit(logits, labels, sample_weight=weights)
        return Calibration(
            "isotonic", at=tuple(steps.X_thresholds_.tolist()), probability=tuple(steps.y_thresholds_.tolist())
        )
    return Calibration("none")


def mean_log_loss(probabilities: Floats, labels: Floats, weights: Floats) -> float:
    """Weighted mean of −ln(probability of what happened), in nats."""
    happened = np.clip(np.where(labels > 0.5, probabilities, 1.0 - probabilities), 1e-12, 1.0)
    return float(-(weights @ np.log(happened)) / weights.sum())


def choose_calibration(
    logits: Floats, labels: Floats, weights: Floats, groups: Sequence[str], seed: int
) -> tuple[Calibration, dict[str, float]]:
    """The kind with the lowest log loss on grouped folds that it was not fitted on; and each kind's loss."""
    fold_of = grouped_folds(groups, labels, min(_FOLDS, len(set(groups))), seed)
    rarer = min(float(weights[labels == label].sum()) for label in (0.0, 1.0))
    kinds = [kind for kind in KINDS if kind != "isotonic" or rarer >= _LEAST_FOR_STEPS]
    losses = {}
    for kind in kinds:
        probabilities = np.empty(len(logits))
        for learn, score in fold_pairs(fold_of):
            fitted = fit_calibration(kind, logits[learn], labels[learn], weights[learn])
            probabilities[score] = fitted.probabilities(logits[score])
        losses[kind] = mean_log_loss(probabilities, labels, weights)
    best = min(kinds, key=lambda kind: losses[kind])
    return fit_calibration(best, logits, labels, weights), losses


def repeat_groups(groups: Sequence[str], times: int) -> tuple[str, ...]:
    """Return the groups of rows that are repeated, one whole repetition after the other."""
    return pick(groups, np.tile(np.arange(len(groups)), times))
