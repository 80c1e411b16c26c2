"""Tasks and solutions from files and flags."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec

from score_model.errors import UsageError

_STDIN = Path("-")


def read_json(path: Path) -> Any:
    """The JSON of a file, or of standard input for `-`. Raises UsageError if it is none."""
    body = sys.stdin.buffer.read() if path == _STDIN else path.read_bytes()
    return _parsed(body, "standard input" if path == _STDIN else str(path))


def parse_json(text: str, flag: str) -> Any:
    """The JSON value of a flag. Raises UsageError if it is none."""
    return _parsed(text.encode("utf-8", "replace"), flag)


def parse_pairs(pairs: Sequence[str], flag: str) -> dict[str, Any]:
    """The mapping of `KEY=VALUE` texts; a value is JSON where it can be read as such, else a text."""
    found: dict[str, Any] = {}
    for pair in pairs:
        name, equals, text = pair.partition("=")
        if not name or not equals:
            raise UsageError(f"{flag} takes KEY=VALUE, not {pair!r}")
        try:
            found[name] = msgspec.json.decode(text.encode("utf-8", "replace"))
        except msgspec.DecodeError:
            found[name] = text
    return found


def read_task(path: Path) -> dict[str, Any]:
    """The task of a file, a JSON object with at least a title. Raises UsageError if it is none."""
    task = read_json(path)
    if not isinstance(task, dict) or not isinstance(task.get("title"), str):
        raise UsageError(f"{path}: a task is a JSON object with a title")
    return task


def read_solution(
    file: Path | None,
    *,
    agent_id: str | None,
    steps: str | None,
    answer: str | None,
    screenshots: Sequence[Path],
    logs: Path | None,
) -> dict[str, Any]:
    """The solution of a file (a whole request, or the bare list of its steps) with what flags add or replace.

    Fields that we don't know stay. Raises UsageError, naming the place, for what is no solution.
    """
    from score_model.client import recognise_image
    from score_model.contract.task_api import SolutionRequest

    given = {} if file is None else read_json(file)
    solution: Any = {"artifacts": {"steps": given}} if isinstance(given, list) else given
    if not isinstance(solution, dict):
        raise UsageError(f"{file}: a solution is a JSON object, or the list of its steps")
    artifacts = solution.get("artifacts")
    artifacts = {} if artifacts is None else artifacts
    if not isinstance(artifacts, dict):
        raise UsageError(f"{file}: artifacts must be an object")
    if steps is not None:
        artifacts["steps"] = parse_json(steps, "--steps")
    if logs is not None:
        artifacts["logs"] = logs.read_text("utf-8", "replace")
    if screenshots:
        images = [recognise_image(path.read_bytes(), str(path)).data_url() for path in screenshots]
        artifacts["screenshots"] = [*(artifacts.get("screenshots") or ()), *images]
    if artifacts:
        solution["artifacts"] = artifacts
    if answer is not None:
        solution["answer"] = parse_json(answer, "--answer")
    if not solution:
        raise UsageError("nothing to submit: give --file solution.json, --steps or --answer")
    if agent_id is not None:
        solution["agent_id"] = agent_id
    if not solution.get("agent_id"):
        raise UsageError("say whose solution it is: --agent-id, or agent_id in the file")
    try:
        msgspec.convert(solution, SolutionRequest)
    except msgspec.ValidationError as error:
        raise UsageError(f"{'the flags' if file is None else file}: not a solution: {error}") from None
    return solution


def _parsed(body: bytes, name: str) -> Any:
    try:
        return msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise UsageError(f"{name}: not JSON: {error}") from None
