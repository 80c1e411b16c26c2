"""Many solutions: resumed, with browsers that die or hang, sites that are down, and files that can't be written."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
import pytest
from aiohttp import web

from score_model.contract import Sample
from score_model.errors import RemoteUnreachableError, UsageError
from score_model.replay import Destination, Replayer, ReplayFailure, ReplaySettings, ReplaySummary, SiteMap, replay_all
from score_model.traces import iter_traces, load_trace
from tests.replay.drivers import by_id, running_replayer
from tests.replay.factories import navigate, sample
from tests.replay.fake_services import RECORDED, LocalSite, local_site

SETTINGS = ReplaySettings(element_timeout_ms=400, idle_cap_ms=1_500, navigation_timeout_ms=3_000, late_events_ms=100)
TESTS = [{"type": "CheckEventTest", "event_name": "SEEN"}]
PAGE = "<!doctype html><title>a page</title><button id=b>b</button>"


@pytest.fixture
async def site() -> AsyncIterator[LocalSite]:
    """A site that records one event for every page that it shows."""
    async with local_site() as running:
        running.add("/page", PAGE)
        running.add("/events/reset/", "{}", "application/json")
        running.add("/events/list/", '[{"event_name": "SEEN", "data": {}}]', "application/json")
        yield running


def sites_of(site: LocalSite) -> SiteMap:
    return SiteMap.build([f"autodrive={site.url}"], {"autodrive": {"event_service": "site"}})


def rows(count: int, actions: Sequence[Any] = (), **changed: Any) -> list[Sample]:
    """Solutions that pass, recorded as passed."""
    given = [navigate(f"{RECORDED}/page"), *actions]
    return [
        sample(solution_id=f"s{number}", actions=given, start_url=f"{RECORDED}/", tests=TESTS, **changed)
        for number in range(count)
    ]


async def run(
    replayer: Replayer, site: LocalSite, output: Path, given: Sequence[Sample], run_id: str = "r", **more: Any
) -> ReplaySummary:
    return await replay_all(given, replayer, sites_of(site), Destination(output=output, run_id=run_id), **more)


def files(output: Path) -> list[str]:
    """All files below the folder, unfinished ones too."""
    return sorted(str(path.relative_to(output)) for path in output.rglob("*") if path.is_file())


def failures(output: Path) -> list[ReplayFailure]:
    lines = (output / "failed.ndjson").read_bytes().splitlines()
    return [msgspec.json.decode(line, type=ReplayFailure) for line in lines]


async def test_what_is_done_is_not_done_again(site: LocalSite, tmp_path: Path) -> None:
    """A second run replays nothing and says the same; a trace that was torn is replaced; further copies of a row are
    counted once.
    """
    async with running_replayer(sites_of(site), SETTINGS, ["autodrive"]) as replayer:
        first = await run(replayer, site, tmp_path, rows(3))
        assert (first.replayed, first.skipped, first.actions) == (3, 0, 3)
        assert first.agreement.total.agree == 3
        seen = len(site.seen)
        again = await run(replayer, site, tmp_path, rows(3), "r2")
        assert (again.replayed, again.skipped) == (0, 3)
        assert again.agreement == first.agreement
        assert len(site.seen) == seen
        torn = next(iter_traces(tmp_path))
        torn.write_bytes(torn.read_bytes()[:-20])
        repaired = await run(replayer, site, tmp_path, [*rows(3), *rows(1)], "r3")
        assert (repaired.replayed, repaired.skipped, repaired.duplicates) == (1, 2, 1)
        assert load_trace(torn).footer is not None


async def test_a_row_that_cannot_be_replayed_is_recorded_and_the_others_go_on(site: LocalSite, tmp_path: Path) -> None:
    """Its reason is in failed.ndjson until a later run succeeds with it."""
    lost = sample(solution_id="lost", start_url="http://localhost:9999/", website="autodrive", actions=[{}])
    async with running_replayer(sites_of(site), SETTINGS, ["autodrive"]) as replayer:
        summary = await run(replayer, site, tmp_path, [lost, *rows(2)])
        assert (summary.replayed, len(summary.failures)) == (2, 1)
        (failure,) = failures(tmp_path)
        assert failure.solution_id == "lost"
        assert "localhost:9999" in failure.reason
        await run(replayer, site, tmp_path, rows(3), "r2")
        assert len(failures(tmp_path)) == 1
        await run(replayer, site, tmp_path, [sample(solution_id="lost", actions=[], tests=TESTS)], "r3")
    assert "failed.ndjson" not in files(tmp_path)
    assert len(list(iter_traces(tmp_path))) == 4


async def test_a_site_that_is_down_ends_the_run(site: LocalSite, tmp_path: Path) -> None:
    """One line that says which and what to do, and no file of what was under way."""
    down = SiteMap.build(["autodrive=http://127.0.0.1:9"], {"autodrive": {"event_service": "none"}})
    async with running_replayer(down, SETTINGS, ["autodrive"]) as replayer:
        with pytest.raises(RemoteUnreachableError, match=r"^autodrive is down: .*127\.0\.0\.1:9.*--site autodrive=URL"):
            await replay_all(rows(3), replayer, down, Destination(output=tmp_path, run_id="r"))
    assert files(tmp_path) == []


async def test_a_site_that_goes_down_meanwhile_ends_the_run(site: LocalSite, tmp_path: Path) -> None:
    """What was done before stays; the replay that met it leaves nothing."""
    asked = 0

    async def page(_request: web.Request) -> web.Response:
        nonlocal asked
        asked += 1
        return web.Response(text=PAGE, content_type="text/html", status=200 if asked < 3 else 503)

    site.add("/page", page)
    site.add("/", page)
    site.add("/events/list/", page)
    async with running_replayer(sites_of(site), replace(SETTINGS, parallel=1), ["autodrive"]) as replayer:
        with pytest.raises(RemoteUnreachableError):
            await run(replayer, site, tmp_path, rows(3))
    assert files(tmp_path) == []


async def test_a_solution_that_breaks_its_events_fails_alone(site: LocalSite, tmp_path: Path) -> None:
    """Where the event service answers others, the solution is at fault: it is recorded, and the run goes on."""

    async def events(request: web.Request) -> web.Response:
        broken = request.headers["X-WebAgent-Id"] in poisoned
        return web.Response(text="[]", content_type="application/json", status=500 if broken else 200)

    async def page(request: web.Request) -> web.Response:
        if "poison" in request.query:
            poisoned.add(request.headers["X-WebAgent-Id"])
        return web.Response(text=PAGE, content_type="text/html")

    poisoned: set[str] = set()
    site.add("/events/list/", events)
    site.add("/page", page)
    bad = sample(
        solution_id="bad", actions=[navigate(f"{RECORDED}/page?poison=1")], start_url=f"{RECORDED}/", tests=TESTS
    )
    async with running_replayer(sites_of(site), SETTINGS, ["autodrive"]) as replayer:
        summary = await run(replayer, site, tmp_path, [bad, *rows(2)])
    assert summary.replayed == 2
    assert [failure.solution_id for failure in failures(tmp_path)] == ["bad"]
    assert failures(tmp_path)[0].attempts == 2


async def test_a_browser_that_is_killed_costs_no_solution(site: LocalSite, tmp_path: Path) -> None:
    """Those that were in it are replayed once more, in a browser of their own."""
    async with running_replayer(sites_of(site), replace(SETTINGS, parallel=3), ["autodrive"]) as replayer:
        waiting = [{"type": "wait", "attributes": {"time_seconds": 1.0}}]
        running = asyncio.create_task(run(replayer, site, tmp_path, rows(6, waiting)))
        while "/page" not in site.paths():
            await asyncio.sleep(0.02)
        pid = replayer.browser_pid
        assert pid is not None
        os.kill(pid, signal.SIGKILL)
        summary = await running
    assert (summary.replayed, summary.failures) == (6, [])
    assert summary.agreement.total.agree == 6
    assert len(list(iter_traces(tmp_path))) == 6


@pytest.mark.slow
async def test_a_browser_that_hangs_costs_no_solution(site: LocalSite, tmp_path: Path) -> None:
    """A stopped browser is noticed, ended and replaced."""
    async with running_replayer(sites_of(site), replace(SETTINGS, parallel=2), ["autodrive"]) as replayer:
        waiting = [
            {"type": "wait", "attributes": {"time_seconds": 0.5}},
            {"type": "click", "attributes": {"selector": by_id("b")}},
        ]
        running = asyncio.create_task(run(replayer, site, tmp_path, rows(4, waiting)))
        while "/page" not in site.paths():
            await asyncio.sleep(0.02)
        pid = replayer.browser_pid
        assert pid is not None
        os.kill(pid, signal.SIGSTOP)
        summary = await running
    assert (summary.replayed, summary.failures) == (4, [])


async def test_the_watchdog_gives_up_what_does_not_end(site: LocalSite, tmp_path: Path) -> None:
    """After the second attempt the solution is recorded as failed, and nothing of it is left; the others are done."""

    async def never(_request: web.Request) -> web.Response:
        await asyncio.sleep(3600)
        raise AssertionError

    site.add("/never", never)
    stuck = sample(solution_id="stuck", actions=[navigate(f"{RECORDED}/never")], start_url=f"{RECORDED}/", tests=TESTS)
    settings = replace(SETTINGS, solution_budget_s=1.0, navigation_timeout_ms=60_000)
    async with running_replayer(sites_of(site), settings, ["autodrive"], grace_s=1.5) as replayer:
        summary = await run(replayer, site, tmp_path, [stuck, *rows(2)])
    assert summary.replayed == 2
    (failure,) = failures(tmp_path)
    assert (failure.solution_id, failure.attempts) == ("stuck", 2)
    assert "did not end within 2.5 s" in failure.reason
    assert not [name for name in files(tmp_path) if "stuck" in name]


async def test_a_folder_that_cannot_be_written_ends_the_run(site: LocalSite, tmp_path: Path) -> None:
    """One line with the path; nothing is torn."""
    (tmp_path / "autodrive").write_text("a file in the way")
    async with running_replayer(sites_of(site), SETTINGS, ["autodrive"]) as replayer:
        with pytest.raises(UsageError, match=r"can't write .*autodrive"):
            await run(replayer, site, tmp_path, rows(3))
    assert files(tmp_path) == ["autodrive"]


async def test_rows_without_tests_say_whether_their_event_fired(site: LocalSite, tmp_path: Path) -> None:
    """Nothing is decided, and the event named like the use case is looked up."""
    given = [msgspec.structs.replace(row, tests=None, use_case="SEEN") for row in rows(2)]
    async with running_replayer(sites_of(site), SETTINGS, ["autodrive"]) as replayer:
        for run_id in ("r1", "r2"):  # the second reads it from the traces
            summary = await run(replayer, site, tmp_path, given, run_id)
            assert summary.agreement.total.undecidable == 2
            assert [one.fired for one in summary.expected] == [1, 1]
    footer = load_trace(next(iter_traces(tmp_path))).footer
    assert footer is not None
    assert footer.extra["expected_event"] == {"name": "SEEN", "fired": 1, "data": [{}]}
