"""`POST /api/score`: the model's own numbers over HTTP, from a task's description and the actions alone."""

import asyncio
import io
import json
import os
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import aiohttp
import msgspec
import pytest
from sqlalchemy import update

from score_model.arena import ArenaSettings, open_engine, running_arena
from score_model.arena._settings import ApiSwitches
from score_model.arena.api import claim_for_evaluation, record_verdict
from score_model.arena.api._records import MAX_ATTEMPTS, MAX_SCORED_ACTIONS, MAX_SCORED_WORDING, Score, ScoreDriver
from score_model.arena.database.tables import tasks
from score_model.checks import Verdict
from score_model.cli.main import run
from score_model.contract import SolutionStatus
from score_model.model import Attempt, Attribution, Scorer, ScoreResult, rank, save_model
from tests.arena.conftest import Answer, ManualClock, RunningArena, StartArena
from tests.arena.processes import SETTINGS, serving
from tests.model.factories import click, trained_model, typing

_ROOT = Path(__file__).parents[3]
_KIND = {"Content-Type": "application/json"}
GOOD = [typing("Marrow Hill"), click("film3"), click("go")]
BAD = [typing("Glass Harbour"), click("film3"), click("go")]
TASK = {
    "website": "autocinema",
    "useCase": "SEARCH_FILM",
    "prompt": "Search for the film whose name equals 'Marrow Hill'",
    "startUrl": "http://localhost:8000/?seed=3",
}
STORED: dict[str, Any] = {
    "title": "Search",
    "description": TASK["prompt"],
    "inputs": {"url": TASK["startUrl"], "seed": 3},
    "metadata": {"website": "autocinema", "use_case": "SEARCH_FILM"},
}

StartScoring = Callable[..., Awaitable[RunningArena]]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small model's folder, which tests only read."""
    path = tmp_path_factory.mktemp("models") / "films"
    save_model(path, trained_model())
    return path


@pytest.fixture(scope="module")
def scorer(folder: Path) -> Scorer:
    """The model as a program of one's own would load it."""
    return Scorer.load(folder)


@pytest.fixture
async def start_scoring(folder: Path, tmp_path: Path) -> AsyncIterator[StartScoring]:
    """Starts an arena with the model and the given settings; stops it when the test ends."""
    async with AsyncExitStack() as stack:

        async def start(**chosen: Any) -> RunningArena:
            settings = ArenaSettings(database=tmp_path / "arena.sqlite", model=folder, **chosen)
            clock = ManualClock()
            urls = await stack.enter_async_context(running_arena(settings, clock))
            engine = open_engine(settings.database)
            stack.callback(engine.dispose)
            session = await stack.enter_async_context(aiohttp.ClientSession())
            return RunningArena(urls, settings.database, engine, session, clock)

        yield start


async def _score(arena: RunningArena, body: object, **headers: str) -> Answer:
    return await arena.call("POST", "/score", headers, json=body)


def _as_json(result: ScoreResult) -> Any:
    return json.loads(msgspec.json.encode(result))


async def test_a_served_score_is_the_scorers(start_scoring: StartScoring, scorer: Scorer) -> None:
    """Every number is the one that `Scorer.load(FOLDER).score` gives, to the last digit, however the task is spelt."""
    arena = await start_scoring()
    described = {
        "website": "autocinema",
        "use_case": "SEARCH_FILM",
        "intent": TASK["prompt"],
        "start_url": TASK["startUrl"],
    }
    strange = {"website": "autocrm", "prompt": "zorp"}
    for actions in (GOOD, BAD, [], GOOD * 30):
        for task in (TASK, described, strange):
            expected = _as_json(scorer.score(task, actions))
            for sent in ({"actions": actions}, {"artifacts": {"steps": actions, "logs": "kept out"}}):
                answer = await _score(arena, {"task": task, **sent})
                assert (answer.status, answer.json) == (200, expected)
    nothing = await _score(arena, {"task": TASK, "artifacts": {}})
    assert (nothing.json["probability"], nothing.json["head"]) == (0.0, "rule")


async def test_attempts_are_ranked(start_scoring: StartScoring, scorer: Scorer) -> None:
    """Attempts get the scores that each has alone, in their order; those at one task are ranked as `rank` does."""
    arena = await start_scoring()
    answers: list[list[Any]] = [[], BAD, GOOD, GOOD]
    scored = (await _score(arena, {"attempts": [{"task": TASK, "actions": actions} for actions in answers]})).json
    assert scored["scores"] == [_as_json(scorer.score(TASK, actions)) for actions in answers]
    ranked = rank(scorer, [Attempt(TASK, actions) for actions in answers])
    assert scored["ranking"] == [place for place, _ in ranked] == [2, 3, 1, 0]
    other = {**TASK, "prompt": "Search for the film whose name equals 'Quiet Orchard'"}
    apart = await _score(arena, {"attempts": [{"task": TASK, "actions": GOOD}, {"task": other, "actions": GOOD}]})
    assert apart.json["ranking"] is None


async def test_a_stored_task_is_its_description(start_scoring: StartScoring, scorer: Scorer) -> None:
    """A task that is named by its id is scored as the same task in words, and counts as the same in a ranking."""
    arena = await start_scoring()
    task = await arena.create(**STORED)
    expected = _as_json(scorer.score(TASK, GOOD))
    for name in ("task_id", "taskId"):
        assert (await _score(arena, {"task": {name: task}, "actions": GOOD})).json == expected
    mixed = [{"task": {"task_id": task}, "actions": BAD}, {"task": {**TASK, "taskId": task}, "actions": GOOD}]
    assert (await _score(arena, {"attempts": mixed})).json["ranking"] == [1, 0]
    unknown = await _score(arena, {"task": {"task_id": "task_nobody_made"}, "actions": GOOD})
    assert (unknown.status, unknown.code) == (404, "task_not_found")


async def test_outcomes_do_not_reach_the_model(start_scoring: StartScoring) -> None:
    """A task's tests, its standing, and verdicts on the very same answer change no byte of a score."""
    arena = await start_scoring()
    test = {"type": "CheckEventTest", "event_name": "SEARCH_FILM", "event_criteria": {"query": "Marrow Hill"}}
    task = await arena.create(**STORED, tests=[test])
    asked = {"task": {"task_id": task}, "actions": GOOD}
    before = (await _score(arena, asked)).body
    for passed in (True, False):
        await arena.submit(task, agent_id=f"miner_{passed:d}", artifacts={"steps": GOOD})
        job = claim_for_evaluation(arena.engine, arena.clock, "worker", 60)
        assert job is not None
        status = SolutionStatus.PASSED if passed else SolutionStatus.FAILED
        verdict = Verdict(score=float(passed), passed=passed, status=status, text="said", checks=())
        assert record_verdict(arena.engine, arena.clock, job.solution_id, verdict)
        assert (await _score(arena, asked)).body == before
    for tests in ([], [test, test], [{**test, "event_criteria": {"query": "Glass Harbour"}}]):
        with arena.engine.begin() as connection:
            connection.execute(update(tasks).values(tests=msgspec.json.encode(tests)))
        assert (await _score(arena, asked)).body == before
    told = {**asked, "score": 1.0, "passed": True, "agent_id": "miner_1", "task": {**TASK, "tests": [test]}}
    assert (await _score(arena, told)).body == before


async def test_without_a_model(start_arena: StartArena) -> None:
    """An arena without a model says so with 404, and to callers with a token only."""
    arena = await start_arena(token="t")
    assert (await _score(arena, {"task": TASK, "actions": GOOD})).code == "invalid_token"
    refused = await _score(arena, {"task": TASK, "actions": GOOD}, Authorization="Bearer t")
    assert (refused.status, refused.code) == (404, "no_model")


async def test_admission_is_that_of_every_route(start_scoring: StartScoring) -> None:
    """A token, a run id and a fresh nonce are demanded; a refused request leaves its nonce good."""
    arena = await start_scoring(token="t", api=ApiSwitches(demands=("nonce", "run_id")))
    asked = {"task": TASK, "actions": GOOD, "nonce": "1", "runId": "r"}
    token = {"Authorization": "Bearer t"}
    assert (await _score(arena, asked)).status == 401
    assert (await _score(arena, {"task": TASK, "actions": GOOD, "runId": "r"}, **token)).code == "nonce_required"
    assert (await _score(arena, {"task": TASK, "actions": GOOD, "nonce": "1"}, **token)).code == "run_id_required"
    assert (await _score(arena, {**asked, "actions": 5}, **token)).code == "invalid_body"
    assert (await _score(arena, {**asked, "task": {"task_id": "none"}}, **token)).code == "task_not_found"
    assert (await _score(arena, asked, **token)).status == 200
    again = await _score(arena, {"attempts": [{"task": TASK, "actions": GOOD}], "nonce": "1", "run_id": "r"}, **token)
    assert (again.status, again.code) == (409, "nonce_reused")


_REFUSED: tuple[dict[str, Any], ...] = (
    {},
    {"task": TASK},
    {"actions": GOOD},
    {"task": TASK, "actions": None},
    {"task": TASK, "actions": "click"},
    {"task": TASK, "actions": {}},
    {"task": TASK, "actions": GOOD, "artifacts": {"steps": GOOD}},
    {"task": TASK, "artifacts": {"steps": 5}},
    {"task": TASK, "artifacts": []},
    {"task": TASK, "actions": [1] * (MAX_SCORED_ACTIONS + 1)},
    {"task": TASK, "artifacts": {"steps": [{}] * (MAX_SCORED_ACTIONS + 1)}},
    {"task": {}, "actions": []},
    {"task": {"task_id": None, "webVersion": 3}, "actions": []},
    {"task": {"task_id": True}, "actions": []},
    {"task": {"task_id": ["x"]}, "actions": []},
    {"task": "task_1", "actions": []},
    {"task": {**TASK, "website": 5}, "actions": GOOD},
    {"task": {**TASK, "prompt": {"a": 1}}, "actions": GOOD},
    {"task": {**TASK, "taskId": [1]}, "actions": GOOD},
    {"task": {**TASK, "prompt": "x" * (MAX_SCORED_WORDING + 1)}, "actions": GOOD},
    {"attempts": []},
    {"attempts": None},
    {"attempts": {"0": {}}},
    {"attempts": [5]},
    {"attempts": [{"task": TASK, "actions": GOOD}, {"task": TASK}]},
    {"attempts": [{"task": TASK, "actions": []}] * (MAX_ATTEMPTS + 1)},
)
_STRANGE: tuple[list[Any], ...] = (
    [None, 0, -1, 1.5e308, True, "", [], {}],
    [{"type": "click"}, {"type": 5}, {"action": None}, {"type": "input", "text": ["a"]}],
    [{"type": "type", "text": "x" * 1_000_000}],
    [{"type": "navigate", "url": "http://[:99999999/%zz\u202e"}],
    [{"type": "wait", "time_seconds": -1e308}, {"type": "scroll", "x": 2**62}],
    [{"type": "input", "attributes": {"attributes": {"attributes": {"selector": {"value": "//*["}}}}}],
    [typing("<web_agent_id>\x01\uffff🎬")] * MAX_SCORED_ACTIONS,
)


async def test_hostile_bodies(start_scoring: StartScoring) -> None:
    """What can't be scored is refused with 4xx and a code; what can, however strange, gets a probability."""
    arena = await start_scoring()
    for body in _REFUSED:
        answer = await _score(arena, body)
        assert (answer.status, answer.code) == (422, "invalid_body"), str(body)[:100]
    last = (await _score(arena, _REFUSED[-2])).json["detail"][0]["loc"]
    assert last == ["body", "attempts", "1", "actions"]
    raw = (b"", b"{", b"[]", b"\xff", b'{"task": NaN}', b"[" * 100_000, b'{"task":{"prompt":"\\u0000"},"actions":[]}')
    for data in raw:
        answer = await arena.call("POST", "/score", _KIND, data=data)
        assert answer.status in (400, 422), data[:40]
        assert answer.code in ("invalid_json", "invalid_body")
    deep = b'{"task":{"prompt":"x"},"actions":[' + b'{"a":' * 60 + b"1" + b"}" * 60 + b"]}"
    assert (await arena.call("POST", "/score", _KIND, data=deep)).status == 200
    assert (await arena.call("POST", "/score", data=b"task=1")).code == "unsupported_media_type"
    assert (await arena.call("POST", "/score", _KIND, data=io.BytesIO(b" " * (4 * 2**20 + 1)))).code == "body_too_large"
    assert (await arena.call("GET", "/score")).code == "method_not_allowed"
    wordings = ("", "<" * MAX_SCORED_WORDING, "not equals '" * 1_000, "rating equals 1e999 and \u202e")
    for actions in _STRANGE:
        for task in ({**TASK, "prompt": wordings[0]}, {"startUrl": "http://[::1:99999/", "webVersion": -1.5}):
            answer = await _score(arena, {"task": task, "actions": actions})
            assert answer.status == 200, answer.body
            low, high = answer.json["interval"]
            assert 0 <= low <= answer.json["probability"] <= high <= 1
    for wording in wordings[1:]:
        assert (await _score(arena, {"task": {"prompt": wording}, "actions": GOOD})).status == 200


async def test_scoring_holds_nobody_up(start_scoring: StartScoring) -> None:
    """While a full list is scored, other requests are answered."""
    arena = await start_scoring()
    full = [{"task": TASK, "actions": [typing(f"{n}.{k}") for k in range(50)]} for n in range(MAX_ATTEMPTS)]
    scoring = asyncio.create_task(_score(arena, {"attempts": full}))
    await asyncio.sleep(0.05)
    assert (await arena.call("GET", "/tasks")).status == 200
    assert not scoring.done()
    answer = await scoring
    assert len(answer.json["scores"]) == len(answer.json["ranking"]) == MAX_ATTEMPTS


def test_a_score_is_described_as_it_is() -> None:
    """The document's records have the fields of what the model says, with the same types."""
    for described, said in ((Score, ScoreResult), (ScoreDriver, Attribution)):
        assert described.__struct_fields__ == said.__struct_fields__
    kinds = {field.name: field.type for field in msgspec.structs.fields(Score)}
    said_kinds = {field.name: field.type for field in msgspec.structs.fields(ScoreResult)}
    assert {name for name in kinds if kinds[name] != said_kinds[name]} == {"drivers"}


@pytest.mark.parametrize("fault", ["missing", "no model", "damaged"])
def test_a_bad_folder_ends_the_start(
    folder: Path, tmp_path: Path, fault: str, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A folder that is no whole model is one line and code 2, before a port is bound or a database made."""
    for name in SETTINGS:
        monkeypatch.delenv(name, raising=False)
    model = tmp_path / "model"
    if fault == "no model":
        model.mkdir()
    elif fault == "damaged":
        shutil.copytree(folder, model)
        (model / "rates.json").write_text("{}")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        code = run(["arena", "serve", "--port", port, "--model", str(model), "--data-dir", str(tmp_path / "data")])
    out, err = capfd.readouterr()
    assert (code, out, len(err.splitlines())) == (2, "", 1)
    assert str(model) in err
    assert port not in err
    assert not (tmp_path / "data").exists()


_START = """
import asyncio, sys
from pathlib import Path
from score_model.arena import ArenaSettings, running_arena

async def start():
    async with running_arena(ArenaSettings(database=Path(sys.argv[1])), lambda: 0):
        pass

asyncio.run(start())
print(*{name.partition('.')[0] for name in sys.modules})
"""


def test_an_arena_without_a_model_loads_none_of_it(tmp_path: Path) -> None:
    """Without --model an arena starts without numpy and the other libraries of the model."""
    command = [sys.executable, "-c", _START, str(tmp_path / "arena.sqlite")]
    loaded = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    assert "litestar" in loaded
    assert not set(loaded) & {"numpy", "scipy", "sklearn", "lightgbm", "pyarrow", "selectolax"}


def test_a_missing_extra_is_named(folder: Path, tmp_path: Path) -> None:
    """Without the extra `score` the start ends with code 2 and one line that says what to install."""
    words = ["arena", "serve", "--port", "0", "--model", str(folder), "--data-dir", str(tmp_path)]
    code = f"import sys\nsys.modules['numpy'] = None\nfrom score_model.cli.main import run\nsys.exit(run({words!r}))"
    environment = {name: value for name, value in os.environ.items() if name not in SETTINGS}
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, env=environment)
    assert (ended.returncode, ended.stdout, len(ended.stderr.splitlines())) == (2, "", 1)
    assert "score-model[score]" in ended.stderr


def test_the_page_runs_as_it_is_written(folder: Path, tmp_path: Path) -> None:
    """The commands of docs/api.md about scores succeed with a model, and answer what the page says of them."""
    section = (_ROOT / "docs" / "api.md").read_text().partition("## Scores\n")[2].partition("\n## ")[0]
    (block,) = re.findall(r"```sh\n(.*?)```", section, flags=re.DOTALL)
    with serving("--data-dir", tmp_path, "--model", folder) as (_, urls):
        script = block.replace("http://127.0.0.1:8091/api", urls["api_url"])
        shell = ["bash", "-euo", "pipefail", "-c", script]
        variables = {**os.environ, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
        ran = subprocess.run(shell, cwd=tmp_path, env=variables, capture_output=True, text=True, timeout=60)
    assert ran.returncode == 0, ran.stderr
    first, end = json.JSONDecoder().raw_decode(ran.stdout)
    second = json.loads(ran.stdout[end:])
    assert set(first) == set(Score.__struct_fields__)
    assert second["ranking"] == [1, 0]
    for name in (*first, *second):
        assert f"`{name}`" in section or f'"{name}"' in section


@pytest.mark.slow
def test_schemathesis_finds_nothing_in_scores(folder: Path, tmp_path: Path) -> None:
    """No generated request to an arena with a model gets a 5xx or an answer that the document does not describe."""
    with serving("--data-dir", tmp_path, "--model", folder) as (_, urls):
        command = [
            sys.executable, "-m", "schemathesis.cli", "run", f"{urls['base_url']}/schema", "--no-color", "--seed", "1",
            "--include-path", "/api/score", "--generation-deterministic", "--max-examples", "200",
            "--exclude-checks", "positive_data_acceptance", "--request-timeout", "20",
        ]  # fmt: skip
        finished = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert finished.returncode == 0, finished.stdout[-8000:] + finished.stderr[-2000:]
