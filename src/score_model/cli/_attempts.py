"""Reading what is to be scored: a dataset, or lines of a task and its actions."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from score_model.contract import Sample
from score_model.dataset import load_samples
from score_model.errors import ContractError, UsageError
from score_model.features import TraceFolder
from score_model.model import Attempt, observation_of


class Named(NamedTuple):
    """An attempt and the names of its task and solution; `fault` says why there is none that can be scored."""

    task_id: str | None
    solution_id: str | None
    attempt: Attempt | None
    fault: str | None = None


class _Line(msgspec.Struct):
    """A line that is not a dataset's: `{"task": {…}, "actions": [ … ]}`."""

    task: dict[str, Any]
    actions: list[Any]
    solution_id: str | None = None


def attempts_of(file: Path, traces: Path | None) -> Iterator[Named]:
    """The attempts of a dataset (`.jsonl`, `.parquet`), or of lines `{"task": {…}, "actions": […], "solution_id"}`.

    With a folder of `traces`, each solution's trace is read as `build_features` reads it, and one that is torn or
    foreign is a fault. A bad line of the second kind is a fault; a dataset must be whole. Raises UsageError if there is
    no such file, if `traces` come with lines, which have none, or as `load_samples` does.
    """
    if not file.is_file():
        raise UsageError(f"{file}: no such file")
    if file.suffix == ".parquet" or _is_dataset(file):
        folder = TraceFolder(traces)
        return (_of_sample(sample, folder) for sample in load_samples(file))
    if traces is not None:
        raise UsageError(f"{file}: traces are found by the ids of a dataset's rows, and this is none")
    return _of_lines(file)


def _is_dataset(file: Path) -> bool:
    with file.open("rb") as lines:
        first = next((line for line in lines if not line.isspace()), b"")
    try:
        value = msgspec.json.decode(first)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return False
    return isinstance(value, dict) and "task_id" in value and "label_quality" in value


def _of_sample(sample: Sample, traces: TraceFolder) -> Named:
    try:
        seen = traces.whole_behaviour(sample)
    except ContractError as broken:
        return Named(sample.task_id, sample.solution_id, None, str(broken))
    return Named(sample.task_id, sample.solution_id, Attempt(sample, sample.actions, seen))


def _of_lines(file: Path) -> Iterator[Named]:
    decoder = msgspec.json.Decoder(_Line)
    with file.open("rb") as lines:
        for number, line in enumerate(lines, 1):
            if line.isspace():
                continue
            try:
                given = decoder.decode(line)
                task_id = given.task.get("taskId", given.task.get("task_id"))
                attempt = Attempt(observation_of(given.task, given.actions), given.actions)
            except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, ContractError) as broken:
                yield Named(None, None, None, f"line {number}: {broken}")
                continue
            yield Named(None if task_id is None else str(task_id), given.solution_id, attempt)
