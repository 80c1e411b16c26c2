"""Fitting the model and its baselines apart from the rows that they are scored on."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import msgspec
import numpy as np

from score_model.evaluation._said import Floats, Ints, Said, Scored, calibrated, said_across, threshold_of
from score_model.metrics import log_loss
from score_model.model import (
    ACTION_COLUMNS,
    Fitted,
    Inputs,
    Recipe,
    Rows,
    TrainSettings,
    candidates,
    out_of_fold,
    row_weights,
    trusted_rows,
)

Progress = Callable[[int, int, str], None]

_INNER_FOLDS = 3
_LEARNT = ("text", "trees", "blend")


@dataclass(frozen=True)
class _WithoutTraces:
    """The model's own kind, kept to the columns that need no trace: what traces add is the difference."""

    recipe: Recipe
    name: str = "without_traces"

    def fit(self, inputs: Inputs, labels: Floats, weights: Floats, groups: tuple[str, ...], seed: int) -> Fitted:
        """See Recipe."""
        return self.recipe.fit(inputs, labels, weights, groups, seed)


@dataclass(frozen=True)
class Contest:
    """One head's contestants: the recipe named `kind` is the model.

    `auto` says that the kind was chosen by measurement, which an out-of-fold measurement has to repeat inside.
    """

    columns: tuple[str, ...]
    kind: str
    auto: bool
    settings: TrainSettings

    def recipes(self, names: Sequence[str]) -> list[Recipe]:
        """The recipes of these names, each once; and the model's without traces, where it judges by them."""
        found = [recipe for recipe in candidates(self.columns) if recipe.name in names]
        if self.columns != ACTION_COLUMNS and self.kind != "text":
            found += [_WithoutTraces(recipe) for recipe in candidates(ACTION_COLUMNS) if recipe.name == self.kind]
        return found

    @property
    def lean(self) -> list[Recipe]:
        """The model's own kind and the baselines."""
        return self.recipes(("majority", "action_count", "use_case_rate", "text", self.kind))

    def named(self, said: dict[str, Said]) -> dict[str, Said]:
        """What recipes said, under the contestants' names."""
        names = {"majority": "empty_answer", "text": "text_only"}
        found = {names.get(name, name): each for name, each in said.items() if name not in ("trees", "blend")}
        return {"model": said[self.kind], **found}


def fitted_logits(learn: Rows, held: Rows, recipes: Sequence[Recipe], settings: TrainSettings) -> dict[str, Floats]:
    """Log-odds of the held rows by each recipe, learnt on the other rows as training would."""
    weights = row_weights(learn, settings)
    used = learn.take(weights > 0)
    found = {}
    for recipe in recipes:
        model = recipe.fit(used.inputs, used.labels, weights[weights > 0], used.groups, settings.seed)
        found[recipe.name] = model.logits(held.inputs)
    return found


def said_apart(
    learn: Rows, held: Rows, recipes: Sequence[Recipe], settings: TrainSettings, progress: Progress
) -> tuple[dict[str, Said], dict[str, float]]:
    """What each recipe says of the held rows, calibrated out of fold on the rows that it learnt from.

    And the thresholds that are best there. Raises UsageError if there is too little to learn from.
    """
    inner = _with(settings, folds=_INNER_FOLDS, repeats=1)
    seen = out_of_fold(learn, row_weights(learn, settings), recipes, inner, progress)
    believed, said, thresholds = trusted_rows(learn), {}, {}
    for name, logits in fitted_logits(learn, held, recipes, settings).items():
        own = calibrated(seen.logits[name][0], learn.labels, believed, seen.logits[name][0])
        thresholds[name] = threshold_of(own, learn.labels, believed)
        probability = calibrated(seen.logits[name][0], learn.labels, believed, logits)
        said[name] = Said.of(probability, probability >= thresholds[name])
    return said, thresholds


def said_out_of_fold(
    rows: Rows, contest: Contest, folds: int, repeats: int, progress: Progress
) -> tuple[Scored, tuple[str, ...]]:
    """Every row scored `repeats` times by fits that saw neither it nor its group; and the kind each fold's model had.

    Where the model's kind was chosen by measurement, each fold's is chosen on the scores of the other folds.
    """
    kinds = _LEARNT if contest.auto else (contest.kind,)
    recipes = contest.recipes(("majority", "action_count", "use_case_rate", "text", *kinds))
    settings = _with(contest.settings, folds=folds, repeats=repeats)
    found = out_of_fold(rows, row_weights(rows, settings), recipes, settings, progress)
    trusted = trusted_rows(rows)
    said: dict[str, list[Said]] = {}
    picks: list[str] = []
    for repeat in range(repeats):
        parts = found.folds[repeat]
        own = {name: said_across(logits[repeat], rows.labels, trusted, parts) for name, logits in found.logits.items()}
        model, chosen = _chosen_inside({name: own[name] for name in kinds}, rows, trusted, parts)
        picks += chosen
        for name, each in ({**contest.named(own), "model": model}).items():
            said.setdefault(name, []).append(each)
    return Scored(rows, np.arange(len(rows)), trusted, found.folds, said), tuple(picks)


def _chosen_inside(
    kinds: dict[str, Said], rows: Rows, trusted: np.ndarray[tuple[int], np.dtype[np.bool_]], parts: Ints
) -> tuple[Said, list[str]]:
    """The model of each part: the kind with the lowest log loss on believed rows of the other parts."""
    probability, called = np.empty(len(rows)), np.empty(len(rows), dtype=np.bool_)
    picks = []
    for part in np.unique(parts).tolist():
        inside = parts == part
        others = trusted & ~inside
        losses = {
            name: log_loss(rows.labels[others] > 0.5, said.probability[others]).value() for name, said in kinds.items()
        }
        best = min(kinds, key=lambda name: (losses[name] is None, losses[name] or 0.0))
        probability[inside], called[inside] = kinds[best].probability[inside], kinds[best].called[inside]
        picks.append(best)
    return Said.of(probability, called), picks


def _with(settings: TrainSettings, *, folds: int, repeats: int) -> TrainSettings:
    return msgspec.structs.replace(settings, folds=folds, repeats=repeats)
