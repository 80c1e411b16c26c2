"""Browsers die, hang and grow old: each costs at most the replay in it, and nothing of them is left behind."""

import asyncio
import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from score_model.errors import BrowserLostError, UsageError
from score_model.replay import BrowserEnvironment, BrowserPool, Session
from score_model.replay._browser.pool import find_browser
from tests.replay.drivers import Visit, by_id, running_pool, visiting, visiting_pool
from tests.replay.fake_services import RECORDED, LocalSite, local_site


def _descendants() -> dict[int, str]:
    """The living descendants of this process, by id: their states and command names; zombies are state Z."""
    parents: dict[int, tuple[int, str]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                name, _, rest = (entry / "stat").read_text().partition("(")[2].rpartition(")")
            except OSError:  # it ended while we looked
                continue
            state, parent = rest.split()[:2]
            parents[int(entry.name)] = (int(parent), f"{state} {name}")
    found: dict[int, str] = {}
    wanted = {os.getpid()}
    while wanted:
        children = {pid for pid, (parent, _) in parents.items() if parent in wanted} - set(found)
        found.update({pid: parents[pid][1] for pid in children})
        wanted = children
    return found


def _marked(mark: str) -> set[int]:
    """The living processes that inherited an environment variable, wherever they hang now."""
    found = set()
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                if mark.encode() in (entry / "environ").read_bytes():
                    found.add(int(entry.name))
            except OSError:  # it ended while we looked, or is somebody else's
                continue
    return found - {os.getpid()}


@pytest.fixture
def nothing_left(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Fails when a process that the test started is still there at its end, dead or alive, ours or orphaned."""
    mark = f"test-family-{os.getpid()}-{time.monotonic_ns()}"
    monkeypatch.setenv("SCORE_MODEL_TEST_FAMILY", mark)
    before = set(_descendants())
    yield
    deadline = time.monotonic() + 5
    while left := (set(_descendants()) - before) | _marked(mark):
        assert time.monotonic() < deadline, left
        time.sleep(0.05)


async def _title(session: Session, visit_site: LocalSite, pool: BrowserPool) -> str:
    visit = Visit(session, visit_site, pool)
    await visit.show("<title>fine</title>")
    return await visit.page.title()


async def _click_on(visit: Visit) -> None:
    for _ in range(20):
        await visit.do("click", selector=by_id("b"))


async def _stop_and_go_on(pool: BrowserPool, site: LocalSite, browser: int) -> None:
    async with visiting(pool, site) as visit:
        await visit.show("<button id=b>x</button>")
        os.kill(browser, signal.SIGSTOP)
        await _click_on(visit)


@pytest.mark.usefixtures("nothing_left")
async def test_a_killed_browser_costs_the_replay_in_it() -> None:
    """After a kill -9 the replay in the browser is told, the next one gets a new browser, and no process is left."""
    async with visiting_pool() as (pool, site):
        first = pool.pid
        assert first is not None
        async with visiting(pool, site) as visit:
            await visit.show("<button id=b>x</button>")
            assert len(_marked(os.environ["SCORE_MODEL_TEST_FAMILY"])) >= 3  # driver, browser, page: the mark works
            os.kill(first, signal.SIGKILL)
            with pytest.raises(BrowserLostError):
                await _click_on(visit)
        async with visiting(pool, site) as visit:
            await visit.show("<title>fine</title>")
            assert await visit.page.title() == "fine"
        assert pool.pid not in {None, first}
        assert first not in _descendants()


@pytest.mark.usefixtures("nothing_left")
async def test_a_killed_driver_costs_the_replay_in_it() -> None:
    """The driver process between us and the browser may die too: the same promise holds."""
    async with visiting_pool() as (pool, site):
        first = pool.pid
        driver = next(pid for pid in _descendants() if Path(f"/proc/{pid}/exe").resolve().name == "node")
        async with visiting(pool, site) as visit:
            await visit.show("<button id=b>x</button>")
            os.kill(driver, signal.SIGKILL)
            with pytest.raises(BrowserLostError):
                await _click_on(visit)
        async with pool.session(BrowserEnvironment()) as session:
            assert await _title(session, site, pool) == "fine"
        assert pool.pid != first


@pytest.mark.usefixtures("nothing_left")
async def test_a_cancelled_replay_leaves_nothing() -> None:
    """A replay that is cancelled, wherever it is, gives its page back and stays cancelled."""
    async with visiting_pool() as (pool, site):
        for delay_s in (0.0, 0.03, 0.3):

            async def replay() -> None:
                async with visiting(pool, site) as visit:
                    await visit.show("<h1>here</h1>")
                    await visit.act("wait", time_seconds=10)

            task = asyncio.create_task(replay())
            await asyncio.sleep(delay_s)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
        async with pool.session(BrowserEnvironment()) as session:
            assert await _title(session, site, pool) == "fine"
            assert session.context.browser is not None
            assert len(session.context.browser.contexts) == 1


async def test_an_unknown_time_zone_is_wrong_usage() -> None:
    """A time zone that the browser does not know is said in one line, and costs no browser."""
    async with visiting_pool() as (pool, _):
        first = pool.pid
        with pytest.raises(UsageError, match="no time zone 'Mars/Olympus'"):
            async with pool.session(BrowserEnvironment(timezone="Mars/Olympus")):
                pass
        assert pool.pid == first


@pytest.mark.usefixtures("nothing_left")
async def test_a_browser_that_died_in_between_is_replaced() -> None:
    """A browser that dies while nobody uses it costs nothing."""
    async with visiting_pool() as (pool, site):
        first = pool.pid
        assert first is not None
        os.kill(first, signal.SIGKILL)
        async with pool.session(BrowserEnvironment()) as session:
            assert await _title(session, site, pool) == "fine"
        assert pool.pid != first


@pytest.mark.usefixtures("nothing_left")
async def test_a_hung_browser_is_noticed_and_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    """A browser that no longer answers is found out in seconds, ended by force and replaced."""
    monkeypatch.setattr("score_model.replay._browser.pool._CLOSE_S", 1)
    monkeypatch.setattr("score_model.replay._browser.session._ANSWER_S", 1)
    async with visiting_pool() as (pool, site):
        first = pool.pid
        assert first is not None
        started = time.monotonic()
        with pytest.raises(BrowserLostError):
            await _stop_and_go_on(pool, site, first)
        async with pool.session(BrowserEnvironment()) as session:
            assert await _title(session, site, pool) == "fine"
        assert pool.pid != first
        assert time.monotonic() - started < 20


@pytest.mark.usefixtures("nothing_left")
async def test_a_crashed_page_costs_its_replay_alone() -> None:
    """When a page crashes its replay is told, and another one in the same browser goes on."""
    async with visiting_pool() as (pool, site), pool.session(BrowserEnvironment()) as other:
        first = pool.pid
        async with visiting(pool, site) as visit:
            await visit.show("<h1>here</h1>")
            devtools = await visit.session.context.new_cdp_session(visit.page)
            crashing = asyncio.ensure_future(devtools.send("Page.crash"))
            with pytest.raises(BrowserLostError, match="the page crashed"):
                await _click_on(visit)
            crashing.cancel()
            await asyncio.gather(crashing, return_exceptions=True)
        assert await _title(other, site, pool) == "fine"
        assert pool.pid == first


@pytest.mark.usefixtures("nothing_left")
async def test_a_hung_page_is_closed_and_the_browser_stays() -> None:
    """A page with an endless script is closed with its context; the browser gives the next session as ever."""
    async with visiting_pool() as (pool, site):
        first = pool.pid
        async with visiting(pool, site) as visit:
            await visit.show("<script>setTimeout(() => { for (;;); }, 300)</script>")
            await asyncio.sleep(0.4)
            result = await visit.act("click", selector=by_id("b"))
            assert not result.success
        async with pool.session(BrowserEnvironment()) as session:
            assert await _title(session, site, pool) == "fine"
        assert pool.pid == first


@pytest.mark.usefixtures("nothing_left")
async def test_browsers_are_recycled() -> None:
    """After so many sessions a new browser is used; a session in the old one ends undisturbed."""
    async with local_site() as site, running_pool({RECORDED: site.url}, recycle_after=2) as pool:
        pids = []
        async with pool.session(BrowserEnvironment()) as long:
            pids.append(pool.pid)
            for _ in range(3):
                async with pool.session(BrowserEnvironment()) as session:
                    assert session.page.url == "about:blank"
                    pids.append(pool.pid)
            assert await _title(long, site, pool) == "fine"
        assert pids[0] == pids[1] != pids[2] == pids[3]
        assert pids[0] not in _descendants()


@pytest.mark.usefixtures("nothing_left")
async def test_sessions_are_worlds_of_their_own() -> None:
    """Sessions at the same time share neither cookies nor storage nor settings; scripts given run before the page's."""
    async with visiting_pool() as (pool, site):
        site.add("/", "<script>document.title = [document.cookie, localStorage.a, window.given]</script>")
        berlin = BrowserEnvironment(
            timezone="Europe/Berlin", locale="de-DE", viewport=(800, 600), init_scripts=("window.given = 1",)
        )
        async with pool.session(berlin) as one, pool.session(BrowserEnvironment()) as two:
            pages = [Visit(session, site, pool) for session in (one, two)]
            for visit in pages:
                await visit.open("/")
                await visit.page.evaluate("document.cookie = 'a=1'; localStorage.a = 1")
            seen = [
                await visit.page.evaluate(
                    "[document.title, innerWidth, new Date(0).getHours(), navigator.language, "
                    "Intl.DateTimeFormat().resolvedOptions().timeZone]"
                )
                for visit in pages
            ]
        assert seen == [
            [",,1", 800, 1, "de-DE", "Europe/Berlin"],
            [",,", 1280, 0, "en-US", "UTC"],
        ]


def test_browsers_are_looked_for_in_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A named browser wins, then Playwright's own, then those on the PATH; without any one line says what to do."""
    shell, own = tmp_path / "chromium-headless-shell", tmp_path / "own"
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(UsageError, match="install one of chromium-headless-shell"):
        find_browser(None, str(own))
    shell.touch(mode=0o755)
    assert find_browser(None, str(own)) == str(shell)
    own.touch(mode=0o755)
    assert find_browser(None, str(own)) == str(own)
    assert find_browser(shell, str(own)) == str(shell)
    with pytest.raises(UsageError, match="no browser at"):
        find_browser(tmp_path / "absent", str(own))


@pytest.mark.usefixtures("nothing_left")
async def test_what_is_no_browser_is_said_in_one_line(tmp_path: Path) -> None:
    """A program that is no browser ends in one line, with nothing left running."""
    program = tmp_path / "browser"
    program.write_text("#!/bin/sh\nexit 1\n")
    program.chmod(0o755)
    with pytest.raises(BrowserLostError, match="does not start") as caught:
        async with BrowserPool({RECORDED: "http://127.0.0.1:9"}, executable=program):
            pass
    assert "\n" not in str(caught.value)
