"""Who is calling a website, and in which layout."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from litestar import Litestar, Request, get

from score_model.arena.sites import Layout, SiteBackend, SiteStore, Visit, open_sites
from score_model.arena.sites.autobooks import AUTOBOOKS
from score_model.arena.sites.autocinema import AUTOCINEMA
from score_model.arena.sites.request import Caller, SiteEvent
from score_model.arena.sites.store import Identity
from tests.web.servers import running_app

NOW_US = 1_763_222_400_000_000  # 2025-11-15T16:00:00Z
Asked = Any


@pytest.fixture
async def backend(tmp_path: Path) -> AsyncIterator[SiteBackend]:
    engine = open_sites(tmp_path / "arena.sites.sqlite")
    yield SiteBackend(AUTOCINEMA, SiteStore(engine), lambda: NOW_US)
    engine.dispose()


@pytest.fixture
async def ask(backend: SiteBackend) -> AsyncIterator[Asked]:
    """Asks a real server what its desk makes of a request."""

    @get("/")
    async def who(request: Request[Any, Any, Any]) -> dict[str, Any]:
        caller = backend.caller(request)
        return {
            "agent": caller.identity.agent_id,
            "validator": caller.identity.validator_id,
            "seed": caller.layout.seed,
            "session": caller.session,
        }

    app = Litestar([who], openapi_config=None, logging_config=None)
    async with running_app(app) as origin, aiohttp.ClientSession(origin) as session:

        async def asking(query: str = "", **headers: str) -> dict[str, Any]:
            named = {name.replace("_", "-"): value for name, value in headers.items()}
            async with session.get(f"/{query}", headers=named) as answer:
                found: dict[str, Any] = await answer.json()
                return found | {"status": answer.status}

        yield asking


async def test_where_the_seed_comes_from(ask: Asked) -> None:
    """The seed is the query's, else the site's own cookie's, else 1; what is no seed is ignored."""
    for query, cookie, seed in (
        ("", "", 1),
        ("?seed=17", "", 17),
        ("?seed=17", "autocinema_seed=20", 17),
        ("", "autocinema_seed=20", 20),
        ("?seed=301", "autocinema_seed=20", 20),
        ("?seed=", "autocinema_seed=0", 1),
        ("?seed=%00", "autocinema_seed=x", 1),
        ("", "autobooks_seed=20", 1),
        ("?seed=300&seed=2", "", 300),
    ):
        assert (await ask(query, Cookie=cookie))["seed"] == seed, (query, cookie)


async def test_who_is_calling(ask: Asked) -> None:
    """Identity comes from the two headers alone, without white space around it; without them it is empty."""
    assert await ask() == {"agent": "", "validator": "", "seed": 1, "session": None, "status": 200}
    named = await ask(X_WebAgent_Id=" 7 ", X_Validator_Id="v 1", Cookie="autocinema_session=abc")
    assert (named["agent"], named["validator"], named["session"]) == ("7", "v 1", "abc")
    assert (await ask(X_WebAgent_Id="7" * 201))["status"] == 400


async def test_a_visit_knows_its_member(backend: SiteBackend) -> None:
    """A session's cookie makes the visit its member's; another identity's, or none, does not."""
    layout = Layout("autocinema", 17)
    alice = Caller(Identity("7", "v1"), layout, "cookie", NOW_US)
    await backend.act(alice, lambda visit: visit.state.sessions.update({"cookie": "user7"}))
    for caller, username in {
        alice: "user7",
        Caller(Identity("7", "v1"), layout, None, NOW_US): None,
        Caller(Identity("7", "v1"), layout, "", NOW_US): None,
        Caller(Identity("7", "v1"), layout, "other", NOW_US): None,
        Caller(Identity("7", "v2"), layout, "cookie", NOW_US): None,
    }.items():
        assert await backend.look(caller, lambda visit: visit.username) == username
    user = await backend.look(alice, lambda visit: visit.user)
    assert user is not None
    assert (user.id, alice.now) == (7, "2025-11-15T16:00:00Z")
    books = SiteBackend(AUTOBOOKS, backend.store, lambda: NOW_US)
    assert await books.look(alice, lambda visit: visit.username) is None


async def test_acts_and_their_events_are_one(backend: SiteBackend) -> None:
    """Looking changes nothing, acting changes the world, recording stores the event too, and a reset forgets both."""
    caller = Caller(Identity("7", "v1"), Layout("autocinema", 17), None, NOW_US)

    def act(visit: Visit) -> tuple[int, SiteEvent | None]:
        number = visit.state.next_number()
        return number, SiteEvent("SEEN", {"number": number}, None) if number == 3 else None

    assert [await backend.look(caller, act) for _ in range(2)] == [(1, None), (1, None)]
    assert await backend.act(caller, act) == (1, None)
    assert [await backend.act_and_record(caller, act) for _ in range(3)] == [2, 3, 4]
    events = backend.store.events("autocinema", caller.identity)
    assert [bytes(stored.event) for stored in events] == [b'{"event_name":"SEEN","data":{"number":3},"user":null}']
    await backend.reset(caller)
    assert backend.store.events("autocinema", caller.identity) == []
    assert await backend.look(caller, lambda visit: visit.state.made) == 0
