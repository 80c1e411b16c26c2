"""The generated rows: same bytes every time, and the planted troubles where the plan says."""

import hashlib
import json
import subprocess
import sys
from collections import Counter, defaultdict
from datetime import datetime
from itertools import islice
from typing import Any

import pytest

from score_model.arena import Outage, SeedPlan, seed_entries
from score_model.arena.database.entry_rows import row_of_entry
from score_model.contract import parse_instant
from score_model.errors import UsageError


def _rows(rows: int, seed: int = 1, plan: SeedPlan | None = None) -> list[dict[str, Any]]:
    return [json.loads(entry) for entry in seed_entries(rows, seed, plan)]


@pytest.fixture(scope="module")
def seeded() -> list[dict[str, Any]]:
    """Four thousand rows of the default plan."""
    return _rows(4000)


def _digest_elsewhere() -> str:
    code = (
        "import hashlib\n"
        "from score_model.arena import seed_entries\n"
        "print(hashlib.sha256(b''.join(seed_entries(500, 7))).hexdigest())"
    )
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip()


def test_same_seed_same_bytes() -> None:
    """The same rows and seed give the same bytes, in another process too; another seed gives others."""
    digest = hashlib.sha256(b"".join(seed_entries(500, 7))).hexdigest()
    assert digest == _digest_elsewhere()
    assert digest != hashlib.sha256(b"".join(seed_entries(500, 8))).hexdigest()


@pytest.mark.parametrize("rows", [0, 1, 2, 57, 1000])
def test_exactly_as_many_rows_as_asked(rows: int) -> None:
    """Any number of rows can be asked for; all are distinct and fit the export."""
    entries = list(seed_entries(rows, 2))
    assert len(entries) == rows
    stored = [row_of_entry(entry) for entry in entries]
    assert len({row.identity for row in stored}) == rows
    assert [row.entry for row in stored] == entries


def test_rows_stream() -> None:
    """The first rows of a huge number come at once."""
    assert len(list(islice(seed_entries(10**9, 1), 10))) == 10


def test_bad_plans_are_refused() -> None:
    """Negative rows and unknown websites are the caller's mistake."""
    with pytest.raises(UsageError):
        seed_entries(-1)
    with pytest.raises(UsageError, match="autonothing"):
        SeedPlan(websites=("autonothing",))


def test_outage_is_where_the_plan_says() -> None:
    """In the planted cell every answer with actions fails; other cells and other hours pass."""
    plan = SeedPlan(outages=(Outage(website="autozone", validator_uid=34, start=0.2, end=0.7),))
    start, end = plan.window(plan.planted_outages[0])
    labels: dict[tuple[bool, bool], Counter[bool]] = defaultdict(Counter)
    for row in _rows(4000, 1, plan):
        if not row["solution"] or not row["solution"]["actions"] or not row["agentRun"]:
            continue
        cell = row["task"]["website"] == "autozone" and row["agentRun"]["validatorUid"] == 34
        inside = start <= datetime.fromisoformat(row["solution"]["createdAt"]) < end
        labels[cell, inside][row["evaluation"]["passed"]] += 1
    down = labels[True, True]
    assert down[False] > 30
    assert down[True] == 0
    for elsewhere in ((True, False), (False, True), (False, False)):
        assert labels[elsewhere][True] > 4 * labels[elsewhere][False] * 0.75
    assert plan.planted["outages"] == [
        {"website": "autozone", "validator_uid": 34, "from": start.isoformat(), "until": end.isoformat()}
    ]


def test_no_outage_when_none_is_planned() -> None:
    """An empty tuple of outages plants none."""
    assert SeedPlan(outages=()).planted["outages"] == []


def test_most_failures_are_empty(seeded: list[dict[str, Any]]) -> None:
    """Two miners answer nearly always with nothing, and most failures are theirs."""
    failures = [row for row in seeded if row["evaluation"]["passed"] is False and row["solution"] and row["agentRun"]]
    empty = [row for row in failures if row["solution"]["actions"] == []]
    assert 0.7 < len(empty) / len(failures) < 0.95
    by_miner = Counter(row["agentRun"]["minerUid"] for row in empty)
    assert {uid for uid, _ in by_miner.most_common(2)} == {118, 203}


def test_planted_oddities_are_there(seeded: list[dict[str, Any]]) -> None:
    """Conflicts, contradictions, nulls, new-generation rows, fractions, near copies and unknown things all occur."""
    verdicts: dict[tuple[str, str], set[bool]] = defaultdict(set)
    labels: dict[tuple[str, str], set[bool]] = defaultdict(set)
    wordings = defaultdict(set)
    types: Counter[str] = Counter()
    for row in seeded:
        task, solution = row["task"], row["solution"]
        wordings[task["website"], task.get("intent") or task["prompt"]].add(task["taskId"])
        if solution:
            verdicts[task["taskId"], solution["taskSolutionId"]].add(row["evaluation"]["passed"])
            if solution["actions"]:
                labels[task["taskId"], json.dumps(solution["actions"])].add(row["evaluation"]["passed"])
                types.update(str(action.get("type") or sorted(action)) for action in solution["actions"])
    assert sum(len(found) == 2 for found in verdicts.values()) >= 10
    assert sum(len(found) == 2 for found in labels.values()) >= 10
    assert sum(row["solution"] is None for row in seeded) >= 3
    assert sum(row["agentRun"] is None for row in seeded) >= 3
    assert sum(bool(row["solution"]) and row["solution"]["actions"] is None for row in seeded) >= 3
    assert sum("prompt" in row["task"] and "tests" in row["task"] for row in seeded) >= 20
    assert sum(0 < row["evaluation"]["score"] < 1 for row in seeded) >= 20
    assert sum(len(tasks) > 1 for tasks in wordings.values()) >= 20
    assert sum("traceHint" in row for row in seeded) >= 20
    usual = {"navigate", "click", "input", "wait", "scroll", "selectdropdownoption"}
    assert usual | {"hologram", "ClickAction", "['function']", "['arguments', 'name']"} <= set(types)
    assert sum(types[kind] for kind in usual) > 0.9 * types.total()


def test_rows_look_like_production(seeded: list[dict[str, Any]]) -> None:
    """Ids, dates, ports and time span have production's shape."""
    first = seeded[0]
    task_id = first["task"]["taskId"]
    miner = first["agentRun"]["minerUid"]
    assert first["solution"]["taskSolutionId"].startswith(f"task_solution_{miner}_{task_id}_")
    assert first["evaluation"]["evaluationResultId"].startswith(f"evaluation_{miner}_{task_id}_")
    assert len(first["agentRun"]["minerHotkey"]) == 48
    days = {row["task"]["createdAt"][:10] for row in seeded}
    assert days == {f"2025-11-{day:02}" for day in range(7, 12)}
    for row in seeded:
        if row["solution"] and row["solution"]["createdAt"]:
            assert parse_instant(row["solution"]["createdAt"]) > parse_instant(row["task"]["createdAt"])
    assert any("I'm" in str(row["task"].get("intent")) for row in seeded)


def test_generator_needs_no_extra() -> None:
    """The generator is importable without Litestar, SQLAlchemy and uvicorn; the rest then names the missing extra."""
    code = (
        "import sys\n"
        "for name in ('litestar', 'sqlalchemy', 'uvicorn'): sys.modules[name] = None\n"
        "from score_model.arena import seed_entries\n"
        "assert len(list(seed_entries(5))) == 5\n"
        "from score_model.errors import MissingExtraError\n"
        "try:\n    from score_model.arena import serve\n"
        "except MissingExtraError as error: print(error)\n"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "score-model[arena]" in result.stdout
