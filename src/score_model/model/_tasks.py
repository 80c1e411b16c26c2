"""Tasks and actions in every spelling that they come in, as the observation that training saw."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import msgspec

from score_model.contract import Action, Observation, Sample, Task, parse_action
from score_model.errors import ContractError

TaskLike = Task | Sample | Observation | Mapping[str, Any]
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


def observation_of(task: TaskLike, actions: Sequence[Any]) -> Observation:
    """The observation of an answer to a task: what a dataset line of it would give.

    Actions are parsed records, or JSON values as they are recorded. Raises ContractError if the task is none.
    """
    parsed = _parsed(actions)
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
            task = msgspec.convert(renamed, Task)
        except msgspec.ValidationError as broken:
            raise ContractError(f"not a task: {broken}") from None
    if not isinstance(task, Task):
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


def _parsed(actions: Sequence[Any]) -> list[Action]:
    if isinstance(actions, str | bytes) or not isinstance(actions, Sequence):
        raise ContractError("actions are a list")
    return [_action(action) for action in actions]


def _action(recorded: Any) -> Action:
    """The parsed action; those that repeat, as most do, are parsed once."""
    if isinstance(recorded, msgspec.Struct):
        return recorded  # type: ignore[return-value]
    try:
        raw = msgspec.json.encode(recorded)
    except (TypeError, ValueError, OverflowError, RecursionError):  # no JSON that can be written down again
        return parse_action(recorded)
    if len(raw) > _LONGEST_KEPT or b"null" in raw:  # NaN and infinity are written as null
        return parse_action(recorded)
    return _kept_action(raw)


@lru_cache(maxsize=8192)
def _kept_action(raw: bytes) -> Action:
    return parse_action(msgspec.json.decode(raw))
