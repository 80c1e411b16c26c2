"""What every model of success has in common."""

from collections.abc import Hashable, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol, TypeVar

import msgspec
import numpy as np

from score_model.arrays import Floats, Ints
from score_model.model._folds import fold_pairs, grouped_folds
from score_model.model._inputs import Inputs, Rows, picked

_INNER_FOLDS = 3


class Driver(msgspec.Struct, frozen=True):
    """One thing that moved a score.

    `name` is a feature, or `word: …` or `letters: …` for text; `value` is the feature's (None: unknown);
    `contribution` is in log-odds of success, before calibration.
    """

    name: str
    value: float | None
    contribution: float


class Fitted(Protocol):
    """A model that has learnt."""

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that it reads."""
        ...

    def logits(self, inputs: Inputs) -> Floats:
        """Log-odds of success, one per row, not calibrated."""
        ...

    def drivers(self, inputs: Inputs, most: int) -> list[list[Driver]]:
        """What moved each row's score, the strongest first, `most` at most."""
        ...

    def save(self, folder: Path) -> None:
        """Writes its files into the folder."""
        ...


_Model = TypeVar("_Model", bound=Fitted)


FittedT_co = TypeVar("FittedT_co", bound=Fitted, covariant=True)


class Recipe(Hashable, Protocol[FittedT_co]):
    """A model that can learn: settings and nothing else."""

    @property
    def name(self) -> str:
        """What reports and files call it."""
        ...

    def fit(self, lesson: "Lesson") -> FittedT_co:
        """Learns from the lesson's rows. The same lesson always gives the same model."""
        ...

    def held_out(self, lesson: "Lesson") -> Floats:
        """Log-odds of every row of the lesson by a fit that saw neither it nor its group: what calibrates a fit."""
        ...


def strongest(drivers: list[Driver], most: int) -> list[Driver]:
    """The drivers with the greatest contributions either way; zero ones are left out, ties go by name."""
    moved = [driver for driver in drivers if driver.contribution]
    return sorted(moved, key=lambda driver: (-abs(driver.contribution), driver.name))[:most]


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
