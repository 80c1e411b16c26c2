"""The other ordinary way: dataclasses, asdict and the json module. Usage: dataclass_rows.py RAW OUT."""

import json
import sys
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from benchmarks.build_rivals.masking import group_and_split


@dataclass
class Action:
    """One recorded action."""

    type: str
    attributes: dict[str, Any] = field(default_factory=dict)


@dataclass
class Row:
    """One dataset line."""

    task_id: str
    task_created_at: str | None
    website: str | None
    use_case: str | None
    intent: str | None
    start_url: str | None
    required_url: str | None
    web_version: str | None
    tests: list[Any] | None
    solution_id: str
    solution_created_at: str | None
    agent_run_id: str | None
    miner_uid: int | None
    validator_uid: int | None
    score: float | None
    passed: bool | None
    num_actions: int
    actions: list[Any]
    trajectory: list[Any] | None
    fetched_at: str | None
    filters: dict[str, Any]
    group: str
    split: str
    label_quality: str = "ok"
    schema_version: int = 1


def as_action(raw: Any) -> Any:
    """An action in the usual spelling as a record, any other as it is."""
    if isinstance(raw, dict) and set(raw) <= {"type", "attributes"} and isinstance(raw.get("type"), str):
        return Action(raw["type"], raw.get("attributes") or {})
    return raw


def flatten(line: dict[str, Any]) -> Row:
    """The dataset's columns of one raw line."""
    entry = line["entry"]
    task = entry.get("task") or {}
    solution = entry.get("solution") or {}
    evaluation = entry.get("evaluation") or {}
    run = entry.get("agentRun") or {}
    website = (task.get("website") or "").lower() or None
    intent = task.get("intent") if task.get("intent") is not None else task.get("prompt")
    actions = [as_action(action) for action in solution.get("actions") or []]
    score = evaluation.get("score")
    if score is not None and not 0 <= score <= 1:
        raise ValueError("score outside 0..1")
    group, split = group_and_split(website, task.get("useCase"), intent)
    return Row(
        task_id=task["taskId"],
        task_created_at=task.get("createdAt"),
        website=website,
        use_case=task.get("useCase"),
        intent=intent,
        start_url=task.get("startUrl"),
        required_url=task.get("requiredUrl"),
        web_version=task.get("webVersion"),
        tests=task.get("tests"),
        solution_id=solution.get("taskSolutionId") or evaluation["evaluationResultId"],
        solution_created_at=solution.get("createdAt"),
        agent_run_id=run.get("agentRunId"),
        miner_uid=run.get("minerUid"),
        validator_uid=run.get("validatorUid"),
        score=None if score is None else float(score),
        passed=evaluation.get("passed"),
        num_actions=len(actions),
        actions=actions,
        trajectory=solution.get("trajectory"),
        fetched_at=line.get("fetched_at"),
        filters=line.get("filters") or {},
        group=group,
        split=split,
    )


def rank(row: Row, line: dict[str, Any]) -> tuple[float, float, str]:
    """What makes one copy of a row win over another."""
    evaluation = line["entry"].get("evaluation") or {}
    return (
        datetime.fromisoformat(row.solution_created_at).timestamp() if row.solution_created_at else 0.0,
        datetime.fromisoformat(row.fetched_at).timestamp() if row.fetched_at else 0.0,
        evaluation.get("evaluationResultId") or "",
    )


def main(raw: Path, out: Path) -> None:
    """Reads everything, keeps the winners in a dictionary, writes them."""
    best: dict[tuple[str, str], tuple[tuple[float, float, str], Row]] = {}
    with raw.open(encoding="utf-8") as lines:
        for text in lines:
            try:
                line = json.loads(text)
                row = flatten(line)
            except (ValueError, KeyError, TypeError, AttributeError):
                continue
            key = (row.task_id, row.solution_id)
            ranked = rank(row, line)
            if key not in best or ranked > best[key][0]:
                best[key] = (ranked, row)
    with out.open("w", encoding="utf-8") as file:
        for _, row in best.values():
            file.write(json.dumps(asdict(row)) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
