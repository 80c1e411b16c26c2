"""The ordinary way: the json module and dictionaries, and pyarrow. Usage: plain_json.py RAW OUT [PARQUET]."""

import json
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

from benchmarks.build_rivals.masking import group_and_split


def flatten(line: dict[str, Any]) -> dict[str, Any]:
    """The dataset's columns of one raw line."""
    entry = line["entry"]
    task = entry.get("task") or {}
    solution = entry.get("solution") or {}
    evaluation = entry.get("evaluation") or {}
    run = entry.get("agentRun") or {}
    website = (task.get("website") or "").lower() or None
    intent = task.get("intent") if task.get("intent") is not None else task.get("prompt")
    actions = solution.get("actions") or []
    score = evaluation.get("score")
    if score is not None and not 0 <= score <= 1:
        raise ValueError("score outside 0..1")
    if not task.get("taskId"):
        raise ValueError("no task id")
    group, split = group_and_split(website, task.get("useCase"), intent)
    return {
        "task_id": task["taskId"],
        "task_created_at": task.get("createdAt"),
        "website": website,
        "use_case": task.get("useCase"),
        "intent": intent,
        "start_url": task.get("startUrl"),
        "required_url": task.get("requiredUrl"),
        "web_version": task.get("webVersion"),
        "tests": task.get("tests"),
        "solution_id": solution.get("taskSolutionId") or evaluation["evaluationResultId"],
        "solution_created_at": solution.get("createdAt"),
        "agent_run_id": run.get("agentRunId"),
        "miner_uid": run.get("minerUid"),
        "validator_uid": run.get("validatorUid"),
        "score": None if score is None else float(score),
        "passed": evaluation.get("passed"),
        "num_actions": len(actions),
        "actions": actions,
        "trajectory": solution.get("trajectory"),
        "fetched_at": line.get("fetched_at"),
        "filters": line.get("filters") or {},
        "group": group,
        "split": split,
        "label_quality": "ok",
        "schema_version": 1,
    }


def rank(row: dict[str, Any], line: dict[str, Any]) -> tuple[float, float, str]:
    """What makes one copy of a row win over another."""
    evaluation = line["entry"].get("evaluation") or {}
    return (
        datetime.fromisoformat(row["solution_created_at"]).timestamp() if row["solution_created_at"] else 0.0,
        datetime.fromisoformat(row["fetched_at"]).timestamp() if row["fetched_at"] else 0.0,
        evaluation.get("evaluationResultId") or "",
    )


def main(raw: Path, out: Path, parquet: Path | None = None) -> None:
    """Reads everything, keeps the winners in a dictionary, writes them."""
    best: dict[tuple[str, str], tuple[tuple[float, float, str], dict[str, Any]]] = {}
    with raw.open(encoding="utf-8") as lines:
        for text in lines:
            try:
                line = json.loads(text)
                row = flatten(line)
            except (ValueError, KeyError, TypeError, AttributeError):
                continue
            key = (row["task_id"], row["solution_id"])
            ranked = rank(row, line)
            if key not in best or ranked > best[key][0]:
                best[key] = (ranked, row)
    with out.open("w", encoding="utf-8") as file:
        for _, row in best.values():
            file.write(json.dumps(row) + "\n")
    if parquet is not None:
        write_parquet([row for _, row in best.values()], parquet)


def write_parquet(rows: list[dict[str, Any]], parquet: Path) -> None:
    """The rows as Parquet; recorded JSON becomes texts."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    for row in rows:
        for name in ("tests", "actions", "trajectory", "filters"):
            row[name] = json.dumps(row[name])
    pq.write_table(pa.Table.from_pylist(rows), parquet, compression="zstd")


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
