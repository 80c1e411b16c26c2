"""Event sources and websites of plug-ins, and what becomes of broken ones."""

import asyncio
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from score_model.checks import BackendEvent
from score_model.client import RetryPolicy
from score_model.errors import ContractError, RemoteRefusedError, RemoteUnreachableError, UsageError
from score_model.replay import EventSource, RecordedEvents, ReplayIdentity, Site, SiteMap
from score_model.replay._sites.events import CentralEventSource, EventSources, PerSiteEventSource, SiteEvents
from score_model.replay._sites.events_http import EventLimits
from tests.plugins import install_distribution

ALICE = ReplayIdentity("replay-a", "run")
IMPATIENT = EventLimits(timeout_s=0.2, retry=RetryPolicy(attempts=2), max_bytes=50_000, max_rows=3)
SHOP = Site(name="shop", recorded_origin="http://localhost:9000", url="http://localhost:9000", event_service="mine")

SOURCE = """
import asyncio, datetime
from score_model.errors import ContractError, RemoteRefusedError
from score_model.replay import RecordedEvents

class Source:
    async def __aenter__(self):
        return self
    async def __aexit__(self, *_):
        {close}
    async def reset(self, site, identity):
        {reset}
    async def events(self, site, identity):
        {events}
"""


def _source(**bodies: str) -> str:
    """A plug-in's module; the methods do nothing but what is told."""
    return SOURCE.format(**{"close": "pass", "reset": "pass", "events": "return RecordedEvents()"} | bodies)


Install = Callable[[dict[str, str], str], None]


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Install:
    """Installs a distribution with one module, `plugin_under_test`, for the length of a test."""

    def install_it(entry_points: dict[str, str], module: str) -> None:
        install_distribution(tmp_path, "a-plugin", "1.0", {"plugin_under_test.py": module}, entry_points)
        monkeypatch.syspath_prepend(tmp_path)
        monkeypatch.delitem(__import__("sys").modules, "plugin_under_test", raising=False)

    return install_it


@pytest.fixture
def shop(installed: Install) -> Callable[[str], None]:
    """Installs an event source `mine`."""
    return lambda module: installed({"event_source.mine": "plugin_under_test:Source"}, module)


async def _events(sources: EventSources) -> SiteEvents:
    return await sources.of(SHOP)


async def test_built_in_sources_and_a_plug_in_s_are_the_same_thing(shop: Callable[[str], None]) -> None:
    """All keep one protocol; a plug-in's rows come oldest first, parsed, and as JSON has them."""
    for _source_of_ours in (CentralEventSource(IMPATIENT), PerSiteEventSource(IMPATIENT)):
        kept: EventSource = _source_of_ours
        assert kept is not None
    rows = "[{'event_name': 'BUY', 'data': {'at': datetime.date(2026, 1, 2)}}, {'other': (1, 2)}]"
    shop(_source(events=f"return RecordedEvents.from_rows({rows})"))
    async with EventSources(IMPATIENT) as sources:
        events = await (await _events(sources)).events(ALICE)
    assert events == RecordedEvents(
        ({"event_name": "BUY", "data": {"at": "2026-01-02"}}, {"other": [1, 2]}),
        (BackendEvent("BUY", {"at": "2026-01-02"}),),
    )


async def test_a_source_is_opened_once_for_a_run(shop: Callable[[str], None], tmp_path: Path) -> None:
    """Two sites of one source, asked at the same time, share it."""
    log = tmp_path / "log"
    written = "print(id(self), site.name, identity.agent_id, file=log)"
    shop(_source(reset=f"with open({str(log)!r}, 'a') as log: {written}"))
    other = SHOP.__class__(name="other", recorded_origin="http://localhost:9001", url="", event_service="mine")
    async with EventSources(IMPATIENT) as sources:
        one, two = await asyncio.gather(sources.of(SHOP), sources.of(other))
        await one.reset(ALICE)
        await two.reset(ALICE)
    first, second = (line.split() for line in log.read_text().splitlines())
    assert first[0] == second[0]
    assert (first[1:], second[1:]) == (["shop", "replay-a"], ["other", "replay-a"])


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ("raise KeyError('no such shop\\nat all')", "KeyError"),
        ("raise asyncio.CancelledError", "cancelled itself"),
        ("await asyncio.sleep(60)", "within 0.4 s"),
        ("return [{'event_name': 'BUY'}]", "RecordedEvents are needed"),
        ("return RecordedEvents(({'x': object()},))", "that JSON can hold"),
        ("return RecordedEvents(({'x': '\\ud800'},))", "that JSON can hold"),
        ("return RecordedEvents(dropped='many')", "that JSON can hold"),
        ("return RecordedEvents((5,))", "that JSON can hold"),
        ("return RecordedEvents(None)", "gives no events of shop"),
    ],
)
async def test_a_source_that_fails_is_one_that_does_not_answer(
    shop: Callable[[str], None], body: str, says: str
) -> None:
    """Whatever it does, it is a service that is not reached: one line that names it, in bounded time."""
    shop(_source(events=body))
    async with EventSources(IMPATIENT) as sources:
        events = await _events(sources)
        started = time.monotonic()
        with pytest.raises(RemoteUnreachableError, match="the event source 'mine'") as failed:
            await events.events(ALICE)
        assert time.monotonic() - started < 10
        assert says in str(failed.value)
        assert "\n" not in str(failed.value)
        await events.reset(ALICE)  # the other method is not concerned


async def test_a_source_that_ignores_its_end_holds_nobody_up(shop: Callable[[str], None]) -> None:
    """One that goes on after it was given up, and one that can't be closed, end the wait all the same."""
    deaf = "try: await asyncio.sleep(60)\n            except asyncio.CancelledError: pass"
    stubborn = f"for _ in range(3):\n            {deaf}"
    shop(_source(reset=stubborn, close="raise OSError('it broke')"))
    async with EventSources(IMPATIENT) as sources:
        with pytest.raises(RemoteUnreachableError, match=r"does not reset shop within 0\.4 s"):
            await (await _events(sources)).reset(ALICE)
    for task in asyncio.all_tasks() - {asyncio.current_task()}:
        for _ in range(3):
            task.cancel()
            await asyncio.sleep(0)


async def test_a_source_may_say_what_we_know(shop: Callable[[str], None]) -> None:
    """Refusals and answers that are too large are what they are for the built-in sources."""
    shop(_source(events="raise ContractError('too much')", reset="raise RemoteRefusedError('not you', status=403)"))
    async with EventSources(IMPATIENT) as sources:
        events = await _events(sources)
        with pytest.raises(ContractError, match="too much"):
            await events.events(ALICE)
        with pytest.raises(RemoteRefusedError, match="not you"):
            await events.reset(ALICE)


async def test_floods_are_bounded(shop: Callable[[str], None]) -> None:
    """Of too many rows the newest are kept and the others counted; too many bytes cost one solution."""
    shop(_source(events="return RecordedEvents.from_rows([{'event_name': 'E', 'n': n} for n in range(10)], 1)"))
    async with EventSources(IMPATIENT) as sources:
        events = await (await _events(sources)).events(ALICE)
        assert [row["n"] for row in events.rows] == [7, 8, 9]
        assert events.dropped == 8


async def test_too_many_bytes_cost_one_solution(shop: Callable[[str], None]) -> None:
    """A row that is larger than any answer may be is not kept."""
    shop(_source(events="return RecordedEvents.from_rows([{'event_name': 'E' * 60_000}])"))
    async with EventSources(IMPATIENT) as sources:
        with pytest.raises(ContractError, match="over 50,000 bytes"):
            await (await _events(sources)).events(ALICE)


@pytest.mark.parametrize(
    ("module", "says"),
    [
        ("raise OSError('line\\nbreak')", "can't be loaded: OSError: line break"),
        ("Source = 5", "can't be made"),
        ("class Source:\n    def __init__(self): raise KeyError('x')", "can't be made: KeyError"),
        ("class Source: pass", "it has no __aenter__ and no __aexit__"),
        ("import contextlib\n@contextlib.asynccontextmanager\nasync def Source(): yield 5", "no reset and no events"),
        (_source().replace("return self", "raise OSError('no key')"), "does not open (OSError: no key)"),
        ("other = 1", "can't be loaded: AttributeError"),
    ],
)
async def test_a_broken_source_costs_one_line(shop: Callable[[str], None], module: str, says: str) -> None:
    """What can't be imported, made or opened is wrong usage, and the line names the source."""
    shop(module)
    async with EventSources(IMPATIENT) as sources:
        with pytest.raises(UsageError, match="'mine'") as broken:
            await _events(sources)
    assert says in str(broken.value)
    assert "\n" not in str(broken.value)


def test_only_settings_that_name_a_source_ask_for_it(shop: Callable[[str], None]) -> None:
    """A table may name a source that is installed, which is not imported for that; another name lists them all."""
    shop("raise OSError('imported')")
    tables = {"shop": {"port": 9000, "event_service": "mine"}}
    site = SiteMap.build(tables=tables).by_name("shop")
    assert site is not None
    assert (site.event_service, site.late_events_ms) == ("mine", 500)
    with pytest.raises(UsageError, match="must be one of central, site, none, mine, not 'yours'"):
        SiteMap.build(tables={"shop": {"port": 9000, "event_service": "yours"}})


WEBSITE = """
from score_model.replay import Site
SHOP = Site(name="shop", recorded_origin="http://localhost:9000", url="http://127.0.0.1:9000/shop",
            event_service="site", reset="/reset/", late_events_ms=7)
BAD = Site(name="bad", recorded_origin="no origin", url="file:///etc/passwd")
def make(): return SHOP
def fail(): raise KeyError("x")
number = 5
"""


def test_a_plug_in_s_website_joins_where_it_is_named(installed: Install) -> None:
    """By flag as it is or moved, by table with the table's keys on top; else it is no site of the run."""
    installed({"website.shop": "plugin_under_test:SHOP", "website.made": "plugin_under_test:make"}, WEBSITE)
    assert SiteMap.build().by_name("shop") is None
    named = SiteMap.build(["shop"]).by_name("shop")
    assert named is not None
    assert (named.url, named.reset, named.late_events_ms) == ("http://127.0.0.1:9000/shop", "/reset/", 7)
    moved = SiteMap.build(["shop=http://127.0.0.1:7000"]).by_name("shop")
    assert moved is not None
    assert (moved.url, moved.recorded_origin, moved.reset) == (
        "http://127.0.0.1:7000",
        "http://localhost:9000",
        "/reset/",
    )
    tabled = SiteMap.build(tables={"shop": {"event_service": "none"}}).by_name("shop")
    assert tabled is not None
    assert (tabled.url, tabled.event_service, tabled.reset) == ("http://127.0.0.1:9000/shop", "none", "/reset/")
    made = SiteMap.build(["made"]).by_name("made")
    assert made is not None
    assert made.recorded_origin == "http://localhost:9000"


@pytest.mark.parametrize(
    ("target", "says"),
    [
        ("plugin_under_test:number", "is no Site but int"),
        ("plugin_under_test:fail", "can't be made: KeyError"),
        ("plugin_under_test:BAD", "write http"),
        ("plugin_under_test:nothing", "can't be loaded"),
        ("no_such_module:SHOP", "can't be loaded"),
    ],
)
def test_a_broken_website_costs_one_line(installed: Install, target: str, says: str) -> None:
    """What is no website is wrong usage, and the line names it."""
    installed({"website.shop": target}, WEBSITE)
    for overrides, tables in ((["shop"], None), ([], {"shop": {"port": 9000}})):
        with pytest.raises(UsageError, match="'shop'") as broken:
            SiteMap.build(overrides, tables)
        assert says in str(broken.value)
        assert "\n" not in str(broken.value)
