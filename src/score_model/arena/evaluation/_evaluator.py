"""Where solutions are evaluated: websites of the worker's own, and a browser that reaches nothing else."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import Engine

from score_model.arena._settings import Clock
from score_model.arena._urls import SiteUrls
from score_model.arena.database.engine import open_engine
from score_model.arena.evaluation._worker import EvaluationReport, Progress, WorkerSettings, evaluate
from score_model.arena.server import running_sites
from score_model.arena.sites import SITES, SiteSpec, all_sites
from score_model.errors import first_error
from score_model.replay import Replayer, ReplaySettings, SiteMap


def site_map(urls: SiteUrls, specs: Sequence[SiteSpec] = tuple(SITES.values())) -> SiteMap:
    """The websites of an arena, and no others, under the addresses that recorded URLs have."""
    described = {
        spec.name: {
            "port": spec.port,
            "reset": spec.reset,
            "event_service": spec.event_service,
            **({"events_url": urls.events_url} if spec.event_service == "central" else {}),
        }
        for spec in specs
    }
    every = SiteMap.build([f"{name}={url}" for name, url in urls.site_urls.items()], described)
    return SiteMap(tuple(site for site in every.sites if site.name in described))


@dataclass(frozen=True)
class Evaluator:
    """A browser and websites that are ready to evaluate the solutions of one arena."""

    engine: Engine
    replayer: Replayer
    sites: SiteMap
    clock: Clock

    async def run(self, settings: WorkerSettings, progress: Progress = lambda _report, _job: None) -> EvaluationReport:
        """Evaluate what waits, as `evaluate` does."""
        return await evaluate(self.engine, self.replayer, self.sites, self.clock, settings, progress=progress)


@asynccontextmanager
async def running_evaluator(
    database: Path, settings: ReplaySettings, clock: Clock, websites: Sequence[str] = ()
) -> AsyncIterator[Evaluator]:
    """An evaluator of the arena in `database`, whether or not that is being served; no other arena's visitors meet it.

    `websites` names those of plug-ins that are evaluated too.

    Raises UsageError if there is no browser, or the database can't be used.
    """
    async with AsyncExitStack() as stack:
        engine = open_engine(database)
        stack.callback(engine.dispose)
        scratch = stack.enter_context(TemporaryDirectory(prefix="score-model-"))
        specs = all_sites(websites)
        urls = await stack.enter_async_context(running_sites(Path(scratch) / "sites.sqlite", clock, specs=specs))
        sites = site_map(urls, specs)
        replayer = Replayer(sites, settings, clock_us=clock, websites=[spec.name for spec in specs])
        await stack.enter_async_context(replayer)
        yield Evaluator(engine, replayer, sites, clock)


@asynccontextmanager
async def evaluating_beside(
    database: Path, settings: ReplaySettings, clock: Clock, worker: WorkerSettings, websites: Sequence[str] = ()
) -> AsyncIterator[None]:
    """A worker that goes on while the block does; an error that ends it ends the block."""
    async with running_evaluator(database, settings, clock, websites) as evaluator:
        try:
            async with asyncio.TaskGroup() as group:
                working = group.create_task(evaluator.run(worker))
                yield
                working.cancel()
        except BaseExceptionGroup as several:
            raise first_error(several) from None
