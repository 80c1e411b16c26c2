"""Reading the tables that `score-model features` wrote, with suspicion: of another version, torn, or of other rows."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from score_model.arrays import Floats
from score_model.errors import UsageError
from score_model.model._inputs import ACTION_COLUMNS, COLUMN_NAMES
from score_model.model._libraries import library

_EPISODES, _LABELS = "episodes.parquet", "labels.parquet"

_KEYS = ("task_id", "solution_id", "website", "use_case", "text", "has_trace")

_FROM_ACTIONS = np.array([name in ACTION_COLUMNS for name in COLUMN_NAMES])


class SeenRow(NamedTuple):
    """What a model sees of one row, on its way into the arrays."""

    features: Floats
    text: str
    website: str | None
    use_case: str | None
    action_count: int
    has_trace: bool

    def agrees(self, fresh: "SeenRow") -> bool:
        """Whether this row tells of the same task and actions as one made now, and by the same functions."""
        return self[1:5] == fresh[1:5] and np.array_equal(
            self.features[_FROM_ACTIONS], fresh.features[_FROM_ACTIONS], equal_nan=True
        )


class Label(NamedTuple):
    """What came of a row, and its keys."""

    task_id: str
    solution_id: str | None
    group: str
    split: str
    quality: str
    passed: bool | None
    score: float | None


Keyed = tuple[str, str | None, SeenRow]
"""Task id, solution id, and what is seen of the row."""


def read_episodes(folder: Path) -> Iterator[Keyed]:
    """The rows of `episodes.parquet`, in its order. Raises UsageError if it is missing or damaged."""
    for row in _table(folder / _EPISODES, (*_KEYS, *COLUMN_NAMES)):
        values = [np.nan if row[name] is None else row[name] for name in COLUMN_NAMES]
        seen = SeenRow(
            np.array(values, dtype=np.float64),
            row["text"] or "",
            row["website"],
            row["use_case"],
            int(row["actions"] or 0),
            bool(row["has_trace"]),
        )
        yield row["task_id"], row["solution_id"], seen


def read_labelled_episodes(folder: Path) -> Iterator[tuple[SeenRow, Label]]:
    """The rows of both tables, which one run wrote row by row. Raises UsageError if they are not of one run."""
    labels = _labels(folder)
    for task_id, solution_id, seen in read_episodes(folder):
        label = next(labels, None)
        if label is None or (label.task_id, label.solution_id) != (task_id, solution_id):
            raise _not_of_one_run(folder)
        yield seen, label
    if next(labels, None) is not None:
        raise _not_of_one_run(folder)


def check_score(score: float | None, task_id: str) -> float | None:
    """The score. Raises UsageError if it is none: a dataset that was not built by `dataset build` may hold percents."""
    if score is not None and not 0.0 <= score <= 1.0:
        raise UsageError(f"task {task_id[:80]!r}: its score is {score:g}, and scores lie in 0..1")
    return score


def _not_of_one_run(folder: Path) -> UsageError:
    return UsageError(f"{folder}: its tables are not of one run; run score-model features again")


def _labels(folder: Path) -> Iterator[Label]:
    names = ("task_id", "solution_id", "group", "split", "label_quality", "label_passed", "label_score")
    for row in _table(folder / _LABELS, names):
        passed, score = row["label_passed"], row["label_score"]
        if row.get("label_override_passed") is not None:
            passed, score = row["label_override_passed"], row.get("label_override_score")
        yield Label(
            row["task_id"],
            row["solution_id"],
            row["group"],
            row["split"],
            row["label_quality"],
            passed,
            check_score(score, row["task_id"]),
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
