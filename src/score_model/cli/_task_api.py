"""What the `tasks` commands share: reaching the task API, and showing what it says."""

import asyncio
import shutil
import sys
import tempfile
import time
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import cyclopts
import msgspec

from score_model.cli._console import ProgressLine, say
from score_model.cli._environment import variable
from score_model.errors import UsageError

if TYPE_CHECKING:
    from score_model.client import ProductionClient, ReceivedRecord
    from score_model.contract.task_api import ProductionSolution, ProductionTask

T = TypeVar("T", bound=msgspec.Struct)

_LONGEST_VALUE = 300  # characters of a field that a person is shown
_IN_MEMORY_BYTES = 8 * 1024 * 1024
_OUTCOMES = {True: "passed ", False: "FAILED ", None: "not run"}


@cyclopts.Parameter(name="*")
@dataclass(frozen=True, kw_only=True)
class Remote:
    """Where the task API is, and how its answers are shown."""

    base_url: Annotated[str | None, cyclopts.Parameter(env_var="AUTOPPIA_PROD_BASE_URL")] = None
    """Root of the task API, such as https://host/api."""
    json: bool = False
    """Print what the server sent as one JSON object."""


FROM_ENVIRONMENT = Remote()


@asynccontextmanager
async def connected(remote: Remote, **client_settings: int) -> "AsyncIterator[ProductionClient]":
    """A client of the task API, with the credentials of the environment. Raises UsageError if no API is named."""
    from score_model.client import ApiSession, ClientSettings, ProductionClient, Secret

    base_url = (remote.base_url or "").strip()
    if not base_url:
        raise UsageError("no task API is named: set AUTOPPIA_PROD_BASE_URL (https://host/api), or give --base-url")
    token = variable("AUTOPPIA_PROD_API_TOKEN")
    settings = ClientSettings(
        base_url=base_url, bearer_token=Secret(token) if token else None, run_id=variable("AUTOPPIA_RUN_ID")
    )
    async with ApiSession(settings, clock=time.time) as session:
        yield ProductionClient(session, **client_settings)


def ask(remote: Remote, request: "Callable[[ProductionClient], Awaitable[ReceivedRecord[T]]]") -> "ReceivedRecord[T]":
    """The answer to one request of a client."""

    async def run() -> "ReceivedRecord[T]":
        async with connected(remote) as client:
            return await request(client)

    return asyncio.run(run())


def show_list(
    remote: Remote,
    rows_of: "Callable[[ProductionClient], AsyncGenerator[ReceivedRecord[T], None]]",
    name: str,
    line_of: Callable[[T], str],
    limit: int | None,
) -> None:
    """Shows at most `limit` rows: a line each as they arrive, or with --json one object once all have arrived."""
    if limit is not None and limit < 1:
        raise UsageError(f"--limit must be at least 1: {limit}")

    async def run() -> int:
        async with connected(remote) as client, aclosing(rows_of(client)) as rows:
            if remote.json:
                return await _print_rows(_first(rows, limit), name)
            count = 0
            async for row in _first(rows, limit):
                say(line_of(row.record))
                count += 1
            return count

    count = asyncio.run(run())
    say(f"{count:,} {name if count != 1 else name.removesuffix('s')}")


async def _print_rows(rows: "AsyncIterator[ReceivedRecord[Any]]", name: str) -> int:
    """Prints the rows as one JSON object, or nothing if the list breaks off; returns their number."""
    count = 0
    with tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY_BYTES) as kept:
        with ProgressLine("listing", name) as line:
            async for row in rows:
                kept.write((b"," if count else b"") + row.raw)
                count += 1
                line.show(count)
        kept.seek(0)
        sys.stdout.buffer.write(b'{"%s":[' % name.encode())
        shutil.copyfileobj(kept, sys.stdout.buffer)
        sys.stdout.buffer.write(b'],"count":%d}\n' % count)
        sys.stdout.buffer.flush()
    return count


async def _first(rows: "AsyncIterator[ReceivedRecord[T]]", limit: int | None) -> "AsyncIterator[ReceivedRecord[T]]":
    count = 0
    async for row in rows:
        yield row
        count += 1
        if count == limit:
            return


def print_raw(received: "ReceivedRecord[Any]") -> None:
    """Prints what the server sent, unknown fields included, as the one JSON object of `--json`."""
    sys.stdout.buffer.write(received.raw + b"\n")
    sys.stdout.buffer.flush()


def task_line(task: "ProductionTask") -> str:
    """A task in one line."""
    return _columns(f"{task.status or '?':<8}", f"{task.created_at or '':<20}", task.id, task.title)


def solution_line(solution: "ProductionSolution") -> str:
    """A solution in one line."""
    score = None if solution.score is None else f"score {solution.score:g}"
    return _columns(f"{solution.status or '?':<10}", solution.id, score, solution.verdict)


def show_task(received: "ReceivedRecord[ProductionTask]", remote: Remote) -> None:
    """Shows a task with everything that the server sent for it."""
    if remote.json:
        print_raw(received)
    say(task_line(received.record), *_other_fields(received, "id", "status", "created_at", "title"))


def show_solution(received: "ReceivedRecord[ProductionSolution]", remote: Remote) -> None:
    """Shows a solution with its checks and everything else that the server sent for it."""
    if remote.json:
        print_raw(received)
    checks = received.record.checks
    shown = ("id", "status", "score", "verdict", *(() if checks is None else ("checks",)))
    say(solution_line(received.record))
    for check in checks or ():
        say(f"  {_OUTCOMES[check.passed]}  {check.name}{'' if check.value is None else f': {_text(check.value)}'}")
    say(*_other_fields(received, *shown))


def _other_fields(received: "ReceivedRecord[Any]", *shown: str) -> list[str]:
    fields = received.fields.items()
    return [f"  {name}: {_text(value)}" for name, value in fields if name not in shown and value is not None]


def _text(value: object) -> str:
    text = value if isinstance(value, str) else msgspec.json.encode(value).decode()
    return text if len(text) <= _LONGEST_VALUE else f"{text[:_LONGEST_VALUE]}… ({len(text):,} characters)"


def _columns(*values: str | None) -> str:
    return "  ".join(_text(value) for value in values if value is not None).rstrip()
