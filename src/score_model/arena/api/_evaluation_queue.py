"""For the evaluation worker: taking a solution to evaluate, and recording what was found."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import msgspec
from sqlalchemy import Connection, Engine, Row, Update, and_, bindparam, func, select, union_all, update
from sqlalchemy.dialects.sqlite import insert

from score_model.arena._settings import Clock
from score_model.arena.api._export_entries import entry_row, solution_sample
from score_model.arena.api._solutions import SOLUTION_DECODER
from score_model.arena.api._tasks import COLUMNS
from score_model.arena.database.engine import writing
from score_model.arena.database.tables import entries, solutions, tasks
from score_model.checks import Verdict
from score_model.contract import Sample, SolutionStatus
from score_model.contract.task_tests import Check
from score_model.errors import UsageError

_TASK_COLUMNS = (*COLUMNS, tasks.c.tests)
_TASK = select(*_TASK_COLUMNS).where(tasks.c.id == bindparam("task"))
_OPEN = SolutionStatus.PENDING.value
_TAKEN = SolutionStatus.EVALUATING.value
_CHECKS = msgspec.json.Decoder(tuple[Check, ...])


def _claim() -> Update:
    """Takes the first of those that are pending and those whose lease has ended: each is a seek into an index."""
    number, status = solutions.c.number, solutions.c.status
    given_up = and_(status == _TAKEN, solutions.c.leased_until_us <= bindparam("now"))
    first = union_all(*(select(func.min(number).label("number")).where(waits) for waits in (status == _OPEN, given_up)))
    oldest = select(func.min(first.subquery().c.number)).scalar_subquery()
    taken = {"status": _TAKEN, "worker": bindparam("by"), "leased_until_us": bindparam("until")}
    return update(solutions).where(number == oldest).values(taken)


_CLAIMED = ("id", "task_id", "agent_id", "run_id", "created_us", "request")
_CLAIM = _claim().returning(*(solutions.c[name] for name in _CLAIMED))


@dataclass(frozen=True)
class EvaluationJob:
    """A solution to evaluate: `sample` has its actions and its task's tests, and no label; `answer` is what it answers.

    `title` is the task's. Nobody else gets it until `leased_until_us` (µs since 1970-01-01 UTC).
    """

    solution_id: str
    title: str
    leased_until_us: int
    sample: Sample
    answer: Any


def claim_for_evaluation(engine: Engine, clock: Clock, worker: str, lease_s: float) -> EvaluationJob | None:
    """The oldest solution that waits, now `evaluating` for `lease_s` seconds; None if none waits.

    Of many workers only one gets it. When its lease ends without a verdict it is pending again.
    """
    with writing(engine) as connection:
        now = clock()
        until = now + int(lease_s * 1_000_000)
        row = connection.execute(_CLAIM, {"now": now, "until": until, "by": worker}).one_or_none()
        if row is None:
            return None
        task = connection.execute(_TASK, {"task": row.task_id}).one()
    return EvaluationJob(
        solution_id=row.id,
        title=task.title,
        leased_until_us=until,
        sample=solution_sample(task, row),
        answer=SOLUTION_DECODER.decode(row.request).answer,
    )


def extend_leases(
    engine: Engine, clock: Clock, worker: str, solution_ids: Collection[str], lease_s: float
) -> frozenset[str]:
    """Let the worker keep solutions for `lease_s` seconds from now on; 0 gives them back.

    Returns those that it still had: a lease that has ended may be another worker's by now, and is left alone.
    """
    columns = solutions.c
    held = and_(columns.id.in_(solution_ids), columns.worker == worker, columns.status == _TAKEN)
    with writing(engine) as connection:
        until = clock() + int(lease_s * 1_000_000)
        statement = update(solutions).where(held).values(leased_until_us=until).returning(columns.id)
        return frozenset(connection.execute(statement).scalars())


def count_waiting(engine: Engine, clock: Clock) -> tuple[int, int]:
    """How many solutions wait for a worker, and how many are with one."""
    columns = solutions.c
    taken = and_(columns.status == _TAKEN, columns.leased_until_us > clock())
    is_open = columns.status.in_((_OPEN, _TAKEN))
    with engine.connect() as connection, connection.begin():
        whole, held = connection.execute(select(func.count(), func.count().filter(taken)).where(is_open)).one()
    return whole - held, held


def record_verdict(
    engine: Engine, clock: Clock, solution_id: str, verdict: Verdict, *, validator_uid: int | None = None
) -> bool:
    """Give a solution its verdict, its task the status `done`, and the leaderboard export its entry, all at once.

    Returns whether it is new: the verdict that the solution has already changes nothing. Raises UsageError if there is
    no such solution, or if it has another verdict.
    """
    with writing(engine) as connection:
        solution = connection.execute(select(solutions).where(solutions.c.id == solution_id)).one_or_none()
        if solution is None:
            raise UsageError(f"there is no solution {solution_id!r}")
        if solution.checks is not None:
            if _verdict_of(solution) != verdict:
                raise UsageError(f"solution {solution_id!r} has another verdict already: {solution.verdict}")
            return False
        _store(connection, solution, verdict, clock(), validator_uid)
    return True


def _verdict_of(row: Row[Any]) -> Verdict:
    return Verdict(
        score=row.score,
        passed=row.passed,
        status=SolutionStatus(row.status),
        text=row.verdict,
        checks=_CHECKS.decode(row.checks),
    )


def _store(connection: Connection, solution: Row[Any], verdict: Verdict, now: int, validator_uid: int | None) -> None:
    task = connection.execute(select(tasks).where(tasks.c.id == solution.task_id)).one()
    connection.execute(
        update(solutions)
        .where(solutions.c.id == solution.id)
        .values(
            status=verdict.status.value,
            score=verdict.score,
            passed=verdict.passed,
            verdict=verdict.text,
            checks=msgspec.json.encode(verdict.checks),
            evaluated_us=now,
            leased_until_us=None,
        )
    )
    connection.execute(update(tasks).where(tasks.c.id == task.id).values(done=True))
    entry = entry_row(task, solution, verdict, validator_uid)
    connection.execute(insert(entries).on_conflict_do_nothing(index_elements=["identity"]), entry._asdict())
