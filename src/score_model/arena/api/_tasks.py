"""Tasks in the database: made, found, listed and claimed."""

from collections.abc import Collection, Sequence
from typing import Annotated, Any

import msgspec
from msgspec import UNSET, Meta, UnsetType
from sqlalchemy import ColumnElement, Connection, Row, and_, bindparam, func, insert, or_, select, update

from score_model.arena.api._lists import ListQuery
from score_model.arena.api._records import Claim, ClaimedTask, NewTask, Task, TaskDetail
from score_model.arena.database.tables import tasks
from score_model.contract import format_instant
from score_model.contract.task_api import TaskStatus
from score_model.contract.task_tests import UnknownTest, parse_test
from score_model.web import RefusedError, invalid_body

COLUMNS = tuple(tasks.c[name] for name in (
    "id", "created_us", "done", "claimed_until_us", "claimed_by", "title", "description", "inputs", "metadata",
))  # fmt: skip

_STATUSES = {"type": "string", "enum": [*(status.value for status in TaskStatus), ""]}


class TaskQuery(ListQuery, frozen=True, kw_only=True):
    """A page of the tasks with a status and a text."""

    status: Annotated[
        TaskStatus | None,
        Meta(description="Where a task stands now; empty for any.", extra_json_schema=_STATUSES),
    ] = None
    search: Annotated[
        Annotated[str, Meta(max_length=500)] | None,
        Meta(description="A text in title or description, in either case."),
    ] = None


# Statements are kept: to build one costs more than to run it.
_INSERT = insert(tasks)
_GET = select(*COLUMNS).where(tasks.c.id == bindparam("task"))
_STANDING = select(tasks.c.done, tasks.c.claimed_until_us).where(tasks.c.id == bindparam("task"))
_CLAIM = (
    update(tasks)
    .where(
        tasks.c.id == bindparam("task"),
        tasks.c.done.is_(False),
        or_(tasks.c.claimed_until_us.is_(None), tasks.c.claimed_until_us <= bindparam("now")),
    )
    .values(claimed_until_us=bindparam("until"), claimed_by=bindparam("agent"))
    .returning(*COLUMNS)
)


def check_tests(new: NewTask) -> None:
    """Raises RefusedError 422 if a test is none that an evaluation knows."""
    for place, test in enumerate(new.tests or ()):
        if isinstance(parse_test(test), UnknownTest):
            raise invalid_body(f"tests.{place}", "No test of a known type, or one with an unknown operator")


def insert_task(connection: Connection, task_id: str, now: int, new: NewTask) -> TaskDetail:
    """Store a new task, made at `now`, and return it."""
    row = {
        "id": task_id,
        "created_us": now,
        "done": False,
        "title": new.title,
        "description": new.description,
        "inputs": msgspec.json.encode(new.inputs or {}),
        "metadata": msgspec.json.encode(new.metadata or {}),
        "tests": msgspec.json.encode(new.tests or []),
    }
    connection.execute(_INSERT, row)
    return get_task(connection, task_id, now)


def get_task(connection: Connection, task_id: str, now: int) -> TaskDetail:
    """The task as it stands at `now`, with the claim that holds then; raises RefusedError 404."""
    row = connection.execute(_GET, {"task": task_id}).one_or_none()
    if row is None:
        raise no_such_task()
    task = task_of_row(row, now)
    claim: Claim | UnsetType = UNSET
    if task.status is TaskStatus.ASSIGNED:
        claim = Claim(agent_id=row.claimed_by, expires_at=format_instant(row.claimed_until_us))
    return TaskDetail(**msgspec.structs.asdict(task), claim=claim)


def find_tasks(connection: Connection, ids: Collection[str]) -> dict[str, Row[Any]]:
    """The rows of `COLUMNS` of the tasks of these ids, by id; without those that are not there."""
    found = connection.execute(select(*COLUMNS).where(tasks.c.id.in_(sorted(ids))))
    return {row.id: row for row in found}


def claim_task(connection: Connection, task_id: str, agent_id: str | None, now: int, until: int) -> ClaimedTask:
    """Claim a task from `now` until `until`, if it is open; inside a writing transaction, so that one of many wins.

    Raises RefusedError: 404 for no task, 409 `already_claimed` or `task_done`.
    """
    claim = {"task": task_id, "now": now, "until": until, "agent": agent_id}
    _check_open(connection, task_id, now)  # of many who try most lose, and looking is cheaper than trying
    task = task_of_row(connection.execute(_CLAIM, claim).one(), now)
    claimed = Claim(agent_id=agent_id, expires_at=format_instant(until))
    return ClaimedTask(**msgspec.structs.asdict(task), claim=claimed)


def _check_open(connection: Connection, task_id: str, now: int) -> None:
    row = connection.execute(_STANDING, {"task": task_id}).one_or_none()
    if row is None:
        raise no_such_task()
    done, until = row
    if done:
        raise RefusedError(409, "task_done", "This task is done")
    if until is not None and until > now:
        raise RefusedError(409, "already_claimed", "This task is claimed by another agent, or by you")


def conditions(status: TaskStatus | None, search: str | None, now: int) -> Sequence[ColumnElement[bool]]:
    """What tasks of a status, as it stands at `now`, and with a text in title or description satisfy."""
    found: list[ColumnElement[bool]] = []
    if status is not None:
        found.append(_stands(status, now))
    if search is not None:
        texts = (tasks.c.title, tasks.c.description)
        found.append(or_(*(func.instr(func.casefold(text), search.casefold()) > 0 for text in texts)))
    return found


def task_of_row(row: Row[Any], now: int) -> Task:
    """The record of a row of `COLUMNS`."""
    claimed = row.claimed_until_us is not None and row.claimed_until_us > now
    status = TaskStatus.DONE if row.done else TaskStatus.ASSIGNED if claimed else TaskStatus.OPEN
    return Task(
        id=row.id,
        title=row.title,
        description=row.description,
        inputs=msgspec.Raw(row.inputs),
        created_at=format_instant(row.created_us),
        status=status,
        metadata=msgspec.Raw(row.metadata),
    )


def no_such_task() -> RefusedError:
    """The refusal where there is no task of the id."""
    return RefusedError(404, "task_not_found", "There is no task of this id")


def _stands(status: TaskStatus, now: int) -> ColumnElement[bool]:
    if status == TaskStatus.DONE:
        return tasks.c.done.is_(True)
    until = tasks.c.claimed_until_us
    claimed = until > now if status == TaskStatus.ASSIGNED else or_(until.is_(None), until <= now)
    return and_(tasks.c.done.is_(False), claimed)
