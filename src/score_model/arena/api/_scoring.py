"""Scoring answers: what the model may see of a task and of its attempts, and what it says."""

import asyncio
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec
from litestar import Response, post
from litestar.types import ControllerRouterHandler
from msgspec.structs import replace
from sqlalchemy import Connection

from score_model.arena.api._bodies import convert, receive_json
from score_model.arena.api._context import ApiContext, Incoming
from score_model.arena.api._export_entries import task_sample
from score_model.arena.api._records import MAX_SCORED_WORDING, NewAttempt, NewScore, NewScores
from score_model.arena.api._tasks import find_tasks
from score_model.contract import Observation
from score_model.contract.leaderboard import text_id
from score_model.errors import ContractError
from score_model.web import RefusedError, invalid_body, json_answer

if TYPE_CHECKING:
    from score_model.model import Scorer, ScoreResult

_IDS = ("task_id", "taskId")
_SAID_OF_A_TASK = frozenset(("website", "prompt", "intent", "use_case", "useCase", "start_url", "startUrl"))

_AT_ONCE = 2  # scoring keeps a core busy; what is to be scored meanwhile waits


class RankedScores(NamedTuple):
    """Scores in the order of the attempts, and their places, the best first, if all are of one task."""

    scores: list["ScoreResult"]
    ranking: list[int] | None


class AttemptScorer:
    """A model at work. It sees a task's description and an attempt's actions: no test, no verdict, nobody's name."""

    def __init__(self, scorer: "Scorer") -> None:
        self._scorer = scorer

    @classmethod
    def load(cls, folder: Path, allow_plugin: Sequence[str] = ()) -> "AttemptScorer":
        """Return the model of a folder that `score-model train` wrote; of plug-ins only those named here are imported.

        Raises UsageError if it is missing or damaged, MissingExtraError without the extra `train`.
        """
        # Here and not above: an arena without a model starts without the libraries of one.
        from score_model.model import Scorer

        return cls(Scorer.load(folder, allow_plugin=allow_plugin))

    def score(
        self, attempts: Sequence[NewAttempt], known: Mapping[str, Mapping[str, Any]], *, listed: bool
    ) -> RankedScores:
        """The score of each attempt, as it would be alone. `known` are the tasks that were named by their id.

        Raises RefusedError: 404 for a task that is not known, 422 for an attempt that can't be scored, with its place
        if they came `listed`; nothing is scored then.
        """
        from score_model.model.fitting import best_first

        seen = [
            _observation(attempt, known, f"attempts.{number}." if listed else "")
            for number, attempt in enumerate(attempts)
        ]
        scores = [self._scorer.score(observation, observation.actions) for observation in seen]
        tasks = {msgspec.json.encode(replace(observation, actions=[])) for observation in seen}
        return RankedScores(scores, best_first(scores) if len(tasks) == 1 else None)


def named_task(task: Mapping[str, Any]) -> str | None:
    """The id of a task that says nothing of itself but its id; None for one that is described."""
    if any(task.get(name) is not None for name in _SAID_OF_A_TASK):
        return None
    given = next((task[name] for name in _IDS if task.get(name) is not None), None)
    return text_id(given) if isinstance(given, str | int) and not isinstance(given, bool) else None


def _observation(attempt: NewAttempt, known: Mapping[str, Mapping[str, Any]], place: str) -> Observation:
    from score_model.model.fitting import make_observation

    actions = _actions(attempt, place)
    try:
        observation = make_observation(_task(attempt.task, known, place), actions)
    except ContractError as broken:
        raise invalid_body(f"{place}task", str(broken)) from None
    if len(observation.intent or "") > MAX_SCORED_WORDING:
        raise invalid_body(f"{place}task", f"Its wording has more than {MAX_SCORED_WORDING} characters")
    return observation


def _task(task: Mapping[str, Any], known: Mapping[str, Mapping[str, Any]], place: str) -> Mapping[str, Any]:
    name = named_task(task)
    if name is not None:
        if name not in known:
            raise RefusedError(404, "task_not_found", f"There is no task of this id: {place}task")
        return known[name]
    if all(task.get(said) is None for said in _SAID_OF_A_TASK):
        raise invalid_body(f"{place}task", "Give its task_id, or its website and prompt")
    return task


def _actions(attempt: NewAttempt, place: str) -> list[Any]:
    if attempt.actions is not None and attempt.artifacts is not None:
        raise invalid_body(f"{place}actions", "Give actions or artifacts, not both")
    if attempt.artifacts is not None:
        return attempt.artifacts.steps or []
    if attempt.actions is None:
        raise invalid_body(f"{place}actions", "Give actions, or artifacts with steps")
    return attempt.actions


def score_routes(api: ApiContext, scoring: AttemptScorer | None) -> list[ControllerRouterHandler]:
    """The handler; without a model it answers 404."""
    turns = asyncio.Semaphore(_AT_ONCE)

    async def scored(scoring: AttemptScorer, attempts: Sequence[NewAttempt], *, listed: bool) -> RankedScores:
        names = {name for attempt in attempts if (name := named_task(attempt.task)) is not None}

        def find(connection: Connection) -> dict[str, dict[str, Any]]:
            return {name: task_sample(row).exported_task() for name, row in find_tasks(connection, names).items()}

        known = await api.read(find) if names else {}
        async with turns:
            return await asyncio.to_thread(scoring.score, attempts, known, listed=listed)

    @post("/api/score", status_code=200)
    async def score(request: Incoming) -> Response[bytes]:
        if scoring is None:
            await api.admission.admit(request)
            raise RefusedError(404, "no_model", "This arena has no model: start it with --model FOLDER")
        async with api.enter_post(request, receive_json) as posted:
            if posted.nonce is not None:
                api.admission.nonces.take(posted.nonce, posted)
            content = posted.received.content
            if "attempts" in content:
                several = await scored(scoring, convert(content, NewScores).attempts, listed=True)
                return json_answer({"scores": several.scores, "ranking": several.ranking})
            one = await scored(scoring, [convert(content, NewScore)], listed=False)
            return json_answer(one.scores[0])

    return [score]
