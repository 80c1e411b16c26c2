"""Filling the task API with tasks and solutions that were made elsewhere, many to a transaction."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, TypeVar

import msgspec
from sqlalchemy import Connection, Engine, Insert, select
from sqlalchemy.dialects.sqlite import insert

from score_model.arena.api._records import Artifacts
from score_model.arena.api._solutions import StoredSolution
from score_model.arena.database.engine import writing
from score_model.arena.database.tables import solutions, tasks
from score_model.contract import SolutionStatus
from score_model.errors import UsageError

_BATCH = 1_000
T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class GivenTask:
    """A task with an id of its own, made at `created_us` (µs since 1970-01-01 UTC); `tests` as in the export."""

    id: str
    title: str
    created_us: int
    description: str | None = None
    inputs: dict[str, Any] = field(default_factory=dict)
    metadata: dict[str, Any] = field(default_factory=dict)
    tests: list[dict[str, Any]] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class GivenSolution:
    """A solution with an id of its own, handed in at `created_us` for the task `task_id`; it waits for evaluation."""

    id: str
    task_id: str
    agent_id: str
    created_us: int
    steps: list[dict[str, Any]] | None = None
    logs: str | None = None
    answer: Any = None
    runtime: dict[str, Any] | None = None
    run_id: str | None = None


def add_tasks(engine: Engine, given: Iterable[GivenTask], committed: Callable[[int], None] = lambda _: None) -> int:
    """Store tasks, a thousand to a transaction; returns how many were new. One whose id is known is left as it is.

    `committed` is called after each transaction with how many were read so far.
    """
    statement = insert(tasks).on_conflict_do_nothing(index_elements=["id"])
    return _add(engine, given, statement, _task_row, committed)


def add_solutions(
    engine: Engine, given: Iterable[GivenSolution], committed: Callable[[int], None] = lambda _: None
) -> int:
    """Store solutions as `add_tasks` does tasks. Raises UsageError for one whose task is not there."""
    statement = insert(solutions).on_conflict_do_nothing(index_elements=["id"])
    return _add(engine, given, statement, _solution_row, committed, _check_tasks)


def _add(
    engine: Engine,
    given: Iterable[T],
    statement: Insert,
    row_of: Callable[[T], dict[str, Any]],
    committed: Callable[[int], None],
    check: Callable[[Connection, list[dict[str, Any]]], None] = lambda _connection, _rows: None,
) -> int:
    remaining = iter(given)
    added = read = 0
    while rows := [row_of(one) for one in islice(remaining, _BATCH)]:
        with writing(engine) as connection:
            check(connection, rows)
            added += connection.execute(statement, rows).rowcount
        read += len(rows)
        committed(read)
    return added


def _check_tasks(connection: Connection, rows: list[dict[str, Any]]) -> None:
    wanted = {row["task_id"] for row in rows}
    known = connection.execute(select(tasks.c.id).where(tasks.c.id.in_(sorted(wanted)))).scalars()
    if missing := sorted(wanted.difference(known)):
        raise UsageError(f"there is no task {missing[0]!r} to add a solution to")


def _task_row(given: GivenTask) -> dict[str, Any]:
    return {
        "id": given.id,
        "created_us": given.created_us,
        "done": False,
        "title": given.title,
        "description": given.description,
        "inputs": msgspec.json.encode(given.inputs),
        "metadata": msgspec.json.encode(given.metadata),
        "tests": msgspec.json.encode(given.tests),
    }


def _solution_row(given: GivenSolution) -> dict[str, Any]:
    artifacts = None if given.steps is None and given.logs is None else Artifacts(steps=given.steps, logs=given.logs)
    stored = StoredSolution(artifacts=artifacts, answer=given.answer, runtime=given.runtime)
    return {
        "id": given.id,
        "task_id": given.task_id,
        "agent_id": given.agent_id,
        "run_id": given.run_id,
        "created_us": given.created_us,
        "status": SolutionStatus.PENDING.value,
        "screenshots": 0,
        "request": msgspec.json.encode(stored),
    }
