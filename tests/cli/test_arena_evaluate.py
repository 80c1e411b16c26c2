"""`score-model arena evaluate` and `arena serve --evaluate`, as processes, and killed ones."""

import asyncio
import json
import os
import signal
import subprocess
import sys
from asyncio.subprocess import Process
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from score_model.arena import open_engine
from score_model.arena.api import count_waiting
from tests.arena.evaluators import clock, disagreements, found, hand_in, navigate, seeded, wait
from tests.cli.commands import Ran, environment, run, start
from tests.cli.servers import served_arena

KEPT = ("SCORE_MODEL_BROWSER", "PLAYWRIGHT_BROWSERS_PATH")
VARIABLES = {name: os.environ[name] for name in KEPT if name in os.environ}
WITHOUT_EXTRA = "import sys; sys.modules['playwright'] = None; from score_model.cli.main import main; main()"


async def evaluate(database: Path, *flags: str) -> Ran:
    """Evaluates what waits; without a browser the test is skipped, but fails where `CI` is set."""
    words = ("arena", "evaluate", "--database", str(database), *flags)
    ran = await run(*words, cwd=database.parent, **VARIABLES)
    if "no browser found" in ran.stderr:
        (pytest.fail if os.environ.get("CI") else pytest.skip)(ran.stderr)
    return ran


async def started(database: Path, *flags: str) -> Process:
    words = ("arena", "evaluate", "--database", str(database), *flags)
    return await start(words, database.parent, variables=VARIABLES)


def waiting(database: Path) -> tuple[int, int]:
    engine = open_engine(database)
    try:
        return count_waiting(engine, clock)
    finally:
        engine.dispose()


async def until_taken(database: Path, process: Process) -> None:
    """Until a worker has taken a solution; skips as above if it can't."""
    while not waiting(database)[1]:
        if process.returncode is not None:
            (pytest.fail if os.environ.get("CI") else pytest.skip)((await process.communicate())[1].decode())
        await asyncio.sleep(0.02)


def expire_leases(database: Path) -> None:
    """As if a minute had gone by."""
    engine = open_engine(database)
    try:
        with engine.begin() as connection:
            connection.exec_driver_sql("UPDATE solutions SET leased_until_us = 0 WHERE leased_until_us IS NOT NULL")
    finally:
        engine.dispose()


async def test_what_waits_is_evaluated_once(tmp_path: Path) -> None:
    """The counts are said to people and, as one JSON object, to scripts; a second run has nothing to do."""
    database = tmp_path / "arena.sqlite"
    count = seeded(database, 1)
    first = await evaluate(database, "--limit", "1", "--json")
    assert first.code == 0, first.stderr
    assert json.loads(first.stdout)["evaluated"] == 1
    ran = await evaluate(database, "--parallel", "1", "--json")
    result = json.loads(ran.stdout)
    assert (result["evaluated"], result["failed"], sum(result["by_status"].values())) == (count - 1, 0, count - 1)
    assert f"{count - 1} solutions evaluated" in ran.last_line
    assert list(disagreements(database)) == []
    again = await evaluate(database)
    assert (again.code, "0 solutions evaluated" in again.last_line) == (0, True)


async def test_a_mistake_is_one_line(tmp_path: Path) -> None:
    """No arena, no browser, no extra, nonsense: exit code 2, a line that says what to do, and nothing is taken."""
    database = tmp_path / "arena.sqlite"
    missing = await run("arena", "evaluate", "--database", database, cwd=tmp_path)
    assert (missing.code, missing.stderr.count("\n")) == (2, 1)
    assert "score-model arena seed" in missing.stderr
    assert not database.exists()
    count = seeded(database, 1)
    words = ("--database", str(database))
    for command in (("arena", "evaluate", *words), ("arena", "serve", "--port", "0", "--evaluate", *words)):
        browserless = await run(*command, cwd=tmp_path, SCORE_MODEL_BROWSER="/nowhere/chromium")
        assert browserless.code == 2
        assert browserless.stderr == "score-model: there is no browser at /nowhere/chromium\n"
        bare = subprocess.run(
            [sys.executable, "-c", WITHOUT_EXTRA, *command],
            cwd=tmp_path,
            env=environment(),
            capture_output=True,
            text=True,
            check=False,
        )
        assert bare.returncode == 2
        assert "score-model[replay]" in bare.stderr
        assert bare.stderr.count("\n") == 1
    assert (await run("arena", "evaluate", "--parallel", "0", *words, cwd=tmp_path)).code == 2
    assert waiting(database) == (count, 0)


async def test_a_killed_evaluation_loses_nothing(tmp_path: Path) -> None:
    """After SIGKILL the leases end by themselves; then the rest is evaluated, and comes to what the agents expect."""
    database = tmp_path / "arena.sqlite"
    count = seeded(database, 2)
    process = await started(database)
    await until_taken(database, process)
    process.kill()
    await process.communicate()
    pending, taken = waiting(database)
    assert taken >= 1
    expire_leases(database)
    assert waiting(database) == (pending + taken, 0)
    ran = await evaluate(database, "--json")
    assert ran.code == 0, ran.stderr
    assert json.loads(ran.stdout)["evaluated"] == pending + taken <= count
    assert list(disagreements(database)) == []


@pytest.mark.parametrize(("blow", "flags", "code"), [(signal.SIGINT, (), 130), (signal.SIGTERM, ("--watch",), 0)])
async def test_a_stopped_evaluation_gives_back_what_it_had(
    tmp_path: Path, blow: signal.Signals, flags: tuple[str, ...], code: int
) -> None:
    """Ctrl-C and SIGTERM end it in order: what was under way is pending at once."""
    database = tmp_path / "arena.sqlite"
    engine = open_engine(database)
    hand_in(engine, "long", [navigate(), wait(50)])
    engine.dispose()
    process = await started(database, *flags)
    await until_taken(database, process)
    process.send_signal(blow)
    _, stderr = await process.communicate()
    assert process.returncode == code, stderr.decode()
    assert "Traceback" not in stderr.decode()
    assert waiting(database) == (1, 0)


async def test_a_serving_arena_judges_as_solutions_come(tmp_path: Path) -> None:
    """With --evaluate, what is handed in has its verdict soon, and the export has it; a signal ends it all in order."""
    tests = [{"type": "CheckEventTest", "event_name": "SEARCH_FILM"}]
    home = "http://localhost:8000/?seed=17"
    task = {"title": "Search", "inputs": {"url": home}, "tests": tests}
    steps = [{"action": "navigate", "url": home}, {"action": "navigate", "url": f"{home}&search=x"}]
    seeded(tmp_path / "arena.sqlite", 1, agents=["no_answer"])
    await evaluate(tmp_path / "arena.sqlite")  # skips where there is no browser
    async with served_arena(tmp_path, "--evaluate", **VARIABLES) as arena, aiohttp.ClientSession() as session:
        api = arena.urls["api_url"]

        async def post(path: str, body: object) -> dict[str, Any]:
            async with session.post(f"{api}{path}", json=body) as answer:
                assert answer.status < 300, await answer.text()
                return dict(await answer.json())

        made = await post("/tasks", task)
        given = {"agent_id": "miner_77", "artifacts": {"steps": steps}}
        solution = await post(f"/tasks/{made['id']}/solutions", given)
        shown: dict[str, Any] = solution
        while shown["status"] in ("pending", "evaluating"):
            await asyncio.sleep(0.1)
            async with session.get(f"{api}/solutions/{solution['id']}") as answer:
                shown = await answer.json()
        assert (shown["status"], shown["score"]) == ("passed", 1.0)
        assert shown["checks"] == [{"name": "backend_event:SEARCH_FILM", "passed": True}]
        async with session.get(arena.urls["leaderboard_url"]) as answer:
            assert (await answer.json())["data"]["total"] == 2
        arena.process.send_signal(signal.SIGTERM)
        assert await arena.process.wait() == 0
    engine = open_engine(arena.database)
    assert sorted(row.status for row in found(engine).values()) == ["failed", "passed"]
    engine.dispose()
