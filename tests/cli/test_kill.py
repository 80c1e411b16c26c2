"""The promise of the journal: a crawl that is killed at any moment goes on to the same bytes."""

import asyncio
import contextlib
import random
import signal
from pathlib import Path

import pytest

from tests.cli.commands import run, start
from tests.fakes.entries import make_entries
from tests.fakes.leaderboard import FakeLeaderboard

COMMAND = (
    "mirror", "--output-prefix", "p", "--limit", "10", "--pages-per-filter", "all", "--data-dir", "data",
    "--website", "autocinema", "--website", "autobooks", "--success", "true", "--success", "false",
    "--max-requests-per-second", "0",
)  # fmt: skip
FILES = ("raw/p.jsonl", "raw/p.journal.jsonl", "datasets/p.jsonl", "metrics/p.json")


def produced(folder: Path) -> dict[str, bytes]:
    return {name: (folder / "data" / name).read_bytes() for name in FILES}


async def undisturbed(api: FakeLeaderboard, folder: Path) -> tuple[dict[str, bytes], int]:
    """What a calm run makes, and how many requests it takes."""
    folder.mkdir()
    before = len(api.requests)
    ran = await run(*COMMAND, "--base-url", api.origin, cwd=folder)
    assert ran.code == 0, ran.stderr
    return produced(folder), len(api.requests) - before


async def killed_at(api: FakeLeaderboard, folder: Path, request: int, delay_s: float, blow: signal.Signals) -> int:
    """Starts a crawl and kills it `delay_s` after its request number `request` has arrived."""
    folder.mkdir(exist_ok=True)
    reached = asyncio.Event()
    until = len(api.requests) + request

    def watch(_api: FakeLeaderboard, number: int, _params: dict[str, str]) -> None:
        if number >= until:
            reached.set()

    api.on_request = watch
    resume = ["--resume"] if (folder / "data" / "raw").exists() else []
    process = await start([*COMMAND, *resume, "--base-url", api.origin], folder)
    ended = asyncio.create_task(process.communicate())
    arrival = asyncio.create_task(reached.wait())
    await asyncio.wait({ended, arrival}, return_when=asyncio.FIRST_COMPLETED)
    arrival.cancel()
    await asyncio.sleep(delay_s)
    with contextlib.suppress(ProcessLookupError):
        process.send_signal(blow)
    await ended
    api.on_request = None
    assert process.returncode is not None
    return process.returncode


async def check_moments(tmp_path: Path, moments: list[tuple[int, float]]) -> None:
    async with FakeLeaderboard(rows=make_entries(240), latency_s=0.001) as api:
        calm, _ = await undisturbed(api, tmp_path / "calm")
        for number, (request, delay_s) in enumerate(moments):
            folder = tmp_path / str(number)
            await killed_at(api, folder, request, delay_s, signal.SIGKILL)
            resumed = await run(*COMMAND, "--resume", "--base-url", api.origin, cwd=folder)
            assert resumed.code == 0, resumed.stderr
            assert produced(folder) == calm, f"killed {delay_s} s after request {request}"


async def test_a_killed_crawl_resumes_to_the_same_bytes(tmp_path: Path) -> None:
    """SIGKILL at several moments of the crawl and of the build, then --resume: the same bytes as a calm run."""
    await check_moments(tmp_path, [(1, 0.0), (3, 0.001), (9, 0.002), (17, 0.0), (25, 0.01), (30, 0.05)])


@pytest.mark.slow
async def test_a_killed_crawl_resumes_to_the_same_bytes_at_many_moments(tmp_path: Path) -> None:
    """The same at eighty moments."""
    chance = random.Random(7)
    await check_moments(tmp_path, [(chance.randint(1, 34), chance.random() ** 2 * 0.1) for _ in range(80)])


async def test_a_crawl_killed_again_and_again_still_ends(tmp_path: Path) -> None:
    """Every resumed run gets a little further, however often it is killed."""
    async with FakeLeaderboard(rows=make_entries(240), latency_s=0.001) as api:
        calm, _ = await undisturbed(api, tmp_path / "calm")
        folder = tmp_path / "hit"
        for _ in range(4):
            await killed_at(api, folder, 7, 0.003, signal.SIGKILL)
        assert (await run(*COMMAND, "--resume", "--base-url", api.origin, cwd=folder)).code == 0
        assert produced(folder) == calm


async def test_ctrl_c_leaves_everything_resumable(tmp_path: Path) -> None:
    """Ctrl-C exits 130 and prints the command that resumes; that command completes the crawl."""
    async with FakeLeaderboard(rows=make_entries(240), latency_s=0.05) as api:
        folder = tmp_path / "hit"
        folder.mkdir()
        process = await start([*COMMAND, "--base-url", api.origin], folder)
        while len(api.requests) < 6:
            await asyncio.sleep(0.01)
        process.send_signal(signal.SIGINT)
        _, stderr = await process.communicate()
        assert process.returncode == 130
        assert "Traceback" not in stderr.decode()
        (hint,) = [line for line in stderr.decode().splitlines() if "--resume" in line]
        words = hint.partition("score-model ")[2].split()
        api.latency_s = 0
        assert (await run(*words, cwd=folder)).code == 0
        calm, _ = await undisturbed(api, tmp_path / "calm")
        assert produced(folder) == calm
