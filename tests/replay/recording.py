"""A recorded page: a session on a local site with a recorder on its context."""

import asyncio
from dataclasses import dataclass
from typing import Any

from playwright.async_api import Page

from score_model.replay._recorder.event_log import RecorderCaps
from score_model.replay._recorder.recorder import Recorder
from tests.replay.sites import RECORDED, Handler
from tests.replay.visiting import Visit

QUIET_S = 0.3  # in which what the page tells has arrived


@dataclass
class Recording:
    """One session with its recorder; the first action has begun."""

    visit: Visit
    recorder: Recorder

    @classmethod
    async def start(cls, visit: Visit, **caps: Any) -> "Recording":
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
