"""A small replayer for tests: recorded actions in a real browser, on a really running arena.

It knows the actions that scripted agents write, waits until the page has come to rest after each, goes on after one
that fails, and reads back what the site recorded. Recorded origins (`http://localhost:8000`) lead to the arena's own.
"""

import asyncio
import json
import os
import shutil
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import aiohttp
import pytest
from playwright.async_api import (
    Browser,
    BrowserContext,
    Error,
    Locator,
    Page,
    Playwright,
    Request,
    async_playwright,
)

from score_model.arena import ArenaUrls
from score_model.arena.sites import SITES
from score_model.checks import BackendEvent, parse_event
from score_model.contract import Action, parse_actions
from score_model.contract import actions as a
from score_model.contract.selectors import AttributeSelector, CssSelector, Selector, XPathSelector

_BROWSERS = ("chromium-headless-shell", "chromium", "google-chrome")
_NO_IMAGES = "--blink-settings=imagesEnabled=false"  # nothing is clicked on them, and lists have many
_ACTION_MS = 3_000
_LOAD_MS = 10_000
_REST_S = 0.03  # without a request
_AT_REST = "() => document.querySelector('main h1') !== null && document.querySelector('[aria-busy=true]') === null"
_LATEST_EVENT_S = 0.45  # after which client-rendered pages have posted their events


@dataclass
class Traffic:
    """How many requests a page waits for."""

    open: int = 0

    def watch(self, page: Page) -> None:
        page.on("request", self.begun)
        page.on("requestfinished", self.ended)
        page.on("requestfailed", self.ended)

    def begun(self, _request: Request) -> None:
        self.open += 1

    def ended(self, _request: Request) -> None:
        self.open -= 1


@dataclass
class Replay:
    """What a replay did: the events that the site recorded, oldest first, and the actions that failed."""

    events: list[BackendEvent]
    failed: list[int]
    last_url: str


@dataclass
class Replayer:
    """A browser on the arena. Every replay has an identity of its own."""

    browser: Browser
    urls: ArenaUrls
    session: aiohttp.ClientSession
    made: int = 0

    async def replay(self, website: str, actions: Sequence[Any], agent_uid: int) -> Replay:
        """Do the actions; `agent_uid` takes the placeholders' place."""
        self.made += 1
        identity = {"X-WebAgent-Id": f"replay-{self.made}", "X-Validator-Id": "1"}
        context = await self.browser.new_context(extra_http_headers=identity)
        context.set_default_timeout(_ACTION_MS)
        try:
            failed, url = await _run(context, parse_actions(actions), str(agent_uid))
            if website == "autobooks":
                await asyncio.sleep(_LATEST_EVENT_S)
            events = await self._events(website, identity)
        finally:
            await context.close()
        return Replay(events, failed, url)

    async def _events(self, website: str, identity: dict[str, str]) -> list[BackendEvent]:
        if website == "autocinema":
            request = self.session.get(f"{self.urls.site_urls[website]}/events/list/", headers=identity)
        else:
            query = {
                "web_url": SITES[website].origin,
                "web_agent_id": identity["X-WebAgent-Id"],
                "validator_id": identity["X-Validator-Id"],
            }
            request = self.session.get(f"{self.urls.events_url}/get_events/", params=query)
        async with request as response:
            assert response.status == 200, await response.text()
            rows = json.loads(await response.read())
        events = [parse_event(row) for row in rows]
        return [event for event in reversed(events) if event is not None]


@asynccontextmanager
async def replayer(urls: ArenaUrls) -> AsyncIterator[Replayer]:
    """A browser whose recorded origins lead to this arena's sites and that reaches nothing else."""
    rules = [
        f"MAP localhost:{spec.port} 127.0.0.1:{urls.site_urls[name].rpartition(':')[2]}" for name, spec in SITES.items()
    ]
    resolver = f"--host-resolver-rules={', '.join(rules)}, MAP * ~NOTFOUND"
    async with async_playwright() as playwright, aiohttp.ClientSession() as session:
        browser = await _launch(playwright, resolver, _NO_IMAGES)
        try:
            yield Replayer(browser, urls, session)
        finally:
            await browser.close()


async def _launch(playwright: Playwright, *arguments: str) -> Browser:
    """The browser that SCORE_MODEL_BROWSER names, one on PATH, or Playwright's own; skips the test without any."""
    path = os.environ.get("SCORE_MODEL_BROWSER") or next(filter(None, map(shutil.which, _BROWSERS)), None)
    try:
        # Chromium's own sandbox does not work for root, which containers run as.
        return await playwright.chromium.launch(
            executable_path=path, args=[*arguments], chromium_sandbox=os.geteuid() != 0
        )
    except Error as error:
        if path is not None or "Executable doesn't exist" not in error.message or os.environ.get("CI"):
            raise
        pytest.skip("no Chromium is installed")


async def _run(context: BrowserContext, actions: Sequence[Action], agent_uid: str) -> tuple[list[int], str]:
    page = await context.new_page()
    traffic = Traffic()
    traffic.watch(page)
    failed: list[int] = []
    for index, action in enumerate(actions):
        try:
            await _perform(page, action, agent_uid)
        except Error:
            failed.append(index)
        await _rest(page, traffic)
    return failed, page.url


async def _perform(page: Page, action: Action, agent_uid: str) -> None:
    match action:
        case a.Navigate(url=str(url)):
            await page.goto(_filled(url, agent_uid), timeout=_LOAD_MS)
        case a.Navigate(go_back=True):
            await page.go_back(timeout=_LOAD_MS)
        case a.Click(selector=selector):
            await (await _there(page, selector)).click()
        case a.Type(text=str(text), selector=selector):
            await (await _there(page, selector)).fill(_filled(text, agent_uid))
        case a.SendKeys(keys=str(keys)):
            await page.keyboard.press(keys)
        case a.SelectOption(text=str(text), selector=selector):
            await (await _there(page, selector)).select_option(label=_filled(text, agent_uid))
        case a.Wait(time_seconds=seconds):
            await asyncio.sleep(seconds or 0)
        case a.Scroll(value=value):
            await page.mouse.wheel(0, float(value or 0))
        case _:
            raise AssertionError(f"agents write no {action!r}")


def _filled(text: str, agent_uid: str) -> str:
    return text.replace("<web_agent_id>", agent_uid)


async def _there(page: Page, selector: Selector | None) -> Locator:
    """The element; on a page at rest, what is missing now stays missing. Raises Error."""
    found = _locate(page, selector)
    if await found.count() == 0:
        raise Error(f"nothing is found by {selector!r}")
    return found


def _locate(page: Page, selector: Selector | None) -> Locator:
    match selector:
        case AttributeSelector(attribute=name, value=value):
            return page.locator(f"[{name}={json.dumps(value, ensure_ascii=False)}]").first
        case CssSelector(value=value):
            return page.locator(f"css={value}").first
        case XPathSelector(value=value):
            return page.locator(f"xpath={value}").first
        case _:
            raise AssertionError(f"agents write no {selector!r}")


async def _rest(page: Page, traffic: Traffic) -> None:
    """Until the page is loaded, drawn, and asks for nothing more."""
    quiet = 0.0
    while quiet < _REST_S:
        await asyncio.sleep(_REST_S / 2)
        quiet = 0.0 if traffic.open else quiet + _REST_S / 2
    await page.wait_for_load_state("load", timeout=_LOAD_MS)
    if page.url != "about:blank":
        await page.wait_for_function(_AT_REST, timeout=_LOAD_MS)
