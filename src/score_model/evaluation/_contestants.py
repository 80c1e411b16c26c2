"""The model and its baselines, fitted apart from the rows that they are scored on."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import NamedTuple

import msgspec
import numpy as np

from score_model.arrays import Bools, Floats, Ints
from score_model.evaluation._eval_set import Ground
from score_model.evaluation._predictions import Said, Scored, calibrated, mixture_of, threshold_of
from score_model.metrics import log_loss
from score_model.model import (
    ACTION_COLUMNS,
    Fitted,
    Inputs,
    Lesson,
    Mixture,
    Progress,
    RateRecipe,
    Recipe,
    Rows,
    TrainSettings,
    candidates,
    check_enough,
    fold_pairs,
    grouped_folds,
    row_weights,
    trusted_rows,
)

_LEAST_FOLDS = 3
_BASELINES = ("majority", "action_count", "use_case_rate", "text")
_MODELS = ("trees", "blend", "network")
_CONTESTANTS = {"text": "text_only"}


@dataclass(frozen=True)
class _WithoutTraces:
    """The model's own kind, kept to the columns that need no trace: what traces add is the difference."""

    recipe: Recipe[Fitted]
    name: str = "without_traces"

    def fit(self, lesson: Lesson) -> Fitted:
        """See Recipe."""
        return lesson.learn(self.recipe)

    def held_out(self, lesson: Lesson) -> Floats:
        """See Recipe."""
        return lesson.held_out(self.recipe)


@dataclass(frozen=True)
class Contest:
    """One head's contestants: the recipe named `kind` is the model.

    `auto` says that the kind was chosen by measurement, which an out-of-fold measurement has to repeat inside.
    """

    columns: tuple[str, ...]
    kind: str
    auto: bool
    settings: TrainSettings

    def recipes(self, kinds: Sequence[str]) -> list[Recipe[Fitted]]:
        """The baselines and the models of these kinds, each once; and the model's without traces, where it judges by
        them."""
        found = [recipe for recipe in self._candidates(self.columns) if recipe.name in (*_BASELINES, *kinds)]
        if self.columns != ACTION_COLUMNS and self.kind != "text":
            found += [_WithoutTraces(recipe) for recipe in self._candidates(ACTION_COLUMNS) if recipe.name == self.kind]
        return found

    def _candidates(self, columns: tuple[str, ...]) -> tuple[Recipe[Fitted], ...]:
        return candidates(columns, network=self.settings.network)

    @property
    def own(self) -> tuple[str, ...]:
        """The model's own kind."""
        return (self.kind,)

    @property
    def all(self) -> tuple[str, ...]:
        """The kinds that training chose from, where it did."""
        return self.settings.choices(traces=self.columns != ACTION_COLUMNS) if self.auto else self.own


class Heard(NamedTuple):
    """What contestants say of held-out rows, and the kind that the model had."""

    said: dict[str, Said]
    kind: str


@dataclass(frozen=True)
class _Fit:
    """What one fit says of held-out rows, and its log loss on held-out scores of the rows that it learnt from."""

    said: Said
    loss: float | None


def hear(
    ground: Ground,
    learn: Ints,
    held: Ints,
    contest: Contest,
    kinds: Sequence[str],
    progress: Callable[[str], None],
    *,
    seed: int | None = None,
    threshold_on: Bools | None = None,
) -> Heard:
    """Every contestant, learnt on some rows with actions and scoring others.

    Nothing of the scored rows is used: the model's kind among `kinds`, calibrations, thresholds and expected scores
    come from inner folds of the rows that are learnt from, and there from believed ones. `threshold_on` keeps
    thresholds to some of the learnt rows. Raises UsageError if there is too little to learn from.
    """
    learnt, scored, settings = ground.acted.take(learn), ground.acted.take(held).inputs, contest.settings
    weights = row_weights(learnt, settings)
    check_enough(learnt, weights, msgspec.structs.replace(settings, folds=_LEAST_FOLDS))
    used = np.flatnonzero(weights > 0)
    seed = settings.seed if seed is None else seed
    lesson, believed = Lesson.of(learnt, weights, seed), trusted_rows(learnt)[used]
    on = believed if threshold_on is None else believed & threshold_on[used]
    mixture = mixture_of(learnt.take(used), believed)
    fits = {}
    for recipe in contest.recipes(kinds):
        progress(recipe.name)
        fits[recipe.name] = _fit(lesson, recipe, scored, believed, on, mixture)
    said = {_CONTESTANTS.get(name, name): each.said for name, each in fits.items() if name not in _MODELS}
    said["empty_answer"] = said["majority"]
    if (cells := ground.cells) is not None:
        judged = replace(learnt, inputs=cells.take(learn))
        said["validator_cell"] = _by_cell(judged, cells.take(held), seed)
    kind = min(kinds, key=lambda name: (fits[name].loss is None, fits[name].loss or 0.0))
    return Heard({"model": fits[kind].said, **said}, kind)


def _by_cell(learnt: Rows, scored: Inputs, seed: int) -> Said:
    """The rate of the validator on the website. It learns from every label, suspect ones too: it is there to show how
    much of what looks like skill is a judge whose site was down."""
    everything = np.ones(len(learnt), dtype=np.bool_)
    lesson, mixture = Lesson.of(learnt, np.ones(len(learnt)), seed), mixture_of(learnt, everything)
    return _fit(lesson, RateRecipe(), scored, everything, everything, mixture).said


def _fit(lesson: Lesson, recipe: Recipe[Fitted], scored: Inputs, believed: Bools, on: Bools, mixture: Mixture) -> _Fit:
    inner, labels = lesson.held_out(recipe), lesson.labels
    own = calibrated(inner, labels, believed, inner)
    probability = calibrated(inner, labels, believed, lesson.learn(recipe).logits(scored))
    said = Said.of(probability, probability >= threshold_of(own, labels, on)).expecting(mixture)
    return _Fit(said, log_loss(labels[believed] > 0.5, own[believed]).value() if believed.any() else None)


def heard_out_of_fold(
    ground: Ground, contest: Contest, folds: int, repeats: int, progress: Progress
) -> tuple[Scored, tuple[str, ...]]:
    """Every row scored `repeats` times by fits that saw neither it nor its group; and the kind each fold's model had.

    Raises UsageError if there is too little to learn from.
    """
    rows, settings = ground.acted, contest.settings
    check_enough(rows, row_weights(rows, settings), msgspec.structs.replace(settings, folds=folds))
    parts, said, picks = [], [], []
    for repeat in range(repeats):
        fold_of = grouped_folds(rows.groups, rows.labels, folds, settings.seed + repeat)
        heard: list[dict[str, Said]] = []
        for learn, held in fold_pairs(fold_of):
            told = partial(progress, repeat * folds + len(heard), folds * repeats)
            found = hear(ground, learn, held, contest, contest.all, told, seed=settings.seed + repeat)
            heard.append(found.said)
            picks.append(found.kind)
        parts.append(fold_of)
        said.append(in_order(heard, [held for _, held in fold_pairs(fold_of)]))
    every = {name: [each[name] for each in said] for name in said[0]}
    return Scored(rows, np.arange(len(rows)), trusted_rows(rows), np.array(parts), every), tuple(picks)


def in_order(heard: Sequence[dict[str, Said]], held: Sequence[Ints]) -> dict[str, Said]:
    """What was said part by part, in the order of the rows' numbers."""
    order = np.argsort(np.concatenate(held), kind="stable")
    return {name: Said.joined([each[name] for each in heard]).take(order) for name in heard[0]}


def success_rate(rows: Rows, contest: Contest) -> float:
    """Of the labelled rows that may be learnt from, those without actions among them; 0.5 where there are none."""
    learn = rows.in_splits(contest.settings.splits)
    return float(rows.labels[learn].mean()) if learn.any() else 0.5
