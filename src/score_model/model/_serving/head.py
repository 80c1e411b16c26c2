"""A head: one complete model of success for one kind of input (`actions` alone, or `traces` too), and its files."""

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import msgspec

from score_model.arrays import Floats
from score_model.errors import PluginError, UsageError
from score_model.model._calibration.bradley_terry import Preference
from score_model.model._calibration.expected_score import SCORE_FILES, ExpectedScore, Mixture, load_score_trees
from score_model.model._calibration.out_of_distribution import OutOfDistributionDetector
from score_model.model._calibration.platt import Calibration
from score_model.model._calibration.venn_abers import VennAbers
from score_model.model._estimators.base import FittedModel
from score_model.model._estimators.registry import AnyEstimator, find_stored_estimator
from score_model.model._files import read_json, write_json
from score_model.model._inputs import ACTION_COLUMNS, Inputs

HEADS = ("actions", "traces")

_OWN_FILES = ("head.json", "preference.json", "familiarity.json")


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
class HeadOutput:
    """A head's predictions for n rows; `intervals` is n × 2, everything else one number per row."""

    logits: Floats
    probabilities: Floats
    intervals: Floats
    scores: Floats
    strengths: Floats


@dataclass(frozen=True)
class Head:
    """`rank_by` is `preference` or `success`: what orders answers to the same task."""

    name: str
    estimator: AnyEstimator
    model: FittedModel
    calibrated: HeadCalibration
    expected: ExpectedScore
    preference: Preference
    rank_by: str
    detector: OutOfDistributionDetector

    @property
    def reads_traces(self) -> bool:
        """Whether the model sees anything of a trace: text does not, whatever head it is in."""
        return not set(self.model.columns) <= set(ACTION_COLUMNS)

    def predict(self, inputs: Inputs) -> HeadOutput:
        """Everything that the head says of rows that have actions."""
        logits = self.model.predict_logits(inputs)
        probabilities = self.calibrated.calibration.probabilities(logits)
        return HeadOutput(
            logits=logits,
            probabilities=probabilities,
            intervals=self.calibrated.intervals.intervals(logits, probabilities),
            scores=self.expected.predict_scores(inputs, probabilities),
            strengths=self.preference.strengths(inputs, logits) if self.rank_by == "preference" else logits,
        )

    def save(self, folder: Path) -> None:
        """Write the head's files; its calibration is kept beside those of the others.

        Raises PluginError if the model saves other files than its estimator says: they could not be loaded.
        """
        folder.mkdir(parents=True)
        self.model.save(folder)
        files, written = set(self.estimator.files), {path.name for path in folder.iterdir()}
        if written != files or files & {*_OWN_FILES, *SCORE_FILES}:
            names = ", ".join(sorted(written)) or "nothing"
            raise PluginError(f"the estimator {self.estimator.name!r} wrote {names}, and its files can't be those")
        self.expected.save(folder)
        write_json(folder / "preference.json", self.preference)
        write_json(folder / "familiarity.json", self.detector)
        write_json(
            folder / "head.json",
            _Settings(
                model=self.estimator.name,
                mixture=self.expected.mixture,
                score_trees=self.expected.trees is not None,
                rank_by=self.rank_by,
            ),
        )

    @classmethod
    def load(
        cls,
        name: str,
        folder: Path,
        calibrated: HeadCalibration,
        columns: frozenset[str],
        allow_plugin: Collection[str] = (),
    ) -> "Head":
        """Return the head of a folder.

        Raises UsageError if a file is damaged or needs a column that is not in `columns`, or if the model is that of a
        plug-in which is not among the allowed ones.
        """
        settings, estimator = _read_settings(folder, allow_plugin)
        trees = load_score_trees(folder) if settings.score_trees else None
        head = cls(
            name=name,
            estimator=estimator,
            model=estimator.load(folder),
            calibrated=calibrated,
            expected=ExpectedScore(settings.mixture, trees),
            preference=read_json(folder / "preference.json", Preference),
            rank_by=settings.rank_by,
            detector=read_json(folder / "familiarity.json", OutOfDistributionDetector),
        )
        used = {*head.preference.columns, *head.detector.columns, *(trees.columns if trees else ())}
        used.update(head.model.columns)
        if unknown := sorted(used - columns):
            raise UsageError(f"{folder}: trained on features that this version does not make: {', '.join(unknown[:5])}")
        return head


def list_head_files(folder: Path, allow_plugin: Collection[str] = ()) -> tuple[str, ...]:
    """Return the names of the files that `Head.load` reads in the folder, and raise what it raises of head.json."""
    settings, estimator = _read_settings(folder, allow_plugin)
    return (*_OWN_FILES, *estimator.files, *(SCORE_FILES if settings.score_trees else ()))


def _read_settings(folder: Path, allow_plugin: Collection[str]) -> tuple[_Settings, AnyEstimator]:
    settings = read_json(folder / "head.json", _Settings)
    known = settings.rank_by in ("preference", "success")
    estimator = find_stored_estimator(settings.model, allow_plugin) if known else None
    if estimator is None:
        raise UsageError(f"{folder / 'head.json'}: damaged: no such model")
    return settings, estimator
