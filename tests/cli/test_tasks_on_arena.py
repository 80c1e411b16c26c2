"""The promise that every `tasks` command works against a real arena, as the documentation shows them."""

import asyncio
import json
import re
import sys
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from score_model.arena import ApiSwitches, ArenaSettings, ArenaUrls, open_engine, running_arena
from score_model.arena.api import claim_for_evaluation, record_verdict
from score_model.checks import BackendEvent, run_tests
from score_model.client import ProductionClient, Secret
from score_model.contract.task_tests import parse_test
from tests.cli.commands import Ran, environment, run
from tests.client.factories import quick_session

PAGE = (Path(__file__).parents[2] / "docs" / "tasks.md").read_text()
SOLUTION = re.findall(r"```json\n(.*?)```", PAGE, flags=re.DOTALL)[0]
PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20
NOW_US = 1_762_531_200_000_000  # 2025-11-07T16:00:00Z
TOKEN = "tok-arena-1"
TESTS = [
    {"type": "CheckEventTest", "event_name": "FILM_DETAIL", "event_criteria": {"name": "Vale of Glass"}},
    {"type": "CheckEventTest", "event_name": "ADD_COMMENT"},
]


def clock() -> int:
    """A clock that stands still."""
    return NOW_US


@asynccontextmanager
async def arena(folder: Path, **switches: Any) -> AsyncIterator[ArenaUrls]:
    """An arena that demands a token, with its database in `folder`."""
    settings = ArenaSettings(database=folder / "arena.sqlite", token=TOKEN, api=ApiSwitches(**switches))
    async with running_arena(settings, clock) as urls:
        yield urls


async def tasks(urls: ArenaUrls, *words: str | Path, cwd: Path) -> Ran:
    """Runs `score-model tasks …` against the arena."""
    variables = {"AUTOPPIA_PROD_BASE_URL": urls.api_url, "AUTOPPIA_PROD_API_TOKEN": TOKEN}
    return await run("tasks", *words, cwd=cwd, **variables)


async def answer(urls: ArenaUrls, *words: str | Path, cwd: Path) -> dict[str, Any]:
    """The JSON object of a command that succeeds."""
    ran = await tasks(urls, *words, "--json", cwd=cwd)
    assert ran.code == 0, ran.stderr
    value: dict[str, Any] = json.loads(ran.stdout)
    return value


def judge(folder: Path, solution_id: str) -> None:
    """Give a solution its verdict, as an evaluation does: one of its two tests passed."""
    engine = open_engine(folder / "arena.sqlite")
    try:
        events = [BackendEvent("FILM_DETAIL", {"name": "Vale of Glass"})]
        verdict = run_tests([parse_test(test) for test in TESTS], events, agent_id="miner_77")
        assert record_verdict(engine, clock, solution_id, verdict)
    finally:
        engine.dispose()


async def test_the_whole_way(tmp_path: Path) -> None:
    """From creating a task to its verdict, over every command; a task's tests are shown to nobody."""
    (tmp_path / "task.json").write_text(
        json.dumps({"title": "Who directed it?", "inputs": {"url": "http://localhost:8000/?seed=17"}, "tests": TESTS})
    )
    (tmp_path / "solution.json").write_text(SOLUTION)
    async with arena(tmp_path) as urls:
        created = await answer(urls, "create", "--file", "task.json", "--idempotency-key", "k", cwd=tmp_path)
        again = await answer(urls, "create", "--file", "task.json", "--idempotency-key", "k", cwd=tmp_path)
        assert created == again
        assert "FILM_DETAIL" not in json.dumps(created)
        task_id = created["id"]
        assert (await answer(urls, "list", "--status", "open", cwd=tmp_path))["tasks"] == [created]
        claimed = await answer(urls, "claim", task_id, "--agent-id", "miner_77", cwd=tmp_path)
        assert claimed["claim"]["agent_id"] == "miner_77"
        refused = await tasks(urls, "claim", task_id, "--agent-id", "miner_5", cwd=tmp_path)
        assert refused.code == 3
        assert re.search(r"HTTP 409: .+ \(\w+\)$", refused.last_line)
        assert (await answer(urls, "get", task_id, cwd=tmp_path))["status"] == "assigned"
        submitted = await answer(urls, "submit", task_id, "--file", "solution.json", cwd=tmp_path)
        waiting = await tasks(urls, "watch", submitted["id"], "--timeout", "0.1", cwd=tmp_path)
        assert (waiting.code, "still pending" in waiting.last_line) == (1, True)
        watching = asyncio.create_task(answer(urls, "watch", submitted["id"], "--timeout", "60", cwd=tmp_path))
        await asyncio.sleep(0.5)
        await asyncio.to_thread(judge, tmp_path, submitted["id"])
        verdict = await watching
        assert (verdict["status"], verdict["score"]) == ("partial", 0.5)
        assert [check["passed"] for check in verdict["checks"]] == [True, False]
        shown = await tasks(urls, "solution", submitted["id"], cwd=tmp_path)
        assert [line.split()[0] for line in shown.stderr.splitlines()[:3]] == ["partial", "passed", "FAILED"]
        assert (await answer(urls, "solutions", task_id, cwd=tmp_path))["count"] == 1
        assert (await answer(urls, "get", task_id, cwd=tmp_path))["status"] == "done"


async def test_screenshots_arrive_as_files_under_every_demand(tmp_path: Path) -> None:
    """A large solution is taken as a form by an arena that demands nonce and run id, and counts once per key."""
    (tmp_path / "small.png").write_bytes(PNG)
    (tmp_path / "large.png").write_bytes(PNG + bytes(1024 * 1024))
    async with arena(tmp_path, demands=("nonce", "run_id"), paging="page") as urls:
        task_id = (await answer(urls, "create", "--title", "t", cwd=tmp_path))["id"]
        words = ["submit", task_id, "--agent-id", "a", "--steps", "[]", "--screenshot", "small.png"]
        form = [*words, "--screenshot", "large.png", "--idempotency-key", "k"]
        first = await answer(urls, *form, cwd=tmp_path)
        assert await answer(urls, *form, cwd=tmp_path) == first
        as_json = await answer(urls, *words, cwd=tmp_path)
        stored = [await answer(urls, "solution", each["id"], cwd=tmp_path) for each in (first, as_json)]
        assert [len(solution["artifacts"]["screenshots"]) for solution in stored] == [2, 1]
        assert (await answer(urls, "solutions", task_id, cwd=tmp_path))["count"] == 2


PAGINGS = ["page", "cursor", "next_url", "next_page", "link", "total", "bare"]
ENVELOPES = ["results", "items", "data", "tasks", "data.results", "data.items", "data.tasks"]


@pytest.mark.parametrize(("paging", "envelope"), list(zip(PAGINGS, ENVELOPES, strict=True)))
async def test_every_list_is_read_to_its_end(tmp_path: Path, paging: str, envelope: str) -> None:
    """However the arena pages and wraps, all tasks come, each once."""
    async with (
        arena(tmp_path, paging=paging, envelope=envelope) as urls,
        quick_session(urls.api_url, bearer_token=Secret(TOKEN)) as session,
    ):
        client = ProductionClient(session)
        created = [(await client.create(title=f"Task {number}")).record.id for number in range(5)]
        listed = [task.record.id async for task in client.tasks(status="open", page_size=2)]
    assert sorted(listed) == sorted(created)


def section(title: str, language: str) -> str:
    """The first block of code under a heading of docs/tasks.md."""
    text = PAGE.partition(f"## {title}")[2].partition("\n## ")[0]
    found = re.search(rf"```{language}\n(.*?)```", text, flags=re.DOTALL)
    assert found
    return found[1]


async def test_the_documented_commands_run(tmp_path: Path) -> None:
    """The commands of docs/tasks.md run as they are written, one after the other."""
    (tmp_path / "solution.json").write_text(SOLUTION)
    script = section("With score-model", "bash")
    async with arena(tmp_path) as urls:
        async with quick_session(urls.api_url, bearer_token=Secret(TOKEN)) as session:
            client = ProductionClient(session)
            judged, task_id = [(await client.create(title="t")).record.id for _ in range(2)]
            solution_id = (await client.submit(judged, json.loads(SOLUTION))).record.id
        await asyncio.to_thread(judge, tmp_path, solution_id)
        variables = environment(
            AUTOPPIA_PROD_BASE_URL=urls.api_url,
            AUTOPPIA_PROD_API_TOKEN=TOKEN,
            TASK_ID=task_id,
            SOLUTION_ID=solution_id,
        )
        variables["PATH"] = f"{Path(sys.executable).parent}:{variables['PATH']}"
        process = await asyncio.create_subprocess_exec(
            "bash", "-euo", "pipefail", "-c", script, cwd=tmp_path, env=variables, stdout=PIPE, stderr=PIPE
        )
        _, stderr = await process.communicate()
    assert process.returncode == 0, stderr.decode()
    assert script.count("score-model tasks") == 8
    assert stderr.decode().count("partial     sol_") == 2


async def test_the_documented_python_runs(tmp_path: Path) -> None:
    """The example of docs/tasks.md claims, submits and sees its verdict."""
    async with arena(tmp_path) as urls:
        await answer(urls, "create", "--title", "t", cwd=tmp_path)
        variables = environment(AUTOPPIA_PROD_BASE_URL=urls.api_url, AUTOPPIA_PROD_API_TOKEN=TOKEN)
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-c",
            section("From Python", "python"),
            cwd=tmp_path,
            env=variables,
            stdout=PIPE,
            stderr=PIPE,
        )
        engine = open_engine(tmp_path / "arena.sqlite")
        while (job := claim_for_evaluation(engine, clock, "worker", 60)) is None:
            assert process.returncode is None
            await asyncio.sleep(0.05)
        engine.dispose()
        await asyncio.to_thread(judge, tmp_path, job.solution_id)
        stdout, stderr = await process.communicate()
    assert process.returncode == 0, stderr.decode()
    assert stdout.decode().splitlines()[-2:] == ["partial 0.5", f"{job.solution_id} partial 1 of 2 checks passed"]
