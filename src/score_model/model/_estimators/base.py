"""What every model of success has in common: rows to learn from, an estimator that learns, a fitted model."""

from collections.abc import Sequence
from copy import copy
from functools import cached_property
from pathlib import Path
from typing import Any, Generic, TypeVar

import msgspec
import numpy as np

from score_model.arrays import Floats, Ints
from score_model.model._folds import fold_pairs, grouped_folds
from score_model.model._inputs import Inputs, Rows, pick

_INNER_FOLDS = 3


class Attribution(msgspec.Struct, frozen=True):
    """One thing that moved a score.

    `name` is a feature, or `word: …` or `letters: …` for text; `value` is the feature's (None: unknown);
    `contribution` is in log-odds of success, before calibration.
    """

    name: str
    value: float | None
    contribution: float


class FittedModel:
    """A model that has learnt. A subclass defines `predict_logits` and `save`; the rest has a default.

    `columns` are the columns of the inputs that it reads: none, if it looks at texts or counts alone.
    """

    __slots__ = ()
    columns: tuple[str, ...] = ()

    def predict_logits(self, inputs: Inputs) -> Floats:
        """Return the log-odds of success of each row (n finite float64 values), not calibrated."""
        raise NotImplementedError

    def explain(self, inputs: Inputs, most: int) -> list[list[Attribution]]:
        """Return what moved each row's score, the strongest first, `most` at most; by default nothing."""
        return [[] for _ in range(len(inputs))]

    def feature_gains(self) -> dict[str, float] | None:
        """Return how much each feature was used, by name, the most used first; None for a model that can't tell."""
        return None

    def save(self, folder: Path) -> None:
        """Write the estimator's `files` into the folder, which exists."""
        raise NotImplementedError


ModelT = TypeVar("ModelT", bound=FittedModel)


class Estimator(Generic[ModelT]):
    """A model that can learn: a name, settings, and nothing that was learnt. It is hashable and never changes.

    `name` is what flags, reports and folders call it. `files` are the names of what a fitted model saves. An estimator
    that does not read the training set's columns says so with `reads_columns`: it is fitted once for all columns, and
    does not judge by traces unless it is asked for by name.
    """

    name: str
    files: tuple[str, ...] = ()
    reads_columns: bool = True

    def fit(self, training_set: "TrainingSet") -> ModelT:
        """Return the model that these rows teach. The same training set always gives the same model."""
        raise NotImplementedError

    def load(self, folder: Path) -> ModelT:
        """Return the model that was saved in the folder; of that only `files` may be read.

        Raises UsageError if they are damaged. They may be hostile: nothing in them may be run.
        """
        raise NotImplementedError

    def predict_held_out(self, training_set: "TrainingSet") -> Floats:
        """Return log-odds of every row by a fit that saw neither it nor its group: what calibrates a fit."""
        return training_set.predict_inner_folds(self)


def keep_strongest(attributions: list[Attribution], most: int) -> list[Attribution]:
    """Return those with the greatest contributions either way; zero ones are left out, ties go by name."""
    moved = [each for each in attributions if each.contribution]
    return sorted(moved, key=lambda each: (-abs(each.contribution), each.name))[:most]


class TrainingSet:
    """Rows to learn from. All have actions, a label of 0 or 1 and a positive weight.

    `columns` are those of the inputs that an estimator may read, `groups` those that folds keep together. Each
    estimator is fitted once: whoever asks again gets the same object.
    """

    def __init__(
        self,
        inputs: Inputs,
        columns: tuple[str, ...],
        labels: Floats,
        weights: Floats,
        groups: Sequence[str],
        seed: int,
    ) -> None:
        self.inputs, self.columns, self.labels, self.weights, self.seed = inputs, columns, labels, weights, seed
        self.groups = tuple(groups)
        self._fitted: dict[tuple[Estimator[Any], tuple[str, ...]], Any] = {}
        self._held_out: dict[tuple[Estimator[Any], tuple[str, ...]], Floats] = {}
        self._inner: list[TrainingSet] = []

    @classmethod
    def of(cls, rows: Rows, columns: tuple[str, ...], weights: Floats, seed: int) -> "TrainingSet":
        """Return the rows of positive weight."""
        used = np.flatnonzero(weights > 0)
        return cls(rows.inputs.take(used), columns, rows.labels[used], weights[used], pick(rows.groups, used), seed)

    def __len__(self) -> int:
        return len(self.inputs)

    @property
    def matrix(self) -> Floats:
        """The inputs' matrix with the columns that may be read (rows × columns, NaN where a value is unknown)."""
        return self.inputs.select(self.columns)

    def select(self, columns: tuple[str, ...]) -> "TrainingSet":
        """Return the same rows with other columns to read; what reads none is fitted once for both."""
        other = copy(self)
        other.columns = columns
        return other

    def fit(self, estimator: Estimator[ModelT]) -> ModelT:
        """Return what the estimator learns here; a second time the same object."""
        key = self._key(estimator)
        if key not in self._fitted:
            self._fitted[key] = estimator.fit(self)
        model: ModelT = self._fitted[key]
        return model

    def predict_held_out(self, estimator: Estimator[Any]) -> Floats:
        """Return the estimator's held-out log-odds of every row; a second time the same array."""
        key = self._key(estimator)
        if key not in self._held_out:
            self._held_out[key] = estimator.predict_held_out(self)
        return self._held_out[key]

    def predict_inner_folds(self, estimator: Estimator[Any]) -> Floats:
        """Return the log-odds of every row by a fit on the other inner folds."""
        logits = np.empty(len(self))
        for part, (_, held) in zip(self.inner_parts, self.inner_folds, strict=True):
            logits[held] = part.fit(estimator).predict_logits(self.inputs.take(held))
        return logits

    @cached_property
    def inner_folds(self) -> list[tuple[Ints, Ints]]:
        """For each inner fold the rows outside of it and those in it.

        Raises UsageError if there are fewer than three groups.
        """
        return list(fold_pairs(grouped_folds(self.groups, self.labels, _INNER_FOLDS, self.seed)))

    @property
    def inner_parts(self) -> list["TrainingSet"]:
        """For each inner fold the training set of the rows outside of it."""
        if not self._inner:
            self._inner += [self._part(learn) for learn, _ in self.inner_folds]
        return [part.select(self.columns) for part in self._inner]

    def _part(self, rows: Ints) -> "TrainingSet":
        inputs, groups = self.inputs.take(rows), pick(self.groups, rows)
        return TrainingSet(inputs, self.columns, self.labels[rows], self.weights[rows], groups, self.seed)

    def _key(self, estimator: Estimator[Any]) -> tuple[Estimator[Any], tuple[str, ...]]:
        return estimator, self.columns if estimator.reads_columns else ()
