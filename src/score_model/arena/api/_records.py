"""What the task API takes and gives (export contract, section 2). Unknown fields of a request are ignored."""

from typing import Annotated, Any

import msgspec
from msgspec import UNSET, Meta, UnsetType

from score_model.contract import SolutionStatus
from score_model.contract.task_api import TaskStatus
from score_model.contract.task_tests import Check

MAX_SCREENSHOTS = 50
MAX_TESTS = 100
MAX_ATTEMPTS = 100  # that are scored by one request
MAX_SCORED_ACTIONS = 1_000  # of an attempt
MAX_SCORED_WORDING = 20_000  # characters of a task, as of a description

AgentId = Annotated[str, Meta(min_length=1, max_length=200)]
_Title = Annotated[str, Meta(min_length=1, max_length=500)]
_Description = Annotated[str, Meta(max_length=20_000)]
_Tests = Annotated[list[dict[str, Any]], Meta(max_length=MAX_TESTS)]
_Screenshots = Annotated[list[str], Meta(max_length=MAX_SCREENSHOTS)]
_Demanded = Annotated[str, Meta(min_length=1, max_length=200)]
_Actions = Annotated[list[Any], Meta(max_length=MAX_SCORED_ACTIONS)]
_TEXT_OR_NULL = {"type": ["string", "null"]}
_WORDING = {**_TEXT_OR_NULL, "maxLength": MAX_SCORED_WORDING}
_ScoredTask = Annotated[
    dict[str, Any],
    Meta(
        description="The id of a task of this arena, or a task in words: spelt so, or as the leaderboard export does.",
        extra_json_schema={
            "properties": {
                "task_id": {"type": ["string", "integer", "null"]},
                **dict.fromkeys(("website", "use_case", "start_url", "required_url"), _TEXT_OR_NULL),
                **dict.fromkeys(("prompt", "intent"), _WORDING),
                "web_version": {"type": ["string", "number", "null"]},
            },
        },
    ),
]


class _Demandable(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What some deployments demand in the body of every POST."""

    nonce: _Demanded | UnsetType = UNSET
    run_id: _Demanded | UnsetType = UNSET


class NewTask(_Demandable, frozen=True, kw_only=True, omit_defaults=True):
    """A task to be made. `tests` decide its solutions and are shown by the leaderboard export only."""

    title: _Title
    description: _Description | None = None
    inputs: dict[str, Any] | None = None
    metadata: dict[str, Any] | None = None
    tests: _Tests | None = None


class NewClaim(_Demandable, frozen=True, kw_only=True, omit_defaults=True):
    """Who claims a task."""

    agent_id: AgentId | None = None


class NewArtifacts(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What an agent hands in beside its answer; `screenshots` are data URLs of PNG, JPEG or WebP images."""

    steps: list[dict[str, Any]] | None = None
    logs: str | None = None
    screenshots: _Screenshots | None = None


class NewSolution(_Demandable, frozen=True, kw_only=True, omit_defaults=True):
    """A solution as an agent submits it."""

    agent_id: AgentId
    artifacts: NewArtifacts | None = None
    answer: Any = None
    runtime: dict[str, Any] | None = None


JsonObject = Annotated[msgspec.Raw, Meta(extra_json_schema={"type": "object"})]  # as it is kept


class ScoredArtifacts(msgspec.Struct, frozen=True, kw_only=True):
    """Of what an agent handed in, what is scored."""

    steps: _Actions | None = None


class NewAttempt(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An answer to be scored: `actions`, or `artifacts` as a solution has them."""

    task: _ScoredTask
    actions: _Actions | None = None
    artifacts: ScoredArtifacts | None = None


class NewScore(NewAttempt, frozen=True, kw_only=True, omit_defaults=True):
    """One answer to be scored."""

    nonce: _Demanded | UnsetType = UNSET
    run_id: _Demanded | UnsetType = UNSET


class NewScores(_Demandable, frozen=True, kw_only=True, omit_defaults=True):
    """Several answers to be scored."""

    attempts: Annotated[list[NewAttempt], Meta(min_length=1, max_length=MAX_ATTEMPTS)]


class ScoreDriver(msgspec.Struct, frozen=True):
    """What moved a score: a feature or a word, its value, and its part of the log-odds of success."""

    name: str
    value: float | None
    contribution: float


class Score(msgspec.Struct, frozen=True, kw_only=True):
    """How good an answer is, as the model says it. With `abstain` the numbers are a guess, and `reason` says why.

    `probability` of success, and the `interval` that holds it; `score` is the expected score. `strength` orders answers
    to one task, the greatest first. `head` is what judged: `actions`, or the `rule` that no actions fail.
    """

    probability: float
    score: float
    interval: tuple[float, float]
    strength: float
    drivers: list[ScoreDriver]
    abstain: bool
    reason: str | None
    head: str


class Scores(msgspec.Struct, frozen=True, kw_only=True):
    """The scores in the order of the attempts; `ranking` has their places from 0, the best first, if all are of one
    task, and is null if not."""

    scores: list[Score]
    ranking: list[int] | None


class Task(msgspec.Struct, frozen=True, kw_only=True):
    """A task."""

    id: str
    title: str
    description: str | None
    inputs: JsonObject
    created_at: str
    status: TaskStatus
    metadata: JsonObject


class Claim(msgspec.Struct, frozen=True, kw_only=True):
    """Who may work on a task, and until when."""

    agent_id: str | None
    expires_at: str


class TaskDetail(Task, frozen=True, kw_only=True):
    """A task, with the claim that holds if it is assigned."""

    claim: Claim | UnsetType = UNSET


class ClaimedTask(Task, frozen=True, kw_only=True):
    """A task with the claim that was just made."""

    claim: Claim


class Solution(msgspec.Struct, frozen=True, kw_only=True):
    """A solution as its submission and lists show it; score and verdict are null until it is evaluated."""

    id: str
    task_id: str
    status: SolutionStatus
    score: float | None
    verdict: str | None
    created_at: str


class Artifacts(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What an agent handed in; `screenshots` are paths to the images."""

    steps: list[dict[str, Any]] | None = None
    logs: str | None = None
    screenshots: list[str] | None = None


class SolutionDetail(Solution, frozen=True, kw_only=True):
    """A solution with all that was handed in, and with its checks once it is evaluated."""

    agent_id: str
    artifacts: Artifacts | None
    answer: Any
    runtime: dict[str, Any] | None
    checks: list[Check] | UnsetType = UNSET


class Problem(msgspec.Struct, frozen=True):
    """What is wrong with one part of a request, and where."""

    loc: list[str]
    msg: str
    type: str


class Error(msgspec.Struct, frozen=True):
    """An error answer."""

    code: str
    detail: str | list[Problem]
