"""The blend: text and trees, weighed by how well each predicted rows that it had not seen (stacking, Wolpert 1992)."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from score_model.arrays import Floats
from score_model.errors import UsageError
from score_model.model._estimators.base import Attribution, Estimator, FittedModel, TrainingSet, keep_strongest
from score_model.model._estimators.logistic import fit_logistic
from score_model.model._estimators.text import TextEstimator, TextModel
from score_model.model._estimators.trees import TreeEstimator, TreeModel
from score_model.model._files import read_json, write_json
from score_model.model._inputs import Inputs

_FILE = "blend.json"
_PENALTY = 1.0  # towards 0; a few dozen failures can't tell one weight from another


class Blend(FittedModel):
    """Log-odds = intercept + weight of text · its log-odds + weight of trees · theirs."""

    def __init__(self, text: TextModel, trees: TreeModel, text_weight: float, tree_weight: float, base: float) -> None:
        self._text, self.trees = text, trees
        self.text_weight, self.tree_weight, self._base = text_weight, tree_weight, base
        self.columns = trees.columns

    def predict_logits(self, inputs: Inputs) -> Floats:
        """See FittedModel."""
        return (
            self._base
            + self.text_weight * self._text.predict_logits(inputs)
            + self.tree_weight * self.trees.predict_logits(inputs)
        )

    def explain(self, inputs: Inputs, most: int) -> list[list[Attribution]]:
        """See FittedModel: both models' reasons, as strong as the blend makes them."""
        parts: tuple[tuple[FittedModel, float], ...] = ((self._text, self.text_weight), (self.trees, self.tree_weight))
        weighed = [
            [
                [Attribution(reason.name, reason.value, weight * reason.contribution) for reason in of_row]
                for of_row in model.explain(inputs, most)
            ]
            for model, weight in parts
        ]
        return [keep_strongest(text + trees, most) for text, trees in zip(*weighed, strict=True)]

    def feature_gains(self) -> dict[str, float]:
        """See FittedModel: those of its trees."""
        return self.trees.feature_gains()

    def save(self, folder: Path) -> None:
        """See FittedModel."""
        self._text.save(folder)
        self.trees.save(folder)
        write_json(folder / _FILE, {"text": self.text_weight, "trees": self.tree_weight, "intercept": self._base})


@dataclass(frozen=True)
class BlendEstimator(Estimator[Blend]):
    """A blend of these two."""

    text: TextEstimator
    trees: TreeEstimator
    name = "blend"
    files = (_FILE, *TextEstimator.files, *TreeEstimator.files)

    def fit(self, training_set: TrainingSet) -> Blend:
        """See Estimator. The weights come from the parts' held-out scores; neither is below 0."""
        weights = _stack(self._parts(training_set), training_set.labels, training_set.weights)
        return Blend(training_set.fit(self.text), training_set.fit(self.trees), *weights)

    def load(self, folder: Path) -> Blend:
        """See Estimator."""
        weights = read_json(folder / _FILE, dict[str, float])
        if weights.keys() != {"text", "trees", "intercept"}:
            raise UsageError(f"{folder / _FILE}: damaged: not the weights of a blend")
        text, trees = self.text.load(folder), self.trees.load(folder)
        return Blend(text, trees, weights["text"], weights["trees"], weights["intercept"])

    def predict_held_out(self, training_set: TrainingSet) -> Floats:
        """See Estimator: the parts' held-out scores, weighed as the rows of the other inner folds say."""
        parts, logits = self._parts(training_set), np.empty(len(training_set))
        for learn, score in training_set.inner_folds:
            text, trees, base = _stack(parts[learn], training_set.labels[learn], training_set.weights[learn])
            logits[score] = base + parts[score] @ np.array([text, trees])
        return logits

    def _parts(self, training_set: TrainingSet) -> Floats:
        return np.column_stack([training_set.predict_held_out(self.text), training_set.predict_held_out(self.trees)])


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
