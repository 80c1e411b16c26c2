"""Filling an arena with tasks and solutions that have ids of their own."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import count

import pytest

from score_model.arena.api import GivenSolution, GivenTask, add_solutions, add_tasks, claim_for_evaluation
from score_model.errors import UsageError
from tests.arena.conftest import RunningArena

_TASK = GivenTask(
    id="t1",
    title="One",
    created_us=1_762_531_200_000_000,
    description="d",
    inputs={"url": "http://localhost:8000/"},
    metadata={"website": "autocinema"},
    tests=[{"type": "CheckEventTest", "event_name": "X", "event_criteria": {}}],
)
_SOLUTION = GivenSolution(id="s1", task_id="t1", agent_id="miner_1", created_us=_TASK.created_us, steps=[{"a": 1}])


async def test_added_rows_are_served(arena: RunningArena) -> None:
    """What was added is shown, listed by its own dates, and waits for evaluation; adding it again adds nothing."""
    older = replace(_TASK, id="t0", title="Zero", created_us=_TASK.created_us - 1)
    assert add_tasks(arena.engine, [_TASK, older]) == 2
    assert add_tasks(arena.engine, [replace(_TASK, title="Changed"), replace(_TASK, id="t2")]) == 1
    listed = (await arena.call("GET", "/tasks")).json["results"]
    assert [(task["id"], task["title"]) for task in listed] == [("t2", "One"), ("t1", "One"), ("t0", "Zero")]
    assert listed[1]["created_at"] == "2025-11-07T16:00:00Z"
    assert "tests" not in listed[1]
    assert add_solutions(arena.engine, [_SOLUTION, replace(_SOLUTION, id="s2")]) == 2
    assert add_solutions(arena.engine, [_SOLUTION]) == 0
    shown = (await arena.call("GET", "/solutions/s1")).json
    assert (shown["status"], shown["artifacts"], shown["task_id"]) == ("pending", {"steps": [{"a": 1}]}, "t1")
    job = claim_for_evaluation(arena.engine, arena.clock, "w", 1)
    assert job is not None
    assert (job.solution_id, len(job.sample.tests)) == ("s1", 1)


async def test_a_solution_needs_its_task(arena: RunningArena) -> None:
    """A solution for no task is refused, and its whole batch with it."""
    add_tasks(arena.engine, [_TASK])
    with pytest.raises(UsageError, match="'nowhere'"):
        add_solutions(arena.engine, [_SOLUTION, replace(_SOLUTION, id="s2", task_id="nowhere")])
    assert (await arena.call("GET", "/tasks/t1/solutions")).json["total"] == 0


async def test_rows_stream(arena: RunningArena) -> None:
    """Rows are taken from their iterator a batch at a time, and each batch is told when it is safe."""
    taken = count()
    told: list[tuple[int, int]] = []

    def tasks() -> Iterator[GivenTask]:
        for number in range(2_500):
            next(taken)
            yield replace(_TASK, id=f"t{number}")

    def committed(read: int) -> None:
        with arena.engine.begin() as connection:
            told.append((read, connection.exec_driver_sql("SELECT count(*) FROM tasks").scalar_one()))

    assert add_tasks(arena.engine, tasks(), committed) == 2_500
    assert told == [(1000, 1000), (2000, 2000), (2500, 2500)]
