"""Which copy wins, and what counts as a conflict."""

from pathlib import Path
from typing import Any

import pytest

from score_model.dataset import AuditRow, DatasetPaths, Label, build_dataset
from score_model.errors import UsageError
from tests.dataset.factories import build, entry, raw_line, rows_of, write_raw

EARLY, LATE = "2025-11-11T00:00:00+00:00", "2025-11-11T02:00:00+01:30"  # LATE is 00:30 UTC


def copies(*changes: dict[str, Any]) -> list[bytes]:
    """Lines of one row, each with its own changes; `fetched_at` is the line's."""
    lines = []
    for change in changes:
        fetched = change.pop("fetched_at", EARLY)
        lines.append(raw_line(entry(**change), fetched_at=fetched))
    return lines


@pytest.mark.parametrize(
    ("first", "second", "winner"),
    [
        ({"solution__createdAt": EARLY}, {"solution__createdAt": LATE}, 1),
        ({"solution__createdAt": LATE}, {"solution__createdAt": EARLY, "fetched_at": LATE}, 0),
        ({"solution__createdAt": None}, {"solution__createdAt": EARLY}, 1),
        ({"fetched_at": EARLY}, {"fetched_at": LATE}, 1),
        ({"fetched_at": LATE}, {"fetched_at": None}, 0),
        ({"evaluation__evaluationResultId": "e1"}, {"evaluation__evaluationResultId": "e2"}, 1),
        ({"evaluation__evaluationResultId": "e2"}, {"evaluation__evaluationResultId": "e10"}, 0),
        ({"evaluation__evaluationResultId": "e1", "fetched_at": LATE}, {"evaluation__evaluationResultId": "e2"}, 0),
        ({}, {}, 0),
    ],
)
@pytest.mark.parametrize("strategy", ["task_solution", "task_agent", "task"])
def test_the_latest_copy_wins(
    tmp_path: Path, first: dict[str, Any], second: dict[str, Any], winner: int, strategy: str
) -> None:
    """Latest solution.createdAt, then latest fetched_at, then the greatest evaluation id, then the first line."""
    lines = copies(first | {"task__requiredUrl": "copy 0"}, second | {"task__requiredUrl": "copy 1"})
    result, rows = build(tmp_path, lines, strategy=strategy)
    assert [row["required_url"] for row in rows] == [f"copy {winner}"]
    assert (result.counts.duplicates, result.counts.conflicts) == (1, 0)


@pytest.mark.parametrize(
    ("strategy", "kept"),
    [("task_solution", ["a", "b", "c", "d"]), ("task_agent", ["b", "c", "d"]), ("task", ["c", "d"])],
)
def test_each_strategy_has_its_key(tmp_path: Path, strategy: str, kept: list[str]) -> None:
    """Task + solution, task + miner, or the task alone makes two rows the same sample; the order is the dump's."""
    lines = copies(
        {"task__taskId": "t1", "solution__taskSolutionId": "a", "agentRun__minerUid": 1, "solution__createdAt": EARLY},
        {"task__taskId": "t1", "solution__taskSolutionId": "b", "agentRun__minerUid": 1, "solution__createdAt": LATE},
        {"task__taskId": "t1", "solution__taskSolutionId": "c", "agentRun__minerUid": 2, "fetched_at": LATE,
         "solution__createdAt": "2025-11-12T00:00:00Z"},
        {"task__taskId": "t2", "solution__taskSolutionId": "d", "agentRun__minerUid": 1},
    )  # fmt: skip
    result, rows = build(tmp_path, lines, strategy=strategy)
    assert [row["solution_id"] for row in rows] == kept
    assert result.counts.duplicates == 4 - len(kept)


def test_wider_keys_break_ties_by_evaluation_then_by_line(tmp_path: Path) -> None:
    """Different solutions of one task with the same instants: the greatest evaluation id, else the first line."""
    tied = copies(
        {"solution__taskSolutionId": "a", "evaluation__evaluationResultId": "e1"},
        {"solution__taskSolutionId": "b", "evaluation__evaluationResultId": "e3"},
        {"solution__taskSolutionId": "c", "evaluation__evaluationResultId": "e2"},
    )
    assert build(tmp_path, tied, strategy="task")[1][0]["solution_id"] == "b"
    same = copies({"solution__taskSolutionId": "b"}, {"solution__taskSolutionId": "a"})
    assert build(tmp_path, same, strategy="task")[1][0]["solution_id"] == "b"


def test_ids_do_not_run_into_one_another(tmp_path: Path) -> None:
    """Task `a` with solution `bc` is not task `ab` with solution `c`; a number is the same id as its text."""
    lines = copies(
        {"task__taskId": "a", "solution__taskSolutionId": "bc"},
        {"task__taskId": "ab", "solution__taskSolutionId": "c"},
        {"task__taskId": 7, "solution__taskSolutionId": 8},
        {"task__taskId": "7", "solution__taskSolutionId": "8"},
    )
    _, rows = build(tmp_path, lines)
    assert [row["task_id"] for row in rows] == ["a", "ab", "7"]


def test_a_row_without_a_solution_goes_by_its_evaluation(tmp_path: Path) -> None:
    """It is kept, has no actions, and its key is the evaluation's id."""
    lines = copies(
        {"solution": None, "evaluation__evaluationResultId": "e1"},
        {"solution": None, "evaluation__evaluationResultId": "e2"},
        {"solution": None, "evaluation__evaluationResultId": "e1"},
    )
    result, rows = build(tmp_path, lines)
    assert [(row["solution_id"], row["actions"], row["num_actions"]) for row in rows] == [("e1", [], 0), ("e2", [], 0)]
    assert result.counts.duplicates == 1


def test_exact_duplicates_are_told_from_changed_copies(tmp_path: Path) -> None:
    """A copy counts as exact if its entry is the same bytes, whatever page it came with."""
    lines = copies({}, {"fetched_at": LATE}, {"task__intent": "another wording"})
    result, _ = build(tmp_path, lines)
    assert (result.counts.duplicates, result.counts.exact_duplicates) == (2, 1)


def test_conflicts_are_counted_by_key_with_examples(tmp_path: Path) -> None:
    """One key with two labels is one conflict, however many copies disagree; the examples say who and what."""
    lines = copies(
        {"evaluation__score": 1}, {"evaluation__score": 0, "evaluation__passed": False}, {"evaluation__score": 0.5},
        {"task__taskId": "t2"}, {"task__taskId": "t2"},
    )  # fmt: skip
    counts = build(tmp_path, lines)[0].counts
    assert counts.conflicts == 1
    example = counts.conflict_examples[0]
    assert (example.task_id, example.solution_id, example.miner_uid) == ("t1", "s1", 80)
    assert (example.first, example.other) == (Label(1.0, True), Label(0.0, False))


def test_an_unknown_label_conflicts_with_nothing(tmp_path: Path) -> None:
    """A null is no disagreement, but it does not hide one between two others."""
    null = {"evaluation__score": None, "evaluation__passed": None}
    failed = {"evaluation__score": 0, "evaluation__passed": False}
    assert build(tmp_path, copies(null, {}, null))[0].counts.conflicts == 0
    assert build(tmp_path, copies({}, null | {"fetched_at": LATE}, failed))[0].counts.conflicts == 1


def test_examples_are_capped(tmp_path: Path) -> None:
    """Twenty examples at most; the count goes on."""
    lines = [
        raw_line(entry(task__taskId=f"t{number}", evaluation__score=score)) for number in range(30) for score in (0, 1)
    ]
    counts = build(tmp_path, lines)[0].counts
    assert (counts.conflicts, len(counts.conflict_examples)) == (30, 20)


@pytest.mark.parametrize("strategy", ["task_agent", "task"])
def test_wider_keys_conflict_once(tmp_path: Path, strategy: str) -> None:
    """Disagreement between solutions, or between copies of one, counts once a key."""
    lines = copies(
        {"solution__taskSolutionId": "a"}, {"solution__taskSolutionId": "a", "evaluation__score": 0},
        {"solution__taskSolutionId": "b", "evaluation__score": 0},
        {"solution__taskSolutionId": "c"}, {"solution__taskSolutionId": "c", "evaluation__score": 0},
        {"task__taskId": "t2", "solution__taskSolutionId": "a"},
        {"task__taskId": "t2", "solution__taskSolutionId": "b", "evaluation__score": 0.5},
        {"task__taskId": "t3"},
    )  # fmt: skip
    counts = build(tmp_path, lines, strategy=strategy)[0].counts
    assert (counts.samples, counts.duplicates, counts.conflicts) == (3, 5, 2)


@pytest.mark.parametrize("strategy", ["task_solution", "task_agent", "task"])
def test_a_row_contradicts_itself_only_through_its_own_solution(tmp_path: Path, strategy: str) -> None:
    """Passed with score 0, failed with score 1, or one solution with two labels; never two solutions of one task."""
    lines = copies(
        {"task__taskId": "t1"}, {"task__taskId": "t1", "evaluation__score": 0.5},
        {"task__taskId": "t2", "evaluation__score": 0},
        {"task__taskId": "t3", "evaluation__passed": False},
        {"task__taskId": "t4", "solution__taskSolutionId": "a"},
        {"task__taskId": "t4", "solution__taskSolutionId": "b", "evaluation__score": 0.5, "fetched_at": LATE},
        {"task__taskId": "t5", "evaluation__score": 0.85},
    )  # fmt: skip
    seen: dict[str, bool] = {}

    def assess(rows: Any) -> dict[int, str]:
        audited: list[AuditRow] = list(rows)
        seen.update({str(row.ordinal): row.self_contradiction for row in audited})
        return {}

    _, rows = build(tmp_path, lines, strategy=strategy, assess=assess)
    flagged = {row["task_id"] for ordinal, row in enumerate(rows) if seen[str(ordinal)]}
    assert flagged == {"t1", "t2", "t3"}


def test_several_dumps_are_read_in_the_given_order(tmp_path: Path) -> None:
    """Rows come out by dump, then by line; a later dump's newer copy takes its own place."""
    one = write_raw(tmp_path / "one.jsonl", copies({"task__taskId": "a"}, {"task__taskId": "b"}))
    two = write_raw(tmp_path / "two.jsonl", copies({"task__taskId": "c"}, {"task__taskId": "a", "fetched_at": LATE}))
    out = DatasetPaths.of(tmp_path, "x")
    build_dataset([one, two], out=out)
    assert [row["task_id"] for row in rows_of(out.dataset)] == ["b", "c", "a"]
    build_dataset([two, one], out=out)
    assert [row["task_id"] for row in rows_of(out.dataset)] == ["c", "a", "b"]


def test_an_unknown_strategy_is_refused(tmp_path: Path) -> None:
    """One line that names the strategies there are."""
    with pytest.raises(UsageError, match="task_solution, task_agent, task"):
        build(tmp_path, [], strategy="miner")


@pytest.mark.parametrize("strategy", ["task_solution", "task_agent", "task"])
def test_equal_hashes_do_not_merge_rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, strategy: str) -> None:
    """Even if every key had the same hash, only copies of one task and solution would meet."""
    lines = copies(*({"task__taskId": f"t{n % 7}", "solution__taskSolutionId": f"s{n % 9}"} for n in range(100)))
    expected, rows = build(tmp_path, lines, strategy=strategy)
    monkeypatch.setattr("score_model.dataset._dedupe.hash", lambda _: 1, raising=False)
    collided, same_rows = build(tmp_path, lines, strategy=strategy)
    assert (same_rows, collided.counts) == (rows, expected.counts)
    assert expected.counts.samples == (63 if strategy == "task_solution" else 7)
