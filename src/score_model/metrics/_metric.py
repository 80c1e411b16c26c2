"""A metric as a function of row weights, and the two shapes that all of them have: ratios of sums, and sums over ties.

One code computes a metric's value and its resamples: a resample with replacement is the same rows with integer weights.
Tests hold the values to scikit-learn's and SciPy's.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from score_model.metrics._inputs import Floats, Indices


@dataclass(frozen=True, slots=True)
class Metric:
    """A metric over fixed rows.

    `compute` takes weights (resamples × rows, float64, whole numbers ≥ 0) and returns one value per resample, NaN where
    it is undefined. `n` counts what the metric is taken over, in `unit`s; `undefined` says in words when it has none.
    Metrics within tasks expect the rows of a task to have one weight.

    `noise` is for a metric to which chance can only add: of the same weights, how far their resample can have moved the
    metric at most. The interval is then the value ± the noise that 95 % of the resamples stay within, kept to 0..1.
    """

    compute: Callable[[Floats], Floats]
    rows: int
    n: int
    unit: str
    undefined: str
    noise: Callable[[Floats], Floats] | None = None

    def value(self) -> float | None:
        """The metric on the rows as they are; None where it is undefined."""
        return finite(float(self.compute(np.ones((1, self.rows)))[0]))


def finite(number: float) -> float | None:
    """The number, or None in place of NaN and infinity, which must not reach a report."""
    return number if math.isfinite(number) else None


def divide(numerator: Floats, denominator: Floats) -> Floats:
    """Elementwise quotient, NaN where the denominator is 0."""
    return np.divide(numerator, denominator, out=np.full_like(numerator, np.nan), where=denominator != 0)


def ratio(numerator: Floats, denominator: Floats, *, n: int, unit: str = "rows", undefined: str) -> Metric:
    """The metric Σ weight × numerator / Σ weight × denominator (both one number per row)."""

    def compute(weights: Floats) -> Floats:
        return divide(weights @ numerator, weights @ denominator)

    return Metric(compute, len(numerator), n, unit, undefined)


def mean(values: Floats, *, undefined: str = "no rows") -> Metric:
    """The weighted mean of one number per row."""
    return ratio(values, np.ones_like(values), n=len(values), undefined=undefined)


def difference(first: Metric, second: Metric) -> Metric:
    """`first` − `second` on the same rows: its clustered interval is the paired comparison of two models."""
    if first.rows != second.rows:
        raise ValueError(f"the metrics are of {first.rows} and {second.rows} rows")
    return Metric(
        lambda weights: first.compute(weights) - second.compute(weights),
        first.rows,
        first.n,
        first.unit,
        first.undefined,
    )


@dataclass(frozen=True, slots=True)
class Ties:
    """Rows in ascending order of a value, cut into blocks of equal values.

    `order` are the rows; `starts` the place in `order` where each block begins; `levels` the block's value.
    """

    order: Indices
    starts: Indices
    levels: Floats

    @classmethod
    def of(cls, values: Floats) -> "Ties":
        order = np.argsort(values, kind="stable")
        ordered = values[order]
        starts = np.flatnonzero(np.concatenate((ordered[:1] == ordered[:1], ordered[1:] != ordered[:-1])))
        return cls(order, starts, ordered[starts])

    def block_of_row(self) -> Indices:
        """The block of each row."""
        blocks = np.empty_like(self.order)
        sizes = np.diff(self.starts, append=len(self.order))
        blocks[self.order] = np.repeat(np.arange(len(self.starts)), sizes)
        return blocks

    def sums(self, ordered: Floats) -> Floats:
        """Sums over blocks (resamples × blocks) of weights that are already in this order (resamples × rows)."""
        if len(self.starts) == len(self.order):
            return ordered
        return np.add.reduceat(ordered, self.starts, axis=1)
