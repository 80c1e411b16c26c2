"""Visitors of a running book shop: by its API, as a program, and by its pages, in a browser."""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import aiohttp
from playwright.async_api import Browser, Page
from yarl import URL

from score_model.arena.sites import Item, Layout, catalog_of
from score_model.arena.sites.autobooks import AUTOBOOKS
from score_model.arena.sites.store import Identity

# Counts what a page has begun and not yet finished: answers that it waits for or reads, and timers, on which it posts
# its events. An end is counted a task later, when what it leads to has begun.
COUNT_UNFINISHED = """
  window.unfinished = 0;
  const later = setTimeout, forget = clearTimeout, ask = fetch, read = Response.prototype.json, timers = new Set();
  const ended = () => later(() => { window.unfinished -= 1; });
  const counted = (promise) => { window.unfinished += 1; promise.then(ended, ended); return promise; };
  window.fetch = (...asked) => counted(ask(...asked));
  Response.prototype.json = function () { return counted(read.call(this)); };
  window.setTimeout = (does, ...rest) => {
    const timer = later(() => { timers.delete(timer); ended(); does(); }, ...rest);
    window.unfinished += 1;
    timers.add(timer);
    return timer;
  };
  window.clearTimeout = (timer) => { if (timers.delete(timer)) ended(); forget(timer); };
"""


@dataclass
class Answer:
    """A response, read to its end."""

    status: int
    body: bytes
    headers: Mapping[str, str]

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Shop:
    """A running shop, and the events that reached the central service."""

    url: str
    events_url: str
    sessions: list[aiohttp.ClientSession] = field(default_factory=list)

    def visitor(self, agent_id: str = "agent", seed: int = 17) -> "Visitor":
        """A program that calls the shop's API for an agent."""
        headers = {"X-WebAgent-Id": agent_id, "X-Validator-Id": "v1"}
        session = aiohttp.ClientSession(headers=headers, cookie_jar=aiohttp.CookieJar(unsafe=True))
        self.sessions.append(session)
        return Visitor(self, session, seed)

    async def events(self, identity: Identity, origin: str | None = None) -> list[dict[str, Any]]:
        """What the central service holds of the shop, oldest first: each row's `data`."""
        parameters = {
            "web_url": origin or self.url,
            "web_agent_id": identity.agent_id,
            "validator_id": identity.validator_id,
        }
        async with (
            aiohttp.ClientSession() as session,
            session.get(f"{self.events_url}/get_events/", params=parameters) as response,
        ):
            assert response.status == 200
            return [row["data"] for row in reversed(await response.json())]

    async def close(self) -> None:
        for session in self.sessions:
            await session.close()


@dataclass
class Visitor:
    """Calls the API with the agent's headers and its own cookies."""

    shop: Shop
    session: aiohttp.ClientSession
    seed: int

    async def call(self, method: str, path: str, **options: Any) -> Answer:
        url = URL(self.shop.url + path, encoded=True)
        async with self.session.request(method, url, allow_redirects=False, **options) as response:
            return Answer(response.status, await response.read(), response.headers)

    async def page(self, path: str, query: str = "") -> Answer:
        return await self.call("GET", f"/api/pages/{path}?seed={self.seed}{query}")

    async def act(self, act: str, **form: str | list[str]) -> Answer:
        return await self.call("POST", f"/api/acts/{act}?seed={self.seed}", json=form)

    async def log_in(self, username: str = "user7") -> Answer:
        answer = await self.act("login", username=username, password=AUTOBOOKS.password)
        assert answer.status == 200, answer.body
        return answer


@dataclass
class Reader:
    """A person, or an agent, in a browser; elements go by their logical names, as agents know them."""

    shop: Shop
    page: Page
    identity: Identity
    layout: Layout
    errors: list[str] = field(default_factory=list)  # what scripts of the page threw
    posted: list[str] = field(default_factory=list)  # the addresses of the events that its pages have sent
    refused: list[str] = field(default_factory=list)  # the addresses that answered 401

    @property
    def items(self) -> tuple[Item, ...]:
        return catalog_of(self.layout)

    def find(self, name: str, item: int | None = None) -> str:
        """A selector for a logical element."""
        return f'[id="{self.layout.element_id(name, item)}"]'

    async def open(self, path: str = "/", *, seed: bool = True) -> None:
        """Open an address from outside, and wait until its page is drawn."""
        mark = "&" if "?" in path else "?"
        await self.page.goto(self.shop.url + path + (f"{mark}seed={self.layout.seed}" if seed else ""))
        await self.drawn()

    async def drawn(self) -> None:
        await self.page.wait_for_selector("main:not([aria-busy]) h1")

    async def click(self, name: str, item: int | None = None) -> None:
        await self.page.click(self.find(name, item))

    async def fill(self, form: str, **values: str) -> None:
        for part, value in values.items():
            await self.page.fill(self.find(f"{form}.{part}"), value)

    async def submit(self, form: str, **values: str) -> None:
        """Fill in a form and press its button."""
        await self.fill(form, **values)
        await self.click(f"{form}.submit")

    async def log_in(self, username: str = "user7") -> None:
        await self.click("nav.login")
        await self.submit("login", username=username, password=AUTOBOOKS.password)
        await self.page.wait_for_selector(self.find("nav.logout"))
        await self.drawn()

    async def events(self) -> list[dict[str, Any]]:
        """What this reader's pages have reported: all that they have sent, once they have nothing more to send."""
        async with asyncio.timeout(10):
            while await self.page.evaluate("unfinished"):
                await asyncio.sleep(0.01)
            while len(events := await self.shop.events(self.identity)) < len(self.posted):
                await asyncio.sleep(0.01)
        return events


async def reader_of(shop: Shop, browser: Browser, agent_id: str, seed: int, **options: Any) -> Reader:
    """A reader with a browser context of its own."""
    headers = {"X-WebAgent-Id": agent_id, "X-Validator-Id": "v1"}
    context = await browser.new_context(extra_http_headers=headers, **options)
    context.set_default_timeout(10_000)
    await context.add_init_script(COUNT_UNFINISHED)
    page = await context.new_page()
    reader = Reader(shop, page, Identity(agent_id, "v1"), Layout("autobooks", seed))
    page.on("pageerror", lambda error: reader.errors.append(str(error)))
    page.on("request", lambda request: reader.posted.append(request.url) if "/log-event" in request.url else None)
    page.on("response", lambda answer: reader.refused.append(answer.url) if answer.status == 401 else None)
    return reader
