"""The evaluation worker in a real browser: right verdicts, each solution once, and no label that a fault made."""

import asyncio
import json
import os
import signal
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from score_model.arena import ArenaSettings, EvaluationReport, Evaluator, WorkerSettings, running_arena
from score_model.arena.api import EvaluationJob, claim_for_evaluation, count_waiting
from score_model.arena.evaluation import evaluate
from score_model.errors import UsageError
from score_model.replay import Replayer
from score_model.traces import iter_traces, load_trace
from tests.arena.evaluators import (
    SEARCHED,
    clock,
    disagreements,
    evaluator,
    found,
    hand_in,
    navigate,
    seeded,
    wait,
)

SEARCH = "http://localhost:8000/?search=x&seed=17"


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return tmp_path / "arena.sqlite"


def worker(name: str = "w", **settings: Any) -> WorkerSettings:
    return WorkerSettings(name=name, **settings)


@pytest.mark.long
async def test_verdicts_are_those_that_agents_expect(database: Path) -> None:
    """Every scripted answer gets the status and score that its agent states, the export has all of them at once, and
    each evaluation leaves a trace where that was asked for.
    """
    count = seeded(database, 3, 3)
    assert count >= 12
    seen: list[int] = []
    async with (
        running_arena(ArenaSettings(database=database), clock) as urls,
        evaluator(database) as ready,
        aiohttp.ClientSession() as session,
    ):
        keeping = worker(traces=database.parent / "traces")
        report = await ready.run(keeping, lambda report, _job: seen.append(report.evaluated))
        async with session.get(urls.leaderboard_url, params={"limit": "200"}) as answer:
            exported = json.loads(await answer.read())["data"]["tasks"]
        verdicts = found(ready.engine)
    assert list(disagreements(database)) == []
    assert (report.evaluated, report.failed, report.lost) == (count, 0, 0)
    assert 0 < report.without_browser < count
    assert seen == list(range(1, count + 1))
    assert {entry["solution"]["taskSolutionId"]: entry["evaluation"]["score"] for entry in exported} == {
        name: row.score for name, row in verdicts.items()
    }
    traces = map(load_trace, iter_traces(database.parent / "traces"))
    judged = {trace.header.solution_id: trace.footer.verdict for trace in traces if trace.footer is not None}
    assert {name: verdict and verdict.score for name, verdict in judged.items()} == {
        name: row.score for name, row in verdicts.items()
    }


@pytest.mark.slow
@pytest.mark.timeout(2400)
async def test_many_verdicts_are_those_that_agents_expect(database: Path) -> None:
    """At least 98 % of some 180; the others are printed, with what the agent did."""
    count = seeded(database, 40, 21)
    assert count >= 150
    async with evaluator(database, parallel=3) as ready:
        report = await ready.run(worker())
    assert (report.evaluated, report.failed) == (count, 0)
    differing = list(disagreements(database))
    print(f"{len(differing)} of {count} differ", *differing, sep="\n")
    assert len(differing) <= 0.02 * count


async def test_two_workers_never_judge_the_same(database: Path) -> None:
    """Workers that start together share the solutions out, and each has one verdict."""
    count = seeded(database, 10, agents=["no_answer", "wrong_seed"])
    judged: list[str] = []

    def seen(_report: EvaluationReport, job: EvaluationJob) -> None:
        judged.append(job.solution_id)

    async with evaluator(database) as ready:
        reports = await asyncio.gather(*(ready.run(worker(name), seen) for name in ("w1", "w2")))
    assert sorted(judged) == sorted(set(judged))
    assert sum(report.evaluated for report in reports) == len(judged) == count == 20
    assert all(report.evaluated and not report.lost for report in reports)
    assert list(disagreements(database)) == []


async def test_a_browser_that_is_killed_costs_no_verdict(database: Path) -> None:
    """What was in it is replayed once more, and judged by that."""
    async with evaluator(database) as ready:
        for number in range(3):
            hand_in(ready.engine, f"s{number}", [navigate(), wait(1.5), navigate(SEARCH)])
        running = asyncio.create_task(ready.run(worker()))
        await _until(ready, "s0", "evaluating")
        pid = ready.replayer.browser_pid
        assert pid is not None
        os.kill(pid, signal.SIGKILL)
        report = await running
        assert (report.evaluated, report.failed) == (3, 0)
        assert {(row.status, row.score) for row in found(ready.engine).values()} == {("passed", 1.0)}


async def test_what_could_not_be_replayed_has_no_verdict(database: Path) -> None:
    """A solution that ends in no attempt, and one of a site that is not here, are counted with the reason; in the end
    they are pending as before, and are not in the export. The others get their verdicts.
    """
    async with evaluator(database) as ready:
        hand_in(ready.engine, "stuck", [navigate(), wait(20)])
        hand_in(ready.engine, "elsewhere", [navigate()], url="http://localhost:8002/?seed=1")
        hand_in(ready.engine, "empty", [])
        limit = 2 - ready.replayer.settings.solution_budget_s  # an attempt is given up after 2 s
        async with Replayer(
            ready.sites, ready.replayer.settings, clock_us=clock, websites=["autocinema"], grace_s=limit
        ) as impatient:
            report = await evaluate(ready.engine, impatient, ready.sites, clock, worker())
        assert (report.evaluated, report.failed) == (1, 2)
        reasons = {one.solution_id: one.reason for one in report.reasons}
        assert "did not end within 2 s" in reasons["stuck"]
        assert "localhost:8002" in reasons["elsewhere"]
        rows = found(ready.engine)
        assert [rows[name].score for name in ("stuck", "elsewhere", "empty")] == [None, None, 0.0]
        assert count_waiting(ready.engine, clock) == (2, 0)
        with ready.engine.connect() as connection:
            assert connection.exec_driver_sql("SELECT count(*) FROM entries").scalar_one() == 1


async def test_time_that_runs_out_is_a_verdict_only_twice(database: Path) -> None:
    """A solution that needs too long is replayed again; then it has failed, and the verdict says why."""
    async with evaluator(database, solution_budget_s=1.0) as ready:
        hand_in(ready.engine, "long", [navigate(), wait(30), navigate(SEARCH)])
        began = asyncio.get_running_loop().time()
        await ready.run(worker())
        assert asyncio.get_running_loop().time() - began >= 2
        row = found(ready.engine)["long"]
    assert (row.status, row.verdict) == ("failed", "0 of 1 checks passed; cut off after 1 s")


async def test_a_task_without_tests_can_not_be_passed(database: Path) -> None:
    """Its solutions fail, and the verdict says that nothing was checked."""
    async with evaluator(database) as ready:
        hand_in(ready.engine, "untested", [navigate()], tests=[])
        await ready.run(worker())
        row = found(ready.engine)["untested"]
    assert (row.status, row.score, row.checks) == ("failed", 0.0, b"[]")
    assert row.verdict == "No check could be run: the task has no tests"


async def test_leases_last_as_long_as_the_work(database: Path) -> None:
    """A solution that takes longer than a lease stays its worker's."""
    async with evaluator(database) as ready:
        hand_in(ready.engine, "slow", [navigate(SEARCH), wait(2.5)])
        working = asyncio.create_task(ready.run(worker(lease_s=1.0)))
        await _until(ready, "slow", "evaluating")
        while not working.done():
            assert claim_for_evaluation(ready.engine, clock, "other", 60) is None
            await asyncio.sleep(0.1)
        assert (await working).evaluated == 1


async def test_a_worker_that_was_taken_for_dead_records_nothing(database: Path) -> None:
    """After its lease has ended, the solution is another's: the late verdict is dropped and counted."""
    late_us = 0

    def slow_clock() -> int:
        return clock() + late_us

    async with evaluator(database) as ready:
        hand_in(ready.engine, "s", [navigate(), wait(1.5)])
        asleep = evaluate(ready.engine, ready.replayer, ready.sites, slow_clock, worker("asleep"))
        running = asyncio.create_task(asleep)
        await _until(ready, "s", "evaluating")
        late_us = 61_000_000
        assert claim_for_evaluation(ready.engine, slow_clock, "other", 60) is not None
        report = await running
        assert (report.evaluated, report.lost) == (0, 1)
        row = found(ready.engine)["s"]
    assert (row.worker, row.status, row.score) == ("other", "evaluating", None)


async def test_a_watching_worker_takes_what_comes_and_gives_back_what_it_has(database: Path) -> None:
    """It waits for solutions; when it is ended, the one under way is pending at once."""
    async with evaluator(database) as ready:
        watching = asyncio.create_task(ready.run(WorkerSettings(name="w", watch=True, poll_s=0.05)))
        hand_in(ready.engine, "first", [])
        await _until(ready, "first", "failed")
        hand_in(ready.engine, "second", [navigate(), wait(30)])
        await _until(ready, "second", "evaluating")
        watching.cancel()
        with pytest.raises(asyncio.CancelledError):
            await watching
        assert count_waiting(ready.engine, clock) == (1, 0)


def test_a_limit_is_a_positive_number() -> None:
    """Nonsense is refused with the flag's name."""
    with pytest.raises(UsageError, match="--limit"):
        WorkerSettings(name="w", limit=0)


async def test_a_limit_bounds_the_work(database: Path) -> None:
    """So many solutions are evaluated, the oldest, and the others wait."""
    async with evaluator(database) as ready:
        for number in range(5):
            hand_in(ready.engine, f"s{number}", [], tests=SEARCHED)
        report = await ready.run(worker(limit=3))
        assert report.evaluated == 3
        assert sorted(name for name, row in found(ready.engine).items() if row.status == "failed") == ["s0", "s1", "s2"]


async def _until(ready: Evaluator, solution: str, status: str) -> None:
    while found(ready.engine)[solution].status != status:
        await asyncio.sleep(0.02)
