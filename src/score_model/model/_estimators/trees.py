"""The tree model: gradient-boosted trees (LightGBM) on the numerical features, of which any may be unknown."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from score_model.arrays import Floats
from score_model.atomic import atomic_write
from score_model.errors import ContractError, UsageError
from score_model.model._estimators.base import Attribution, Estimator, FittedModel, TrainingSet, keep_strongest
from score_model.model._estimators.lightgbm_text import check_text
from score_model.model._files import read_bytes, read_json, write_json
from score_model.model._inputs import Inputs
from score_model.model._libraries import library

_STEM = "trees"
_SETTINGS = {
    "learning_rate": 0.05,
    "num_leaves": 8,
    "min_data_in_leaf": 10,
    "lambda_l2": 1.0,
    "feature_fraction": 0.7,
    "bagging_fraction": 0.8,
    "bagging_freq": 1,
    "deterministic": True,
    "force_row_wise": True,
    "num_threads": 1,
    "verbosity": -1,
}


class Trees:
    """A sum of trees over these columns; `text` is LightGBM's."""

    def __init__(self, columns: tuple[str, ...], text: str) -> None:
        self.columns, self.text = columns, text
        self._booster = library("lightgbm").Booster(model_str=text)

    @classmethod
    def grow(
        cls,
        inputs: Inputs,
        columns: tuple[str, ...],
        targets: Floats,
        weights: Floats,
        *,
        objective: str,
        rounds: int,
        seed: int,
    ) -> "Trees":
        """Trees that are learnt from rows; `objective` is `binary` or `regression`."""
        lightgbm = library("lightgbm")
        table = lightgbm.Dataset(
            inputs.select(columns), targets, weight=weights, feature_name=list(columns), params={"verbosity": -1}
        )
        booster = lightgbm.train(_SETTINGS | {"objective": objective, "seed": seed}, table, rounds)
        return cls(columns, check_text(booster.model_to_string(), len(columns)))

    def values(self, inputs: Inputs) -> Floats:
        """The sum of the trees, one per row: log-odds, or the target's own unit for regression."""
        result: Floats = self._booster.predict(inputs.select(self.columns), raw_score=True, num_threads=1)
        return result

    def contributions(self, inputs: Inputs) -> Floats:
        """What each column adds (rows × columns and, last, the expected value): SHAP values (Lundberg et al. 2018)."""
        result: Floats = self._booster.predict(inputs.select(self.columns), pred_contrib=True, num_threads=1)
        return result

    def gains(self) -> dict[str, float]:
        """Return how much each column's splits gained, the most first; columns without a split are left out."""
        gains = self._booster.feature_importance("gain")
        found = {name: float(gain) for name, gain in zip(self.columns, gains, strict=True) if gain > 0}
        return dict(sorted(found.items(), key=lambda item: (-item[1], item[0])))

    def write(self, folder: Path, stem: str) -> None:
        """Writes `<stem>.txt` and `<stem>.json`."""
        with atomic_write(folder / f"{stem}.txt") as file:
            file.write(self.text.encode())
        write_json(folder / f"{stem}.json", {"columns": self.columns})

    @classmethod
    def read(cls, folder: Path, stem: str) -> "Trees":
        """The trees of a folder. Raises UsageError if they are damaged, before LightGBM sees them."""
        columns = read_json(folder / f"{stem}.json", dict[str, tuple[str, ...]]).get("columns", ())
        path = folder / f"{stem}.txt"
        try:
            text = check_text(read_bytes(path).decode(), len(columns))
        except (UnicodeDecodeError, ContractError) as broken:
            raise UsageError(f"{path}: damaged: {broken}") from None
        try:
            return cls(columns, text)
        except library("lightgbm").basic.LightGBMError as broken:
            raise UsageError(f"{path}: damaged: {broken}") from None


def tree_files(stem: str) -> tuple[str, str]:
    """Return the names of the files that `Trees.write` makes."""
    return f"{stem}.txt", f"{stem}.json"


class TreeModel(FittedModel):
    """Log-odds of success by trees."""

    def __init__(self, trees: Trees) -> None:
        self.trees, self.columns = trees, trees.columns

    def predict_logits(self, inputs: Inputs) -> Floats:
        """See FittedModel."""
        return self.trees.values(inputs)

    def explain(self, inputs: Inputs, most: int) -> list[list[Attribution]]:
        """See FittedModel; contributions are SHAP values."""
        values, moves = inputs.select(self.trees.columns), self.trees.contributions(inputs)
        return [
            keep_strongest(
                [
                    Attribution(name, None if np.isnan(values[row, place]) else float(values[row, place]), float(move))
                    for place, (name, move) in enumerate(zip(self.trees.columns, moves[row, :-1], strict=True))
                ],
                most,
            )
            for row in range(len(inputs))
        ]

    def feature_gains(self) -> dict[str, float]:
        """See FittedModel; features without a split are left out."""
        return self.trees.gains()

    def save(self, folder: Path) -> None:
        """See FittedModel."""
        self.trees.write(folder, _STEM)


@dataclass(frozen=True)
class TreeEstimator(Estimator[TreeModel]):
    """Trees over the training set's columns."""

    rounds: int = 150
    name = "trees"
    files = tree_files(_STEM)

    def fit(self, training_set: TrainingSet) -> TreeModel:
        """See Estimator."""
        inputs, labels, weights = training_set.inputs, training_set.labels, training_set.weights
        return TreeModel(
            Trees.grow(
                inputs,
                training_set.columns,
                labels,
                weights,
                objective="binary",
                rounds=self.rounds,
                seed=training_set.seed,
            )
        )

    def load(self, folder: Path) -> TreeModel:
        """See Estimator."""
        return TreeModel(Trees.read(folder, _STEM))
