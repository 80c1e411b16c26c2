"""Solutions in the database: handed in, found and listed."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
from msgspec import UNSET
from sqlalchemy import Connection, Row, bindparam, insert, select

from score_model.arena.api._records import Artifacts, Solution, SolutionDetail
from score_model.arena.api._screenshots import Screenshot, insert_images
from score_model.arena.api._tasks import no_such_task
from score_model.arena.database.tables import solutions, tasks
from score_model.contract import SolutionStatus, format_instant
from score_model.contract.task_tests import Check
from score_model.web import RefusedError

COLUMNS = tuple(solutions.c[name] for name in (
    "id", "task_id", "status", "leased_until_us", "score", "verdict", "created_us",
))  # fmt: skip
_DETAIL = (*COLUMNS, *(solutions.c[name] for name in ("agent_id", "screenshots", "checks", "request")))
_TASK_NUMBER = select(tasks.c.number).where(tasks.c.id == bindparam("task"))
_INSERT = insert(solutions)
_GET = select(*_DETAIL).where(solutions.c.id == bindparam("solution"))
_CHECKS = msgspec.json.Decoder(list[Check])


class StoredSolution(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A solution as it was handed in, without its screenshots, which are rows of their own."""

    artifacts: Artifacts | None = None
    answer: Any = None
    runtime: dict[str, Any] | None = None


SOLUTION_DECODER = msgspec.json.Decoder(StoredSolution)


@dataclass(frozen=True, kw_only=True)
class Submission:
    """What an agent hands in: what is stored of it, and its screenshots."""

    agent_id: str
    run_id: str | None
    stored: StoredSolution
    images: Sequence[Screenshot] = ()


def insert_solution(connection: Connection, solution_id: str, task_id: str, now: int, given: Submission) -> Solution:
    """Store a solution, handed in at `now`, and return it; raises RefusedError 404 if there is no such task."""
    if connection.execute(_TASK_NUMBER, {"task": task_id}).one_or_none() is None:
        raise no_such_task()
    row = {
        "id": solution_id,
        "task_id": task_id,
        "agent_id": given.agent_id,
        "run_id": given.run_id,
        "created_us": now,
        "status": SolutionStatus.PENDING.value,
        "screenshots": len(given.images),
        "request": msgspec.json.encode(given.stored),
    }
    connection.execute(_INSERT, row)
    insert_images(connection, solution_id, given.images)
    return Solution(
        id=solution_id,
        task_id=task_id,
        status=SolutionStatus.PENDING,
        score=None,
        verdict=None,
        created_at=format_instant(now),
    )


def get_solution(connection: Connection, solution_id: str, now: int) -> SolutionDetail:
    """The solution as it stands at `now`; raises RefusedError 404. Its screenshots are paths on this API."""
    row = connection.execute(_GET, {"solution": solution_id}).one_or_none()
    if row is None:
        raise no_such_solution()
    stored = SOLUTION_DECODER.decode(row.request)
    artifacts = stored.artifacts
    if row.screenshots:
        paths = [f"/api/solutions/{solution_id}/screenshots/{place}" for place in range(row.screenshots)]
        artifacts = msgspec.structs.replace(artifacts or Artifacts(), screenshots=paths)
    return SolutionDetail(
        **msgspec.structs.asdict(solution_of_row(row, now)),
        agent_id=row.agent_id,
        artifacts=artifacts,
        answer=stored.answer,
        runtime=stored.runtime,
        checks=UNSET if row.checks is None else _CHECKS.decode(row.checks),
    )


def solution_of_row(row: Row[Any], now: int) -> Solution:
    """The record of a row of `COLUMNS`; a solution whose evaluation was given up is pending again."""
    status = SolutionStatus(row.status)
    if status is SolutionStatus.EVALUATING and row.leased_until_us <= now:
        status = SolutionStatus.PENDING
    return Solution(
        id=row.id,
        task_id=row.task_id,
        status=status,
        score=row.score,
        verdict=row.verdict,
        created_at=format_instant(row.created_us),
    )


def no_such_solution() -> RefusedError:
    """The refusal where there is no solution of the id."""
    return RefusedError(404, "solution_not_found", "There is no solution of this id")
