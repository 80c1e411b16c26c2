"""The dataset's columns."""

from pathlib import Path
from typing import Any

import pytest

from tests.dataset.factories import CLICK, build, entry, raw_line

COLUMNS = [
    "task_id", "task_created_at", "website", "use_case", "intent", "start_url", "required_url", "web_version", "tests",
    "solution_id", "solution_created_at", "agent_run_id", "miner_uid", "validator_uid", "score", "passed",
    "num_actions", "actions", "trajectory", "fetched_at", "filters", "group", "split", "label_quality",
    "override", "schema_version",
]  # fmt: skip


def test_a_row_of_2025(tmp_path: Path) -> None:
    """Every column, in the documented order, with the values of the entry."""
    _, (row,) = build(tmp_path, [raw_line(entry(), filters={"website": "autobooks", "success": True})])
    assert list(row) == COLUMNS
    group, split = row.pop("group"), row.pop("split")
    assert len(group) == 16
    assert split in {"train", "val", "test"}
    assert row == {
        "task_id": "t1", "task_created_at": "2025-11-10T23:18:07+00:00", "website": "autobooks",
        "use_case": "BOOK_DETAIL", "intent": "Show the book 'The Testaments'",
        "start_url": "http://localhost:8001/?seed=3", "required_url": None, "web_version": None, "tests": None,
        "solution_id": "s1", "solution_created_at": "2025-11-11T00:04:19.169593+00:00", "agent_run_id": "r1",
        "miner_uid": 80, "validator_uid": 20, "score": 1.0, "passed": True, "num_actions": 1, "actions": [CLICK],
        "trajectory": [], "fetched_at": "2025-11-11T00:33:49Z",
        "filters": {"website": "autobooks", "success": True}, "label_quality": "ok", "override": None,
        "schema_version": 1,
    }  # fmt: skip


def test_a_row_of_2026(tmp_path: Path) -> None:
    """`prompt` is the intent; `tests` and `webVersion` have their columns."""
    tests = [{"type": "CheckEventTest", "event_name": "BOOK_DETAIL", "event_criteria": {"year": 1999}}]
    changed = entry(task__prompt="Show a book", task__tests=tests, task__webVersion="2.1")
    del changed["task"]["intent"]
    _, (row,) = build(tmp_path, [raw_line(changed)])
    assert (row["intent"], row["tests"], row["web_version"]) == ("Show a book", tests, "2.1")


@pytest.mark.parametrize(
    ("task", "website"),
    [
        ({"website": "AutoBooks"}, "autobooks"),
        ({"website": None, "startUrl": "http://localhost:8012/?seed=1"}, "autodrive"),
        ({"website": "", "startUrl": "http://localhost:8000/"}, "autocinema"),
        ({"website": None, "startUrl": "http://localhost:1/"}, None),
        ({"website": None, "startUrl": "http://[::1"}, None),
        ({"website": None, "startUrl": None}, None),
    ],
)
def test_the_website_is_lower_case_or_comes_from_the_port(
    tmp_path: Path, task: dict[str, Any], website: str | None
) -> None:
    """As the export's server derives it."""
    _, (row,) = build(tmp_path, [raw_line(entry(**{f"task__{key}": value for key, value in task.items()}))])
    assert row["website"] == website


def test_recorded_json_stays_as_received(tmp_path: Path) -> None:
    """Key order, number spellings and escapes of actions, trajectory, tests and filters survive byte for byte."""
    action = r'{"type": "input", "z": 1.50, "a": "\u00e9\/ \" ", "n": 12345678901234567890123, "e": 1E5}'
    line = (
        '{"entry": {"task": {"taskId": "t", "tests": [ 1.0 ]}, "solution": {"taskSolutionId": "s", '
        '"actions": [' + action + '], "trajectory": {"b": 2, "a": 1e2}}}, "filters": {"z": 1.0, "a": null}}\n'
    ).encode()
    result, _ = build(tmp_path, [line])
    written = result.dataset.read_bytes()
    for piece in (action, '"tests":[ 1.0 ]', '"trajectory":{"b": 2, "a": 1e2}', '"filters":{"z":1.0,"a":null}'):
        assert piece.encode() in written


def test_carriage_returns_do_not_break_a_line(tmp_path: Path) -> None:
    """White space outside strings that ends lines elsewhere goes; a CRLF dump reads like any other."""
    line = raw_line(entry()).replace(b', "', b',\r"').replace(b"\n", b"\r\n")
    result, (row,) = build(tmp_path, [line])
    assert row["actions"] == [CLICK]
    assert b"\r" not in result.dataset.read_bytes()


def test_an_entry_without_its_envelope_counts(tmp_path: Path) -> None:
    """A bare entry is a row without filters and fetch time."""
    import json

    _, (row,) = build(tmp_path, [json.dumps(entry()).encode()])
    assert (row["task_id"], row["filters"], row["fetched_at"]) == ("t1", {}, None)


NULLABLE = [
    *((part, None) for part in ("solution", "agentRun")),
    *(("task", field) for field in ("website", "useCase", "intent", "startUrl", "requiredUrl", "createdAt", "tests")),
    *(("solution", field) for field in ("taskSolutionId", "trajectory", "actions", "createdAt")),
    *(("evaluation", field) for field in ("evaluationResultId", "score", "passed")),
    *(("agentRun", field) for field in ("agentRunId", "minerUid", "minerHotkey", "validatorUid", "validatorHotkey")),
]


@pytest.mark.parametrize(("part", "field"), NULLABLE)
@pytest.mark.parametrize("missing", [False, True])
def test_null_or_missing_is_no_error(tmp_path: Path, part: str, field: str | None, *, missing: bool) -> None:
    """Any field but the ids that make the key may be null or missing."""
    changed = entry()
    if field is None:
        changed[part] = None
        if missing:
            del changed[part]
    else:
        changed[part][field] = None
        if missing:
            del changed[part][field]
    result, rows = build(tmp_path, [raw_line(changed)])
    assert (len(rows), result.counts.rejected) == (1, 0)
    assert isinstance(rows[0]["actions"], list)


def test_an_empty_evaluation_is_no_error(tmp_path: Path) -> None:
    """Without an evaluation there is no label, and the row is kept."""
    _, (row,) = build(tmp_path, [raw_line(entry(evaluation=None))])
    assert (row["score"], row["passed"]) == (None, None)


@pytest.mark.parametrize(("score", "written"), [(0, 0.0), (1, 1.0), (0.85, 0.85), (1.0, 1.0), (None, None)])
def test_score_is_a_float_or_null(tmp_path: Path, score: float | None, written: float | None) -> None:
    """Integers become floats; `passed` is never derived from it."""
    result, (row,) = build(tmp_path, [raw_line(entry(evaluation__score=score))])
    assert row["score"] == written
    assert row["passed"] is True
    if written is not None:
        assert f'"score":{written}'.encode() in result.dataset.read_bytes()
