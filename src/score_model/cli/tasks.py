"""`score-model tasks`: the production task API, one command for each of its routes."""

import asyncio
import shlex
import sys
import uuid
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import cyclopts

from score_model.cli._console import ProgressLine, say
from score_model.cli._environment import Whole
from score_model.cli._task_api import (
    FROM_ENVIRONMENT,
    Remote,
    ask,
    connected,
    show_list,
    show_solution,
    show_task,
    solution_line,
    task_line,
)
from score_model.cli._task_files import parse_pairs, read_solution, read_task
from score_model.errors import RemoteUnreachableError, UsageError

if TYPE_CHECKING:
    from score_model.client import PollPolicy, ProductionClient, ReceivedRecord
    from score_model.contract.task_api import ProductionSolution

app = cyclopts.App(
    name="tasks",
    help="""Work on tasks of the production API: list them, claim one, submit a solution, wait for its verdict.

    The API is --base-url or AUTOPPIA_PROD_BASE_URL, such as https://host/api; the bearer token comes from
    AUTOPPIA_PROD_API_TOKEN.
    """,
)


JsonFile = Annotated[Path, cyclopts.Parameter(allow_leading_hyphen=True)]  # - is standard input


@app.command(name="list")
def list_(
    *,
    status: str | None = None,
    search: str | None = None,
    page_size: Whole = 50,
    limit: Whole | None = None,
    remote: Remote = FROM_ENVIRONMENT,
) -> None:
    """List tasks, in the server's order and to the list's end.

        score-model tasks list --status open --limit 20

    Parameters
    ----------
    status: str | None
        Only tasks with this status: open, assigned or done.
    search: str | None
        Only tasks that the server finds by this text.
    page_size: int
        Tasks to fetch with each request.
    limit: int | None
        Stop after so many tasks.
    """
    size = min(page_size, limit or page_size)
    show_list(remote, lambda client: client.tasks(status, search, size), "tasks", task_line, limit)


@app.command
def get(task: str, /, *, remote: Remote = FROM_ENVIRONMENT) -> None:
    """Show one task with all its fields.

        score-model tasks get task_123

    Parameters
    ----------
    task: str
        Id of the task.
    """
    show_task(ask(remote, lambda client: client.task(task)), remote)


@app.command
def create(
    *,
    title: str | None = None,
    description: str | None = None,
    url: str | None = None,
    seed: Whole | None = None,
    metadata: list[str] | None = None,
    file: JsonFile | None = None,
    idempotency_key: str | None = None,
    remote: Remote = FROM_ENVIRONMENT,
) -> None:
    """Create a task, from flags or from a file with the whole task.

        score-model tasks create --title "Find a film" --url "http://localhost:8000/?seed=17" --seed 17

    Parameters
    ----------
    title: str | None
        Short name of the task.
    description: str | None
        What is to be done.
    url: str | None
        Where an agent starts, with its seed (inputs.url).
    seed: int | None
        The seed as a number (inputs.seed).
    metadata: list[str] | None
        KEY=VALUE, the value as JSON or as text; repeatable.
    file: Path | None
        JSON file with the whole task, in place of the flags above; - for standard input.
    idempotency_key: str | None
        Lets the same command be repeated safely, where the server knows such keys.
    """
    if (file is None) == (title is None):
        raise UsageError("give either --title (with --description, --url, --seed, --metadata) or --file task.json")
    task: dict[str, Any]
    if file is None:
        inputs = {name: value for name, value in (("url", url), ("seed", seed)) if value is not None}
        pairs = parse_pairs(metadata, "--metadata") if metadata else None
        task = {"title": title, "description": description, "inputs": inputs or None, "metadata": pairs}
    elif any(flag is not None for flag in (description, url, seed, metadata)):
        raise UsageError("--file holds the whole task; leave --description, --url, --seed and --metadata out")
    else:
        task = read_task(file)
    known = {name: task.pop(name, None) for name in ("title", "description", "inputs", "metadata", "tests")}
    show_task(ask(remote, lambda client: client.create(**known, extra=task, idempotency_key=idempotency_key)), remote)


@app.command
def claim(task: str, /, *, agent_id: str | None = None, remote: Remote = FROM_ENVIRONMENT) -> None:
    """Claim a task, so that nobody else works on it; exit code 3 if somebody does.

        score-model tasks claim task_123 --agent-id miner_77

    Parameters
    ----------
    task: str
        Id of the task.
    agent_id: str | None
        Who claims it.
    """
    show_task(ask(remote, lambda client: client.claim(task, agent_id)), remote)


@app.command
def submit(
    task: str,
    /,
    *,
    agent_id: str | None = None,
    file: JsonFile | None = None,
    steps: str | None = None,
    answer: str | None = None,
    screenshot: list[Path] | None = None,
    logs: Path | None = None,
    idempotency_key: str | None = None,
    multipart_above: Whole = 1024 * 1024,
    watch: bool = False,
    timeout: float = 600.0,
    remote: Remote = FROM_ENVIRONMENT,
) -> None:
    """Submit a solution; with --watch also wait for its verdict.

    It is sent again until it arrived, and still counts once. A large one, such as one with screenshots, is sent as a
    form with files. With --watch the exit code is 0 for any verdict and 1 if none came in time.

        score-model tasks submit task_123 --agent-id miner_77 --file solution.json --watch

    Parameters
    ----------
    task: str
        Id of the task.
    agent_id: str | None
        Whose solution it is; in place of the file's.
    file: Path | None
        JSON file with the solution (agent_id, artifacts, answer, runtime), or with just the list of steps; - for
        standard input.
    steps: str | None
        The steps as a JSON list, in place of the file's.
    answer: str | None
        The answer as JSON, in place of the file's.
    screenshot: list[Path] | None
        Image file to hand in, after the file's own; repeatable.
    logs: Path | None
        Text file with the agent's log, in place of the file's.
    idempotency_key: str | None
        Makes two submissions one; by default each command is one.
    multipart_above: int
        Bytes of JSON above which the solution is sent as a form.
    watch: bool
        Wait for the verdict.
    timeout: float
        Seconds to wait for the verdict.
    """
    from score_model.client import PollPolicy

    solution = read_solution(
        file, agent_id=agent_id, steps=steps, answer=answer, screenshots=screenshot or (), logs=logs
    )
    policy = PollPolicy(timeout_s=timeout)
    key = uuid.uuid4().hex if idempotency_key is None else idempotency_key
    seen: list[ReceivedRecord[ProductionSolution]] = []

    async def run() -> None:
        async with connected(remote, multipart_above_bytes=multipart_above) as client:
            seen.append(await client.submit(task, solution, idempotency_key=key))
            if watch:
                say(solution_line(seen[0].record))
                await _watch(client, seen[0].record.id, policy, seen)

    try:
        asyncio.run(run())
    except RemoteUnreachableError as error:
        if not seen:
            error.args = (f"{error}. To send it again without counting twice: --idempotency-key {shlex.quote(key)}",)
        raise
    except KeyboardInterrupt:
        if not seen:
            again = [*sys.argv[1:], *([] if idempotency_key else ["--idempotency-key", key])]
            say(f"It may have arrived. To send it again without counting twice: {shlex.join(['score-model', *again])}")
        raise
    finally:
        if seen:  # also where the verdict did not come: what was submitted is known
            show_solution(seen[-1], remote)


@app.command
def solutions(
    task: str,
    /,
    *,
    page_size: Whole = 50,
    limit: Whole | None = None,
    remote: Remote = FROM_ENVIRONMENT,
) -> None:
    """List a task's solutions, in the server's order and to the list's end.

        score-model tasks solutions task_123

    Parameters
    ----------
    task: str
        Id of the task.
    page_size: int
        Solutions to fetch with each request.
    limit: int | None
        Stop after so many solutions.
    """
    size = min(page_size, limit or page_size)
    show_list(remote, lambda client: client.solutions(task, size), "solutions", solution_line, limit)


@app.command
def solution(solution: str, /, *, remote: Remote = FROM_ENVIRONMENT) -> None:
    """Show one solution: its status and, once it is evaluated, score, verdict and checks.

        score-model tasks solution sol_999

    Parameters
    ----------
    solution: str
        Id of the solution.
    """
    show_solution(ask(remote, lambda client: client.solution(solution)), remote)


@app.command
def watch(solution: str, /, *, timeout: float = 600.0, remote: Remote = FROM_ENVIRONMENT) -> None:
    """Wait until a solution has a verdict: passed, failed or partial.

    The exit code is 0 for any verdict, which is in the output, and 1 if none came in time.

        score-model tasks watch sol_999 --timeout 120

    Parameters
    ----------
    solution: str
        Id of the solution.
    timeout: float
        Seconds to wait.
    """
    from score_model.client import PollPolicy

    policy = PollPolicy(timeout_s=timeout)
    seen: list[ReceivedRecord[ProductionSolution]] = []

    async def run() -> None:
        async with connected(remote) as client:
            await _watch(client, solution, policy, seen)

    asyncio.run(run())
    show_solution(seen[-1], remote)


async def _watch(
    client: "ProductionClient", solution_id: str, policy: "PollPolicy", seen: "list[ReceivedRecord[ProductionSolution]]"
) -> None:
    """Keeps the latest look in `seen`, as its only element, until there is a verdict."""
    try:
        with ProgressLine("waiting for a verdict", "looks") as line:
            looks = 0
            async for look in client.watch(solution_id, policy):
                looks += 1
                seen[:] = [look]
                line.show(looks, None, look.record.status or "")
    except asyncio.CancelledError:
        say(f"To go on: {shlex.join(['score-model', 'tasks', 'watch', solution_id])}")
        raise
