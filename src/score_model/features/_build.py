"""From a dataset, traces, or both, to tables of features: streamed, one episode in memory at a time."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec

from score_model.atomic import atomic_write
from score_model.contract import Sample
from score_model.errors import UsageError
from score_model.features._episode import episode_features, episode_text
from score_model.features._schema import EPISODE_COLUMNS, STEP_COLUMNS
from score_model.features._sources import Episode, FeaturesReport, TraceFolder, dataset_episodes
from score_model.features._steps import step_features
from score_model.features._tables import Tables

REPORT = "features.json"
"""The report's name in the folder of the tables."""


def build_features(
    dataset: Path | None,
    traces_dir: Path | None,
    output_dir: Path,
    *,
    jsonl: bool = False,
    progress: Callable[[int], None] | None = None,
) -> FeaturesReport:
    """Writes `steps.parquet`, `episodes.parquet`, `features.json` and, with a dataset, `labels.parquet`.

    With a dataset there is one episode for each of its rows, in its order, and traces are found by the ids of task and
    solution; with traces alone one for each trace, in the order of their paths. The same input gives the same bytes.
    Traces that are torn, foreign or beyond the bounds are counted and named in the report. `progress` is told how many
    episodes are behind us.

    Raises UsageError without input, for an input without a row, or for a dataset that can't be read, and
    MissingExtraError without pyarrow or, for compressed traces, zstandard.
    """
    if dataset is None and traces_dir is None:
        raise UsageError("features are made from a dataset, from traces, or from both: give one of them")
    traces = TraceFolder(traces_dir)
    rows = dataset_episodes(dataset, traces) if dataset is not None else traces.episodes()
    episodes = with_trace = steps = 0
    with Tables(output_dir, labels=dataset is not None, jsonl=jsonl) as tables:
        for episode in rows:
            tables.episodes.add(_episode_row(episode))
            for row in _step_rows(episode):
                tables.steps.add(row)
                steps += 1
            if tables.labels is not None and episode.sample is not None:
                tables.labels.add(_label_row(episode.sample))
            episodes += 1
            with_trace += episode.behaviour is not None
            if progress is not None:
                progress(episodes)
        if not episodes and not traces.unused:
            raise UsageError(f"{traces_dir}: no traces in it" if dataset is None else f"{dataset}: no rows in it")
    report = FeaturesReport(
        episodes=episodes,
        with_trace=with_trace,
        steps=steps,
        episode_columns=len(EPISODE_COLUMNS),
        step_columns=len(STEP_COLUMNS),
        labelled=dataset is not None,
        trace_files=traces.files,
        unused=traces.unused,
        unused_examples=traces.examples,
        unmatched=traces.unmatched,
        duplicates=traces.duplicates,
    )
    with atomic_write(output_dir / REPORT) as file:
        file.write(msgspec.json.format(msgspec.json.encode(report), indent=2) + b"\n")
    return report


def _episode_row(episode: Episode) -> dict[str, Any]:
    observation = episode.observation
    return {
        "task_id": episode.task_id,
        "solution_id": episode.solution_id,
        "website": observation.website,
        "use_case": observation.use_case,
        "text": episode_text(observation),
        "has_trace": episode.behaviour is not None,
        **episode_features(observation, episode.behaviour),
    }


def _step_rows(episode: Episode) -> Iterator[dict[str, Any]]:
    for index, values in enumerate(step_features(episode.observation, episode.behaviour)):
        yield {"task_id": episode.task_id, "solution_id": episode.solution_id, "step": index, **values}


def _label_row(sample: Sample) -> dict[str, Any]:
    """The outcome of a row: written beside the features and never read for them."""
    outcome = sample.outcome()
    override = outcome.override
    return {
        "task_id": sample.task_id,
        "solution_id": sample.solution_id,
        "website": sample.website,
        "use_case": sample.use_case,
        "group": sample.group,
        "split": sample.split,
        "label_score": outcome.score,
        "label_passed": outcome.passed,
        "label_quality": sample.label_quality,
        "label_override_passed": None if override is None else override.passed,
        "label_override_score": None if override is None else override.score,
    }
