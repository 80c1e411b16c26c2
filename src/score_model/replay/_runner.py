"""The rows of a dataset, replayed side by side into one folder of traces."""

import asyncio
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from score_model.contract import Sample
from score_model.errors import ContractError
from score_model.executors import Executor, LocalPool
from score_model.replay._agreement import Agreement, ReplayedRow, count_agreement
from score_model.replay._expected_events import ExpectedEvents, find_expected_events
from score_model.replay._job import ReplayJob
from score_model.replay._outcome import NAME, FailureList, ReplayFailure, ReplayOutcome, read_outcome
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
        return count_agreement(self.comparisons)


@dataclass(frozen=True, slots=True, kw_only=True)
class Destination:
    """Where traces go, and what they are called.

    `run_id` makes the identities of a run its own: no two runs may have the same.
    """

    output: Path
    run_id: str
    compressed: bool = True

    @property
    def failures(self) -> Path:
        """The list of solutions that could not be replayed."""
        return self.output / NAME

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
    executor: Executor | None = None,
    progress: Progress = lambda _summary, _sample: None,
) -> ReplaySummary:
    """Replay the rows into `<output>/<website>/<task id>/<solution id>.jsonl.zst`.

    A row whose whole trace is there is not replayed again. One that can't be replayed goes into
    `<output>/failed.ndjson` with the reason, and the next run tries it again. `samples` is read as it is needed;
    `progress` is called after each row. `executor` spreads them; by default `settings.parallel` at a time are replayed.

    Raises RemoteError where a site or its event service is down, UsageError where a trace can't be written (a full
    disk); what is under way then leaves nothing, and what was done stays.
    """
    run = _Run(iter(samples), replayer, sites, destination, progress)
    with FailureList(destination.output) as run.failed:
        await (executor or LocalPool(replayer.settings.parallel)).run(run.next_row, run.replay, run.count)
    return run.summary


@dataclass(frozen=True, slots=True)
class _Row:
    """A row that is to be replayed, and where its trace goes."""

    sample: Sample
    path: Path


@dataclass(frozen=True, slots=True)
class _Replayed:
    """The outcome of a row; `before`: a whole trace was there already."""

    outcome: ReplayOutcome
    before: bool


class _Run:
    """The rows of one run: which is next, what is done with it, and the summary of all."""

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

    async def next_row(self) -> _Row | None:
        """Return the next row that there is something to do with; the others are counted."""
        for sample in self._samples:
            self.summary.rows += 1
            try:
                path = self._destination.path_of(sample, self._sites)
            except ContractError as error:
                self._fail(_unreplayable(sample, error))
            else:
                if path not in self._met:
                    self._met.add(path)
                    return _Row(sample, path)
                self.summary.duplicates += 1
            self._progress(self.summary, sample)
        return None

    async def replay(self, row: _Row) -> _Replayed | ReplayFailure:
        """Replay a row, unless its trace is there."""
        try:
            outcome = await self._done_before(row.sample)
            if outcome is not None:
                return _Replayed(outcome, before=True)
            replayed = await self._replayer.replay(partial(self._job, row.sample), row.path)
        except ContractError as error:
            return _unreplayable(row.sample, error)
        return replayed if isinstance(replayed, ReplayFailure) else _Replayed(replayed, before=False)

    def count(self, row: _Row, result: _Replayed | ReplayFailure) -> None:
        """Add what became of a row to the summary."""
        if isinstance(result, ReplayFailure):
            self._fail(result)
        else:
            if result.before:
                self.summary.skipped += 1
            else:
                self._count(result.outcome)
            self._compare(row.sample, result.outcome)
        self._progress(self.summary, row.sample)

    async def _done_before(self, sample: Sample) -> ReplayOutcome | None:
        """What the whole trace tells that is there already, if one is."""
        path = self._destination.done_of(sample, self._sites)
        if path is None:
            return None
        try:
            return await asyncio.to_thread(read_outcome, path)
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
            found = find_expected_events(
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


def _unreplayable(sample: Sample, error: ContractError) -> ReplayFailure:
    return ReplayFailure(
        website=sample.website,
        task_id=sample.task_id,
        solution_id=sample.solution_id or "",
        reason=str(error),
        attempts=0,
    )
