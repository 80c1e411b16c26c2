"""The blend: text and trees, weighed by how well each predicted rows that it had not seen (stacking, Wolpert 1992)."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from score_model.arrays import Floats
from score_model.errors import UsageError
from score_model.model._estimators.base import Driver, Fitted, Lesson, strongest
from score_model.model._estimators.logistic import fit_logistic
from score_model.model._estimators.text import TextModel, TextRecipe
from score_model.model._estimators.trees import TreeModel, TreeRecipe
from score_model.model._files import read_json, write_json
from score_model.model._inputs import Inputs

_FILE = "blend.json"
_PENALTY = 1.0  # towards 0; a few dozen failures can't tell one weight from another


class Blend:
    """Log-odds = intercept + weight of text · its log-odds + weight of trees · theirs."""

    def __init__(self, text: TextModel, trees: TreeModel, text_weight: float, tree_weight: float, base: float) -> None:
        self._text, self.trees = text, trees
        self.text_weight, self.tree_weight, self._base = text_weight, tree_weight, base

    @property
    def columns(self) -> tuple[str, ...]:
        """Those of its trees."""
        return self.trees.columns

    def logits(self, inputs: Inputs) -> Floats:
        """See Fitted."""
        return self._base + self.text_weight * self._text.logits(inputs) + self.tree_weight * self.trees.logits(inputs)

    def drivers(self, inputs: Inputs, most: int) -> list[list[Driver]]:
        """See Fitted: both models' drivers, as strong as the blend makes them."""
        parts: tuple[tuple[Fitted, float], ...] = ((self._text, self.text_weight), (self.trees, self.tree_weight))
        weighed = [
            [
                [Driver(driver.name, driver.value, weight * driver.contribution) for driver in of_row]
                for of_row in model.drivers(inputs, most)
            ]
            for model, weight in parts
        ]
        return [strongest(text + trees, most) for text, trees in zip(*weighed, strict=True)]

    def save(self, folder: Path) -> None:
        """See Fitted."""
        self._text.save(folder)
        self.trees.save(folder)
        write_json(folder / _FILE, {"text": self.text_weight, "trees": self.tree_weight, "intercept": self._base})

    @classmethod
    def load(cls, folder: Path) -> "Blend":
        """The model of a folder. Raises UsageError if its files are damaged."""
        weights = read_json(folder / _FILE, dict[str, float])
        if weights.keys() != {"text", "trees", "intercept"}:
            raise UsageError(f"{folder / _FILE}: damaged: not the weights of a blend")
        return cls(
            TextModel.load(folder), TreeModel.load(folder), weights["text"], weights["trees"], weights["intercept"]
        )


@dataclass(frozen=True)
class BlendRecipe:
    """A blend of these two."""

    text: TextRecipe
    trees: TreeRecipe
    name: str = "blend"

    def fit(self, lesson: Lesson) -> Blend:
        """See Recipe. The weights come from the parts' held-out scores; neither is below 0."""
        weights = _stack(self._parts(lesson), lesson.labels, lesson.weights)
        return Blend(lesson.learn(self.text), lesson.learn(self.trees), *weights)

    def held_out(self, lesson: Lesson) -> Floats:
        """See Recipe: the parts' held-out scores, weighed as the rows of the other inner folds say."""
        parts, logits = self._parts(lesson), np.empty(len(lesson))
        for learn, score in lesson.inner_folds:
            text, trees, base = _stack(parts[learn], lesson.labels[learn], lesson.weights[learn])
            logits[score] = base + parts[score] @ np.array([text, trees])
        return logits

    def _parts(self, lesson: Lesson) -> Floats:
        return np.column_stack([lesson.held_out(self.text), lesson.held_out(self.trees)])


def _stack(logits: Floats, labels: Floats, weights: Floats) -> tuple[float, float, float]:
    """Weights of the two columns, none below 0, and the intercept."""
    ones = np.ones((len(logits), 1))
    used = [0, 1]
    while used:
        found = fit_logistic(
            np.hstack([logits[:, used], ones]), labels, weights, np.array([_PENALTY] * len(used) + [1e-6])
        )
        if (found[:-1] >= 0).all():
            stacked = dict(zip(used, found[:-1].tolist(), strict=True))
            return stacked.get(0, 0.0), stacked.get(1, 0.0), float(found[-1])
        used.pop(int(np.argmin(found[:-1])))
    rate = float(weights @ labels / weights.sum())
    return 0.0, 0.0, float(np.log(rate / (1.0 - rate)))
