"""The rows of a dataset, replayed side by side into one folder of traces."""

import asyncio
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from score_model.contract import Sample
from score_model.errors import ContractError, first_error
from score_model.replay._agreement import Agreement, ReplayedRow, agreement_of
from score_model.replay._expected_events import ExpectedEvents, expected_events
from score_model.replay._job import ReplayJob
from score_model.replay._outcome import FailureList, ReplayFailure, ReplayOutcome, outcome_of
from score_model.replay._replayer import Replayer
from score_model.replay._sites.site_map import SiteMap
from score_model.traces import trace_path


@dataclass
class ReplaySummary:
    """What a run came to.

    Of the `rows`, `replayed` were replayed now (`without_browser` of them needed none) and `skipped` had a whole trace
    already; `duplicates` are further rows of the same solution. `comparisons` and `expected` have one entry for each
    row with a trace; `expected` only those of tasks without tests, and without the events' data.
    """

    rows: int = 0
    replayed: int = 0
    skipped: int = 0
    duplicates: int = 0
    without_browser: int = 0
    actions: int = 0
    failed_actions: int = 0
    refusals: int = 0
    budgets_hit: Counter[str] = field(default_factory=Counter)
    failures: list[ReplayFailure] = field(default_factory=list)
    comparisons: list[ReplayedRow] = field(default_factory=list)
    expected: list[ExpectedEvents] = field(default_factory=list)

    @property
    def ended(self) -> int:
        """Rows that are behind us."""
        return self.replayed + self.skipped + self.duplicates + len(self.failures)

    @property
    def agreement(self) -> Agreement:
        """The recorded labels against the replays."""
        return agreement_of(self.comparisons)


@dataclass(frozen=True, slots=True, kw_only=True)
class Destination:
    """Where traces go, and what they are called.

    `run_id` makes the identities of a run its own: no two runs may have the same.
    """

    output: Path
    run_id: str
    compressed: bool = True

    def path_of(self, sample: Sample, sites: SiteMap) -> Path:
        """The trace of a row. Raises ContractError for a row that can't be replayed."""
        return self._path(sample, sites, compressed=self.compressed)

    def done_of(self, sample: Sample, sites: SiteMap) -> Path | None:
        """The trace that is there already, compressed or not; or None. Raises as `path_of` does."""
        spellings = (self._path(sample, sites, compressed=compressed) for compressed in (True, False))
        return next((path for path in spellings if path.exists()), None)

    def _path(self, sample: Sample, sites: SiteMap, *, compressed: bool) -> Path:
        if sample.solution_id is None:
            raise ContractError("the row has no solution id")
        website = sites.find(sample.start_url, sample.website).name
        return trace_path(self.output, website, sample.task_id, sample.solution_id, compressed=compressed)


Progress = Callable[[ReplaySummary, Sample], None]


async def replay_all(
    samples: Iterable[Sample],
    replayer: Replayer,
    sites: SiteMap,
    destination: Destination,
    *,
    progress: Progress = lambda _summary, _sample: None,
) -> ReplaySummary:
    """Replay the rows, `settings.parallel` at a time, into `<output>/<website>/<task id>/<solution id>.jsonl.zst`.

    A row whose whole trace is there is not replayed again. One that can't be replayed goes into
    `<output>/failed.ndjson` with the reason, and the next run tries it again. `samples` is read as it is needed;
    `progress` is called after each row.

    Raises RemoteError where a site or its event service is down, UsageError where a trace can't be written (a full
    disk); what is under way then leaves nothing, and what was done stays.
    """
    run = _Run(iter(samples), replayer, sites, destination, progress)
    with FailureList(destination.output) as run.failed:
        try:
            async with asyncio.TaskGroup() as group:
                for _ in range(replayer.settings.parallel):
                    group.create_task(run.work())
        except BaseExceptionGroup as several:
            raise first_error(several) from None
    return run.summary


class _Run:
    """What the workers of a run share."""

    failed: FailureList

    def __init__(
        self,
        samples: Iterator[Sample],
        replayer: Replayer,
        sites: SiteMap,
        destination: Destination,
        progress: Progress,
    ) -> None:
        self.summary = ReplaySummary()
        self._samples = samples
        self._replayer = replayer
        self._sites = sites
        self._destination = destination
        self._progress = progress
        self._met: set[Path] = set()

    async def work(self) -> None:
        """Replay rows until there are no more."""
        for sample in self._samples:
            self.summary.rows += 1
            try:
                await self._one(sample)
            except ContractError as error:
                self._fail(
                    ReplayFailure(
                        website=sample.website,
                        task_id=sample.task_id,
                        solution_id=sample.solution_id or "",
                        reason=str(error),
                        attempts=0,
                    )
                )
            self._progress(self.summary, sample)

    async def _one(self, sample: Sample) -> None:
        path = self._destination.path_of(sample, self._sites)
        if path in self._met:
            self.summary.duplicates += 1
            return
        self._met.add(path)
        outcome = await self._done_before(sample)
        if outcome is not None:
            self.summary.skipped += 1
        else:
            job_of = partial(self._job, sample)
            replayed = await self._replayer.replay(job_of, path)
            if isinstance(replayed, ReplayFailure):
                self._fail(replayed)
                return
            outcome = replayed
            self._count(outcome)
        self._compare(sample, outcome)

    async def _done_before(self, sample: Sample) -> ReplayOutcome | None:
        """What the whole trace tells that is there already, if one is."""
        path = self._destination.done_of(sample, self._sites)
        if path is None:
            return None
        try:
            return await asyncio.to_thread(outcome_of, path)
        except ContractError:  # torn by something else than us: it is replaced
            return None

    def _job(self, sample: Sample, attempt: int) -> ReplayJob:
        return ReplayJob.from_sample(sample, self._sites, run_id=self._destination.run_id, attempt=attempt)

    def _count(self, outcome: ReplayOutcome) -> None:
        summary = self.summary
        summary.replayed += 1
        summary.without_browser += outcome.without_browser
        summary.actions += outcome.actions
        summary.failed_actions += outcome.failed_actions
        summary.refusals += outcome.refusals
        summary.budgets_hit.update(outcome.budgets_hit)

    def _compare(self, sample: Sample, outcome: ReplayOutcome) -> None:
        website = self._sites.find(sample.start_url, sample.website).name
        solution_id = sample.solution_id or ""
        self.failed.done(sample.task_id, solution_id)
        self.summary.comparisons.append(
            ReplayedRow(
                website=website,
                solution_id=solution_id,
                recorded=sample.passed,
                replayed=outcome.label,
                empty=not sample.actions,
            )
        )
        if outcome.verdict is None and sample.use_case:
            found = expected_events(
                outcome.events,
                website=website,
                use_case=sample.use_case,
                solution_id=solution_id,
                recorded=sample.passed,
            )
            light = ExpectedEvents(
                website=website,
                use_case=found.use_case,
                solution_id=solution_id,
                recorded=found.recorded,
                fired=found.fired,
            )
            self.summary.expected.append(light)

    def _fail(self, failure: ReplayFailure) -> None:
        self.summary.failures.append(failure)
        self.failed.add(failure)
