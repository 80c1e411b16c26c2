"""The rivals of benchmarks/replay.py: plain Playwright loops over the same solutions, with the same resets and tests.

`upstream` starts a browser for each solution, waits up to 10 s for an element and, when a click has been made, up to
3 s for a navigation: as upstream does, in vain for one that came while the click was being made.
`bare` keeps one browser warm and waits as score-model does, by its rest rule, but records nothing.
"""

import asyncio
import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import urlsplit

from playwright.async_api import Browser, Error, Page, Playwright

from score_model.checks import run_tests
from score_model.contract import Action
from score_model.contract import actions as a
from score_model.contract.task_tests import CheckEventTest
from score_model.replay import ReplayJob, ReplaySettings
from score_model.replay._actions.result import ActionFailedError
from score_model.replay._actions.selectors import locate
from score_model.replay._browser.idle import IdleWatch
from score_model.replay._browser.traffic import Traffic
from score_model.replay._sites.events import EventSources, SiteEvents, await_late_events

UPSTREAM_ELEMENT_MS = 10_000
UPSTREAM_NAVIGATION_MS = 3_000


@dataclass(frozen=True)
class Rivals:
    """What both loops need: the driver, the browser's path, where the sites run, and their event services."""

    playwright: Playwright
    executable: str
    sites: Mapping[str, str]
    sources: EventSources
    settings: ReplaySettings

    async def launch(self) -> Browser:
        """A browser that finds the recorded origins where the sites run."""
        rules = ", ".join(f"MAP {urlsplit(origin).netloc} {urlsplit(url).netloc}" for origin, url in self.sites.items())
        return await self.playwright.chromium.launch(
            executable_path=self.executable,
            args=["--no-proxy-server", f"--host-resolver-rules={rules}"],
            chromium_sandbox=os.geteuid() != 0,
        )

    async def upstream(self, job: ReplayJob) -> bool:
        """Whether the solution passes, replayed with a browser of its own and fixed waits."""
        source = await self.sources.of(job.site)
        await source.reset(job.identity)
        browser = await self.launch()
        try:
            context = await browser.new_context(extra_http_headers=job.identity.headers)
            page = await context.new_page()
            page.set_default_timeout(UPSTREAM_ELEMENT_MS)
            for action in job.actions:
                with suppress(Error, ActionFailedError):
                    await act(page, action, UPSTREAM_ELEMENT_MS, "load")
                    if isinstance(action, a.Click):  # one that fails does not come here
                        await page.wait_for_event("framenavigated", timeout=UPSTREAM_NAVIGATION_MS)
                        await page.wait_for_load_state("domcontentloaded")
            events = (await source.events(job.identity)).events
        finally:
            await browser.close()
        return run_tests(job.tests, events, agent_id=job.agent_uid).passed

    async def bare(self, browser: Browser, job: ReplayJob) -> bool:
        """Whether the solution passes, replayed in a fresh context of a warm browser until the page is at rest."""
        source = await self.sources.of(job.site)
        await source.reset(job.identity)
        width, height = self.settings.viewport
        context = await browser.new_context(
            extra_http_headers=job.identity.headers,
            locale=self.settings.locale,
            timezone_id=self.settings.timezone,
            viewport={"width": width, "height": height},
        )
        try:
            watch = IdleWatch(Traffic(context), lambda: page)
            page = await context.new_page()
            for action in job.actions:
                with suppress(Error, ActionFailedError):
                    await act(page, action, self.settings.element_timeout_ms, "commit")
                await watch.wait(self.settings, self.settings.solution_budget_s)
            return await self._late_verdict(source, job)
        finally:
            await context.close()

    async def _late_verdict(self, source: SiteEvents, job: ReplayJob) -> bool:
        awaited = {test.event_name for test in job.tests if isinstance(test, CheckEventTest)}
        cap_ms = self.settings.late_events_ms
        recorded = await await_late_events(source, job.identity, cap_ms=cap_ms, expected=awaited)
        return run_tests(job.tests, recorded.events, agent_id=job.agent_uid).passed


async def act(page: Page, action: Action, timeout_ms: int, until: str) -> None:
    """Do an action of the scripted agents as one would write it; `until` is what a navigation waits for."""
    match action:
        case a.Navigate(url=str(url)):
            await page.goto(url, wait_until="load" if until == "load" else "commit")
        case a.Navigate(go_back=True) | a.GoBack():
            await page.go_back(wait_until="load" if until == "load" else "commit")
        case a.Navigate(go_forward=True):
            await page.go_forward(wait_until="load" if until == "load" else "commit")
        case a.Click(selector=None):
            await page.mouse.click(action.x or 0, action.y or 0)
        case a.Click(selector=selector) if selector is not None:
            await locate(page, selector).first.click(timeout=timeout_ms, no_wait_after=True)
        case a.Type(selector=selector) if selector is not None:
            await locate(page, selector).first.fill(action.text or "", timeout=timeout_ms)
        case a.SelectOption(selector=selector) if selector is not None:
            await locate(page, selector).first.select_option(label=action.text, timeout=timeout_ms)
        case a.Select(selector=selector) if selector is not None:
            await locate(page, selector).first.select_option(action.value, timeout=timeout_ms)
        case a.SendKeys(selector=selector):
            if selector is not None:
                await locate(page, selector).first.focus(timeout=timeout_ms)
            await page.keyboard.press(action.keys or "Enter")
        case a.Submit(selector=selector) if selector is not None:
            await locate(page, selector).first.press("Enter", timeout=timeout_ms, no_wait_after=True)
        case a.Wait(selector=selector) if selector is not None:
            limit_s = action.timeout_seconds or action.time_seconds
            limit_ms = timeout_ms if limit_s is None else limit_s * 1000
            await locate(page, selector).first.wait_for(state="visible", timeout=limit_ms)
        case a.Wait():
            await asyncio.sleep(action.time_seconds or action.timeout_seconds or 0)
        case a.Scroll():
            distance = action.value if isinstance(action.value, int | float) else 900
            await page.evaluate("distance => scrollBy(0, distance)", -distance if action.up else distance)
        case _:
            raise NotImplementedError(f"the scripted agents do not do this: {type(action).__name__}")
