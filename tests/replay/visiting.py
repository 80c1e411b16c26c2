"""One replay by hand: a session in a browser on a local site, and recorded actions done in it."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Page

from score_model.contract import parse_action
from score_model.errors import UsageError
from score_model.replay import ActionResult, BrowserPool, ReplaySettings, Rest, Session, World, perform
from tests.replay.sites import RECORDED, LocalSite, local_site

SETTINGS = ReplaySettings(element_timeout_ms=400, rest_cap_ms=1_500, navigation_timeout_ms=3_000)
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
        await self.rest()
        return result

    async def act(self, kind: str, **attributes: Any) -> ActionResult:
        """Do a recorded action."""
        action = parse_action({"type": kind, "attributes": attributes})
        return await perform(self.session, action, self.settings, 20)

    async def rest(self) -> Rest:
        return await self.session.rest(self.settings, 20)

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
    async with pool.session(World(headers=IDENTITY)) as session:
        yield Visit(session, site, pool)


def by_id(name: str) -> dict[str, Any]:
    """The recorded selector of an element's id."""
    return {"type": "attributeValueSelector", "attribute": "id", "value": name}
