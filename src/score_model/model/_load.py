"""Rows for training: from datasets, from feature tables, or from tables with a dataset's labels."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np

from score_model.contract import Sample
from score_model.dataset import load_samples
from score_model.errors import UsageError
from score_model.features import Behaviour, read_episode
from score_model.model._feature_tables import Label, SeenRow, check_score, read_episodes, read_labelled_episodes
from score_model.model._inputs import COLUMN_NAMES, Inputs, Rows, clean_key, episode_row
from score_model.model._training.cross_validation import Progress

_Key = tuple[str | None, str | None]


def load_rows(
    datasets: Sequence[Path] = (),
    features: Path | None = None,
    progress: Progress = lambda done, total, detail: None,
    note: Callable[[str], None] = lambda sentence: None,
) -> Rows:
    """The rows of the datasets in their order, with the features of the folder `features` where it has them.

    Without `features` all are made from the actions; without a dataset the folder's own labels are used. Which samples
    count is `distinct_samples`'. `note` is told in a sentence if answers are not in the folder and so have no trace.

    Raises UsageError if there is nothing to read, if the folder was made of other rows than the datasets' (they have
    changed since, or none is in it), if a group is in two splits, or as `load_samples` does.
    """
    rows: list[tuple[SeenRow, Label]] = []
    if datasets:
        made = _FeatureFolder(features, note)
        for number, sample in enumerate(distinct_samples(datasets)):
            progress(number, 0, "features")
            rows.append((made.row(sample), _make_label(sample)))
        made.close()
    elif features is not None:
        rows += _drop_repeats(read_labelled_episodes(features))
    if not rows:
        raise UsageError("no rows to learn from: name a dataset, or a folder of features with labels")
    _check_splits(label for _, label in rows)
    return _assemble_rows(rows)


def distinct_samples(datasets: Sequence[Path]) -> Iterator[Sample]:
    """The samples of the datasets in their order: of those with the same task and solution ids the first alone.

    Samples without a solution id all count, since nothing tells which of them are the same. Raises as `load_samples`.
    """
    known: set[_Key] = set()
    for path in datasets:
        for sample in load_samples(path):
            if sample.solution_id is not None:
                if (key := (sample.task_id, sample.solution_id)) in known:
                    continue
                known.add(key)
            yield sample


def sample_row(sample: Sample, behaviour: Behaviour | None) -> SeenRow:
    """What a model sees of a sample, by the same functions as in serving."""
    observation = sample.observation()
    episode = read_episode(observation)
    return SeenRow(
        np.array(episode_row(episode, behaviour)),
        episode.text,
        clean_key(observation.website),
        clean_key(observation.use_case),
        len(observation.actions),
        behaviour is not None,
    )


class _FeatureFolder:
    """Rows that a folder of features holds already, each held against what the dataset says now.

    What needs no trace is made anew and compared: that costs little beside learning, and finds other actions, another
    wording and another version of the features alike. Rows without a solution id have no trace and are never looked up.
    """

    def __init__(self, folder: Path | None, note: Callable[[str], None]) -> None:
        self._folder, self._note = folder, note
        self._rows: dict[_Key, SeenRow] = {}
        self._found = self._missing = 0
        for task_id, solution_id, seen in () if folder is None else read_episodes(folder):
            if solution_id is not None:
                self._rows.setdefault((task_id, solution_id), seen)

    def row(self, sample: Sample) -> SeenRow:
        """What is seen of the sample. Raises UsageError if the folder tells of another one under its ids."""
        fresh = sample_row(sample, None)
        if self._folder is None or sample.solution_id is None:
            return fresh
        made = self._rows.get((clean_key(sample.task_id), clean_key(sample.solution_id)))
        if made is None:
            self._missing += 1
            return fresh
        if not made.agrees(fresh):
            raise UsageError(
                f"{self._folder}: what it holds of task {sample.task_id[:80]!r} is not what the dataset says: "
                "one of them, or score-model, has changed since; run score-model features again"
            )
        self._found += 1
        return made

    def close(self) -> None:
        """Notes what was missing. Raises UsageError if all was: that is the folder of another dataset."""
        if self._missing and not self._found:
            raise UsageError(
                f"{self._folder}: none of the dataset's answers is in it; run score-model features on this dataset"
            )
        if self._missing:
            total = self._missing + self._found
            self._note(
                f"{self._missing:,} of {total:,} answers are not in {self._folder}: they are taken without a trace. "
                "To add them, run score-model features again."
            )


def _drop_repeats(rows: Iterator[tuple[SeenRow, Label]]) -> Iterator[tuple[SeenRow, Label]]:
    known: set[_Key] = set()
    for seen, label in rows:
        if label.solution_id is not None:
            if (key := (label.task_id, label.solution_id)) in known:
                continue
            known.add(key)
        yield seen, label


def _check_splits(labels: Iterable[Label]) -> None:
    """Raises UsageError if near-copies of a task would be both learnt from and tested on."""
    split_of: dict[str, str] = {}
    for label in labels:
        other = split_of.setdefault(label.group, label.split)
        if other != label.split:
            raise UsageError(
                f"group {label.group[:80]!r} is in the splits {' and '.join(sorted((other, label.split)))}: "
                "build the datasets with one version of score-model, which gives each group one split"
            )


def _make_label(sample: Sample) -> Label:
    outcome = sample.outcome()
    passed, score = outcome.passed, outcome.score
    if outcome.override is not None:
        passed, score = outcome.override.passed, outcome.override.score
    keys = sample.task_id, sample.solution_id, sample.group, sample.split, sample.label_quality
    return Label(*keys, passed, check_score(score, sample.task_id))


def _assemble_rows(rows: list[tuple[SeenRow, Label]]) -> Rows:
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
