"""The evaluation worker's side: taking solutions, recording verdicts, and the export that shows them."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from score_model.arena.api import claim_for_evaluation, count_waiting, extend_leases, record_verdict
from score_model.checks import BackendEvent, Verdict, run_tests
from score_model.contract import SolutionStatus
from score_model.contract.leaderboard import decode_entry
from score_model.contract.task_tests import Check, parse_test
from score_model.errors import UsageError
from tests.arena.conftest import RunningArena

_TESTS = [
    {"type": "CheckEventTest", "event_name": "FILM_DETAIL", "event_criteria": {"name": "Alien"}},
    {"type": "CheckEventTest", "event_name": "ADD_COMMENT", "event_criteria": {}},
]
_STEPS = [{"type": "click", "attributes": {"selector": "#buy"}}]
_PASSED = Verdict(
    score=1.0,
    passed=True,
    status=SolutionStatus.PASSED,
    text="All checks passed (1/1)",
    checks=(Check(name="backend_event:FILM_DETAIL", passed=True),),
)
_FAILED = Verdict(score=0.0, passed=False, status=SolutionStatus.FAILED, text="0 of 1 checks passed", checks=())


async def _task(arena: RunningArena, **metadata: Any) -> str:
    return await arena.create(
        "Comment on Alien",
        description="Open 'Alien' and comment",
        inputs={"url": "http://localhost:8000/?seed=17", "seed": 17},
        metadata={"website": "autocinema", "use_case": "ADD_COMMENT", **metadata},
        tests=_TESTS,
    )


async def _status(arena: RunningArena, solution: str) -> str:
    return str((await arena.call("GET", f"/solutions/{solution}")).json["status"])


async def test_the_oldest_is_taken_once(arena: RunningArena) -> None:
    """Solutions are taken in the order they came, each by one worker, with their task, its tests and their request."""
    task = await _task(arena)
    first = await arena.submit(task, answer="x", artifacts={"steps": _STEPS})
    second = await arena.submit(task)
    job = claim_for_evaluation(arena.engine, arena.clock, "w1", 60)
    assert job is not None
    sample = job.sample
    assert (job.solution_id, job.title, job.answer) == (first, "Comment on Alien", "x")
    assert (sample.solution_id, sample.task_id, sample.intent) == (first, task, "Open 'Alien' and comment")
    assert (sample.tests, sample.miner_uid, sample.actions, sample.num_actions) == (_TESTS, 77, _STEPS, len(_STEPS))
    assert (sample.score, sample.passed) == (None, None)
    assert job.leased_until_us == arena.clock() + 60_000_000
    assert await _status(arena, first) == "evaluating"
    other = claim_for_evaluation(arena.engine, arena.clock, "w2", 60)
    assert other is not None
    assert other.solution_id == second
    assert claim_for_evaluation(arena.engine, arena.clock, "w3", 60) is None


async def test_many_workers_never_share(arena: RunningArena) -> None:
    """Workers that ask at once get different solutions, and each solution is taken once."""
    task = await _task(arena)
    made = [await arena.submit(task) for _ in range(12)]
    with ThreadPoolExecutor(8) as pool:
        jobs = list(pool.map(lambda n: claim_for_evaluation(arena.engine, arena.clock, f"w{n}", 60), range(16)))
    assert sorted(job.solution_id for job in jobs if job) == sorted(made)


async def test_a_lease_runs_out(arena: RunningArena) -> None:
    """A worker that dies gives its solution back: pending again when the lease ends, and taken by the next."""
    solution = await arena.submit(await _task(arena))
    assert claim_for_evaluation(arena.engine, arena.clock, "w1", 60)
    arena.clock.advance(59.9)
    assert await _status(arena, solution) == "evaluating"
    assert claim_for_evaluation(arena.engine, arena.clock, "w2", 60) is None
    arena.clock.advance(0.1)
    assert await _status(arena, solution) == "pending"
    again = claim_for_evaluation(arena.engine, arena.clock, "w2", 60)
    assert again is not None
    assert again.solution_id == solution


async def test_a_lease_is_extended_and_given_back(arena: RunningArena) -> None:
    """Only its worker can do it, for as long as nobody else has the solution; given back, it is pending at once."""
    task = await _task(arena)
    kept, returned = await arena.submit(task), await arena.submit(task)
    for _ in range(2):
        assert claim_for_evaluation(arena.engine, arena.clock, "w1", 60)
    assert count_waiting(arena.engine, arena.clock) == (0, 2)
    arena.clock.advance(59)
    assert extend_leases(arena.engine, arena.clock, "w2", [kept], 60) == frozenset()
    assert extend_leases(arena.engine, arena.clock, "w1", [kept, "sol_none"], 60) == {kept}
    assert extend_leases(arena.engine, arena.clock, "w1", [returned], 0) == {returned}
    assert (await _status(arena, kept), await _status(arena, returned)) == ("evaluating", "pending")
    assert count_waiting(arena.engine, arena.clock) == (1, 1)
    again = claim_for_evaluation(arena.engine, arena.clock, "w2", 60)
    assert again is not None
    assert again.solution_id == returned
    assert extend_leases(arena.engine, arena.clock, "w1", [returned], 60) == frozenset()
    record_verdict(arena.engine, arena.clock, kept, _PASSED)
    assert extend_leases(arena.engine, arena.clock, "w1", [kept], 60) == frozenset()


async def test_a_verdict_is_shown_as_documented(arena: RunningArena) -> None:
    """Once evaluated, a solution shows score, verdict and checks; its task is done; lists follow."""
    task = await _task(arena)
    solution = await arena.submit(task)
    job = claim_for_evaluation(arena.engine, arena.clock, "w", 60)
    assert job is not None
    verdict = run_tests(
        [parse_test(test) for test in job.sample.tests], [BackendEvent("FILM_DETAIL", {"name": "Alien"})], agent_id="77"
    )
    arena.clock.advance(5)
    assert record_verdict(arena.engine, arena.clock, solution, verdict)
    shown = (await arena.call("GET", f"/solutions/{solution}")).json
    assert shown["status"] == "partial"
    assert (shown["score"], shown["verdict"]) == (0.5, "1 of 2 checks passed")
    assert shown["checks"] == [
        {"name": "backend_event:FILM_DETAIL", "passed": True},
        {"name": "backend_event:ADD_COMMENT", "passed": False},
    ]
    listed = (await arena.call("GET", f"/tasks/{task}/solutions")).json["results"]
    assert [(item["status"], item["score"]) for item in listed] == [("partial", 0.5)]
    assert (await arena.call("GET", f"/tasks/{task}")).json["status"] == "done"
    assert [item["id"] for item in (await arena.call("GET", "/tasks?status=done")).json["results"]] == [task]
    assert (await arena.call("POST", f"/tasks/{task}/claim")).code == "task_done"


async def test_the_export_shows_it_at_once(arena: RunningArena) -> None:
    """The very next page of the export has the entry, spelled as the contract says, and the filters find it."""
    assert (await arena.get()).tasks == []
    task = await _task(arena)
    solution = await arena.submit(task, run_id="run-1", artifacts={"steps": _STEPS})
    assert (await arena.get()).tasks == []
    arena.clock.advance(1.000_001)
    record_verdict(arena.engine, arena.clock, solution, _PASSED, validator_uid=20)
    (entry,) = (await arena.get("website=autocinema&useCase=add_comment&minerUid=77&success=true&validatorId=20")).tasks
    assert entry == {
        "task": {
            "taskId": task,
            "website": "autocinema",
            "useCase": "ADD_COMMENT",
            "intent": "Open 'Alien' and comment",
            "startUrl": "http://localhost:8000/?seed=17",
            "requiredUrl": None,
            "createdAt": "2025-11-07T16:00:00.000000+00:00",
            "webVersion": None,
            "tests": _TESTS,
        },
        "solution": {
            "taskSolutionId": solution,
            "trajectory": [],
            "actions": _STEPS,
            "createdAt": "2025-11-07T16:00:00.000000+00:00",
        },
        "evaluation": {"evaluationResultId": f"evaluation_{solution}", "score": 1.0, "passed": True},
        "agentRun": {
            "agentRunId": "run-1",
            "minerUid": 77,
            "minerHotkey": None,
            "validatorUid": 20,
            "validatorHotkey": None,
        },
    }
    assert decode_entry(arena.engine.connect().exec_driver_sql("SELECT entry FROM entries").scalar_one())


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"inputs": None, "metadata": None},
        {"metadata": {}},
        {"metadata": {"website": "autocinema", "required_url": "http://localhost:8000/x", "web_version": "2.1"}},
        {"inputs": {"url": "http://elsewhere.example/"}, "metadata": {"website": 7}},
    ],
)
async def test_what_is_evaluated_is_what_is_exported(arena: RunningArena, given: dict[str, Any]) -> None:
    """The sample that a worker gets is the row that the export shows after it, but for the label."""
    task = {"inputs": {"url": "http://localhost:8000/?seed=17"}, "metadata": {"use_case": "ADD_COMMENT"}} | given
    solution = await arena.submit(await arena.create("Comment", tests=_TESTS, **task), artifacts={"steps": _STEPS})
    job = claim_for_evaluation(arena.engine, arena.clock, "w", 60)
    assert job is not None
    record_verdict(arena.engine, arena.clock, solution, _PASSED)
    (entry,) = (await arena.get()).tasks
    sample = job.sample
    assert {**sample.exported_task(), "tests": sample.tests} == entry["task"]
    assert {
        "taskSolutionId": sample.solution_id,
        "trajectory": sample.trajectory,
        "actions": sample.actions,
        "createdAt": sample.solution_created_at,
    } == entry["solution"]
    run = entry["agentRun"]
    assert (sample.agent_run_id, sample.miner_uid) == (run["agentRunId"], run["minerUid"])


async def test_sparse_tasks_reach_the_export(arena: RunningArena) -> None:
    """A task with a title alone, and values of any kind where texts belong, becomes an entry with nulls."""
    task = await arena.create("Only a title", inputs={"url": 7}, metadata={"website": [], "use_case": None})
    solution = await arena.submit(task, "nobody")
    record_verdict(arena.engine, arena.clock, solution, _FAILED)
    (entry,) = (await arena.get()).tasks
    found = entry["task"]
    assert (found["intent"], found["website"], found["startUrl"], found["tests"]) == ("Only a title", None, None, [])
    assert entry["solution"]["actions"] == []
    assert (entry["agentRun"]["minerUid"], entry["agentRun"]["agentRunId"]) == (None, "agent_run_nobody")


async def test_a_verdict_is_final(arena: RunningArena) -> None:
    """The same verdict again changes nothing, another one is an error, and so is one for nobody's solution."""
    solution = await arena.submit(await _task(arena))
    assert record_verdict(arena.engine, arena.clock, solution, _PASSED)
    before = (await arena.call("GET", f"/solutions/{solution}")).body
    assert not record_verdict(arena.engine, arena.clock, solution, _PASSED)
    with pytest.raises(UsageError, match="another verdict"):
        record_verdict(arena.engine, arena.clock, solution, _FAILED)
    with pytest.raises(UsageError, match="no solution"):
        record_verdict(arena.engine, arena.clock, "sol_none", _PASSED)
    assert (await arena.call("GET", f"/solutions/{solution}")).body == before
    assert len((await arena.get()).tasks) == 1
    assert claim_for_evaluation(arena.engine, arena.clock, "w", 60) is None
