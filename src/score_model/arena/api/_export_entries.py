"""An evaluated solution as an entry of the leaderboard export (export contract, section 1)."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
from sqlalchemy import Row

from score_model.arena.api._solutions import REQUEST_DECODER
from score_model.arena.database.entry_rows import Row as EntryRow
from score_model.arena.database.entry_rows import row_of_entry
from score_model.checks import Verdict
from score_model.contract import website_of_url

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TRAILING_DIGITS = re.compile(r"([0-9]{1,9})\Z", re.ASCII)


def entry_row(task: Row[Any], solution: Row[Any], verdict: Verdict, validator_uid: int | None) -> EntryRow:
    """The export's row for a solution of a task and what its evaluation found."""
    request = REQUEST_DECODER.decode(solution.request)
    entry = {
        "task": {**exported_task(task), "tests": msgspec.Raw(task.tests)},
        "solution": {
            "taskSolutionId": solution.id,
            "trajectory": [],
            "actions": (request.artifacts.steps if request.artifacts else None) or [],
            "createdAt": _iso(solution.created_us),
        },
        "evaluation": {
            "evaluationResultId": f"evaluation_{solution.id}",
            "score": verdict.score,
            "passed": verdict.passed,
        },
        "agentRun": {
            "agentRunId": solution.run_id or f"agent_run_{solution.agent_id}",
            "minerUid": miner_uid_of(solution.agent_id),
            "minerHotkey": None,
            "validatorUid": validator_uid,
            "validatorHotkey": None,
        },
    }
    return row_of_entry(msgspec.json.encode(entry))


def exported_task(task: Row[Any]) -> dict[str, str | None]:
    """The export's description of a task, from a row of its columns; without its tests."""
    inputs, about = msgspec.json.decode(task.inputs), msgspec.json.decode(task.metadata)
    url = _text(inputs.get("url"))
    return {
        "taskId": task.id,
        "website": _text(about.get("website")) or (website_of_url(url) if url else None),
        "useCase": _text(about.get("use_case")),
        "intent": task.description or task.title,
        "startUrl": url,
        "requiredUrl": _text(about.get("required_url")),
        "createdAt": _iso(task.created_us),
        "webVersion": _text(about.get("web_version")),
    }


def miner_uid_of(agent_id: str) -> int | None:
    """The number that an agent's id ends with (miner_77 is 77); None without."""
    digits = _TRAILING_DIGITS.search(agent_id)
    return int(digits[1]) if digits else None


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None


def _iso(microseconds: int) -> str:
    return (_EPOCH + timedelta(microseconds=microseconds)).isoformat(timespec="microseconds")
