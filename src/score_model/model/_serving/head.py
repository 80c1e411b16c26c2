"""A head: one complete model of success for one kind of input (`actions` alone, or `traces` too), and its files."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import msgspec

from score_model.arrays import Floats
from score_model.errors import UsageError
from score_model.model._calibration.bradley_terry import Preference
from score_model.model._calibration.expected_score import ExpectedScore, Mixture, load_score_trees
from score_model.model._calibration.out_of_distribution import Familiarity
from score_model.model._calibration.platt import Calibration
from score_model.model._calibration.venn_abers import VennAbers
from score_model.model._estimators.base import Fitted
from score_model.model._estimators.blend import Blend
from score_model.model._estimators.network import Network
from score_model.model._estimators.text import TextModel
from score_model.model._estimators.trees import TreeModel
from score_model.model._files import read_json, write_json
from score_model.model._inputs import ACTION_COLUMNS, Inputs

HEADS = ("actions", "traces")

_LOADERS: dict[str, Callable[[Path], Fitted]] = {
    "text": TextModel.load,
    "trees": TreeModel.load,
    "blend": Blend.load,
    "network": Network.load,
}
_TEXT_FILES, _TREE_FILES = ("text_vocabulary.json", "text.safetensors"), ("trees.txt", "trees.json")
_MODEL_FILES = {
    "text": _TEXT_FILES,
    "trees": _TREE_FILES,
    "blend": ("blend.json", *_TEXT_FILES, *_TREE_FILES),
    "network": ("network.json", "network.safetensors"),
}
_OWN_FILES = ("head.json", "preference.json", "familiarity.json")
_SCORE_FILES = ("score_trees.txt", "score_trees.json")


class HeadCalibration(msgspec.Struct, frozen=True, kw_only=True):
    """A head's part of calibration.json.

    `threshold` has the best mean F1 of both classes out of fold, on the rows of `val` or, where those are too few, on
    `all` that were learnt from: `threshold_on`.
    """

    calibration: Calibration
    intervals: VennAbers
    threshold: float | None
    threshold_on: Literal["val", "all"]


class _Settings(msgspec.Struct, frozen=True, kw_only=True):
    """A head's head.json."""

    model: str
    mixture: Mixture
    score_trees: bool
    rank_by: str


@dataclass(frozen=True)
class Predictions:
    """What a head says of n rows; `intervals` is n × 2, everything else one number per row."""

    logits: Floats
    probabilities: Floats
    intervals: Floats
    scores: Floats
    strengths: Floats


@dataclass(frozen=True)
class Head:
    """`rank_by` is `preference` or `success`: what orders answers to the same task."""

    name: str
    model_name: str
    model: Fitted
    calibrated: HeadCalibration
    expected: ExpectedScore
    preference: Preference
    rank_by: str
    familiarity: Familiarity

    @property
    def reads_traces(self) -> bool:
        """Whether the model sees anything of a trace: text does not, whatever head it is in."""
        return not set(self.model.columns) <= set(ACTION_COLUMNS)

    def predict(self, inputs: Inputs) -> Predictions:
        """Everything that the head says of rows that have actions."""
        logits = self.model.logits(inputs)
        probabilities = self.calibrated.calibration.probabilities(logits)
        return Predictions(
            logits=logits,
            probabilities=probabilities,
            intervals=self.calibrated.intervals.intervals(logits, probabilities),
            scores=self.expected.expected(inputs, probabilities),
            strengths=self.preference.strengths(inputs, logits) if self.rank_by == "preference" else logits,
        )

    def save(self, folder: Path) -> None:
        """Writes the head's own files; its calibration is kept beside those of the others."""
        self.model.save(folder)
        self.expected.save(folder)
        write_json(folder / "preference.json", self.preference)
        write_json(folder / "familiarity.json", self.familiarity)
        write_json(
            folder / "head.json",
            _Settings(
                model=self.model_name,
                mixture=self.expected.mixture,
                score_trees=self.expected.trees is not None,
                rank_by=self.rank_by,
            ),
        )

    @classmethod
    def load(cls, name: str, folder: Path, calibrated: HeadCalibration, columns: frozenset[str]) -> "Head":
        """The head of a folder. Raises UsageError if a file is damaged or needs a column that is not in `columns`."""
        settings = _settings_of(folder)
        trees = load_score_trees(folder) if settings.score_trees else None
        head = cls(
            name=name,
            model_name=settings.model,
            model=_LOADERS[settings.model](folder),
            calibrated=calibrated,
            expected=ExpectedScore(settings.mixture, trees),
            preference=read_json(folder / "preference.json", Preference),
            rank_by=settings.rank_by,
            familiarity=read_json(folder / "familiarity.json", Familiarity),
        )
        used = {*head.preference.columns, *head.familiarity.columns, *(trees.columns if trees else ())}
        used.update(head.model.columns)
        if unknown := sorted(used - columns):
            raise UsageError(f"{folder}: trained on features that this version does not make: {', '.join(unknown[:5])}")
        return head


def head_files(folder: Path) -> tuple[str, ...]:
    """The names of the files that `Head.load` reads in the folder. Raises UsageError if its head.json is damaged."""
    settings = _settings_of(folder)
    return (*_OWN_FILES, *_MODEL_FILES[settings.model], *(_SCORE_FILES if settings.score_trees else ()))


def _settings_of(folder: Path) -> _Settings:
    settings = read_json(folder / "head.json", _Settings)
    if settings.model not in _LOADERS or settings.rank_by not in ("preference", "success"):
        raise UsageError(f"{folder / 'head.json'}: damaged: no such model")
    return settings
