"""What a folder of traces says of each solution."""

import os
from pathlib import Path

import pytest

from score_model.errors import UsageError
from score_model.relabel import ReplayedLabels, UnusedTrace
from score_model.traces import TraceFooter
from tests.relabel.making import replay_trace, verdict
from tests.replay.factories import sample


def read(folder: Path) -> ReplayedLabels:
    labels = ReplayedLabels()
    labels.read(folder)
    return labels


@pytest.mark.parametrize(
    ("footer", "label"),
    [
        (TraceFooter(verdict=verdict(True, True)), True),
        (TraceFooter(verdict=verdict(True, False)), False),
        (TraceFooter(verdict=verdict(True, None)), None),
        (TraceFooter(verdict=verdict()), None),
        (TraceFooter(), None),
        (TraceFooter(verdict=verdict(False), budgets_hit=["time"]), None),
        (TraceFooter(verdict=verdict(False), budgets_hit=["snapshots"]), False),
        (TraceFooter(verdict=verdict(), extra={"without_browser": True}), False),
    ],
)
def test_the_label_is_the_one_of_the_replay(tmp_path: Path, footer: TraceFooter, label: bool | None) -> None:
    """As `replay` itself counts it: one failed check fails, a check that did not run leaves it open."""
    replay_trace(tmp_path / "a.jsonl", "t", "s", footer)
    labels = read(tmp_path)
    assert labels.of(sample(task_id="t", solution_id="s")) is label
    assert labels.has(sample(task_id="t", solution_id="s"))


def test_a_solution_is_its_task_and_its_own_id(tmp_path: Path) -> None:
    """Where the file lies and what it is called says nothing; neighbours in the alphabet stay apart."""
    replay_trace(tmp_path / "x/y/any.jsonl.zst", "t1", "s", TraceFooter(verdict=verdict(True)))
    labels = read(tmp_path)
    assert labels.of(sample(task_id="t1", solution_id="s")) is True
    for task_id, solution_id in (("t", "1s"), ("t2", "s"), ("t1", None), ("t1", "")):
        assert not labels.has(sample(task_id=task_id, solution_id=solution_id))
        assert labels.of(sample(task_id=task_id, solution_id=solution_id)) is None


@pytest.mark.parametrize(
    ("verdicts", "label"),
    [
        ((True, True), True),
        ((None, False), False),
        ((False, None), False),
        ((True, False), None),
        ((False, True, True), None),
    ],
)
def test_several_replays_of_one_solution(tmp_path: Path, verdicts: tuple[bool | None, ...], label: bool | None) -> None:
    """Those that could tell must agree; in which order they are read does not matter."""
    for number, passed in enumerate(verdicts):
        replay_trace(tmp_path / f"{number}.jsonl", "t", "s", TraceFooter(verdict=verdict(passed)))
    labels = read(tmp_path)
    assert labels.of(sample(task_id="t", solution_id="s")) is label
    assert (labels.counts().files, labels.counts().solutions) == (len(verdicts), 1)


def test_what_tells_of_no_whole_replay_is_counted_and_named(tmp_path: Path) -> None:
    """Torn, foreign, anonymous and unfinished files don't stop the reading, and none of them says anything."""
    good = replay_trace(tmp_path / "good.jsonl.zst", "t", "s", TraceFooter(verdict=verdict(True)))
    plain = replay_trace(tmp_path / "z.jsonl", "t9", "s", TraceFooter(verdict=verdict(True)))
    (tmp_path / "anonymous.jsonl").write_bytes(b'{"kind":"header","task":{}}\n{"kind":"footer"}\n')
    (tmp_path / "empty.jsonl").touch()
    (tmp_path / "foreign.jsonl").write_bytes(b'{"task_id":"t"}\n')
    (tmp_path / "notes.txt").write_text("no trace, and not meant to be one")
    (tmp_path / "torn.jsonl.zst").write_bytes(good.read_bytes()[:-9])
    (tmp_path / "unfinished.jsonl").write_bytes(plain.read_bytes().partition(b'{"kind":"footer"')[0])
    (tmp_path / "void.jsonl").symlink_to(tmp_path / "nowhere")
    (tmp_path / os.fsdecode(b"\xff\n.jsonl")).write_bytes(b"x")
    labels = read(tmp_path)
    counts = labels.counts()
    assert (counts.files, counts.solutions, counts.unused) == (9, 2, 7)
    reasons = {trace.file: trace.reason for trace in counts.unused_examples}
    assert reasons.pop("\ufffd\n.jsonl").startswith("line 1: not JSON")
    assert "names no task" in reasons["anonymous.jsonl"]
    assert "torn" in reasons["torn.jsonl.zst"]
    assert "no end" in reasons["unfinished.jsonl"]
    assert sorted(reasons) == [
        "anonymous.jsonl", "empty.jsonl", "foreign.jsonl", "torn.jsonl.zst", "unfinished.jsonl", "void.jsonl",
    ]  # fmt: skip
    assert str(tmp_path) not in repr(reasons)
    assert labels.of(sample(task_id="t", solution_id="s")) is True


def test_many_bad_files_are_counted_not_listed(tmp_path: Path) -> None:
    """Twenty are named."""
    for number in range(25):
        (tmp_path / f"{number:02}.jsonl").touch()
    counts = read(tmp_path).counts()
    assert (counts.unused, len(counts.unused_examples)) == (25, 20)
    assert counts.unused_examples[0] == UnusedTrace("00.jsonl", "not a trace: it is empty")


def test_a_missing_folder_is_one_line(tmp_path: Path) -> None:
    """It is the user's mistake, and no empty set of replays."""
    with pytest.raises(UsageError, match="no folder of traces"):
        read(tmp_path / "none")
