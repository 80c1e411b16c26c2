"""What drives the room in tests: a browser, a session on a local site with or without a recorder, a replayer."""

import asyncio
import os
import shutil
import time
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Page

from score_model.contract import parse_action
from score_model.errors import UsageError
from score_model.replay import (
    ActionResult,
    BrowserEnvironment,
    BrowserPool,
    IdleResult,
    Replayer,
    ReplaySettings,
    Session,
    SiteMap,
    perform,
)
from score_model.replay._recorder.event_log import RecorderCaps
from score_model.replay._recorder.recorder import Recorder
from tests.replay.fake_services import RECORDED, Handler, LocalSite, local_site

SETTINGS = ReplaySettings(element_timeout_ms=400, idle_cap_ms=1_500, navigation_timeout_ms=3_000)
QUIET_S = 0.3  # in which what a page tells has arrived
IDENTITY = {"X-WebAgent-Id": "agent-1", "X-Validator-Id": "1"}


@asynccontextmanager
async def running_pool(sites: dict[str, str], **chosen: Any) -> AsyncIterator[BrowserPool]:
    """A browser of the test's own on these sites. Without one the test is skipped, but fails where `CI` is set."""
    named = os.environ.get("SCORE_MODEL_BROWSER")
    pool = BrowserPool(sites, executable=Path(named) if named else None, **chosen)
    try:
        await pool.__aenter__()
    except UsageError as error:
        (pytest.fail if os.environ.get("CI") else pytest.skip)(str(error))
    try:
        yield pool
    finally:
        await pool.__aexit__(None, None, None)


@dataclass
class Visit:
    """A session on a local site."""

    session: Session
    site: LocalSite
    pool: BrowserPool
    settings: ReplaySettings = SETTINGS

    @property
    def page(self) -> Page:
        return self.session.page

    async def open(self, path: str) -> Page:
        """The page under a path of the site, at rest."""
        result = await self.do("navigate", url=f"{RECORDED}{path}")
        assert result.success, result.error
        return self.page

    async def show(self, html: str, path: str = "/shown") -> Page:
        """A page with this text, at rest."""
        return await self.open(self.site.add(path, f"<!doctype html><meta charset=utf-8>{html}"))

    async def do(self, kind: str, **attributes: Any) -> ActionResult:
        """Do a recorded action and come to rest."""
        result = await self.act(kind, **attributes)
        await self.wait_until_idle()
        return result

    async def act(self, kind: str, **attributes: Any) -> ActionResult:
        """Do a recorded action."""
        action = parse_action({"type": kind, "attributes": attributes})
        return await perform(self.session, action, self.settings, 20)

    async def wait_until_idle(self) -> IdleResult:
        return await self.session.wait_until_idle(self.settings, 20)

    async def text(self, css: str) -> str:
        """The text of an element."""
        return (await self.page.text_content(css)) or ""

    def refusals(self) -> list[tuple[str, str]]:
        """What was refused: kinds and URLs."""
        return [(refusal.kind, refusal.url) for refusal in self.session.refused.refusals]


@asynccontextmanager
async def visiting_pool() -> AsyncIterator[tuple[BrowserPool, LocalSite]]:
    """A browser on one local site, which recorded solutions know as http://localhost:8012."""
    async with local_site() as site, running_pool({RECORDED: site.url}) as pool:
        yield pool, site


@asynccontextmanager
async def visiting(pool: BrowserPool, site: LocalSite) -> AsyncIterator[Visit]:
    """A fresh session in the browser."""
    site.forget()
    async with pool.session(BrowserEnvironment(headers=IDENTITY)) as session:
        yield Visit(session, site, pool)


def by_id(name: str) -> dict[str, Any]:
    """The recorded selector of an element's id."""
    return {"type": "attributeValueSelector", "attribute": "id", "value": name}


@dataclass
class RecordedVisit:
    """One session with its recorder; the first action has begun."""

    visit: Visit
    recorder: Recorder

    @classmethod
    async def start(cls, visit: Visit, **caps: Any) -> "RecordedVisit":
        """Attach a recorder with these caps."""
        recorder = await Recorder.attach(visit.session.context, RecorderCaps(**caps))
        recorder.begin(0)
        return cls(visit, recorder)

    @property
    def page(self) -> Page:
        """The first page."""
        return self.visit.session.context.pages[0]

    def serve(self, path: str, page: str | Handler, content_type: str = "text/html") -> str:
        """The URL of a page of the site."""
        return RECORDED + self.visit.site.add(path, page, content_type)

    async def show(self, html: str, path: str = "/shown") -> Page:
        """A page with this text, its events taken, and the next action begun."""
        await self.page.goto(self.serve(path, f"<!doctype html><meta charset=utf-8><title>Shown</title>{html}"))
        await asyncio.sleep(0.1)
        self.recorder.take()
        self.recorder.begin(1)
        return self.page

    async def events(self, *types: str) -> list[dict[str, Any]]:
        """What was recorded until all is quiet; of these types, if any are named."""
        await asyncio.sleep(QUIET_S)
        await self.recorder.settle()
        taken = self.recorder.take()
        return [event for event in taken if not types or event["event_type"] in types]

    async def data(self, *types: str) -> list[dict[str, Any]]:
        """What the events of these types say."""
        return [event["data"] for event in await self.events(*types)]


def clock_us() -> int:
    return time.time_ns() // 1000


@asynccontextmanager
async def running_replayer(
    sites: SiteMap, settings: ReplaySettings, websites: Collection[str], **chosen: Any
) -> AsyncIterator[Replayer]:
    """A replayer on these sites. Without a browser the test is skipped, but fails where `CI` is set."""
    named = os.environ.get("SCORE_MODEL_BROWSER")
    browser = Path(shutil.which(named) or named) if named else None
    replayer = Replayer(sites, replace(settings, browser=browser), clock_us=clock_us, websites=websites, **chosen)
    try:
        await replayer.__aenter__()
    except UsageError as error:
        (pytest.fail if os.environ.get("CI") else pytest.skip)(str(error))
    try:
        yield replayer
    finally:
        await replayer.__aexit__(None, None, None)
