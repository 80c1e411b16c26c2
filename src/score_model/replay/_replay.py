"""One solution, done again: reset, actions, late events, verdict, trace."""

import asyncio
import platform
from contextlib import AsyncExitStack
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from playwright.async_api import Error

from score_model.checks import Verdict, run_tests
from score_model.contract import format_instant
from score_model.contract.task_tests import CheckEventTest
from score_model.replay._actions.perform import perform
from score_model.replay._browser.clock import build_clock_script, compute_clock_shift_ms
from score_model.replay._browser.session import BrowserEnvironment, Session
from score_model.replay._budgets import Budgets
from score_model.replay._expected_events import find_expected_events
from score_model.replay._job import ReplayJob
from score_model.replay._outcome import WITHOUT_BROWSER, ReplayOutcome
from score_model.replay._recorder.recorder import Recorder
from score_model.replay._recorder.steps import StepRecorder
from score_model.replay._recorder.trace_file import TraceFile
from score_model.replay._resources import ReplayResources
from score_model.replay._sites.events import RecordedEvents, SiteEvents, await_late_events
from score_model.replay._timings import Timings
from score_model.traces import TraceFooter, TraceHeader


async def replay_one(job: ReplayJob, resources: ReplayResources, trace: Path | None = None) -> ReplayOutcome:
    """Replay a solution and give the verdict on it (export contract, section 4).

    With a `trace` everything is recorded in that file, which appears whole or not at all; without, nothing is recorded
    but the verdict. A failing action is recorded and the replay goes on; a budget that is hit ends it in order.

    Raises BrowserLostError (or Playwright's Error) where the browser was lost, RemoteError where the site or its event
    service is, ContractError for what no trace can hold or too many events, UsageError if the file can't be written.
    """
    decided = job.verdict_without_browser()
    if decided is not None:
        return await _record_without_browser(job, decided, resources, trace)
    replay = _Replay(job, resources)
    await replay.prepare()
    async with AsyncExitStack() as stack:
        file = None
        async with resources.pool.session(replay.environment) as session:
            if trace is not None:
                header = _build_header(job, resources, f"Chromium {resources.pool.version}", replay.shift_ms)
                file = await stack.enter_async_context(TraceFile(trace, header))
            await replay.run(session, file)
            footer, outcome = await replay.verdict(session, trace)
        if file is not None:  # only now: a browser that hangs at its end makes the replay void
            await file.finish(footer)
    return outcome


class _Replay:
    """A replay under way."""

    def __init__(self, job: ReplayJob, resources: ReplayResources) -> None:
        self.job, self.resources, self.settings = job, resources, resources.settings
        self.timings = Timings(asyncio.get_running_loop().time)
        self.shift_ms = 0
        self._source: SiteEvents | None = None
        self._budgets: Budgets | None = None
        self._steps: StepRecorder | None = None
        self._done = 0
        self._failed = 0

    @property
    def environment(self) -> BrowserEnvironment:
        """What the pages see around them."""
        return BrowserEnvironment(
            headers=self.job.identity.headers,
            timezone=self.settings.timezone,
            locale=self.settings.locale,
            viewport=self.settings.viewport,
            init_scripts=(build_clock_script(self.shift_ms),) if self.shift_ms else (),
        )

    async def prepare(self) -> None:
        """Put the site back, and forget the identity's events."""
        with self.timings.phase("reset"):
            await self.resources.health.check(self.job.site)
            self._source = await self.resources.sources.of(self.job.site)
            await self._source.reset(self.job.identity)
        self.shift_ms = compute_clock_shift_ms(self.settings.clock, self.job.created_us, self.resources.clock_us())

    async def run(self, session: Session, file: TraceFile | None) -> None:
        """Do the actions, until a budget is hit."""
        budgets = self._budgets = Budgets(self.settings, asyncio.get_running_loop().time)
        if file is not None:
            self._steps = await self._start_recording(session, file, budgets)
        for index in range(len(self.job.actions)):
            if not budgets.allow_action(index):
                return
            await self._act(index, session, budgets, self._steps)

    async def verdict(self, session: Session, trace: Path | None) -> tuple[TraceFooter, ReplayOutcome]:
        """Wait for late events and run the tests on what is there."""
        job, budgets = self.job, self._budgets
        assert budgets is not None, "the verdict comes after the actions"
        assert self._source is not None, "a replay is prepared first"
        awaited = {test.event_name for test in job.tests if isinstance(test, CheckEventTest)}
        with self.timings.phase("late_events"):
            recorded = await await_late_events(
                self._source, job.identity, cap_ms=self.settings.late_events_ms, expected=awaited
            )
        verdict = None
        if job.tests:
            with self.timings.phase("tests"):
                verdict = await asyncio.to_thread(
                    run_tests, job.tests, recorded.events, answer=job.answer, agent_id=job.agent_uid
                )
        if self._failed or verdict is None or not verdict.passed:
            await self.resources.health.check(job.site)
        refused = session.refused.refusals
        outcome = ReplayOutcome(
            verdict=verdict,
            actions=self._done,
            failed_actions=self._failed,
            budgets_hit=budgets.hit,
            refusals=len(refused),
            events=recorded.events,
            seconds=self.timings.total,
            trace=trace,
        )
        extra: dict[str, Any] = {WITHOUT_BROWSER: False, "title": await _read_title(session)}
        extra["refused"] = [{"kind": one.kind, "url": one.url, "reason": one.reason} for one in refused]
        if not job.tests and job.use_case:
            extra["expected_event"] = _summarize_expected(job, recorded)
        footer = TraceFooter(
            verdict=verdict,
            timings=self.timings.seconds(),
            counts=self._count_all(recorded, session),
            budgets_hit=list(outcome.budgets_hit),
            final_url=session.page.url,
            backend_events=list(recorded.rows),
            extra=extra,
        )
        return footer, outcome

    async def _start_recording(self, session: Session, file: TraceFile, budgets: Budgets) -> StepRecorder:
        assert self._source is not None, "a replay is prepared first"
        steps = StepRecorder(
            job=self.job,
            session=session,
            source=self._source,
            recorder=await Recorder.attach(session.context),
            budgets=budgets,
            file=file,
            clock_us=self.resources.clock_us,
            screenshots=self.settings.screenshots,
        )
        await steps.start()
        return steps

    async def _act(self, index: int, session: Session, budgets: Budgets, steps: StepRecorder | None) -> None:
        action, observe = self.job.actions[index], None
        if steps is not None:
            steps.begin(index)
            observe = steps.observe
        with self.timings.phase("actions"):
            result = await perform(session, action, self.settings, budgets.left_s, observe)
        acted_s = self.timings.last
        with self.timings.phase("rest"):
            idle = await session.wait_until_idle(self.settings, budgets.left_s)
        if steps is not None:
            with self.timings.phase("recording"):
                await steps.end(index, result, acted_s, idle)
        self._done += 1
        self._failed += not result.success

    def _count_all(self, recorded: RecordedEvents, session: Session) -> dict[str, int]:
        counts = {
            "recorded_actions": len(self.job.actions),
            "actions": self._done,
            "failed_actions": self._failed,
            "backend_events": len(recorded.rows),
            "backend_events_dropped": recorded.dropped,
            "refusals": len(session.refused.refusals),
            "refusals_dropped": session.refused.dropped,
        }
        if self._steps is not None:
            counts |= {"pages": self._steps.pages, "runtime_events": self._steps.runtime_events}
        return counts


async def _record_without_browser(
    job: ReplayJob, verdict: Verdict, resources: ReplayResources, trace: Path | None
) -> ReplayOutcome:
    """The outcome, and a trace without steps, of a solution that needs no browser."""
    if trace is not None:
        async with TraceFile(trace, _build_header(job, resources, None, None)) as file:
            counts = {"recorded_actions": len(job.actions), "actions": 0, "failed_actions": 0}
            await file.finish(
                TraceFooter(
                    verdict=verdict,
                    timings={"total": 0.0},
                    counts=counts,
                    budgets_hit=[],
                    backend_events=[],
                    extra={WITHOUT_BROWSER: True},
                )
            )
    return ReplayOutcome(verdict=verdict, without_browser=True, trace=trace)


def _build_header(job: ReplayJob, resources: ReplayResources, browser: str | None, shift_ms: int | None) -> TraceHeader:
    return TraceHeader(
        task=job.task,
        solution_id=job.solution_id,
        solution_created_at=job.created_at,
        web_agent_id=job.identity.agent_id,
        validator_id=job.identity.validator_id,
        browser=browser,
        versions=_list_versions(),
        clock=resources.settings.clock,
        clock_shift_ms=shift_ms,
        timezone=resources.settings.timezone,
        locale=resources.settings.locale,
        sites=dict(resources.sites),
        replayed_at=format_instant(resources.clock_us()),
        extra={"agent_uid": job.agent_uid, "website": job.website},
    )


@cache
def _list_versions() -> dict[str, str]:
    return {
        "score-model": version("score-model"),
        "playwright": version("playwright"),
        "python": platform.python_version(),
    }


def _summarize_expected(job: ReplayJob, recorded: RecordedEvents) -> dict[str, Any]:
    """For a task without tests: how often the event named like its use case fired, and with what data."""
    use_case = job.use_case or ""
    found = find_expected_events(
        recorded.events, website=job.website, use_case=use_case, solution_id=job.solution_id, recorded=None
    )
    return {"name": use_case, "fired": found.fired, "data": list(found.data)}


async def _read_title(session: Session) -> str:
    try:
        async with asyncio.timeout(1):
            return (await session.page.title())[:300]
    except (Error, TimeoutError):
        return ""
