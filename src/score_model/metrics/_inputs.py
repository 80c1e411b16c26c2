"""Columns as arrays, checked once: a wrong shape or a NaN is a bug of the caller and is refused, not averaged in."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Indices = npt.NDArray[np.intp]
Labels = Sequence[str] | npt.NDArray[Any]
Gappy = npt.ArrayLike | Sequence[float | None]


def as_flags(values: npt.ArrayLike, name: str) -> Flags:
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
