"""Reading what is to be scored: a dataset, or lines of a task and its actions."""

from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from score_model.contract import Observation, Sample
from score_model.contract.leaderboard import text_id
from score_model.dataset import load_samples
from score_model.errors import ContractError, UsageError
from score_model.features import TraceFolder
from score_model.model import Attempt, Scorer, ScoreResult
from score_model.model.fitting import make_observation

LONGEST_LINE = 64 * 2**20
"""Bytes; a longer line is a fault and never loaded, as in raw dumps."""


_REST = 2**20  # bytes of such a line that are passed over at once

_BATCH = 512
_MOST_FAULTS = 1000


class Named(NamedTuple):
    """An attempt and the names of its task and solution; `fault` says why there is none that can be scored."""

    task_id: str | None
    solution_id: str | None
    attempt: Attempt | None
    fault: str | None = None

    @property
    def about(self) -> tuple[str | None, str | None]:
        """The website and the wording of its task, which answers to one task share."""
        task = None if self.attempt is None else self.attempt.task
        return (task.website, task.intent) if isinstance(task, Sample | Observation) else (None, None)


class _Line(msgspec.Struct):
    """A line that is not a dataset's: `{"task": {…}, "actions": [ … ]}`."""

    task: dict[str, Any]
    actions: list[Any]
    solution_id: str | int | None = None


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
    first = next((line for _, line in _lines(file) if line is None or not line.isspace()), None)
    if first is None:
        return False
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
    for number, line in _lines(file):
        if line is None:
            yield Named(None, None, None, f"line {number}: longer than {LONGEST_LINE:,} bytes")
            continue
        if line.isspace():
            continue
        try:
            given = decoder.decode(line)
            task_id = given.task.get("taskId", given.task.get("task_id"))
            attempt = Attempt(make_observation(given.task, given.actions), given.actions)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, ContractError) as broken:
            yield Named(None, None, None, f"line {number}: {broken}")
            continue
        solution_id = None if given.solution_id is None else text_id(given.solution_id)
        yield Named(None if task_id is None else str(task_id), solution_id, attempt)


def _lines(file: Path) -> Iterator[tuple[int, bytes | None]]:
    """The lines and their numbers from 1; None for one that is too long to hold."""
    with file.open("rb") as lines:
        number = 0
        while line := lines.readline(LONGEST_LINE + 1):
            number += 1
            if len(line) <= LONGEST_LINE or line.endswith(b"\n"):
                yield number, line
                continue
            while rest := lines.readline(_REST):
                if rest.endswith(b"\n"):
                    break
            yield number, None


class Totals(msgspec.Struct):
    """What was scored; `mean_probability` is 0 where nothing was."""

    scored: int = 0
    failed: int = 0
    abstained: int = 0
    without_actions: int = 0
    mean_probability: float = 0.0


class Scoring:
    """A file on its way through a model; `totals` and `faults` are complete once `results` has ended.

    Raises UsageError if the model or the file can't be read.
    """

    def __init__(self, model: Path, file: Path, traces: Path | None, allow_plugin: Sequence[str] = ()) -> None:
        self._scorer = Scorer.load(model, allow_plugin=allow_plugin)
        self._file = file
        self._attempts = attempts_of(file, traces)
        self.totals = Totals()
        self.faults: list[str] = []

    def results(self, drivers: int, progress: Callable[[int], None]) -> Iterator[tuple[Named, ScoreResult]]:
        """Each answer that could be scored with its score, in the file's order. Raises UsageError if there is none."""
        total, whole = self.totals, 0.0
        while batch := list(islice(self._attempts, _BATCH)):
            good = [named for named in batch if named.attempt is not None]
            attempts = [named.attempt for named in good if named.attempt is not None]
            for named in batch:
                if named.fault is not None:
                    total.failed += 1
                    if len(self.faults) < _MOST_FAULTS:
                        self.faults.append(named.fault)
            for named, result in zip(good, self._scorer.score_many(attempts, drivers=drivers), strict=True):
                total.scored += 1
                total.abstained += result.abstain
                total.without_actions += result.head == "rule"
                whole += result.probability
                total.mean_probability = whole / total.scored
                yield named, result
            progress(total.scored)
        if not total.scored and not total.failed:
            raise UsageError(f"{self._file}: no answers in it")
