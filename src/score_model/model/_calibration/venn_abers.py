"""Intervals of a probability: Venn–Abers predictors (Vovk & Petej 2014; Vovk, Petej & Fedorova 2015)."""

import msgspec
import numpy as np

from score_model.arrays import Floats
from score_model.model._libraries import library

_MOST_LEVELS = 200


class VennAbers(msgspec.Struct, frozen=True):
    """For each level of score what isotonic regression says of one more row there: that it failed, that it passed.

    One of the two is the probability of a perfectly calibrated prediction, so their distance says how much the
    calibration rows leave open. `levels` ascend and are log-odds.
    """

    levels: tuple[float, ...]
    if_failed: tuple[float, ...]
    if_passed: tuple[float, ...]

    def __post_init__(self) -> None:
        """Raises ValueError if the table is not one."""
        table = np.array([self.levels, self.if_failed, self.if_passed])
        if table.shape[1] == 0 or (np.diff(table[0]) < 0).any() or not ((table[1:] >= 0) & (table[1:] <= 1)).all():
            raise ValueError("not a table of intervals")

    def intervals(self, logits: Floats, probabilities: Floats) -> Floats:
        """The lower and upper end for each score (rows × 2), widened where that is needed to hold its probability."""
        levels = np.array(self.levels)
        middle = (levels[1:] + levels[:-1]) / 2.0
        place = np.searchsorted(middle, logits)
        ends = np.column_stack([np.array(self.if_failed)[place], np.array(self.if_passed)[place], probabilities])
        return np.column_stack([ends.min(axis=1), ends.max(axis=1)])


def fit_venn_abers(logits: Floats, labels: Floats, weights: Floats) -> VennAbers:
    """The table of out-of-fold scores. More than 200 distinct scores are first rounded to 200 levels of equal mass."""
    levels = np.unique(logits)
    if len(levels) > _MOST_LEVELS:
        levels = np.unique(np.quantile(logits, np.linspace(0.0, 1.0, _MOST_LEVELS), method="nearest"))
    place = np.searchsorted((levels[1:] + levels[:-1]) / 2.0, logits)
    mass = np.bincount(place, weights, len(levels))
    passed = np.bincount(place, weights * labels, len(levels))
    used = mass > 0
    levels, mass, passed = levels[used], mass[used], passed[used]
    isotonic = library("sklearn.isotonic").isotonic_regression

    def of_one_more(level: int, label: float) -> float:
        extra = np.zeros(len(levels))
        extra[level] = 1.0
        total = mass + extra
        return float(isotonic((passed + label * extra) / total, sample_weight=total)[level])

    numbers = range(len(levels))
    return VennAbers(
        tuple(levels.tolist()),
        tuple(min(1.0, max(0.0, of_one_more(level, 0.0))) for level in numbers),
        tuple(min(1.0, max(0.0, of_one_more(level, 1.0))) for level in numbers),
    )
