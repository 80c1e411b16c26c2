"""Both event services over real HTTP, each over a store of the test's own."""

import json
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from litestar import Litestar
from yarl import URL

from score_model.arena.sites import SiteBackend, SiteStore, open_sites
from score_model.arena.sites.autocinema import AUTOCINEMA
from score_model.arena.sites.events import central_app, reset_route, site_event_routes
from score_model.arena.sites.store import Identity
from tests.web.servers import running_app

NOW_US = 1_763_222_400_000_000  # 2025-11-15T16:00:00Z
PAGE = "http://localhost:8001/book/5/?seed=17"


@dataclass
class Answer:
    """A response, read to its end."""

    status: int
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def refusal(self) -> tuple[int, str]:
        """Status and code of an error, which must be JSON with both documented members."""
        assert set(self.json) == {"code", "detail"}, self.body
        assert isinstance(self.json["detail"], str)
        return self.status, self.json["code"]


@dataclass
class Service:
    """An event service and a client for it."""

    origin: str
    session: aiohttp.ClientSession

    async def ask(self, method: str, path: str, **arguments: Any) -> Answer:
        async with self.session.request(method, URL(self.origin + path, encoded=True), **arguments) as response:
            return Answer(response.status, await response.read())


class Central(Service):
    """The central service."""

    async def save(self, data: object, agent: str = "7", validator: str = "v1", web_url: str = PAGE) -> Answer:
        row = {"web_agent_id": agent, "web_url": web_url, "validator_id": validator, "data": data}
        return await self.ask("POST", "/save_events/", json=row)

    async def query(self, method: str, path: str, **parameters: str) -> Answer:
        return await self.ask(method, str(URL(path).with_query(parameters)))

    async def events(self, agent: str = "7", validator: str = "v1", web_url: str = PAGE) -> list[dict[str, Any]]:
        answer = await self.query("GET", "/get_events/", web_url=web_url, web_agent_id=agent, validator_id=validator)
        assert answer.status == 200, answer.body
        rows: list[dict[str, Any]] = answer.json
        return rows

    async def reset(self, agent: str = "7", validator: str = "v1", web_url: str = PAGE) -> int:
        asked = {"web_url": web_url, "web_agent_id": agent, "validator_id": validator}
        answer = await self.query("DELETE", "/reset_events/", **asked)
        assert answer.status == 200, answer.body
        deleted: int = answer.json["deleted"]
        return deleted


@pytest.fixture
def clock() -> Callable[[], int]:
    """A clock that moves on by a second whenever it is looked at."""
    times = iter(range(NOW_US, NOW_US * 2, 1_000_000))
    return lambda: next(times)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SiteStore]:
    engine = open_sites(tmp_path / "arena.sites.sqlite")
    yield SiteStore(engine)
    engine.dispose()


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
async def central(store: SiteStore, clock: Callable[[], int], session: aiohttp.ClientSession) -> AsyncIterator[Central]:
    async with running_app(central_app(store, clock)) as origin:
        yield Central(origin, session)


@pytest.fixture
def backend(store: SiteStore, clock: Callable[[], int]) -> SiteBackend:
    return SiteBackend(AUTOCINEMA, store, clock)


@pytest.fixture
async def site(backend: SiteBackend, session: aiohttp.ClientSession) -> AsyncIterator[Service]:
    """A site without pages: its event service and its reset hook."""
    app = Litestar([*site_event_routes(backend), reset_route(backend)], openapi_config=None, logging_config=None)
    async with running_app(app) as origin:
        yield Service(origin, session)


def headers_of(identity: Identity) -> dict[str, str]:
    """What a browser that acts for an identity sends with every request."""
    return {"X-WebAgent-Id": identity.agent_id, "X-Validator-Id": identity.validator_id}
