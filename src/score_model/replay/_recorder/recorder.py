"""The recorder: what happens in the pages of one browser context while a solution is replayed.

Trust: everything recorded is what a hostile page shows and says, but not what it claims of the recorder. The script in
the pages lives in a world of its own (DevTools' isolated worlds): pages share the document with it, not its built-ins,
its binding or its listeners. They can't forge events, only cause them (`trusted` is false for those that a script
dispatched), nor stop them short of blocking their own thread, against which every wait has a limit.
"""

import asyncio
import base64
import secrets
from typing import Any

from playwright.async_api import BrowserContext, Error, Locator, Page

from score_model.replay._browser.selector_engine import TargetDescriber
from score_model.replay._recorder.event_log import EventLog, RecorderCaps
from score_model.replay._recorder.listeners import NetworkListener, PageListener
from score_model.replay._recorder.page_state import Snapshot, take_snapshot
from score_model.replay._recorder.probe import Probe


class Recorder:
    """Records a context: runtime events, snapshots, targets, screenshots. Nothing here raises for what a page does."""

    def __init__(self, context: BrowserContext, caps: RecorderCaps) -> None:
        """Use `attach`, which also waits for the pages that are already open."""
        self._context = context
        self._caps = caps
        self._log = EventLog(caps)
        self._pages: dict[Page, int] = {}
        self._describer = TargetDescriber(f"q{secrets.token_hex(12)}")
        self._network = NetworkListener(context, self._log, caps, self._pages)
        self._listener = PageListener(context, self._log, caps, self._pages)
        self._probes: dict[Page, asyncio.Task[Probe | None]] = {}
        context.on("page", self._on_page)

    @classmethod
    async def attach(cls, context: BrowserContext, caps: RecorderCaps | None = None) -> "Recorder":
        """Record the context's pages, those that are open and those to come.

        A page that opens by itself is watched some milliseconds after its birth; call `ready` after opening one.
        """
        recorder = cls(context, caps or RecorderCaps())
        for page in context.pages:
            recorder._on_page(page)
        await recorder.ready()
        return recorder

    async def ready(self) -> None:
        """Return when every open page is watched, at the latest after `attach_ms`."""
        await _all_within(list(self._probes.values()), self._caps.attach_ms)

    def begin(self, action_index: int) -> None:
        """An action begins; events are timed from here."""
        self._network.begin()
        self._listener.begin()
        for watched in self._probes.values():
            if watched.done() and (probe := watched.result()) is not None:
                probe.begin()
        self._log.begin(action_index)

    def take(self) -> list[dict[str, Any]]:
        """The events since the last take: `{"event_type", "ms", "page", "data"}`, in order, JSON-ready.

        `ms` counts from `begin`; `page` is the page's number in order of appearance, null for workers. Events that came
        before `begin` have negative times and `after_action`, the index of the action that they followed. Types:
        console, pageerror, request, response, requestfailed, navigation, dialog, download, popup, close, crash, dom,
        and at the end mutations (of documents, not of shadow roots, counted by page) and truncated (how much was
        dropped at least, by type). Playwright itself chooses from drop-downs by script: `trusted` is false there.
        """
        return self._log.take()

    async def settle(self) -> None:
        """Return when the bodies of responses that have ended are read, at the latest after `body_ms`."""
        await _all_within(list(self._network.reading), self._caps.body_ms)

    async def snapshot(self, page: Page) -> Snapshot:
        """The page as it is now, without touching it, at the latest after `snapshot_ms`."""
        probe = await self._probe(page)
        if probe is None:
            return Snapshot(html=None, url=page.url, error="the page is not watched: it is closed, or one of too many")
        return await take_snapshot(probe, page.url, self._caps)

    async def target(self, locator: Locator) -> dict[str, Any]:
        """What the locator finds first, before it is acted on: see `TargetDescriber.describe`.

        Names are computed by the common rules, not by all of them. Positions are in CSS px of the element's frame.
        """
        return await self._describer.describe(locator, self._caps.target_ms)

    async def screenshot(self, page: Page) -> bytes | None:
        """What the page shows, as JPEG; None if it gives none within `screenshot_ms`."""
        probe = await self._probe(page)
        if probe is None:
            return None
        try:
            async with asyncio.timeout(self._caps.screenshot_ms / 1000):
                return base64.b64decode(await probe.screenshot(self._caps.screenshot_quality))
        except (Error, TimeoutError):
            return None

    def _on_page(self, page: Page) -> None:
        if page in self._pages:
            return
        for closed in [known for known in self._probes if known.is_closed()]:
            del self._probes[closed]
        if len(self._probes) >= self._caps.pages:
            self._log.drop("popup")
            return
        self._pages[page] = len(self._pages)
        self._listener.opened(page)
        self._probes[page] = asyncio.ensure_future(self._watch(page))

    async def _watch(self, page: Page) -> Probe | None:
        try:
            return await Probe.open(self._context, page, self._pages[page], self._describer.name, self._receive)
        except Error:  # it was closed at once
            return None

    async def _probe(self, page: Page) -> Probe | None:
        task = self._probes.get(page)
        if task is None:
            return None
        await _all_within([task], self._caps.attach_ms)
        return task.result() if task.done() and not task.cancelled() else None

    def _receive(self, page: int, name: str, told: dict[str, Any]) -> None:
        if name == "target":
            self._describer.receive(told["target"])
        else:
            self._listener.told(page, name, told)


async def _all_within(tasks: list[asyncio.Task[Any]], limit_ms: int) -> None:
    if tasks:
        await asyncio.wait(tasks, timeout=limit_ms / 1000)
