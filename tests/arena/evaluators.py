"""An evaluator for tests, with the browser that the machine has, and what it was expected to find."""

import os
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, select

from score_model.arena import Evaluator, open_engine, running_evaluator
from score_model.arena.agents import Expectation, expectations_path, read_expectations, seed_arena
from score_model.arena.api import GivenSolution, GivenTask, add_solutions, add_tasks
from score_model.arena.database.tables import solutions
from score_model.errors import UsageError
from score_model.replay import ReplaySettings

TASK_US = 1_763_222_400_000_000  # 2025-11-15T16:00:00Z
HOME = "http://localhost:8000/?seed=17"
SEARCHED = [{"type": "CheckEventTest", "event_name": "SEARCH_FILM"}]


def clock() -> int:
    return time.time_ns() // 1000


@asynccontextmanager
async def evaluator(database: Path, **settings: Any) -> AsyncIterator[Evaluator]:
    """An evaluator of the arena's solutions. Without a browser the test is skipped, but fails where `CI` is set."""
    named = os.environ.get("SCORE_MODEL_BROWSER")
    running = running_evaluator(database, ReplaySettings(browser=Path(named) if named else None, **settings), clock)
    try:
        ready = await running.__aenter__()
    except UsageError as error:
        (pytest.fail if os.environ.get("CI") else pytest.skip)(str(error))
    try:
        yield ready
    finally:
        await running.__aexit__(None, None, None)


def seeded(database: Path, tasks: int, seed: int = 0, agents: list[str] | None = None) -> int:
    """Makes tasks with scripted answers; returns how many answers there are."""
    engine = open_engine(database)
    try:
        return seed_arena(engine, expectations_path(database), tasks, seed, agents=agents).solutions
    finally:
        engine.dispose()


def hand_in(engine: Engine, name: str, steps: list[dict[str, Any]], url: str = HOME, tests: Any = SEARCHED) -> str:
    """A task of its own with one solution; returns the solution's id."""
    task = GivenTask(id=f"task-{name}", title=name, created_us=TASK_US, inputs={"url": url}, metadata={}, tests=tests)
    given = GivenSolution(id=name, task_id=task.id, agent_id="miner_77", created_us=TASK_US, steps=steps, runtime=None)
    add_tasks(engine, [task])
    add_solutions(engine, [given])
    return name


def navigate(url: str = HOME) -> dict[str, Any]:
    return {"type": "navigate", "attributes": {"url": url}}


def wait(seconds: float) -> dict[str, Any]:
    return {"type": "wait", "attributes": {"time_seconds": seconds}}


def found(engine: Engine) -> dict[str, Any]:
    """What the arena knows of each solution, by its id."""
    with engine.connect() as connection:
        return {row.id: row for row in connection.execute(select(solutions))}


def disagreements(database: Path) -> Iterator[str]:
    """Solutions whose status or score is not what their agent expects."""
    engine = open_engine(database)
    try:
        rows = found(engine)
    finally:
        engine.dispose()
    for expected in read_expectations(expectations_path(database)):
        row = rows.pop(expected.solution_id, None)
        if row is None:  # its seeding was interrupted
            continue
        if (row.status, row.score) != (expected.status, expected.score):
            yield _told(expected, row)
    assert not rows, "every solution has an expectation"


def _told(expected: Expectation, row: Any) -> str:
    return (
        f"{expected.solution_id} by {expected.profile} ({expected.fault}): expected {expected.status} {expected.score} "
        f"with {expected.events}, found {row.status} {row.score}: {row.verdict}\n{row.request.decode()}"
    )
