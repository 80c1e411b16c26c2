"""Clients of the event services: on the arena's own, and on servers that misbehave."""

import asyncio
import gzip
import json
import socket
import time
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from score_model.arena import ArenaSettings, ArenaUrls, running_arena
from score_model.checks import BackendEvent
from score_model.client import RetryPolicy
from score_model.errors import ContractError, RemoteRefusedError, RemoteUnreachableError, UsageError
from score_model.replay._identity import ReplayIdentity
from score_model.replay._sites.events import EventSource, EventSources, await_late_events
from score_model.replay._sites.events_http import EventLimits
from score_model.replay._sites.site import Site
from score_model.replay._sites.site_map import SiteMap
from tests.replay.fake_services import LocalSite, local_site

NOW_US = 1_763_222_400_000_000  # 2025-11-15T16:00:00Z
ALICE, BOB = ReplayIdentity("replay-a", "run"), ReplayIdentity("replay-b", "run")
IMPATIENT = EventLimits(
    timeout_s=0.8,
    retry=RetryPolicy(attempts=3, wait_initial_s=0.01, wait_max_s=0.02, wait_jitter_s=0),
    max_bytes=50_000,
    max_rows=3,
)


@pytest.fixture
async def urls(tmp_path: Path) -> AsyncIterator[ArenaUrls]:
    async with running_arena(ArenaSettings(database=tmp_path / "arena.sqlite"), lambda: NOW_US) as running:
        yield running


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as opened:
        yield opened


@pytest.fixture
async def odd() -> AsyncIterator[LocalSite]:
    async with local_site() as running:
        yield running


@pytest.fixture
async def sources() -> AsyncIterator[EventSources]:
    """Sources that give up soon."""
    async with EventSources(IMPATIENT) as opened:
        yield opened


def _arena_sites(urls: ArenaUrls) -> SiteMap:
    return SiteMap.build(
        [f"{name}={url}" for name, url in urls.site_urls.items()],
        {
            "autocinema": {"reset": "/reset/"},
            "autobooks": {"reset": "/reset/", "event_service": "central", "events_url": urls.events_url},
        },
    )


def _of(sources: EventSources, sites: SiteMap, name: str) -> EventSource:
    site = sites.by_name(name)
    assert site is not None
    return sources.of(site)


def _own(sources: EventSources, site: LocalSite, **changed: Any) -> EventSource:
    """The source of a site with events of its own."""
    own = Site(name="shop", recorded_origin="http://localhost:9000", url=site.url, event_service="site")
    return sources.of(replace(own, late_events_ms=0, **changed))


async def _open_film(session: aiohttp.ClientSession, urls: ArenaUrls, film: int, identity: ReplayIdentity) -> None:
    async with session.get(f"{urls.site_urls['autocinema']}/movie/{film}/", headers=identity.headers) as answer:
        assert answer.status == 200


async def _post_book_event(
    session: aiohttp.ClientSession, urls: ArenaUrls, query: str, identity: ReplayIdentity, after_s: float = 0
) -> None:
    """What a page of the book shop posts; its browser knows the shop as localhost:8001."""
    await asyncio.sleep(after_s)
    event = {"event_name": "SEARCH_BOOK", "data": {"query": query}, "user_id": None, "timestamp": "2025"}
    headers = {**identity.headers, "Host": "localhost:8001"}
    body = {"web_url": "http://localhost:8001", "event": event}
    async with session.post(f"{urls.site_urls['autobooks']}/api/log-event", json=body, headers=headers) as answer:
        assert answer.status == 202, await answer.text()


async def test_a_site_s_own_events(urls: ArenaUrls, session: aiohttp.ClientSession) -> None:
    """Events of a site that keeps its own come oldest first, as rows and parsed, for one identity; a reset ends it."""
    async with EventSources() as sources:
        source = _of(sources, _arena_sites(urls), "autocinema")
        await _open_film(session, urls, 2, ALICE)
        await _open_film(session, urls, 1, ALICE)
        await _open_film(session, urls, 3, BOB)
        events = await source.events(ALICE)
        assert [row["data"]["id"] for row in events.rows] == [2, 1]
        assert [row["web_agent_id"] for row in events.rows] == ["replay-a"] * 2
        assert [(event.name, event.data["id"]) for event in events.events] == [("FILM_DETAIL", 2), ("FILM_DETAIL", 1)]
        assert events.dropped == 0
        await source.reset(ALICE)
        assert (await source.events(ALICE)).rows == ()
        assert len((await source.events(BOB)).rows) == 1


async def test_events_of_the_central_service(urls: ArenaUrls, session: aiohttp.ClientSession) -> None:
    """Events that a page posts under its recorded origin are found where the site runs elsewhere; a reset ends them."""
    async with EventSources() as sources:
        source = _of(sources, _arena_sites(urls), "autobooks")
        for query, identity in (("dune", ALICE), ("emma", ALICE), ("ulysses", BOB)):
            await _post_book_event(session, urls, query, identity)
        events = await await_late_events(source, ALICE, cap_ms=5_000)
        assert [row["web_url"] for row in events.rows] == ["http://localhost:8001"] * 2
        assert list(events.events) == [
            BackendEvent("SEARCH_BOOK", {"query": "dune"}),
            BackendEvent("SEARCH_BOOK", {"query": "emma"}),
        ]
        await source.reset(ALICE)
        assert (await source.events(ALICE)).rows == ()
        assert len((await source.events(BOB)).rows) == 1


async def test_late_events_are_waited_for(urls: ArenaUrls, session: aiohttp.ClientSession) -> None:
    """An event that is posted after the page has come to rest is there, and starts the wait anew for the next."""
    async with EventSources() as sources:
        source = _of(sources, _arena_sites(urls), "autobooks")
        late = [
            asyncio.create_task(_post_book_event(session, urls, query, ALICE, after_s))
            for query, after_s in (("first", 0.25), ("second", 0.6))
        ]
        events = await await_late_events(source, ALICE, cap_ms=5_000)
        assert [event.data["query"] for event in events.events] == ["first", "second"]
        await asyncio.gather(*late)


async def test_the_wait_for_late_events_ends(odd: LocalSite, sources: EventSources) -> None:
    """Events that never stop, and an expected one that never comes, are waited for no longer than the cap."""
    asked = 0

    async def ever_more(_request: web.Request) -> web.Response:
        nonlocal asked
        asked += 1
        return web.json_response([{"event_name": "E", "data": {"number": asked}}])

    odd.add("/events/list/", ever_more)
    endless = _own(sources, odd)
    endless.site = replace(endless.site, late_events_ms=150)
    started = time.monotonic()
    assert len((await await_late_events(endless, ALICE, cap_ms=400)).rows) == 1
    assert 0.4 <= time.monotonic() - started < 3
    odd.add("/events/list/", '[{"event_name": "E"}]', "application/json")
    started = time.monotonic()
    await await_late_events(endless, ALICE, cap_ms=5_000, expected={"E"})
    assert 0.15 <= time.monotonic() - started < 3
    started = time.monotonic()
    await await_late_events(endless, ALICE, cap_ms=500, expected={"E", "F"})
    assert 0.5 <= time.monotonic() - started < 3


async def test_where_events_are_never_late_there_is_no_wait(odd: LocalSite, sources: EventSources) -> None:
    """A site that records while it answers is asked once, whatever is expected of it."""
    odd.add("/events/list/", "[]", "application/json")
    assert (await await_late_events(_own(sources, odd), ALICE, cap_ms=5_000, expected={"E"})).rows == ()
    assert odd.paths() == ["/events/list/"]


async def test_a_reset_puts_the_site_back_first(odd: LocalSite, sources: EventSources) -> None:
    """The hook is posted to, then the events are deleted, both as the identity; a site without either is left alone."""

    async def done(_request: web.Request) -> web.Response:
        return web.Response(status=204)

    for path in ("/prefix/hook", "/prefix/events/reset/"):
        odd.add(path, done)
    source = _own(sources, odd, reset="/hook")
    source.site = replace(source.site, url=f"{odd.url}/prefix")
    await source.reset(ALICE)
    assert [(request.method, request.path) for request in odd.seen] == [
        ("POST", "/prefix/hook"),
        ("DELETE", "/prefix/events/reset/"),
    ]
    assert {request.headers["X-WebAgent-Id"] for request in odd.seen} == {"replay-a"}
    assert {request.headers["X-Validator-Id"] for request in odd.seen} == {"run"}
    odd.seen.clear()
    silent = _own(sources, odd)
    silent.site = replace(silent.site, event_service="none")
    await silent.reset(ALICE)
    assert (await silent.events(ALICE)).rows == ()
    assert odd.seen == []


async def test_a_site_that_is_down_is_named(sources: EventSources) -> None:
    """Nobody listens: one line with the site's name, for its own events, its hook and the central service alike."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}"
        own = Site(name="shop", recorded_origin="http://localhost:9000", url=url, event_service="site", reset="/reset/")
        central = replace(own, event_service="central", events_url=url, reset=None)
        for ask in (
            sources.of(own).reset,
            sources.of(own).events,
            sources.of(central).reset,
            sources.of(central).events,
        ):
            with pytest.raises(RemoteUnreachableError) as down:
                await ask(ALICE)
            assert "shop" in str(down.value)
            assert "(Connection refused), 3 times" in str(down.value)
            assert "\n" not in str(down.value)


async def test_hiccups_are_outlasted(odd: LocalSite, sources: EventSources) -> None:
    """A request that fails twice by overload, by a broken connection or by silence is sent again."""
    faults = ["503", "cut", "408", "500", "slow", "429"]

    async def answer(request: web.Request) -> web.Response:
        fault = faults.pop(0) if len(odd.seen) % 3 else ""
        if fault == "cut":
            assert request.transport is not None
            request.transport.close()
        elif fault == "slow":
            await asyncio.sleep(1.0)
        elif fault:
            return web.Response(status=int(fault))
        return web.json_response([])

    odd.add("/events/list/", answer)
    for _ in range(3):
        await _own(sources, odd).events(ALICE)
    assert faults == []
    assert len(odd.seen) == 9


@pytest.mark.parametrize(
    ("status", "kind", "requests"),
    [
        (302, RemoteRefusedError, 1),
        (401, RemoteRefusedError, 1),
        (404, RemoteRefusedError, 1),
        (422, RemoteRefusedError, 1),
        (500, RemoteUnreachableError, 3),
        (503, RemoteUnreachableError, 3),
    ],
)
async def test_refusals_are_final_and_failures_are_not(
    odd: LocalSite, sources: EventSources, status: int, kind: type[Exception], requests: int
) -> None:
    """A refusal ends at once with what the server said; a failure after every attempt; no redirect is followed."""

    async def refuse(_request: web.Request) -> web.Response:
        headers = {"Location": "/elsewhere"}
        return web.Response(status=status, headers=headers, text="not\x1b[31m for\nyou" + "!" * 10_000)

    odd.add("/events/list/", refuse)
    with pytest.raises(kind) as refused:
        await _own(sources, odd).events(ALICE)
    assert str(refused.value).startswith("shop ")
    assert str(status) in str(refused.value)
    assert str(refused.value).isprintable()
    assert len(str(refused.value)) < 400
    assert odd.paths() == ["/events/list/"] * requests
    if isinstance(refused.value, RemoteRefusedError):
        assert refused.value.status == status


@pytest.mark.parametrize("body", ["", "<h1>hello</h1>", "{}", '{"results": []}', "null", "[1", "\udce9"])
async def test_what_is_no_list_of_events_is_said(odd: LocalSite, sources: EventSources, body: str) -> None:
    """A page, an object or half an answer is no event service, and the line says whose."""

    async def answer(_request: web.Request) -> web.Response:
        return web.Response(body=body.encode("utf-8", "surrogateescape"))

    odd.add("/events/list/", answer)
    with pytest.raises(RemoteUnreachableError, match=r"shop.*no list of events"):
        await _own(sources, odd).events(ALICE)


async def test_floods_are_bounded(odd: LocalSite) -> None:
    """Of too many rows the newest are kept; a body that is too large, packed or endless, costs one solution only."""
    rows = [{"event_name": "E", "data": {"number": number}} for number in range(10)]
    odd.add("/events/list/", json.dumps(list(reversed(rows))), "application/json")
    async with EventSources(replace(IMPATIENT, timeout_s=30)) as sources:
        events = await _own(sources, odd).events(ALICE)
    assert [event.data["number"] for event in events.events] == [7, 8, 9]
    assert events.dropped == 7

    async def packed(_request: web.Request) -> web.Response:
        return web.Response(body=gzip.compress(b" " * 30_000_000), headers={"Content-Encoding": "gzip"})

    async def endless(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        while True:
            await response.write(b" " * 10_000)

    async def deep(_request: web.Request) -> web.Response:
        return web.Response(body=b"[" * 20_000 + b"]" * 20_000)

    for hostile in (packed, endless, deep):
        odd.add("/events/list/", hostile)
        async with EventSources(replace(IMPATIENT, timeout_s=30)) as sources:
            with pytest.raises(ContractError, match="shop"):
                await _own(sources, odd).events(ALICE)


async def test_odd_rows_do_not_hide_the_others(odd: LocalSite, sources: EventSources) -> None:
    """Rows that are no objects are counted and left out; objects that hold no event stay rows."""
    odd.add("/events/list/", '[{"event_name": "B"}, 5, {"other": 1}]', "application/json")
    events = await _own(sources, odd).events(ALICE)
    assert events.rows == ({"other": 1}, {"event_name": "B"})
    assert events.events == (BackendEvent("B", {}),)
    assert events.dropped == 1


async def test_a_service_that_stalls_is_left(odd: LocalSite, sources: EventSources) -> None:
    """An answer that never ends is given up after the time that one attempt has."""

    async def stall(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        await response.write(b"[")
        await asyncio.sleep(3)
        return response

    odd.add("/events/list/", stall)
    started = time.monotonic()
    with pytest.raises(RemoteUnreachableError, match="shop"):
        await _own(sources, odd).events(ALICE)
    assert time.monotonic() - started < 8


def test_senseless_limits_are_refused() -> None:
    """No time or no room is a mistake."""
    wrong: list[dict[str, Any]] = [{"timeout_s": 0}, {"max_bytes": 0}, {"max_rows": 0}]
    for limits in wrong:
        with pytest.raises(UsageError):
            EventLimits(**limits)
