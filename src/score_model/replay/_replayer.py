"""Replays solution after solution: with a watchdog, one more try, and a browser apart for those that broke one."""

import asyncio
from collections.abc import AsyncIterator, Callable, Collection
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Self

from playwright.async_api import Error

from score_model.errors import BrowserLostError, ContractError, RemoteError
from score_model.replay._browser.pool import BrowserPool
from score_model.replay._identity import make_identity
from score_model.replay._job import ReplayJob
from score_model.replay._outcome import ReplayFailure, ReplayOutcome
from score_model.replay._replay import replay_one
from score_model.replay._resources import ClockUs, ReplayResources
from score_model.replay._settings import ReplaySettings
from score_model.replay._sites.events import EventSources
from score_model.replay._sites.health import SiteHealth
from score_model.replay._sites.site_map import SiteMap
from score_model.replay._text import one_line

_ATTEMPTS = 2
_GRACE_S = 45.0  # beyond the budget: an action's last waits, late events, the verdict, writing

MakeJob = Callable[[int], ReplayJob]
"""The job of one attempt (0, 1, …), each with an identity of its own. Raises ContractError where there is none."""


class Replayer:
    """Replays as many solutions at a time as it is asked to; an async context.

    One warm browser serves all first attempts. A solution whose attempt lost the browser, or did not end in time, is
    tried once more, alone, in a browser of its own: what one solution does to its browser costs its neighbours a second
    attempt, and never more.
    """

    def __init__(
        self,
        sites: SiteMap,
        settings: ReplaySettings,
        *,
        clock_us: ClockUs,
        websites: Collection[str] | None = None,
        assets: Path | None = None,
        grace_s: float = _GRACE_S,
    ) -> None:
        """Of `sites`, the browser reaches those named in `websites` only; all by default.

        `assets` is a folder of external files that pages may load. An attempt is given up `grace_s` seconds after its
        time budget.
        """
        self.settings = settings
        self._reachable = sites.mapping(websites)
        self._clock_us = clock_us
        self._assets = assets
        self._limit_s = settings.solution_budget_s + grace_s
        self._stack = AsyncExitStack()
        self._alone = asyncio.Lock()
        self._resources: ReplayResources | None = None
        self._apart: ReplayResources | None = None

    async def __aenter__(self) -> Self:
        async with AsyncExitStack() as stack:
            self._resources = ReplayResources(
                pool=await stack.enter_async_context(self._pool()),
                sources=await stack.enter_async_context(EventSources()),
                health=await stack.enter_async_context(SiteHealth()),
                settings=self.settings,
                sites=self._reachable,
                clock_us=self._clock_us,
            )
            self._stack = stack.pop_all()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self._stack.aclose()

    @property
    def browser_pid(self) -> int | None:
        """The process id of the browser of first attempts, if one runs."""
        return None if self._resources is None else self._resources.pool.pid

    async def replay(self, make_job: MakeJob, trace: Path | None = None) -> ReplayOutcome | ReplayFailure:
        """The outcome of a solution, written to `trace`; or why there is none after the second attempt.

        Raises RemoteError where the site or its event service is down, and UsageError where the trace can't be written:
        neither is the solution's doing. Raises ContractError if `make_job` does.
        """
        reason = ""
        for attempt in range(_ATTEMPTS):
            job = make_job(attempt)
            try:
                async with self._place(attempt) as resources, asyncio.timeout(self._limit_s):
                    return await replay_one(job, resources, trace)
            except TimeoutError:
                reason = f"it did not end within {self._limit_s:g} s"
            except BrowserLostError as error:
                reason = str(error)
            except Error as error:
                reason = f"the browser failed: {one_line(error.message)}"
            except ContractError as error:
                return _make_failure(job, str(error), attempt + 1)
            except RemoteError as error:
                await self._check_services(job)
                reason = str(error)
        return _make_failure(job, reason, _ATTEMPTS)

    @asynccontextmanager
    async def _place(self, attempt: int) -> AsyncIterator[ReplayResources]:
        """Where an attempt is made: the first beside others, a further one alone."""
        assert self._resources is not None, "a replayer is used inside its context"
        if attempt == 0:
            yield self._resources
            return
        async with self._alone:
            if self._apart is None:
                pool = await self._stack.enter_async_context(self._pool())
                self._apart = replace(self._resources, pool=pool)
            yield self._apart

    def _pool(self) -> BrowserPool:
        settings = self.settings
        return BrowserPool(
            self._reachable,
            executable=settings.browser,
            recycle_after=settings.recycle_after,
            assets=self._assets,
        )

    async def _check_services(self, job: ReplayJob) -> None:
        """Raises RemoteError if the site or its event service is down for others too."""
        assert self._resources is not None, "a replayer is used inside its context"
        await self._resources.health.check(job.site)
        nobody = make_identity(run_id="health", task_id="", solution_id="")
        await self._resources.sources.of(job.site).events(nobody)


def _make_failure(job: ReplayJob, reason: str, attempts: int) -> ReplayFailure:
    return ReplayFailure(
        website=job.website, task_id=job.task_id, solution_id=job.solution_id, reason=reason, attempts=attempts
    )
