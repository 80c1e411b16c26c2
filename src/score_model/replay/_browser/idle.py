"""When a page is at rest: no page is being fetched, no request is under way and the document does not change."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from playwright.async_api import Error, Page

from score_model.replay._browser.traffic import Traffic
from score_model.replay._scripts import read_script
from score_model.replay._settings import ReplaySettings

_ANSWER_S = 0.5  # beyond its own limit, for a page to answer
_BUSY_CAP_MS = 1_000  # for a document that changes without a request: clocks, carousels
_TOLERANCE_S = 0.005  # timers of a page are that coarse
_RETRY_S = 0.01  # while one document gives way to the next


@dataclass(frozen=True)
class IdleResult:
    """How a wait until a page is idle ended: after how long (seconds), and what was still going on, if anything was.

    `busy` is None at rest, else "navigation", "requests", "document" (it kept changing) or "hung" (the page did not
    answer).
    """

    seconds: float
    busy: str | None = None


class IdleWatch:
    """Waits until the current page of a context is at rest."""

    def __init__(self, traffic: Traffic, current_page: Callable[[], Page]) -> None:
        self._traffic = traffic
        self._page = current_page
        self._busy_url: str | None = None  # the address of a document that never stops changing
        self._hung: Page | None = None

    async def wait(self, settings: ReplaySettings, budget_s: float) -> IdleResult:
        """Wait until the page is at rest, never longer than `budget_s` seconds.

        A page being fetched has `navigation_timeout_ms`, all else `idle_cap_ms` from the latest new document on.
        """
        clock = asyncio.get_running_loop().time
        start = clock()
        latest = start + min(budget_s, (settings.navigation_timeout_ms + settings.idle_cap_ms) / 1000)
        quiet_page: Page | None = None
        while True:
            page, now = self._page(), clock()
            deadline = latest
            if not self._traffic.navigating:
                deadline = min(latest, max(start, self._traffic.last_commit) + settings.idle_cap_ms / 1000)
            if now >= deadline:
                fetching = self._traffic.navigating
                self._traffic.give_up()
                return IdleResult(now - start, "navigation" if fetching else "requests")
            if not self._traffic.idle:
                await self._traffic.change(deadline - now)
                continue
            missing_s = settings.idle_quiet_ms / 1000 - (now - max(start, self._traffic.last_event))
            if page.is_closed() or (missing_s < _TOLERANCE_S and quiet_page is page):
                return IdleResult(now - start)
            state = await self._wait_for_document(page, max(missing_s, _TOLERANCE_S), settings, deadline - now)
            if state in {"document", "hung"} and self._traffic.idle:
                return IdleResult(clock() - start, state)
            quiet_page = page if state == "quiet" else None

    async def _wait_for_document(self, page: Page, quiet_s: float, settings: ReplaySettings, left_s: float) -> str:
        """Wait until the document was quiet for so long: "quiet"; "gone" if another took its place; or what went on."""
        cap_ms = settings.idle_quiet_ms * 2 if page.url == self._busy_url else _BUSY_CAP_MS
        limits = {"quietMs": quiet_s * 1000, "capMs": min(cap_ms, left_s * 1000)}
        try:
            async with asyncio.timeout((0 if page is self._hung else left_s) + _ANSWER_S):
                quiet = await page.evaluate(read_script("idle.js"), limits)
        except TimeoutError:
            self._hung = page
            return "hung"
        except Error:  # the document is gone: another one comes, or the page was closed
            await asyncio.sleep(_RETRY_S)
            return "gone"
        self._hung = None
        if quiet is True:
            return "quiet"
        self._busy_url = page.url
        return "document"
