"""One line of a dataset, and the two halves that must never meet: Observation and Outcome."""

from typing import Any

import msgspec

from score_model.contract.action_parsing import parse_actions
from score_model.contract.actions import Action
from score_model.contract.task_tests import Check

SCHEMA_VERSION = 1

SPLITS = ("train", "val", "test")

LABEL_QUALITIES = ("ok", "environment_suspect", "contradicted", "replay_disagrees", "overridden", "unknown")


class Observation(msgspec.Struct, frozen=True, kw_only=True):
    """What a model may see: the task's wording and the agent's behaviour. No outcome, no tests, no identities."""

    website: str | None
    use_case: str | None
    intent: str | None
    start_url: str | None
    required_url: str | None
    web_version: str | None
    actions: list[Action]
    trajectory: Any


class Override(msgspec.Struct, frozen=True, kw_only=True):
    """What a person says of a solution, whatever was recorded; `score` is in 0..1, None if they gave none."""

    passed: bool
    score: float | None = None
    note: str | None = None


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """What the evaluation said, and a person after it; `checks` are empty where the source has none."""

    score: float | None
    passed: bool | None
    checks: list[Check] = []
    override: Override | None = None


class Sample(msgspec.Struct, frozen=True, kw_only=True):
    """One dataset line, field by field as downstream scripts know it (design section 3).

    `actions`, `trajectory`, `tests` and `filters` are JSON values as received. `score` is in 0..1. `score` and `passed`
    are as recorded even where there is an `override`.
    """

    task_id: str
    task_created_at: str | None
    website: str | None
    use_case: str | None
    intent: str | None
    start_url: str | None
    required_url: str | None
    web_version: str | None
    tests: Any
    solution_id: str | None
    solution_created_at: str | None
    agent_run_id: str | None
    miner_uid: int | None
    validator_uid: int | None
    score: float | None
    passed: bool | None
    num_actions: int
    actions: list[Any]
    trajectory: Any
    fetched_at: str | None
    filters: dict[str, Any]
    group: str
    split: str
    label_quality: str
    override: Override | None = None
    schema_version: int = SCHEMA_VERSION

    def observation(self) -> Observation:
        """The half that features and models are made from, with the actions parsed."""
        return Observation(
            website=self.website,
            use_case=self.use_case,
            intent=self.intent,
            start_url=self.start_url,
            required_url=self.required_url,
            web_version=self.web_version,
            actions=parse_actions(self.actions),
            trajectory=self.trajectory,
        )

    def exported_task(self) -> dict[str, str | None]:
        """Return the task as the leaderboard export spells it, without its tests (export contract, section 1)."""
        return {
            "taskId": self.task_id,
            "website": self.website,
            "useCase": self.use_case,
            "intent": self.intent,
            "startUrl": self.start_url,
            "requiredUrl": self.required_url,
            "createdAt": self.task_created_at,
            "webVersion": self.web_version,
        }

    def outcome(self) -> Outcome:
        """The half that only training targets and evaluation may touch."""
        return Outcome(score=self.score, passed=self.passed, override=self.override)
