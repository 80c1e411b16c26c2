"""Entries that tests spell out."""

import json
from typing import Any


def entry(number: int, *, created: str | None = None, **changes: Any) -> bytes:
    """One entry, told apart by its number; `changes` set fields, as in `task={"website": "x"}`."""
    record: dict[str, Any] = {
        "task": {
            "taskId": f"task-{number}",
            "website": "autocinema",
            "useCase": "FILM_DETAIL",
            "intent": f"Open film {number}",
            "startUrl": "http://localhost:8000/?seed=1",
            "createdAt": "2025-11-07T00:00:00+00:00",
        },
        "solution": {
            "taskSolutionId": f"solution-{number}",
            "actions": [],
            "createdAt": created or f"2025-11-08T00:{number // 60 % 60:02}:{number % 60:02}+00:00",
        },
        "evaluation": {"evaluationResultId": f"evaluation-{number}", "score": 1, "passed": True},
        "agentRun": {"agentRunId": "run-1", "minerUid": 80, "validatorUid": 20},
    }
    for part, fields in changes.items():
        if fields is None:
            record[part] = None
        else:
            record[part] |= fields
    return json.dumps(record, separators=(",", ":")).encode()


def number_of(row: dict[str, Any]) -> int:
    """The number that an entry was made with."""
    return int(row["task"]["taskId"].removeprefix("task-"))
