"""The evaluation worker: takes solutions that wait, replays them in a real browser, and records what the tests say.

A verdict is recorded only of a replay that took place. What is the machine's fault (a browser that dies or hangs, a
site that is down, a worker that is killed) is never a label: the solution is pending again when its lease ends.
"""

import asyncio
import dataclasses
from collections import Counter, deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

import msgspec
from sqlalchemy import Engine

from score_model.arena._settings import Clock
from score_model.arena.api import EvaluationJob, claim_for_evaluation, extend_leases, miner_uid_of, record_verdict
from score_model.checks import Verdict, run_tests
from score_model.contract import Sample, format_instant
from score_model.errors import ContractError, UsageError
from score_model.executors import LocalPool, first_error
from score_model.replay import Replayer, ReplayFailure, ReplayJob, ReplayOutcome, SiteMap
from score_model.traces import trace_path

_REASONS_KEPT = 100


def replay_job(job: EvaluationJob, sites: SiteMap, run_id: str, attempt: int) -> ReplayJob:
    """One attempt at a solution. Raises ContractError for a task of a site that is not there."""
    answer = job.request.answer
    made = ReplayJob.from_sample(_sample_of(job), sites, run_id=run_id, attempt=attempt, answer=answer)
    return replace(made, tests=job.tests)


def _sample_of(job: EvaluationJob) -> Sample:
    """The solution as a row without a label, as the export will show it."""
    task, artifacts = job.task, job.request.artifacts
    about = task.metadata or {}
    steps = (artifacts.steps if artifacts else None) or []
    return Sample(
        task_id=task.id,
        task_created_at=task.created_at,
        website=_text(about.get("website")),
        use_case=_text(about.get("use_case")),
        intent=task.description or task.title,
        start_url=_text((task.inputs or {}).get("url")),
        required_url=None,
        web_version=None,
        tests=None,
        solution_id=job.solution_id,
        solution_created_at=format_instant(job.created_us),
        agent_run_id=None,
        miner_uid=miner_uid_of(job.request.agent_id),
        validator_uid=None,
        score=None,
        passed=None,
        num_actions=len(steps),
        actions=list(steps),
        trajectory=[],
        fetched_at=None,
        filters={},
        group="",
        split="",
        label_quality="unknown",
    )


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None


@dataclass(frozen=True, kw_only=True)
class WorkerSettings:
    """How a worker works; `name` must be no other worker's.

    It stops after `limit` solutions or when none waits; with `watch` it then looks again every `poll_s` seconds. It
    renews its leases as long as it lives: after a kill they end within `lease_s`. A solution that it could not
    evaluate is nobody's for `again_s`, or until it ends in order. With `traces` each evaluation leaves its trace in
    that folder, as `score-model replay` would.
    """

    name: str
    limit: int | None = None
    watch: bool = False
    lease_s: float = 60.0
    again_s: float = 900.0
    poll_s: float = 0.5
    traces: Path | None = None

    def __post_init__(self) -> None:
        if self.limit is not None and self.limit < 1:
            raise UsageError(f"--limit must be at least 1: {self.limit}")


@dataclass(frozen=True)
class Unevaluated:
    """A solution without a verdict, and why."""

    solution_id: str
    reason: str


@dataclass
class EvaluationReport:
    """What a worker has done.

    `evaluated` solutions got a verdict, `by_status` counts them; `without_browser` of them needed none. Of `failed`
    solutions, which got none, `reasons` has the latest. `lost` had become another worker's.
    """

    evaluated: int = 0
    without_browser: int = 0
    failed: int = 0
    lost: int = 0
    by_status: Counter[str] = field(default_factory=Counter)
    reasons: deque[Unevaluated] = field(default_factory=lambda: deque(maxlen=_REASONS_KEPT))

    def as_dict(self) -> dict[str, object]:
        """The counts and reasons, ready for JSON."""
        return {
            "evaluated": self.evaluated,
            "by_status": dict(sorted(self.by_status.items())),
            "without_browser": self.without_browser,
            "failed": self.failed,
            "failures": [dataclasses.asdict(one) for one in self.reasons],
            "lost": self.lost,
        }


Progress = Callable[[EvaluationReport, EvaluationJob], None]


async def evaluate(
    engine: Engine,
    replayer: Replayer,
    sites: SiteMap,
    clock: Clock,
    settings: WorkerSettings,
    *,
    progress: Progress = lambda _report, _job: None,
) -> EvaluationReport:
    """Evaluate solutions, oldest first, as many at a time as the replayer's settings say.

    `progress` is called after each. Raises RemoteError where a site is down for all, UsageError where the database
    refuses. However it ends, what is under way is given back.
    """
    worker = _Worker(engine, replayer, sites, clock, settings, progress)
    try:
        async with asyncio.TaskGroup() as keeping:
            keeper = keeping.create_task(worker.keep_leases())
            await LocalPool(replayer.settings.parallel).run(worker.next_job, worker.evaluate, worker.report_progress)
            keeper.cancel()
    except BaseExceptionGroup as several:
        raise first_error(several) from None
    finally:
        with suppress(UsageError):  # the leases end without us too
            worker.give_back()
    return worker.report


class _Worker:
    def __init__(
        self,
        engine: Engine,
        replayer: Replayer,
        sites: SiteMap,
        clock: Clock,
        settings: WorkerSettings,
        progress: Progress,
    ) -> None:
        self.report = EvaluationReport()
        self._engine = engine
        self._replayer = replayer
        self._sites = sites
        self._clock = clock
        self._settings = settings
        self._progress = progress
        self._claimed = 0
        self._at_work: set[str] = set()
        self._put_off: set[str] = set()

    async def next_job(self) -> tuple[int, EvaluationJob] | None:
        """Claim a solution, and number it; None when this worker is to end."""
        settings = self._settings
        while settings.limit is None or self._claimed < settings.limit:
            self._claimed += 1
            number = self._claimed
            job = await self._claim()
            if job is not None:
                return number, job
            self._claimed -= 1
            if not settings.watch:
                return None
            await asyncio.sleep(settings.poll_s)
        return None

    def report_progress(self, claimed: tuple[int, EvaluationJob], _result: None) -> None:
        """Tell of a solution that is behind us."""
        self._progress(self.report, claimed[1])

    async def keep_leases(self) -> None:
        """Renew the leases of what is under way, for ever."""
        while True:
            await asyncio.sleep(self._settings.lease_s / 3)
            if self._at_work:
                await self._extend(self._at_work, self._settings.lease_s)

    def give_back(self) -> None:
        """Make what has no verdict pending at once."""
        if self._at_work or self._put_off:
            extend_leases(self._engine, self._clock, self._settings.name, self._at_work | self._put_off, 0)

    async def _claim(self) -> EvaluationJob | None:
        """The next solution. One that is claimed while the worker is being stopped is given back with the others."""
        settings = self._settings
        claiming = asyncio.ensure_future(
            asyncio.to_thread(claim_for_evaluation, self._engine, self._clock, settings.name, settings.lease_s)
        )
        try:
            await asyncio.shield(claiming)
        finally:
            job = await claiming
            if job is not None:
                self._at_work.add(job.solution_id)
        return job

    async def evaluate(self, claimed: tuple[int, EvaluationJob]) -> None:
        """Replay a solution and record its verdict, or put it off."""
        number, job = claimed
        solution = job.solution_id
        found = await self._judge(job, number)
        if isinstance(found, str):
            self._put_off.add(solution)
            await self._extend({solution}, self._settings.again_s)
            self.report.failed += 1
            self.report.reasons.append(Unevaluated(solution, found))
        elif solution in await self._extend({solution}, self._settings.lease_s):
            await asyncio.to_thread(record_verdict, self._engine, self._clock, solution, found)
            self._put_off.discard(solution)
            self.report.evaluated += 1
            self.report.by_status[found.status.value] += 1
        else:
            self.report.lost += 1
        self._at_work.discard(solution)

    async def _extend(self, solutions: set[str], lease_s: float) -> frozenset[str]:
        return await asyncio.to_thread(
            extend_leases, self._engine, self._clock, self._settings.name, frozenset(solutions), lease_s
        )

    async def _judge(self, job: EvaluationJob, number: int) -> Verdict | str:
        """The verdict, or why there is none."""
        outcome = await self._replayed(job, number)
        if isinstance(outcome, str):
            return outcome
        self.report.without_browser += outcome.without_browser
        verdict = outcome.verdict
        if verdict is None:
            nothing = run_tests((), (), agent_id="")
            verdict = msgspec.structs.replace(nothing, text="No check could be run: the task has no tests")
        if _cut_off(outcome):
            budget_s = self._replayer.settings.solution_budget_s
            verdict = msgspec.structs.replace(verdict, text=f"{verdict.text}; cut off after {budget_s:g} s")
        return verdict

    async def _replayed(self, job: EvaluationJob, number: int) -> ReplayOutcome | str:
        """What came of the replay, or why there was none.

        Time that ran out may have been the machine's fault: only a solution that needs too long twice has failed.
        """
        outcome = await self._turn(job, f"{number}")
        if not isinstance(outcome, str) and _cut_off(outcome):
            outcome = await self._turn(job, f"{number} again")  # late events of one turn can't reach another
        return outcome

    async def _turn(self, job: EvaluationJob, turn: str) -> ReplayOutcome | str:
        run_id = f"{self._settings.name} {turn}"
        try:
            make_job = partial(replay_job, job, self._sites, run_id)
            outcome = await self._replayer.replay(make_job, self._trace_of(make_job(0)))
        except ContractError as error:
            return f"it can't be replayed: {error}"
        return outcome.reason if isinstance(outcome, ReplayFailure) else outcome

    def _trace_of(self, job: ReplayJob) -> Path | None:
        folder = self._settings.traces
        return None if folder is None else trace_path(folder, job.website, job.task_id, job.solution_id)


def _cut_off(outcome: ReplayOutcome) -> bool:
    return "time" in outcome.budgets_hit and outcome.label is not True
