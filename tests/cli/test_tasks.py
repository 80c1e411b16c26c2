"""Promises of `score-model tasks`: every command as a process, against a task API with a memory."""

import asyncio
import json
import signal
import sys
from asyncio.subprocess import PIPE
from pathlib import Path
from typing import Any

import pytest

from score_model.cli import main
from tests.cli.commands import Ran, environment, run, start
from tests.fakes.envelopes import Envelope
from tests.fakes.faults import Fault
from tests.fakes.task_api import FakeTaskApi

TOKEN = "tok-Z9/+hidden=="
PNG = b"\x89PNG\r\n\x1a\n" + b"pixels" * 200
STEPS = [{"action": "click", "selector": "#buy"}]


def some_tasks(count: int = 5) -> list[dict[str, Any]]:
    """Tasks with a field that no record of ours has."""
    return [
        {
            "id": f"task_{n}",
            "title": f"Find film {n}",
            "description": "Find it",
            "inputs": {"url": "http://localhost:8000/?seed=17", "seed": 17},
            "created_at": "2025-11-07T16:00:00Z",
            "status": "open" if n != 2 else "done",
            "reward": 1.50,
        }
        for n in range(1, count + 1)
    ]


async def tasks(api: FakeTaskApi, *words: str | Path, cwd: Path, **variables: str) -> Ran:
    """Runs `score-model tasks …` against the API, with a token."""
    named = {"AUTOPPIA_PROD_BASE_URL": api.url, "AUTOPPIA_PROD_API_TOKEN": TOKEN, **variables}
    return await run("tasks", *words, cwd=cwd, **named)


async def test_list_and_get(tmp_path: Path) -> None:
    """Lists are read to their end, or to --limit; --json is what the server sent, also fields that we don't know."""
    async with FakeTaskApi(tasks=some_tasks(), bearer=TOKEN) as api:
        listed = await tasks(api, "list", "--status", "open", "--page-size", "2", "--json", cwd=tmp_path)
        few = await tasks(api, "list", "--search", "film", "--limit", "3", cwd=tmp_path)
        asked = len(api.requests)
        got = await tasks(api, "get", "task_2", "--json", cwd=tmp_path)
    assert listed.code == few.code == got.code == 0, listed.stderr
    open_tasks = [task for task in some_tasks() if task["status"] == "open"]
    assert json.loads(listed.stdout) == {"tasks": open_tasks, "count": 4}
    assert listed.stdout.count("\n") == 1
    assert '"reward": 1.5' in json.dumps(json.loads(got.stdout))
    assert asked == 3
    assert api.requests[2].params == {"search": "film", "page_size": "3"}
    assert few.stdout == ""
    assert few.stderr.splitlines() == [
        "open      2025-11-07T16:00:00Z  task_1  Find film 1",
        "done      2025-11-07T16:00:00Z  task_2  Find film 2",
        "open      2025-11-07T16:00:00Z  task_3  Find film 3",
        "3 tasks",
    ]
    assert got.stderr.splitlines() == [
        "done      2025-11-07T16:00:00Z  task_2  Find film 2",
        "  description: Find it",
        '  inputs: {"url":"http://localhost:8000/?seed=17","seed":17}',
        "  reward: 1.5",
    ]


async def test_create_from_flags_and_from_a_file(tmp_path: Path) -> None:
    """Flags make the documented payload; a file goes out with all its fields; both at once are wrong usage."""
    whole = {"title": "From a file", "tests": [{"type": "CheckEventTest", "event_name": "X"}], "priority": 7}
    (tmp_path / "task.json").write_text(json.dumps(whole))
    async with FakeTaskApi() as api:
        flags = ["--title", "Find a film", "--description", "d", "--url", "http://localhost:8000/?seed=17"]
        more = ["--seed", "17", "--metadata", "difficulty=m", "--metadata", 'tags=["forms"]', "--metadata", "a=b=c"]
        first = await tasks(api, "create", *flags, *more, "--json", cwd=tmp_path)
        second = await tasks(api, "create", "--file", "task.json", "--idempotency-key", "k1", cwd=tmp_path)
        both = await tasks(api, "create", "--file", "task.json", "--title", "t", cwd=tmp_path)
        neither = await tasks(api, "create", cwd=tmp_path)
        mixed = await tasks(api, "create", "--file", "task.json", "--seed", "1", cwd=tmp_path)
        no_pair = await tasks(api, "create", "--title", "t", "--metadata", "difficulty", cwd=tmp_path)
    assert (first.code, second.code) == (0, 0), first.stderr + second.stderr
    assert api.requests[0].fields == {
        "title": "Find a film",
        "description": "d",
        "inputs": {"url": "http://localhost:8000/?seed=17", "seed": 17},
        "metadata": {"difficulty": "m", "tags": ["forms"], "a": "b=c"},
    }
    assert json.loads(first.stdout)["id"] == "task_1"
    assert api.requests[1].fields == whole
    assert api.requests[1].headers["Idempotency-Key"] == "k1"
    assert [ran.code for ran in (both, neither, mixed, no_pair)] == [2, 2, 2, 2]
    assert "KEY=VALUE" in no_pair.last_line
    assert len(api.requests) == 2


async def test_claim_submit_and_watch(tmp_path: Path) -> None:
    """The whole way from a claim to a verdict; claiming twice is refused in one line with code and reason."""
    solution = {"agent_id": "miner_77", "artifacts": {"steps": STEPS}, "runtime": {"time_ms": 18342}, "novel": [1]}
    (tmp_path / "solution.json").write_text(json.dumps(solution))
    async with FakeTaskApi(tasks=some_tasks(), looks=("brand new", "partial")) as api:
        claimed = await tasks(api, "claim", "task_1", "--agent-id", "miner_77", "--json", cwd=tmp_path)
        again = await tasks(api, "claim", "task_1", cwd=tmp_path)
        submitted = await tasks(api, "submit", "task_1", "--file", "solution.json", "--json", cwd=tmp_path)
        watched = await tasks(api, "watch", "sol_1", "--timeout", "30", "--json", cwd=tmp_path)
        shown = await tasks(api, "solution", "sol_1", cwd=tmp_path)
        listed = await tasks(api, "solutions", "task_1", "--json", cwd=tmp_path)
    assert claimed.code == 0, claimed.stderr
    assert json.loads(claimed.stdout)["status"] == "assigned"
    assert again.code == 3
    refused = f"score-model: POST {api.url}/tasks/task_1/claim was refused with HTTP 409"
    assert again.stderr == f"{refused}: somebody else holds this task (task_claimed)\n"
    assert submitted.code == 0, submitted.stderr
    assert json.loads(submitted.stdout)["id"] == "sol_1"
    assert api.requests[2].fields == solution
    assert api.requests[2].headers["Idempotency-Key"]
    assert watched.code == 0, watched.stderr
    verdict = json.loads(watched.stdout)
    assert (verdict["status"], verdict["score"]) == ("partial", 0.5)
    assert shown.stderr.splitlines() == [
        "partial     sol_1  score 0.5  1 of 2 checks passed",
        "  passed   backend_event:order_created",
        "  passed   dom:button_clicked: #buy",
        "  task_id: task_1",
    ]
    assert json.loads(listed.stdout) == {"solutions": [verdict], "count": 1}


async def test_submit_puts_a_solution_together(tmp_path: Path) -> None:
    """A bare list of steps, files and inline JSON make one request; a large one goes as a form."""
    (tmp_path / "steps.json").write_text(json.dumps(STEPS))
    (tmp_path / "shot.bin").write_bytes(PNG)
    (tmp_path / "agent.log").write_bytes(b"line 1\n\xff\n")
    async with FakeTaskApi(tasks=some_tasks(), faults={1: Fault(kind="status", status=503)}) as api:
        parts = ["--screenshot", "shot.bin", "--screenshot", "shot.bin", "--logs", "agent.log", "--answer", '{"a": 1}']
        form = await tasks(
            api, "submit", "task_1", "--agent-id", "m", "--file", "steps.json", *parts, "--multipart-above", "500",
            "--idempotency-key", "once", cwd=tmp_path,
        )  # fmt: skip
        inline = await tasks(
            api, "submit", "task_1", "--agent-id", "m", "--steps", json.dumps(STEPS), "--watch", "--json", cwd=tmp_path
        )
    assert (form.code, inline.code) == (0, 0), form.stderr + inline.stderr
    assert {request.headers["Idempotency-Key"] for request in api.requests[:2]} == {"once"}
    solution, *files = api.requests[1].parts
    handed_in = {"steps": STEPS, "logs": "line 1\n\ufffd\n"}
    assert json.loads(solution.data) == {"agent_id": "m", "artifacts": handed_in, "answer": {"a": 1}}
    assert [(file.file_name, file.data) for file in files] == [("screenshot_0.png", PNG), ("screenshot_1.png", PNG)]
    assert list(api.solutions) == ["sol_1", "sol_2"]
    assert json.loads(inline.stdout)["status"] == "passed"
    assert inline.stderr.splitlines()[0] == "pending     sol_2"


async def test_a_solution_from_standard_input(tmp_path: Path) -> None:
    """`--file -` reads what is piped in."""
    async with FakeTaskApi(tasks=some_tasks()) as api:
        words = ["tasks", "submit", "task_1", "--file", "-", "--base-url", api.url]
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "score_model", *words,
            cwd=tmp_path, env=environment(), stdin=PIPE, stdout=PIPE, stderr=PIPE,
        )  # fmt: skip
        _, stderr = await process.communicate(b'{"agent_id": "piped", "answer": "x"}')
    assert process.returncode == 0, stderr
    assert api.requests[0].fields == {"agent_id": "piped", "answer": "x"}
    assert "Authorization" not in api.requests[0].headers


@pytest.mark.parametrize(
    "words",
    [
        ["get", "../solutions/sol_1"],
        ["get", "a/b"],
        ["solution", ".."],
        ["claim", ""],
        ["list", "--limit", "0"],
        ["list", "--page-size", "0"],
        ["watch", "sol_1", "--timeout", "0"],
        ["submit", "task_1", "--agent-id", "a"],
        ["submit", "task_1", "--steps", "[]"],
        ["submit", "task_1", "--agent-id", "a", "--steps", "[1]"],
        ["submit", "task_1", "--agent-id", "a", "--steps", "{nope"],
        ["submit", "task_1", "--agent-id", "a", "--file", "missing.json"],
        ["submit", "task_1", "--agent-id", "a", "--file", "bad.json"],
        ["submit", "task_1", "--agent-id", "a", "--file", "text.json"],
        ["submit", "task_1", "--agent-id", "a", "--screenshot", "bad.json"],
        ["submit", "task_1", "--agent-id", "a", "--steps", "[]", "--idempotency-key", "é"],
        ["create", "--file", "bad.json"],
        ["submit"],
        ["no-such-command"],
    ],
    ids=" ".join,
)
def test_wrong_usage_is_one_line_and_sends_nothing(
    tmp_path: Path, words: list[str], monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """Hostile ids, impossible numbers and files that are no solutions end with code 2; nobody would answer (code 4)."""
    (tmp_path / "bad.json").write_text('{"agent_id": "a", "artifacts": {"screenshots": ["data:image/png;base64,?"]}}')
    (tmp_path / "text.json").write_text('"text"')
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("AUTOPPIA_PROD_BASE_URL", "http://127.0.0.1:1/api")
    code = main.run(["tasks", *words])
    stdout, stderr = capfd.readouterr()
    assert code == 2, stderr
    assert len(stderr.splitlines()) == 1
    assert stdout == ""


async def test_without_an_api_it_says_what_to_set(tmp_path: Path) -> None:
    """No address is wrong usage, named with its variable; a flag beats the environment; nobody there is code 4."""
    nowhere = await run("tasks", "list", cwd=tmp_path, AUTOPPIA_PROD_BASE_URL="  ")
    assert nowhere.code == 2
    assert "AUTOPPIA_PROD_BASE_URL" in nowhere.last_line
    async with FakeTaskApi(tasks=some_tasks()) as api:
        variables = {"AUTOPPIA_PROD_BASE_URL": "http://127.0.0.1:1/api"}
        flag = await run("tasks", "get", "task_1", "--base-url", api.url, cwd=tmp_path, **variables)
        missing = await tasks(api, "get", "task_99", cwd=tmp_path)
    assert flag.code == 0, flag.stderr
    assert (missing.code, missing.stdout) == (3, "")
    assert "there is no task task_99 (task_not_found)" in missing.last_line


async def test_no_verdict_in_time(tmp_path: Path) -> None:
    """Exit code 1 says that the verdict is still to come; what was submitted is printed all the same."""
    async with FakeTaskApi(tasks=some_tasks(), looks=("evaluating",)) as api:
        words = ["submit", "task_1", "--agent-id", "a", "--answer", "1", "--watch", "--timeout", "0.2", "--json"]
        ran = await tasks(api, *words, cwd=tmp_path)
    assert ran.code == 1
    assert "no verdict on sol_1 within 0.2 s: it is still evaluating" in ran.last_line
    assert json.loads(ran.stdout)["id"] == "sol_1"


async def test_interrupted_watching_says_how_to_go_on(tmp_path: Path) -> None:
    """Ctrl-C while waiting ends with 130 and the command that goes on."""
    async with FakeTaskApi(tasks=some_tasks(), looks=("evaluating",)) as api:
        words = ["tasks", "submit", "task_1", "--agent-id", "a", "--answer", "1", "--watch", "--base-url", api.url]
        process = await start(words, tmp_path)
        while len(api.requests) < 2:
            await asyncio.sleep(0.01)
        process.send_signal(signal.SIGINT)
        _, stderr = await process.communicate()
    assert process.returncode == 130
    assert "To go on: score-model tasks watch sol_1" in stderr.decode().splitlines()


async def test_a_submission_that_did_not_get_through_can_be_repeated(tmp_path: Path) -> None:
    """After an outage and after Ctrl-C the key is told with which the same submission counts once."""
    words = ["tasks", "submit", "task_1", "--agent-id", "a", "--answer", "1"]
    too_long = Fault(kind="status", status=503, headers={"Retry-After": "9999"})
    async with FakeTaskApi(tasks=some_tasks(), faults={1: too_long, 2: Fault(kind="hang")}) as api:
        out = await run(*words, cwd=tmp_path, AUTOPPIA_PROD_BASE_URL=api.url)
        process = await start([*words, "--base-url", api.url], tmp_path)
        while len(api.requests) < 2:
            await asyncio.sleep(0.01)
        process.send_signal(signal.SIGINT)
        _, stderr = await process.communicate()
    keys = [request.headers["Idempotency-Key"] for request in api.requests]
    assert out.code == 4
    assert out.last_line.endswith(f"--idempotency-key {keys[0]}")
    assert process.returncode == 130
    assert f"--answer 1 --base-url {api.url} --idempotency-key {keys[1]}" in stderr.decode()


@pytest.mark.parametrize("status", [200, 403, 500])
async def test_no_output_holds_the_token(tmp_path: Path, status: int) -> None:
    """A server that echoes the token, in a task or in a refusal, gets it neither printed nor into --json."""
    said = json.dumps({"id": "task_1", "title": TOKEN, "message": f"no access with Bearer {TOKEN}"}).encode()
    fault = Fault(kind="status", status=status, body=said, headers={"Retry-After": "9999"})
    async with FakeTaskApi(tasks=some_tasks(), faults=lambda _: fault) as api:
        ran = await tasks(api, "get", "task_1", "--json", cwd=tmp_path)
    assert ran.code == {200: 0, 403: 3, 500: 4}[status]
    assert "hidden" not in ran.stdout + ran.stderr
    assert "***" in ran.stdout + ran.stderr


async def test_a_hostile_text_does_not_reach_the_terminal(tmp_path: Path) -> None:
    """Control characters in what a server says are shown as such, and long texts are cut."""
    task = {"id": "task_1", "title": "\x1b[2Jgone\nnext", "description": "x" * 5000, "status": "open"}
    async with FakeTaskApi(tasks=[task], envelope=Envelope(dialect="nothing", items_key="")) as api:
        listed = await tasks(api, "list", cwd=tmp_path)
        got = await tasks(api, "get", "task_1", cwd=tmp_path)
    assert "\x1b" not in listed.stderr + got.stderr
    assert len(listed.stderr.splitlines()) == 2
    assert got.stderr.splitlines()[1].endswith("x… (5,000 characters)")
