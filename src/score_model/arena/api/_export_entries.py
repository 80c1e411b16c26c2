"""Stored tasks and solutions as the leaderboard export shows them (export contract, section 1)."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
from sqlalchemy import Row

from score_model.arena.api._solutions import SOLUTION_DECODER
from score_model.arena.database.entry_rows import Row as EntryRow
from score_model.arena.database.entry_rows import row_of_entry
from score_model.checks import Verdict
from score_model.contract import Sample
from score_model.contract.websites import website_of_url

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TRAILING_DIGITS = re.compile(r"([0-9]{1,9})\Z", re.ASCII)


def task_sample(task: Row[Any]) -> Sample:
    """Return a stored task, a row of its columns, as a sample without a solution and without its tests."""
    inputs, about = msgspec.json.decode(task.inputs), msgspec.json.decode(task.metadata)
    url = _text(inputs.get("url"))
    return Sample(
        task_id=task.id,
        task_created_at=_iso(task.created_us),
        website=_text(about.get("website")) or website_of_url(url),
        use_case=_text(about.get("use_case")),
        intent=task.description or task.title,
        start_url=url,
        required_url=_text(about.get("required_url")),
        web_version=_text(about.get("web_version")),
        tests=None,
        solution_id=None,
        solution_created_at=None,
        agent_run_id=None,
        miner_uid=None,
        validator_uid=None,
        score=None,
        passed=None,
        num_actions=0,
        actions=[],
        trajectory=[],
        fetched_at=None,
        filters={},
        group="",
        split="",
        label_quality="unknown",
    )


def solution_sample(task: Row[Any], solution: Row[Any]) -> Sample:
    """Return a stored solution of a task as a sample without a label, its task's tests included."""
    artifacts = SOLUTION_DECODER.decode(solution.request).artifacts
    actions = (artifacts.steps if artifacts else None) or []
    return msgspec.structs.replace(
        task_sample(task),
        tests=msgspec.json.decode(task.tests),
        solution_id=solution.id,
        solution_created_at=_iso(solution.created_us),
        agent_run_id=solution.run_id or f"agent_run_{solution.agent_id}",
        miner_uid=_miner_uid_of(solution.agent_id),
        num_actions=len(actions),
        actions=actions,
    )


def entry_row(task: Row[Any], solution: Row[Any], verdict: Verdict, validator_uid: int | None) -> EntryRow:
    """Return the export's row for a solution of a task and what its evaluation found."""
    sample = solution_sample(task, solution)
    entry = {
        "task": {**sample.exported_task(), "tests": msgspec.Raw(task.tests)},
        "solution": {
            "taskSolutionId": sample.solution_id,
            "trajectory": sample.trajectory,
            "actions": sample.actions,
            "createdAt": sample.solution_created_at,
        },
        "evaluation": {
            "evaluationResultId": f"evaluation_{solution.id}",
            "score": verdict.score,
            "passed": verdict.passed,
        },
        "agentRun": {
            "agentRunId": sample.agent_run_id,
            "minerUid": sample.miner_uid,
            "minerHotkey": None,
            "validatorUid": validator_uid,
            "validatorHotkey": None,
        },
    }
    return row_of_entry(msgspec.json.encode(entry))


def _miner_uid_of(agent_id: str) -> int | None:
    """The number that an agent's id ends with (miner_77 is 77); None without."""
    digits = _TRAILING_DIGITS.search(agent_id)
    return int(digits[1]) if digits else None


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None


def _iso(microseconds: int) -> str:
    return (_EPOCH + timedelta(microseconds=microseconds)).isoformat(timespec="microseconds")
