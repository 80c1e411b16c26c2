"""Where episodes come from: the rows of a dataset, each with its trace if there is one, or a folder of traces alone."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from score_model.contract import Observation, Sample
from score_model.contract.leaderboard import EntryTask, text_id
from score_model.dataset import load_samples
from score_model.errors import ContractError, MissingExtraError, UsageError
from score_model.features._behaviour import Behaviour, behaviour_of_records
from score_model.traces import TraceFooter, TraceHeader, TraceRecord, iter_traces, read_trace, trace_path

MOST_EXAMPLES = 20

_MOST_BYTES = 512 << 20  # of the JSON lines of one trace

_Key = tuple[str, str]


class UnusedTrace(msgspec.Struct, frozen=True):
    """A file that gave no features; `file` is its path below the folder of traces."""

    file: str
    reason: str


class FeaturesReport(msgspec.Struct, frozen=True, kw_only=True):
    """What `features.json` holds: no time, and no path of the machine.

    `with_trace` of the `episodes` have one. Of the trace files, `unused` are torn, foreign or beyond the bounds,
    `unmatched` belong to no row of the dataset, and `duplicates` tell of a solution that an earlier file told of.
    """

    episodes: int
    with_trace: int
    steps: int
    episode_columns: int
    step_columns: int
    labelled: bool
    trace_files: int = 0
    unused: int = 0
    unused_examples: list[UnusedTrace] = []
    unmatched: int = 0
    duplicates: int = 0

    @property
    def complete(self) -> bool:
        """Whether every trace could be used."""
        return not self.unused

    def lines(self) -> list[str]:
        """The report as text for people."""
        episodes = f"{self.episodes:,} episodes ({self.with_trace:,} with a trace) of {self.episode_columns} columns"
        lines = [f"Features: {episodes}, {self.steps:,} steps of {self.step_columns}."]
        if self.unmatched:
            lines.append(f"Traces of solutions that the dataset does not hold, not used: {self.unmatched:,}.")
        if self.duplicates:
            lines.append(f"Further traces of the same solution, not used: {self.duplicates:,}.")
        if self.unused:
            lines.append(f"Files that are no whole trace, not used: {self.unused:,}.")
            lines += [f"  {trace.file}: {trace.reason}" for trace in self.unused_examples]
            more = self.unused - len(self.unused_examples)
            lines += [f"  and {more:,} more"] if more else []
        return lines


class Episode(NamedTuple):
    """What features are made from, and the keys of its rows; `sample` is for the labels' table and nothing else."""

    task_id: str
    solution_id: str | None
    observation: Observation
    behaviour: Behaviour | None
    sample: Sample | None


class TraceFolder:
    """The traces below a folder, by the names of task and solution; a path of each is remembered."""

    def __init__(self, folder: Path | None) -> None:
        """Raises UsageError if there is no such folder."""
        self._folder = folder
        self._paths: dict[_Key, Path] = {}
        self._used: set[_Key] = set()
        self.files = self.duplicates = self.unused = 0
        self.examples: list[UnusedTrace] = []
        for path in () if folder is None else iter_traces(folder):
            self.files += 1
            if self._paths.setdefault(_key_of(path), path) is not path:
                self.duplicates += 1

    @property
    def unmatched(self) -> int:
        """Traces that nobody has asked for."""
        return len(self._paths) - len(self._used)

    def episodes(self) -> Iterator[Episode]:
        """One episode for each trace, in the order of their paths."""
        for key, path in self._paths.items():
            self._used.add(key)
            read = self._read(path)
            if read is not None:
                yield _episode(*read)

    def behaviour(self, sample: Sample) -> Behaviour | None:
        """What the trace of the sample's solution shows; None without a whole one."""
        path = self._path_of(sample)
        read = None if path is None else self._read(path, sample.solution_id)
        return None if read is None else read[1]

    def whole_behaviour(self, sample: Sample) -> Behaviour | None:
        """The same; None without a trace, and ContractError for one that `behaviour` would not use."""
        path = self._path_of(sample)
        try:
            return None if path is None else _header_and_behaviour(path, sample.solution_id)[1]
        except MissingExtraError:
            raise
        except (UsageError, OSError) as broken:
            raise ContractError(str(broken)) from None

    def _path_of(self, sample: Sample) -> Path | None:
        if sample.solution_id is None:
            return None
        key = _key_of(trace_path(Path(), sample.website, sample.task_id, sample.solution_id))
        path = self._paths.get(key)
        if path is not None:
            self._used.add(key)
        return path

    def _read(self, path: Path, solution_id: str | None = None) -> tuple[TraceHeader, Behaviour] | None:
        try:
            return _header_and_behaviour(path, solution_id)
        except MissingExtraError:
            raise
        except (ContractError, UsageError, OSError) as broken:
            self.unused += 1
            if len(self.examples) < MOST_EXAMPLES:
                self.examples.append(self._unused(path, broken))
            return None

    def _unused(self, path: Path, broken: Exception) -> UnusedTrace:
        assert self._folder is not None, "a trace lies in a folder"
        reason = str(broken).removeprefix(f"{path}: ")
        if isinstance(broken, OSError):
            reason = broken.strerror or type(broken).__name__
        return UnusedTrace(str(path.relative_to(self._folder)), reason.replace(str(self._folder), "")[:300])


def dataset_episodes(dataset: Path, traces: TraceFolder) -> Iterator[Episode]:
    """One episode for each row of a dataset, in its order. Raises as `load_samples` does."""
    for sample in load_samples(dataset):
        yield Episode(sample.task_id, sample.solution_id, sample.observation(), traces.behaviour(sample), sample)


def _header_and_behaviour(path: Path, solution_id: str | None) -> tuple[TraceHeader, Behaviour]:
    records = read_trace(path, max_bytes=_MOST_BYTES)
    header = next(records)
    assert isinstance(header, TraceHeader), "read_trace begins with the header or raises"
    if solution_id is not None and header.solution_id not in (None, solution_id):
        raise ContractError("its header names another solution")
    ended = False

    def to_the_end() -> Iterator[TraceRecord]:
        nonlocal ended
        for record in records:
            ended = isinstance(record, TraceFooter)
            yield record

    behaviour = behaviour_of_records(to_the_end())
    if not ended:
        raise ContractError("the trace has no end")
    return header, behaviour


def _episode(header: TraceHeader, behaviour: Behaviour) -> Episode:
    task = header.task or {}
    observation = Observation(
        website=EntryTask(website=_text(task, "website"), start_url=_text(task, "startUrl")).site,
        use_case=_text(task, "useCase"),
        intent=_text(task, "intent") or _text(task, "prompt"),
        start_url=_text(task, "startUrl"),
        required_url=_text(task, "requiredUrl"),
        web_version=_text(task, "webVersion"),
        actions=[step.action for step in behaviour.steps],
        trajectory=None,
    )
    return Episode(text_id(task.get("taskId")) or "", header.solution_id, observation, behaviour, None)


def _text(task: dict[str, Any], name: str) -> str | None:
    value = task.get(name)
    return value if isinstance(value, str) else None


def _key_of(path: Path) -> _Key:
    return path.parent.name, path.name.removesuffix(".zst").removesuffix(".jsonl")
