"""The curve behind the area: failures caught against passed answers flagged by mistake."""

import numpy as np

from score_model.arrays import Bools, Floats
from score_model.evaluation._records import LEAST_OF_EACH, Curve, EvaluateSettings
from score_model.metrics import Metric, clustered_bootstraps

_POINTS = 41


def make_failure_curve(
    passed: Bools, probability: Floats, tasks: tuple[str, ...], settings: EvaluateSettings
) -> Curve | None:
    """The ROC curve of the failure class with its clustered 95 % band; None with fewer than LEAST_OF_EACH of either.

    Failures are flagged from the lowest probability up; between two thresholds the curve is a straight line.
    """
    if min(int(passed.sum()), int((~passed).sum())) < LEAST_OF_EACH:
        return None
    grid = np.linspace(0.0, 1.0, _POINTS)
    heights = _Heights(passed, probability, grid)
    metrics = {str(number): heights.at(number) for number in range(_POINTS)}
    found = clustered_bootstraps(metrics, tasks, resamples=settings.resamples, seed=settings.seed)
    return Curve(
        false_alarms=tuple(float(place) for place in grid),
        caught=tuple(each.value for each in found.values()),
        low=tuple(each.low for each in found.values()),
        high=tuple(each.high for each in found.values()),
    )


class _Heights:
    """The curve's heights at all places of the grid. They are made together, and kept until other weights come."""

    def __init__(self, passed: Bools, probability: Floats, grid: Floats) -> None:
        self._order = np.argsort(probability, kind="stable")
        levels = probability[self._order]
        self._passed = passed[self._order]
        self._starts = np.flatnonzero(np.concatenate(([True], levels[1:] != levels[:-1])))
        self._grid = grid
        self._weights, self._heights = np.empty((0, len(passed))), np.empty((0, len(grid)))

    def at(self, number: int) -> Metric:
        """The height at that place, as a metric."""

        def compute(weights: Floats) -> Floats:
            if weights is not self._weights:
                self._weights, self._heights = weights, self._compute(weights)
            return self._heights[:, number]

        return Metric(compute, len(self._passed), len(self._passed), "rows", "needs passed and failed rows")

    def _compute(self, weights: Floats) -> Floats:
        ordered = weights[:, self._order]
        passes = np.cumsum(np.add.reduceat(ordered * self._passed, self._starts, axis=1), axis=1)
        failures = np.cumsum(np.add.reduceat(ordered * ~self._passed, self._starts, axis=1), axis=1)
        heights = np.full((len(weights), len(self._grid)), np.nan)
        for row in np.flatnonzero((passes[:, -1] > 0) & (failures[:, -1] > 0)).tolist():
            alarms = np.append(0.0, passes[row] / passes[row, -1])
            caught = np.append(0.0, failures[row] / failures[row, -1])
            heights[row] = _heights_at(self._grid, alarms, caught)
        return heights


def _heights_at(grid: Floats, alarms: Floats, caught: Floats) -> Floats:
    """The curve's height at each place: its upper end where it climbs straight up."""
    after = np.searchsorted(alarms, grid, side="right")
    inside = np.minimum(after, len(alarms) - 1)
    left, right = alarms[inside - 1], alarms[inside]
    share = np.divide(grid - left, right - left, out=np.zeros_like(grid), where=right > left)
    heights: Floats = caught[inside - 1] + share * (caught[inside] - caught[inside - 1])
    return np.where(after == len(alarms), 1.0, heights)
