"""Rows of training and scoring: what an estimator may see (Inputs), and what it is to learn (Rows)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from score_model.arrays import Bools, Floats, Ints
from score_model.contract import Action, Observation, Sample, parse_action
from score_model.contract.leaderboard import EntryTask
from score_model.errors import ContractError
from score_model.features import EPISODE_COLUMNS, Behaviour, ReadEpisode, read_episode
from score_model.printable import whole_characters

COLUMN_NAMES: tuple[str, ...] = tuple(column.name for column in EPISODE_COLUMNS if column.type == "number")
"""The columns of a row's matrix, in the schema's order."""

ACTION_COLUMNS: tuple[str, ...] = tuple(
    column.name for column in EPISODE_COLUMNS if column.type == "number" and not column.needs_trace
)
"""Those that are known without a trace."""

_UNKNOWN = float("nan")

TaskLike = EntryTask | Sample | Observation | Mapping[str, Any]
"""A task: a record, or a JSON object in the spelling of the leaderboard's export (`useCase`) or of a dataset
(`use_case`)."""

_LONGEST_KEPT = 2_000  # bytes of an action that is remembered

_SPELLINGS = {
    "task_id": "taskId",
    "use_case": "useCase",
    "start_url": "startUrl",
    "required_url": "requiredUrl",
    "web_version": "webVersion",
}


@dataclass(frozen=True)
class Inputs:
    """What an estimator sees of n rows.

    `matrix` is n × columns in the order of `columns`, NaN where a value is unknown. `websites` and `use_cases` are the
    keys of back-off rates and of the question whether a website is known; no estimator learns from their names.
    """

    columns: tuple[str, ...]
    matrix: Floats
    texts: tuple[str, ...]
    websites: tuple[str | None, ...]
    use_cases: tuple[str | None, ...]
    action_counts: Ints
    has_trace: Bools

    def __len__(self) -> int:
        return len(self.texts)

    def take(self, rows: NDArray[Any]) -> "Inputs":
        """The rows of a mask or of an array of indices, in its order."""
        chosen = np.flatnonzero(rows) if rows.dtype == np.bool_ else rows
        return Inputs(
            columns=self.columns,
            matrix=self.matrix[chosen],
            texts=pick(self.texts, chosen),
            websites=pick(self.websites, chosen),
            use_cases=pick(self.use_cases, chosen),
            action_counts=self.action_counts[chosen],
            has_trace=self.has_trace[chosen],
        )

    def select(self, columns: Sequence[str]) -> Floats:
        """The matrix with these columns only, in this order."""
        if tuple(columns) == self.columns:
            return self.matrix
        place = {name: number for number, name in enumerate(self.columns)}
        return self.matrix[:, [place[name] for name in columns]]


@dataclass(frozen=True)
class Rows:
    """Labelled rows: inputs, what came of them, and the keys that keep relatives together.

    `labels` are 1 passed, 0 failed, NaN unknown; `scores` lie in 0..1 or are NaN. An override of the label is in them
    already. `groups`, `splits` and `qualities` are the dataset's.
    """

    inputs: Inputs
    labels: Floats
    scores: Floats
    task_ids: tuple[str, ...]
    solution_ids: tuple[str | None, ...]
    groups: tuple[str, ...]
    splits: tuple[str, ...]
    qualities: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.inputs)

    def take(self, rows: NDArray[Any]) -> "Rows":
        """The rows of a mask or of an array of indices, in its order."""
        chosen = np.flatnonzero(rows) if rows.dtype == np.bool_ else rows
        return Rows(
            inputs=self.inputs.take(chosen),
            labels=self.labels[chosen],
            scores=self.scores[chosen],
            task_ids=pick(self.task_ids, chosen),
            solution_ids=pick(self.solution_ids, chosen),
            groups=pick(self.groups, chosen),
            splits=pick(self.splits, chosen),
            qualities=pick(self.qualities, chosen),
        )

    def in_splits(self, splits: Sequence[str]) -> Bools:
        """Which rows lie in these splits of the dataset."""
        return np.array([split in splits for split in self.splits], dtype=np.bool_)

    @property
    def empty(self) -> Bools:
        """Which rows hold no actions: those fail by the rule, whatever a model says."""
        found: Bools = self.inputs.action_counts == 0
        return found


def pick(values: Sequence[Any], rows: NDArray[Any]) -> tuple[Any, ...]:
    """Return the values at the row numbers."""
    return tuple(values[row] for row in rows.tolist())


def feature_row(observation: Observation, behaviour: Behaviour | None) -> list[float]:
    """One row of the matrix, in the schema's order."""
    return episode_row(read_episode(observation), behaviour)


def episode_row(episode: ReadEpisode, behaviour: Behaviour | None) -> list[float]:
    """The same of an episode that has been read. Training and serving both make their rows here."""
    values = episode.values(behaviour)
    return [_UNKNOWN if (value := values.get(name)) is None else float(value) for name in COLUMN_NAMES]


def clean_key(name: str | None) -> str | None:
    """The name of a website or use case as tables and model folders can hold it."""
    return None if name is None else whole_characters(name)


def make_inputs(observations: Sequence[Observation], behaviours: Sequence[Behaviour | None]) -> Inputs:
    """The inputs of observations and, where there is one, of what a trace shows of each."""
    count = len(observations)
    matrix = np.empty((count, len(COLUMN_NAMES)), dtype=np.float64)
    texts = []
    for row, (observation, behaviour) in enumerate(zip(observations, behaviours, strict=True)):
        episode = read_episode(observation)
        matrix[row] = episode_row(episode, behaviour)
        texts.append(episode.text)
    return Inputs(
        columns=COLUMN_NAMES,
        matrix=matrix,
        texts=tuple(texts),
        websites=tuple(clean_key(observation.website) for observation in observations),
        use_cases=tuple(clean_key(observation.use_case) for observation in observations),
        action_counts=np.array([len(observation.actions) for observation in observations], dtype=np.int64),
        has_trace=np.array([behaviour is not None for behaviour in behaviours], dtype=np.bool_),
    )


def make_observation(task: TaskLike, actions: Sequence[Any]) -> Observation:
    """The observation of an answer to a task: what a dataset line of it would give.

    Actions are parsed records, or JSON values as they are recorded. Raises ContractError if the task is none.
    """
    parsed = _parse_actions(actions)
    if isinstance(task, Sample | Observation):
        return Observation(
            website=task.website,
            use_case=task.use_case,
            intent=task.intent,
            start_url=task.start_url,
            required_url=task.required_url,
            web_version=task.web_version,
            actions=parsed,
            trajectory=task.trajectory if actions is task.actions else None,
        )
    if isinstance(task, Mapping):
        renamed = {_SPELLINGS.get(name, name): value for name, value in task.items() if name != "tests"}
        try:
            task = msgspec.convert(renamed, EntryTask)
        except msgspec.ValidationError as broken:
            raise ContractError(f"not a task: {broken}") from None
    if not isinstance(task, EntryTask):
        raise ContractError(f"not a task: a JSON object or a record is needed, not {type(task).__name__}")
    version = task.web_version
    return Observation(
        website=task.site,
        use_case=task.use_case,
        intent=task.wording,
        start_url=task.start_url,
        required_url=task.required_url,
        web_version=None if version is None else str(version),
        actions=parsed,
        trajectory=None,
    )


def _parse_actions(actions: Sequence[Any]) -> list[Action]:
    if isinstance(actions, str | bytes) or not isinstance(actions, Sequence):
        raise ContractError("actions are a list")
    return [_parse_one(action) for action in actions]


def _parse_one(recorded: Any) -> Action:
    """The parsed action; those that repeat, as most do, are parsed once."""
    if isinstance(recorded, msgspec.Struct):
        return recorded  # type: ignore[return-value]
    try:
        raw = msgspec.json.encode(recorded)
    except (TypeError, ValueError, OverflowError, RecursionError):  # no JSON that can be written down again
        return parse_action(recorded)
    if len(raw) > _LONGEST_KEPT or b"null" in raw:  # NaN and infinity are written as null
        return parse_action(recorded)
    return _parse_cached(raw)


@lru_cache(maxsize=8192)
def _parse_cached(raw: bytes) -> Action:
    return parse_action(msgspec.json.decode(raw))
