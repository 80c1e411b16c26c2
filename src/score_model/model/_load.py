"""Rows for training: from datasets, from feature tables, or from tables with a dataset's labels."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from score_model.contract import Sample
from score_model.dataset import load_samples
from score_model.errors import UsageError
from score_model.features import Behaviour, episode_text
from score_model.model._libraries import library
from score_model.model._out_of_fold import Progress
from score_model.model._rows import COLUMN_NAMES, Floats, Inputs, Rows, feature_row, key_of

_EPISODES, _LABELS = "episodes.parquet", "labels.parquet"

_Key = tuple[str, str | None]


class _Row(NamedTuple):
    """One row on its way into the arrays."""

    features: Floats
    text: str
    website: str | None
    use_case: str | None
    action_count: int
    has_trace: bool


class _Label(NamedTuple):
    """What came of a row, and its keys."""

    task_id: str
    solution_id: str | None
    group: str
    split: str
    quality: str
    passed: bool | None
    score: float | None


def load_rows(
    datasets: Sequence[Path] = (),
    features: Path | None = None,
    progress: Progress = lambda done, total, detail: None,
) -> Rows:
    """The rows of the datasets in their order, with the features of the folder `features` where it has them.

    Without `features` all are made from the actions; without a dataset the folder's own labels are used. A solution
    that is in two datasets counts once. Raises UsageError if there is nothing to read, or as `load_samples` does.
    """
    tables = {} if features is None else _episodes(features)
    rows: dict[_Key, tuple[_Row, _Label]] = {}
    if datasets:
        for number, sample in enumerate(sample for path in datasets for sample in load_samples(path)):
            progress(number, 0, "features")
            key = sample.task_id, sample.solution_id
            if key not in rows:
                rows[key] = tables.get(key) or sample_row(sample, None), _label_of(sample)
    elif features is not None:
        for label in _labels(features):
            key = label.task_id, label.solution_id
            if key in tables and key not in rows:
                rows[key] = tables[key], label
    if not rows:
        raise UsageError("no rows to learn from: name a dataset, or a folder of features with labels")
    return _assembled(list(rows.values()))


def sample_row(sample: Sample, behaviour: Behaviour | None) -> _Row:
    """What a model sees of a sample, by the same functions as in serving."""
    observation = sample.observation()
    return _Row(
        np.array(feature_row(observation, behaviour)),
        episode_text(observation),
        key_of(observation.website),
        key_of(observation.use_case),
        len(observation.actions),
        behaviour is not None,
    )


def _label_of(sample: Sample) -> _Label:
    outcome = sample.outcome()
    passed, score = outcome.passed, outcome.score
    if outcome.override is not None:
        passed, score = outcome.override.passed, outcome.override.score
    keys = sample.task_id, sample.solution_id, sample.group, sample.split, sample.label_quality
    return _Label(*keys, passed, _checked(score, sample.task_id))


def _checked(score: float | None, task_id: str) -> float | None:
    """The score. Raises UsageError if it is none: a dataset that was not built by `dataset build` may hold percents."""
    if score is not None and not 0.0 <= score <= 1.0:
        raise UsageError(f"task {task_id[:80]!r}: its score is {score:g}, and scores lie in 0..1")
    return score


def _assembled(rows: list[tuple[_Row, _Label]]) -> Rows:
    seen, labels = [row for row, _ in rows], [label for _, label in rows]
    return Rows(
        inputs=Inputs(
            columns=COLUMN_NAMES,
            matrix=np.array([row.features for row in seen]),
            texts=tuple(row.text for row in seen),
            websites=tuple(row.website for row in seen),
            use_cases=tuple(row.use_case for row in seen),
            action_counts=np.array([row.action_count for row in seen], dtype=np.int64),
            has_trace=np.array([row.has_trace for row in seen], dtype=np.bool_),
        ),
        labels=np.array([np.nan if label.passed is None else float(label.passed) for label in labels]),
        scores=np.array([np.nan if label.score is None else label.score for label in labels]),
        task_ids=tuple(label.task_id for label in labels),
        solution_ids=tuple(label.solution_id for label in labels),
        groups=tuple(label.group for label in labels),
        splits=tuple(label.split for label in labels),
        qualities=tuple(label.quality for label in labels),
    )


def _episodes(folder: Path) -> dict[_Key, _Row]:
    found: dict[_Key, _Row] = {}
    for row in _table(folder / _EPISODES, ("task_id", "solution_id", "text", "has_trace", *COLUMN_NAMES)):
        values = [np.nan if row[name] is None else row[name] for name in COLUMN_NAMES]
        found[row["task_id"], row["solution_id"]] = _Row(
            np.array(values, dtype=np.float64),
            row["text"] or "",
            row["website"],
            row["use_case"],
            int(row["actions"] or 0),
            bool(row["has_trace"]),
        )
    return found


def _labels(folder: Path) -> Iterator[_Label]:
    names = ("task_id", "solution_id", "group", "split", "label_quality", "label_passed", "label_score")
    for row in _table(folder / _LABELS, names):
        passed, score = row["label_passed"], row["label_score"]
        if row.get("label_override_passed") is not None:
            passed, score = row["label_override_passed"], row.get("label_override_score")
        yield _Label(
            row["task_id"],
            row["solution_id"],
            row["group"],
            row["split"],
            row["label_quality"],
            passed,
            _checked(score, row["task_id"]),
        )


def _table(path: Path, needed: Sequence[str]) -> Iterator[dict[str, Any]]:
    """The rows of a Parquet file. Raises UsageError if it is missing, is none, or lacks a column."""
    if not path.is_file():
        raise UsageError(f"no {path.name} in {path.parent}: make it with score-model features")
    arrow = library("pyarrow")
    try:
        file = library("pyarrow.parquet").ParquetFile(path)
        if missing := sorted(set(needed) - set(file.schema_arrow.names)):
            raise UsageError(f"{path}: made by another version, without {', '.join(missing[:5])}: make it again")
        for batch in file.iter_batches(batch_size=4096):
            yield from batch.to_pylist()
    except arrow.lib.ArrowException as broken:
        raise UsageError(f"{path}: not a feature table: {broken}") from None
