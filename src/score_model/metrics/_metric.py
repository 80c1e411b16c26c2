"""A metric as a function of row weights, and the two shapes that all of them have: ratios of sums, and sums over ties.

One code computes a metric's value and its resamples: a resample with replacement is the same rows with integer weights.
Tests hold the values to scikit-learn's and SciPy's.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from score_model.arrays import Bools, Floats

Indices = npt.NDArray[np.intp]
Labels = Sequence[str] | npt.NDArray[Any]
Gappy = npt.ArrayLike | Sequence[float | None]


def as_flags(values: npt.ArrayLike, name: str) -> Bools:
    """A one-dimensional column of booleans; 0 and 1 are accepted, anything else is a ValueError."""
    column = np.asarray(values)
    if column.ndim != 1:
        raise ValueError(f"{name} must have one dimension, not {column.ndim}")
    if column.dtype != np.bool_ and not np.isin(column, (0, 1)).all():
        raise ValueError(f"{name} must hold booleans")
    return column.astype(np.bool_)


def as_numbers(values: Gappy, name: str, *, may_miss: bool = False) -> Floats:
    """A one-dimensional float64 column of finite numbers; with `may_miss`, None and NaN stand for unknown, as NaN."""
    column = np.asarray(values, dtype=np.float64)
    if column.ndim != 1:
        raise ValueError(f"{name} must have one dimension, not {column.ndim}")
    allowed = np.isfinite(column) | (np.isnan(column) & may_miss)
    if not allowed.all():
        raise ValueError(f"{name} must hold finite numbers")
    return column


def as_probabilities(values: npt.ArrayLike) -> Floats:
    """A one-dimensional float64 column of numbers from 0 to 1."""
    column = as_numbers(values, "probability")
    if not ((column >= 0) & (column <= 1)).all():
        raise ValueError("probability must lie between 0 and 1")
    return column


def same_length(**columns: npt.NDArray[Any]) -> int:
    """The common number of rows; ValueError that names the columns where they differ."""
    lengths = {name: len(column) for name, column in columns.items()}
    if len(set(lengths.values())) > 1:
        raise ValueError(f"columns differ in length: {lengths}")
    return next(iter(lengths.values()))


def codes_of(labels: Labels) -> Indices:
    """Each label's place among the sorted distinct labels, so that codes depend on the labels and not on row order."""
    place = {label: code for code, label in enumerate(sorted(set(labels)))}
    return np.fromiter((place[label] for label in labels), dtype=np.intp, count=len(labels))


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
