"""From a page to the central event service: what is passed on, under which origin, and what is not."""

import asyncio
from pathlib import Path
from typing import Any

from score_model.arena.sites import SiteStore, open_sites
from score_model.arena.sites.autobooks import AUTOBOOKS
from score_model.arena.sites.autobooks._app import autobooks_app
from score_model.arena.sites.store import Identity
from tests.arena.sites.autobooks.conftest import clock
from tests.arena.sites.autobooks.drivers import Answer, Shop, Visitor
from tests.web.servers import running_app

EVENT = {"event_name": "SEARCH_BOOK", "data": {"query": "x"}, "user_id": None, "timestamp": "2026-01-01T00:00:00Z"}


async def log(visitor: Visitor, event: Any = EVENT, web_url: str | None = None, **headers: str) -> Answer:
    body = {"web_url": web_url or visitor.shop.url, "event": event}
    return await visitor.call("POST", "/api/log-event", json=body, headers=headers)


async def arrived(shop: Shop, agent_id: str, count: int, origin: str | None = None) -> list[dict[str, Any]]:
    """The agent's events at the central service, once there are so many."""
    for _ in range(200):
        events = await shop.events(Identity(agent_id, "v1"), origin)
        if len(events) >= count:
            return events
        await asyncio.sleep(0.01)
    raise AssertionError(f"{len(events)} of {count} events arrived")


async def test_events_reach_the_central_service(shop: Shop) -> None:
    """Each known event is answered 202 at once and arrives as it was posted, in order, under its agent alone."""
    visitor = shop.visitor("agent")
    posted = [EVENT | {"event_name": name} for name in AUTOBOOKS.events.values()]
    for event in posted:
        assert (await log(visitor, event)).status == 202
    assert await arrived(shop, "agent", len(posted)) == posted
    assert await shop.events(Identity("other", "v1")) == []


async def test_the_origin_is_the_one_that_the_browser_shows(shop: Shop) -> None:
    """With a resolver's mapping the page's host is `localhost:8001`, whatever port listens: that is the origin."""
    assert (await log(shop.visitor("mapped"), web_url=AUTOBOOKS.origin, Host="localhost:8001")).status == 202
    assert await arrived(shop, "mapped", 1, AUTOBOOKS.origin) == [EVENT]


async def test_no_page_can_name_another_origin(shop: Shop) -> None:
    """An origin that is not the request's own host is refused, however it is spelled."""
    visitor = shop.visitor()
    host = shop.url.removeprefix("http://")
    for web_url in (
        "http://localhost:8000",
        "http://localhost",
        f"http://{host}@evil.example",
        f"http://evil.example/{host}",
        f"ftp://{host}",
        host,
        "http://[",
        "x",
    ):
        answer = await log(visitor, web_url=web_url)
        assert (answer.status, answer.json["code"]) == (422, "other_origin"), web_url
    answer = await log(visitor, Origin="http://evil.example")
    assert (answer.status, answer.json["code"]) == (403, "other_site")


async def test_only_events_of_the_site(shop: Shop) -> None:
    """Other names, fields and types are refused and go nowhere."""
    visitor = shop.visitor("agent")
    bad: list[Any] = [
        EVENT | {"event_name": "SEARCH_FILM"},
        EVENT | {"event_name": "search_book"},
        EVENT | {"event_name": None},
        EVENT | {"data": []},
        EVENT | {"user_id": "1"},
        EVENT | {"timestamp": "x" * 41},
        EVENT | {"web_agent_id": "someone else"},
        {},
        None,
        [EVENT],
    ]
    for event in bad:
        assert (await log(visitor, event)).status == 422, event
    for payload in ({"a": "\0"}, {"a": 1 << 63}, {"timestamp": {"\0": 1}}):
        answer = await log(visitor, EVENT | {"data": payload})
        assert (answer.status, answer.json["code"]) == (422, "invalid_event"), payload
    assert (await log(visitor)).status == 202
    assert await arrived(shop, "agent", 1) == [EVENT]


async def test_a_reset_takes_events_along(shop: Shop) -> None:
    """After a site's reset the central service has none of the agent's events, those on their way there included."""
    one, other = shop.visitor("one"), shop.visitor("other")
    for _ in range(30):
        for visitor in (one, other):
            assert (await log(visitor)).status == 202
    assert (await one.call("POST", "/reset/")).status == 204
    assert await shop.events(Identity("one", "v1")) == []
    assert await arrived(shop, "other", 30) == [EVENT] * 30
    assert await shop.events(Identity("one", "v1")) == []


async def test_a_dead_service_hurts_nobody(tmp_path: Path) -> None:
    """Without a central service events are lost, but pages and the log answer as ever."""
    engine = open_sites(tmp_path / "sites.sqlite")
    app = autobooks_app(SiteStore(engine), clock, events_url="http://127.0.0.1:9")
    async with running_app(app) as url:
        shop = Shop(url, "http://127.0.0.1:9")
        visitor = shop.visitor()
        for _ in range(5):
            assert (await log(visitor)).status == 202
        assert (await visitor.page("home")).status == 200
        await shop.close()
    engine.dispose()
