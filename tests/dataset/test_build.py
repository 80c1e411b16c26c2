"""The build as a whole."""

import os
import random
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from score_model.dataset import AuditRow, DatasetPaths, build_dataset
from tests.dataset.factories import CLICK, build, entry, raw_line, rows_of, write_raw


def dump(rows: int) -> list[bytes]:
    """A dump with duplicates, empty answers and a bad row."""
    shuffled = random.Random(7)
    lines = []
    for number in range(rows):
        changed = entry(
            task__taskId=f"t{number % 40}",
            solution__taskSolutionId=f"s{number % 70}",
            task__intent=f"Show the {'very ' * (number % 9)}good book 'B{number}'",
            solution__actions=[CLICK] * (number % 3),
            evaluation__score=shuffled.choice([0, 1, None, 0.5]),
        )
        lines.append(raw_line(changed, filters={"z": number, "a": 1}, fetched_at=f"2025-11-11T00:00:{number % 60:02}Z"))
    return [*lines, b"{torn\n"]


@pytest.mark.parametrize("strategy", ["task_solution", "task_agent", "task"])
def test_the_same_dump_gives_the_same_bytes(tmp_path: Path, strategy: str) -> None:
    """In other folders, in another process with another hash seed, with or without Parquet."""
    options: list[dict[str, Any]] = [{"parquet": True}, {"parquet": False}]
    results = [build(tmp_path / str(n), dump(300), strategy=strategy, **option) for n, option in enumerate(options)]
    script = (
        "import sys; from pathlib import Path; from score_model.dataset import *; folder = Path(sys.argv[1]); "
        f"build_dataset([folder / 'raw/x.jsonl'], out=DatasetPaths.of(folder, 'y'), strategy={strategy!r})"
    )
    environment = os.environ | {"PYTHONHASHSEED": "4711"}
    subprocess.run([sys.executable, "-c", script, str(tmp_path / "0")], check=True, env=environment)
    written = [result.dataset.read_bytes() for result, _ in results]
    assert written[0] == written[1] == (tmp_path / "0/datasets/y.jsonl").read_bytes()
    assert results[0][0].counts == results[1][0].counts
    counts = results[0][0].counts
    assert counts.rows_read == counts.samples + counts.duplicates + counts.rejected


def test_a_build_without_pyarrow_writes_the_same_bytes(tmp_path: Path) -> None:
    """JSONL needs nothing but the core."""
    expected, _ = build(tmp_path / "here", dump(50))
    script = (
        "import sys; sys.modules['pyarrow'] = None\n"
        "from pathlib import Path; from score_model.dataset import *; folder = Path(sys.argv[1])\n"
        "build_dataset([folder / 'raw/x.jsonl'], out=DatasetPaths.of(folder, 'y'))"
    )
    subprocess.run([sys.executable, "-c", script, str(tmp_path / "here")], check=True)
    assert expected.dataset.read_bytes() == (tmp_path / "here/datasets/y.jsonl").read_bytes()


def test_labels_come_from_the_audit(tmp_path: Path) -> None:
    """The audit reads every row once, in the file's order, and its labels land on the rows that it names."""
    seen: list[AuditRow] = []

    def assess(rows: Any) -> dict[int, str]:
        seen.extend(rows)
        return {0: "unknown", 2: "environment_suspect"}

    lines = [
        raw_line(entry(task__taskId=f"t{n}", task__intent='a "label_quality":"ok" trap', solution__trajectory=["x"]))
        for n in range(4)
    ]
    _, rows = build(tmp_path, lines, assess=assess)
    assert [row["label_quality"] for row in rows] == ["unknown", "ok", "environment_suspect", "ok"]
    assert [row.ordinal for row in seen] == [0, 1, 2, 3]
    assert all(row["intent"] == 'a "label_quality":"ok" trap' for row in rows)
    assert [(row.group, row.split) for row in seen] == [(row["group"], row["split"]) for row in rows]


def test_the_audit_sees_digests_of_the_work(tmp_path: Path) -> None:
    """Equal masked actions give equal work, equal recordings equal exact work, an empty answer neither."""

    def typed(text: str) -> dict[str, Any]:
        return {"type": "input", "attributes": {"text": text, "selector": {"type": "xpathSelector", "value": "//a"}}}

    answers = [[typed("x")], [typed("y")], [typed("x")], [typed("x"), CLICK], [], None]
    lines = [raw_line(entry(task__taskId=f"t{n}", solution__actions=a)) for n, a in enumerate(answers)]
    lines.append(raw_line(entry(task__taskId="other", task__website="autocinema", solution__actions=[typed("x")])))
    seen: list[AuditRow] = []
    build(tmp_path, lines, assess=lambda rows: seen.extend(rows) or {})  # type: ignore[func-returns-value]
    x, y, again, longer, empty, none, elsewhere = seen
    assert x.work == y.work == again.work
    assert x.exact_work == again.exact_work != y.exact_work
    assert x.work not in {longer.work, elsewhere.work}
    assert (empty.work, empty.exact_work, none.work, none.num_actions) == (None, None, None, 0)
    assert x.created_us == 1_762_819_459_169_593
    assert (x.miner_uid, x.validator_uid, x.score, x.passed) == (80, 20, 1.0, True)


@pytest.mark.parametrize(("success", "seen"), [(True, True), (False, False), (None, None), ("true", None)])
def test_the_audit_sees_the_filter(tmp_path: Path, success: Any, seen: bool | None) -> None:
    """`filters.success` as it was, None for anything but a boolean."""
    rows: list[AuditRow] = []
    lines = [raw_line(entry(), filters={"success": success})]
    build(tmp_path, lines, assess=lambda given: rows.extend(given) or {})  # type: ignore[func-returns-value]
    assert rows[0].fetched_success is seen


def test_unknown_names_are_counted(tmp_path: Path) -> None:
    """Fields, action types and action fields that the contract does not know, by name, most frequent first."""
    actions = [{"type": "teleport"}, {"type": "click", "attributes": {"force": 9}}, {"no": "type"}]
    lines = [
        raw_line(entry(task__taskId="a", task__webColor="red", solution__actions=actions)),
        raw_line(entry(task__taskId="b", task__webColor="blue", reward={"x": 1})),
    ]
    counts = build(tmp_path, lines, assess=lambda rows: {0: "ok"} if list(rows) else {})[0].counts
    assert list(counts.unknown_fields.items()) == [("task.webColor", 2), ("reward", 1)]
    assert counts.unknown_actions == {"(no type)": 1, "teleport": 1}
    assert counts.unknown_action_fields == {"click.force": 1}


def test_a_failed_write_leaves_no_half_file(tmp_path: Path) -> None:
    """The old dataset stays, no temporary file is left, and the error reaches the caller."""
    result, _ = build(tmp_path, dump(50))
    before = result.dataset.read_bytes()

    def assess(rows: Any) -> dict[int, str]:
        list(rows)
        raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space left"):
        build(tmp_path, dump(60), assess=assess)
    assert result.dataset.read_bytes() == before
    limited = (
        "import resource, signal, sys; from pathlib import Path; from score_model.dataset import *\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN); resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))\n"
        "out = DatasetPaths.of(Path(sys.argv[1]), 'x'); build_dataset([out.raw], out=out)"
    )
    full = subprocess.run(
        [sys.executable, "-B", "-c", limited, str(tmp_path)], check=False, capture_output=True, text=True
    )
    assert "File too large" in full.stderr
    assert result.dataset.read_bytes() == before
    assert sorted(path.name for path in (tmp_path / "datasets").iterdir()) == ["x.jsonl"]


def test_an_empty_dump_gives_an_empty_dataset(tmp_path: Path) -> None:
    """No rows, no error."""
    result, rows = build(tmp_path, [], parquet=True)
    assert (rows, result.counts.samples) == ([], 0)


def test_progress_goes_from_pass_to_pass(tmp_path: Path) -> None:
    """Each pass reports how far it is, in bytes of the dumps, and ends at all of them."""
    calls: list[tuple[str, int, int]] = []
    result, _ = build(
        tmp_path, dump(50), assess=lambda rows: {0: "ok"} if list(rows) else {}, progress=lambda *c: calls.append(c)
    )
    assert list(dict.fromkeys(stage for stage, _, _ in calls)) == ["index", "assess", "write"]
    assert all(0 <= done <= total for _, done, total in calls)
    assert calls[-1][1] == calls[-1][2]
    assert min(result.seconds.index, result.seconds.assess, result.seconds.write) >= 0


def test_rows_that_arrive_during_the_build_are_left_for_the_next(tmp_path: Path) -> None:
    """A dump that a crawl appends to is read as it was when the build began."""
    out = DatasetPaths.of(tmp_path, "x")
    raw = write_raw(out.raw, [raw_line(entry())])

    def assess(rows: Any) -> dict[int, str]:
        with raw.open("ab") as file:
            file.write(raw_line(entry(task__taskId="late")))
        return {0: "ok"} if list(rows) else {}

    build_dataset([raw], out=out, assess=assess)
    assert [row["task_id"] for row in rows_of(out.dataset)] == ["t1"]


def test_an_older_parquet_does_not_outlive_its_lines(tmp_path: Path) -> None:
    """A build without Parquet removes the one that no longer belongs to the lines."""
    result, _ = build(tmp_path, dump(5), parquet=True)
    assert result.parquet is not None
    assert result.parquet.exists()
    build(tmp_path, dump(6))
    assert not result.parquet.exists()


def test_memory_does_not_grow_with_the_size_of_rows(tmp_path: Path) -> None:
    """200 rows of 1 MB pass through a process that may hold far less than 200 MB."""
    out = DatasetPaths.of(tmp_path, "x")
    heavy = [{"html": "x" * 1_000_000}]
    write_raw(out.raw, (raw_line(entry(task__taskId=f"t{n}", solution__trajectory=heavy)) for n in range(200)))
    script = (
        "import sys; from pathlib import Path; from score_model.dataset import *\n"
        "out = DatasetPaths.of(Path(sys.argv[1]), 'x')\n"
        "build_dataset([out.raw], out=out, assess=lambda rows: {1: 'unknown'} if sum(1 for _ in rows) else {})\n"
        "print(next(line for line in open('/proc/self/status') if line.startswith('VmHWM')))"
    )
    done = subprocess.run([sys.executable, "-c", script, str(tmp_path)], check=True, capture_output=True, text=True)
    assert int(done.stdout.split()[1]) < 120 * 1024  # KiB
