"""Records of the production task API (contract section 2). Unknown fields are ignored when read."""

import enum
from typing import Any

import msgspec

from score_model.contract.task_tests import Check


class TaskStatus(enum.StrEnum):
    """Where a task stands."""

    OPEN = "open"
    ASSIGNED = "assigned"
    DONE = "done"


class SolutionStatus(enum.StrEnum):
    """Where a solution's evaluation stands."""

    PENDING = "pending"
    EVALUATING = "evaluating"
    PASSED = "passed"
    FAILED = "failed"
    PARTIAL = "partial"


class ProductionTask(msgspec.Struct, frozen=True, kw_only=True):
    """A task as the API lists it; `status` is a TaskStatus, or a text that a newer deployment sends."""

    id: str
    title: str | None = None
    description: str | None = None
    inputs: dict[str, Any] | None = None
    created_at: str | None = None
    status: str | None = None
    metadata: dict[str, Any] | None = None


class Artifacts(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What an agent hands in beside its answer; `screenshots` are data URLs."""

    steps: list[dict[str, Any]] | None = None
    logs: str | None = None
    screenshots: list[str] | None = None


class SolutionRequest(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A solution as an agent submits it."""

    agent_id: str
    artifacts: Artifacts | None = None
    answer: Any = None
    runtime: dict[str, Any] | None = None


class ProductionSolution(msgspec.Struct, frozen=True, kw_only=True):
    """A submitted solution and, once evaluated, its result; `status` is a SolutionStatus or a newer text."""

    id: str
    task_id: str | None = None
    status: str | None = None
    score: float | None = None
    verdict: str | None = None
    checks: list[Check] | None = None
    created_at: str | None = None
