"""`score-model replay` as users run it: processes, on an arena that is one too, and killed ones."""

import asyncio
import json
import os
import re
import signal
import socket
import sys
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import pytest

from score_model.errors import ContractError
from score_model.replay import read_outcome
from score_model.traces import iter_traces, load_trace
from tests.cli.commands import Ran, run, start
from tests.cli.servers import served_arena
from tests.replay.arena_answers import AnsweredRow, arena_tables, quick_answers

GUIDE = (Path(__file__).parent.parent.parent / "docs" / "replay.md").read_text()
DOCUMENTED = "autoppia_iwa.src.rl.score_model.cli.replay_leaderboard_solutions"
KEPT = ("SCORE_MODEL_BROWSER", "PLAYWRIGHT_BROWSERS_PATH")
VARIABLES = {name: os.environ[name] for name in KEPT if name in os.environ}


@dataclass(frozen=True)
class Place:
    """A working directory with a dataset, and settings that lead to a running arena."""

    folder: Path
    answers: list[AnsweredRow]

    @property
    def output(self) -> Path:
        return self.folder / "data" / "score_model_pipeline" / "raw_traces" / "rows"

    def expected(self) -> Counter[bool | None]:
        return Counter(known.row.passed for known in self.answers)


def written(folder: Path, answers: list[AnsweredRow]) -> Place:
    (folder / "rows.jsonl").write_bytes(b"".join(msgspec.json.encode(known.row) + b"\n" for known in answers))
    return Place(folder, answers)


@asynccontextmanager
async def place_on_arena(folder: Path, answers: list[AnsweredRow]) -> AsyncIterator[Place]:
    """A dataset of scripted agents' answers, and an arena that runs."""
    async with served_arena(folder) as arena:
        lines = []
        for name, table in arena_tables(arena.urls["events_url"]).items():
            lines += [f"[replay.sites.{name}]", f'url = "{arena.urls["site_urls"][name]}"']
            lines += [f'{key} = "{value}"' for key, value in table.items()]
        (folder / "score_model.toml").write_text("\n".join(lines))
        yield written(folder, answers)


async def replay(place: Place, *arguments: str, module: str = "score_model") -> Ran:
    """Replays the dataset; without a browser the test is skipped, but fails where `CI` is set."""
    words = ["--dataset", "rows.jsonl", *arguments]
    ran = await run(
        *(words if module == DOCUMENTED else ["replay", *words]), cwd=place.folder, module=module, **VARIABLES
    )
    if "no browser found" in ran.stderr:
        (pytest.fail if os.environ.get("CI") else pytest.skip)(ran.stderr)
    return ran


def labels(output: Path) -> dict[str, Any]:
    """What each trace says of its solution."""
    return {path.name: read_outcome(path).label for path in iter_traces(output)}


async def test_the_documented_command_ends_with_the_agreement_table(tmp_path: Path) -> None:
    """Traces under the default folder, a table that agrees with all labels, one JSON object on stdout; run again, it
    has nothing left to do and says the same.
    """
    async with place_on_arena(tmp_path, quick_answers(10, 4)[4:]) as place:
        ran = await replay(place, "--json", module=DOCUMENTED)
        assert ran.code == 0, ran.stderr
        result = json.loads(ran.stdout)
        assert (result["rows"], result["replayed"], result["failed"]) == (6, 6, 0)
        assert result["agreement"]["total"]["agree"] == 6
        assert list(result["agreement"]["websites"]) == ["autobooks", "autocinema"]
        assert "recorded pass, replay fails" in ran.stderr
        assert "6 (100.0%)" in ran.last_line or "with actions" in ran.last_line
        assert len(list(iter_traces(place.output))) == 6
        again = json.loads((await replay(place, "--json")).stdout)
        assert (again["replayed"], again["skipped"]) == (0, 6)
        assert again["agreement"] == result["agreement"]


async def test_flags_choose_rows_and_form(tmp_path: Path) -> None:
    """--website, --limit and --max-actions bound the work, --uncompressed writes plain JSON lines, and --output-dir
    says where; --dry-run only lists.
    """
    async with place_on_arena(tmp_path, quick_answers(10, 4)) as place:
        chosen = ("--website", "autocinema", "--limit", "2", "--max-actions", "1", "--output-dir", "out")
        dry = await replay(place, *chosen, "--dry-run", "--json")
        assert dry.code == 0, dry.stderr
        assert len(json.loads(dry.stdout)["rows"]) == 2
        assert not (tmp_path / "out").exists()
        ran = await replay(place, *chosen, "--uncompressed", "--parallel", "1", "--clock", "now")
        assert ran.code == 0, ran.stderr
        paths = list(iter_traces(tmp_path / "out"))
        assert len(paths) == 2
        for path in paths:
            assert path.suffix == ".jsonl"
            assert path.parent.parent.name == "autocinema"
            trace = load_trace(path)
            assert len(trace.steps) <= 1
            assert trace.header.clock == "now"


async def killed(place: Place, blow: signal.Signals, traces: int) -> tuple[int, str]:
    """Starts a replay and stops it when so many traces are there: its exit code, and what it said."""
    words = ["replay", "--dataset", "rows.jsonl"]
    process = await start(words, place.folder, variables=VARIABLES)
    ended = asyncio.create_task(process.communicate())
    while not ended.done() and (not place.output.exists() or len(list(iter_traces(place.output))) < traces):
        await asyncio.sleep(0.01)
    if not ended.done():
        process.send_signal(blow)
    _, stderr = await ended
    if "no browser found" in stderr.decode():
        (pytest.fail if os.environ.get("CI") else pytest.skip)(stderr.decode())
    assert process.returncode is not None
    return process.returncode, stderr.decode()


async def test_a_killed_run_goes_on_where_it_was(tmp_path: Path) -> None:
    """SIGKILL leaves whole traces only; the same command does the rest, and comes to what the agents expect."""
    async with place_on_arena(tmp_path, quick_answers(7, 4)) as place:
        await killed(place, signal.SIGKILL, 2)
        before = labels(place.output)  # raises for a trace that is not whole
        assert 2 <= len(before) < 7
        ran = await replay(place, "--json")
        assert ran.code == 0, ran.stderr
        result = json.loads(ran.stdout)
        assert result["skipped"] == len(before)
        assert result["replayed"] == 7 - len(before)
        assert result["agreement"]["total"]["agree"] == 7
        assert Counter(labels(place.output).values()) == place.expected()
        assert not list(place.output.rglob(".*"))  # what was under way has been overwritten


async def test_ctrl_c_leaves_everything_resumable(tmp_path: Path) -> None:
    """Ctrl-C exits 130, leaves whole traces only, and prints the command that goes on."""
    async with place_on_arena(tmp_path, quick_answers(7, 4)) as place:
        code, said = await killed(place, signal.SIGINT, 1)
        assert code == 130, said
        assert "Traceback" not in said
        assert "never retrieved" not in said
        assert "To go on: score-model replay --dataset rows.jsonl" in said
        assert 1 <= len(labels(place.output)) < 7
        assert not list(place.output.rglob(".*"))


async def test_a_site_that_is_down_is_one_line(tmp_path: Path) -> None:
    """Exit code 4, a line that names the site and says what to do, and no trace."""
    place = written(tmp_path, quick_answers(3, 4))
    sites = [word for name in ("autocinema", "autobooks") for word in ("--site", f"{name}=http://127.0.0.1:9")]
    ran = await replay(place, *sites, "--json")
    assert ran.code == 4, ran.stderr
    assert "is down: nothing answers at http://127.0.0.1:9" in ran.last_line
    assert "to go on: score-model replay" in ran.last_line
    assert ran.stdout == ""
    assert not place.output.exists() or not list(iter_traces(place.output))


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--site", "autodrive"], "NAME=URL"),
        (["--site", "nowhere=http://localhost:1"], "no site has this name"),
        (["--parallel", "0"], "--parallel must be between"),
        (["--limit", "0"], "--limit must be at least 1"),
        (["--timezone", "a b"], "--timezone"),
        (["--website", "nowhere"], "no solution of rows.jsonl is chosen"),
        (["--dataset", "missing.jsonl"], "no dataset at missing.jsonl"),
    ],
)
async def test_wrong_usage_is_one_line(tmp_path: Path, arguments: list[str], says: str) -> None:
    """Exit code 2 and a line that says what is wrong; nothing is started."""
    place = written(tmp_path, quick_answers(1, 4))
    words = arguments if "--dataset" in arguments else ["--dataset", "rows.jsonl", *arguments]
    ran = await run("replay", *words, cwd=place.folder, SCORE_MODEL_BROWSER="/nowhere/at/all")
    assert ran.code == 2
    assert says in ran.last_line
    assert len(ran.stderr.strip().splitlines()) == 1


async def test_a_browser_that_is_not_there_is_one_line(tmp_path: Path) -> None:
    """SCORE_MODEL_BROWSER is followed, and one that leads nowhere is named."""
    place = written(tmp_path, quick_answers(1, 4))
    ran = await run("replay", "--dataset", "rows.jsonl", cwd=place.folder, SCORE_MODEL_BROWSER="/nowhere/at/all")
    assert ran.code == 2
    assert "there is no browser at /nowhere/at/all" in ran.last_line


async def test_the_guide_leads_a_website_of_ones_own_to_traces(tmp_path: Path) -> None:
    """The files and commands of "A website of your own" do what they say (only the port is changed)."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = str(listener.getsockname()[1])
    guide = GUIDE.partition("## A website of your own")[2].replace("9017", port)
    texts = re.findall(r"```(\w+)\n(.*?)```", guide, flags=re.DOTALL)
    assert [kind for kind, _ in texts] == ["python", "toml", "json", "bash"]
    for name, (_, text) in zip(("shop.py", "score_model.toml", "shop.jsonl"), texts, strict=False):
        (tmp_path / name).write_text(text)
    shop = await asyncio.create_subprocess_exec(
        sys.executable, "shop.py", cwd=tmp_path, stderr=asyncio.subprocess.DEVNULL
    )
    try:
        _, build, replay_it = texts[3][1].strip().splitlines()
        for command in (build, replay_it):
            ran = await run(*command.split()[1:], cwd=tmp_path, **VARIABLES)
            if "no browser found" in ran.stderr:
                (pytest.fail if os.environ.get("CI") else pytest.skip)(ran.stderr)
            assert ran.code == 0, ran.stderr
    finally:
        shop.kill()
        await shop.wait()
    assert "shop        1  1 (100.0%)" in ran.stderr
    (path,) = iter_traces(tmp_path / "data/score_model_pipeline/raw_traces/shop")
    assert load_trace(path).steps[1].extra["target"]["name"] == "Buy tea"


def test_a_trace_without_an_end_is_not_whole(tmp_path: Path) -> None:
    """What says whether a solution is done looks for the footer."""
    path = tmp_path / "t.jsonl"
    path.write_text('{"kind": "header"}\n')
    with pytest.raises(ContractError, match="no end"):
        read_outcome(path)
