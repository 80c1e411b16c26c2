"""What is recorded around each action of a replay (design, "Formats")."""

import asyncio
import base64
from dataclasses import dataclass, field
from typing import Any

from playwright.async_api import Locator

from score_model.contract import format_instant
from score_model.replay._actions.result import ActionResult
from score_model.replay._browser.idle import IdleResult
from score_model.replay._browser.session import Session
from score_model.replay._budgets import Budgets
from score_model.replay._job import ReplayJob
from score_model.replay._recorder.page_state import Snapshot
from score_model.replay._recorder.recorder import Recorder
from score_model.replay._recorder.trace_file import TraceFile
from score_model.replay._resources import ClockUs
from score_model.replay._sites.events import EventSource, RecordedEvents
from score_model.traces import BrowserSnapshot, TraceStep


@dataclass(frozen=True, slots=True)
class _SiteState:
    """Page and backend at rest between two actions."""

    page: Snapshot
    events: RecordedEvents
    screenshot: str | None = None


@dataclass(kw_only=True)
class StepRecorder:
    """Sees to it that each action becomes a step: the moment after an action is the one before the next."""

    job: ReplayJob
    session: Session
    source: EventSource
    recorder: Recorder
    budgets: Budgets
    file: TraceFile
    clock_us: ClockUs
    screenshots: bool
    seconds: float = 0.0
    pages: int = 0
    runtime_events: int = 0
    _before: _SiteState | None = None
    _targets: list[dict[str, Any]] = field(default_factory=list)
    _refused: int = 0

    async def start(self) -> None:
        """Record the page before the first action."""
        self._before = await self._read_state()

    def begin(self, index: int) -> None:
        """An action begins."""
        self._targets.clear()
        self.recorder.begin(index)

    async def observe(self, locator: Locator) -> None:
        """Describe an element that is about to be acted on."""
        self._targets.append(await self.recorder.target(locator))

    async def end(self, index: int, result: ActionResult, seconds: float, idle: IdleResult) -> None:
        """An action ended and the page came to rest: make a step of it."""
        before = self._before
        assert before is not None, "a recording starts before its first action"
        _, after = await asyncio.gather(self.recorder.settle(), self._read_state())
        taken = self.recorder.take()
        kept = taken[: self.budgets.allow_events(len(taken))]
        self.runtime_events += len(kept)
        self._before = after
        refusals = self.session.refused.refusals[self._refused :]
        self._refused += len(refusals)
        extra: dict[str, Any] = {
            "target": self._target(index),
            "rest": {"seconds": round(idle.seconds, 4), "unrest": idle.busy},
        }
        optional = {
            "further_targets": list(self._targets[1:]),
            "value": result.value,
            "note": result.note,
            "refused": [{"kind": one.kind, "url": one.url, "reason": one.reason} for one in refusals],
        }
        extra |= {name: value for name, value in optional.items() if value}
        await self.file.write(
            TraceStep(
                project_id=self.job.website,
                task_id=self.job.task_id,
                web_agent_id=self.job.identity.agent_id,
                action_index=index,
                action=self.job.recorded_actions[index],
                success=result.success,
                error=result.error,
                execution_time=round(seconds, 4),
                browser_snapshot=self._build_snapshot(index, before, after, kept),
                extra=extra,
            )
        )

    def _target(self, index: int) -> dict[str, Any] | None:
        """What was acted on; None for an action that is about no element."""
        if self._targets:
            return self._targets[0]
        return None if getattr(self.job.actions[index], "selector", None) is None else {"found": False}

    def _build_snapshot(
        self, index: int, before: _SiteState, after: _SiteState, kept: list[dict[str, Any]]
    ) -> BrowserSnapshot:
        extra: dict[str, Any] = {"prev_url": before.page.url, "title": after.page.title}
        if after.page.error is not None:
            extra["unreadable"] = after.page.error
        if after.page.cut or not after.page.whole:
            extra["partial"] = True
        if after.events.dropped:
            extra["backend_events_dropped"] = after.events.dropped
        return BrowserSnapshot(
            iteration=index,
            current_url=after.page.url,
            prev_html=before.page.html,
            current_html=after.page.html,
            js_events=kept,
            backend_events_before=list(before.events.rows),
            backend_events=list(after.events.rows),
            screenshot_before=before.screenshot,
            screenshot_after=after.screenshot,
            timestamp=format_instant(self.clock_us()),
            extra=extra,
        )

    async def _read_state(self) -> _SiteState:
        events, page, screenshot = await asyncio.gather(
            self.source.events(self.job.identity), self._snapshot(), self._screenshot()
        )
        return _SiteState(page, events, screenshot)

    async def _snapshot(self) -> Snapshot:
        page = self.session.page
        if not self.budgets.allow_page():
            return Snapshot(html=None, url=page.url, error="the budget for pages is spent")
        snapshot = await self.recorder.snapshot(page)
        self.budgets.spend_page(snapshot.html)
        self.pages += snapshot.html is not None
        return snapshot

    async def _screenshot(self) -> str | None:
        if not self.screenshots:
            return None
        image = await self.recorder.screenshot(self.session.page)
        return None if image is None else base64.b64encode(image).decode("ascii")
