"""The film site on a free port, and visitors who use it over real HTTP."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import aiohttp
from yarl import URL

from score_model.arena.sites import Item, Layout, SiteStore, catalog_of, open_sites
from score_model.arena.sites.autocinema import AUTOCINEMA
from score_model.arena.sites.autocinema._app import autocinema_app
from tests.arena.sites.autocinema.markup import Markup
from tests.web.servers import running_app

NOW_US = 1_763_000_000_000_000
NOW = "2025-11-13T02:13:20Z"
Fields = Mapping[str, str] | Sequence[tuple[str, str]]


@dataclass
class Answer:
    """A response, read to its end."""

    status: int
    text: str
    url: URL
    headers: Mapping[str, str]
    cookies: Mapping[str, Any]

    @cached_property
    def markup(self) -> Markup:
        """The page's elements."""
        return Markup(self.text)

    @property
    def notice(self) -> str | None:
        """What the page's notice says."""
        found = [element.text for element in self.markup.elements if element.attributes.get("role") == "status"]
        assert len(found) <= 1
        return found[0] if found else None


@dataclass
class Visitor:
    """A browser without eyes: cookies are kept, redirects are followed, every request names the identity."""

    origin: str
    session: aiohttp.ClientSession
    seed: int

    @property
    def layout(self) -> Layout:
        """The layout that this visitor sees."""
        return Layout("autocinema", self.seed)

    @property
    def films(self) -> tuple[Item, ...]:
        """The catalog at the visitor's seed."""
        return catalog_of(self.layout)

    async def get(self, path: str, *, follow: bool = True, **query: str) -> Answer:
        """A page at the visitor's seed."""
        url = URL(self.origin + path).update_query({"seed": str(self.seed)} | query)
        return await self.send("GET", url, allow_redirects=follow)

    async def post(self, path: str, fields: Fields | None = None, *, follow: bool = True) -> Answer:
        """A submitted form."""
        url = URL(self.origin + path).update_query({"seed": str(self.seed)})
        body = aiohttp.FormData(fields or {}, charset="utf-8")
        return await self.send("POST", url, data=body, allow_redirects=follow)

    async def send(self, method: str, url: URL | str, **options: Any) -> Answer:
        """Any request; a text is a path as it goes over the wire."""
        target = URL(self.origin + url, encoded=True) if isinstance(url, str) else url
        async with self.session.request(method, target, **options) as response:
            text = (await response.read()).decode()
            return Answer(response.status, text, response.url, response.headers, response.cookies)

    async def events(self) -> list[tuple[str, dict[str, Any]]]:
        """What the site recorded of this identity: names and data, oldest first."""
        async with self.session.get(f"{self.origin}/events/list/") as response:
            assert response.status == 200
            rows = await response.json()
        return [(row["event_name"], row["data"]) for row in reversed(rows)]

    async def event_names(self) -> list[str]:
        """The names of what the site recorded, oldest first."""
        return [name for name, _ in await self.events()]

    async def only_event(self) -> tuple[str, dict[str, Any]]:
        """The one event that there is."""
        (event,) = await self.events()
        return event

    async def sign_in(self, username: str = "user7") -> None:
        """Sign in, and forget that it happened."""
        answer = await self.post("/login/", {"username": username, "password": AUTOCINEMA.password})
        assert answer.notice, answer.text
        await self.send("DELETE", "/events/reset/")


@dataclass
class Cinema:
    """A running film site."""

    origin: str
    stack: AsyncExitStack
    identities: int = 0

    async def visitor(self, agent_id: str | None = None, validator_id: str = "20", seed: int = 1) -> Visitor:
        """A new browser; without a name it has an identity of its own."""
        self.identities += 1
        headers = {"X-WebAgent-Id": agent_id or f"agent-{self.identities}", "X-Validator-Id": validator_id}
        session = await self.stack.enter_async_context(aiohttp.ClientSession(headers=headers))
        return Visitor(self.origin, session, seed)


@asynccontextmanager
async def running_cinema(folder: Path) -> AsyncIterator[Cinema]:
    """The film site over a database in `folder`, with a clock that stands still."""
    engine = open_sites(folder / "cinema.sites.sqlite")
    store = SiteStore(engine)
    async with AsyncExitStack() as stack:
        stack.callback(engine.dispose)
        origin = await stack.enter_async_context(running_app(autocinema_app(store, lambda: NOW_US)))
        async with AsyncExitStack() as visitors:
            yield Cinema(origin.replace("127.0.0.1", "localhost"), visitors)  # a name: cookies need one
