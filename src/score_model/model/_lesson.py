"""What an estimator learns from, and what has been learnt from it: parts that several models share are learnt once."""

from collections.abc import Sequence
from functools import cached_property
from typing import Any, TypeVar

import numpy as np

from score_model.model._estimator import Fitted, Recipe
from score_model.model._folds import fold_pairs, grouped_folds
from score_model.model._rows import Floats, Inputs, Ints, Rows, picked

_INNER_FOLDS = 3

_Model = TypeVar("_Model", bound=Fitted)


class Lesson:
    """Rows to learn from. All have actions, a label of 0 or 1 and a positive weight; `groups` are those of the folds.

    The same rows and seed teach the same.
    """

    def __init__(self, inputs: Inputs, labels: Floats, weights: Floats, groups: Sequence[str], seed: int) -> None:
        self.inputs, self.labels, self.weights, self.seed = inputs, labels, weights, seed
        self.groups = tuple(groups)
        self._learnt: dict[Recipe[Any], Any] = {}
        self._held_out: dict[Recipe[Any], Floats] = {}

    @classmethod
    def of(cls, rows: Rows, weights: Floats, seed: int) -> "Lesson":
        """The rows of positive weight."""
        used = np.flatnonzero(weights > 0)
        return cls(rows.inputs.take(used), rows.labels[used], weights[used], picked(rows.groups, used), seed)

    def __len__(self) -> int:
        return len(self.inputs)

    def learn(self, recipe: Recipe[_Model]) -> _Model:
        """What the recipe learns here; a second time the same object."""
        if recipe not in self._learnt:
            self._learnt[recipe] = recipe.fit(self)
        model: _Model = self._learnt[recipe]
        return model

    def held_out(self, recipe: Recipe[Any]) -> Floats:
        """The log-odds of every row that are the recipe's held-out ones; a second time the same array."""
        if recipe not in self._held_out:
            self._held_out[recipe] = recipe.held_out(self)
        return self._held_out[recipe]

    def in_folds(self, recipe: Recipe[Any]) -> Floats:
        """The log-odds of every row by a fit on the other inner folds."""
        logits = np.empty(len(self))
        for lesson, (_, held) in zip(self._inner, self.inner_folds, strict=True):
            logits[held] = lesson.learn(recipe).logits(self.inputs.take(held))
        return logits

    @cached_property
    def inner_folds(self) -> list[tuple[Ints, Ints]]:
        """For each inner fold the rows outside of it and those in it.

        Raises UsageError if there are fewer than three groups.
        """
        return list(fold_pairs(grouped_folds(self.groups, self.labels, _INNER_FOLDS, self.seed)))

    @cached_property
    def _inner(self) -> list["Lesson"]:
        return [self._part(learn) for learn, _ in self.inner_folds]

    def _part(self, rows: Ints) -> "Lesson":
        inputs, groups = self.inputs.take(rows), picked(self.groups, rows)
        return Lesson(inputs, self.labels[rows], self.weights[rows], groups, self.seed)
