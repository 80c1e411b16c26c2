"""Where an action is done: the page, how patient it may be, and the element that it is about."""

import asyncio
import math
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from playwright.async_api import Locator, Page
from playwright.async_api import TimeoutError as PlaywrightTimeoutError

from score_model.contract.selectors import CssSelector, Selector
from score_model.replay._actions.result import ActionFailedError
from score_model.replay._actions.selectors import describe, locate
from score_model.replay._browser.session import Session
from score_model.replay._settings import ReplaySettings

_ANSWER_S = 1.0
_HIDDEN_MS = 300  # for an element that has already been waited for and stayed hidden

TargetObserver = Callable[[Locator], Awaitable[None]]


@dataclass
class ActionContext:
    """One action's surroundings. `budget_s` is what is left for it, in seconds."""

    session: Session
    page: Page
    settings: ReplaySettings
    budget_s: float
    observe: TargetObserver | None = None
    target: Locator | None = None
    note: str | None = None
    act_ms: float = 0

    def within(self, seconds: float) -> float:
        """The seconds as recorded, no fewer than none and no more than the budget has."""
        return min(max(seconds, 0.0), self.budget_s) if math.isfinite(seconds) else 0.0

    async def find(self, selector: Selector, wait_ms: float | None = None) -> Locator:
        """The first visible element that the selector finds, else the first, waited for; it becomes the target.

        `wait_ms` takes the place of the settings, and then only a visible element will do. `act_ms` is how long acting
        on it may take afterwards. Raises ActionFailedError where there is none in time.
        """
        matches = locate(self.page, selector)
        found = matches.locator("visible=true").first
        self.act_ms = self.settings.element_timeout_ms
        limit_ms = self.settings.element_timeout_ms if wait_ms is None else wait_ms
        try:
            await found.wait_for(state="visible", timeout=max(limit_ms, 1))  # 0 would mean without end
        except PlaywrightTimeoutError:
            if wait_ms is not None or await self._count(matches) == 0:
                kind = "element" if wait_ms is None else "visible element"
                raise ActionFailedError(f"no {kind} for {describe(selector)} within {limit_ms / 1000:g} s") from None
            found = matches.first
            self.act_ms = _HIDDEN_MS
        self.target = found
        if self.observe is not None:
            await self.observe(found)
        return found

    async def _count(self, matches: Locator) -> int:
        async with asyncio.timeout(_ANSWER_S):  # Playwright has no limit of its own for it
            return await matches.count()

    async def find_css(self, css: str | None, role: str) -> Locator:
        """As `find`, for a CSS selector that stands alone; `role` says what it is missing for."""
        if not css:
            raise ActionFailedError(f"no {role} is given")
        return await self.find(CssSelector(css))
