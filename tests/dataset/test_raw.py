"""Raw lines, and rows that break the contract."""

import json
from pathlib import Path
from typing import Any

import pytest

from score_model.dataset import DatasetPaths, build_dataset
from score_model.dataset._raw import RawDumps, lines_of
from score_model.errors import UsageError
from tests.dataset.factories import build, entry, raw_line, rows_of, write_raw


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"{", "not JSON"),
        (raw_line(entry())[:200], "not JSON"),
        (b"\xff\xfe", "not JSON"),
        (b"[1]", "Expected `object`, got `array`"),
        (b"{}", "no task id"),
        (b'{"entry": null}', "Expected `object`, got `null` - at `$.entry`"),
        (b'{"entry": {}}', "no task id"),
        (raw_line(entry(task=None)), "no task id"),
        (raw_line(entry(task__taskId="")), "no task id"),
        (raw_line(entry(task__intent=5)), "Expected `str | null`, got `int` - at `$.entry.task.intent`"),
        (raw_line(entry(task__website=["x"])), "Expected `str | null`, got `array` - at `$.entry.task.website`"),
        (raw_line(entry(solution=None, evaluation=None)), "neither a solution id nor an evaluation id"),
        (raw_line(entry(evaluation__score=1.5)), "score outside 0..1"),
        (raw_line(entry(evaluation__score=-1)), "score outside 0..1"),
        (raw_line(entry(evaluation__score="1")), "Expected `float | null`, got `str` - at `$.entry.evaluation.score`"),
        (raw_line(entry()).replace(b'"score": 1', b'"score": 1e999'),
         "Number out of range - at `$.entry.evaluation.score`"),
        (raw_line(entry()).replace(b'"score": 1', b'"score": NaN'), "not JSON"),
        (raw_line(entry(agentRun__minerUid=1 << 70)), "uid outside 64 bits"),
        (raw_line(entry(solution__createdAt="yesterday")), "solution.createdAt is not an ISO 8601 date"),
        (raw_line(entry(task__createdAt="")), "task.createdAt is not an ISO 8601 date"),
        (raw_line(entry(), fetched_at="2025-13-01"), "fetched_at is not an ISO 8601 date"),
        (raw_line(entry(solution__actions="[]")), "Expected `array | null`, got `str` - at `$.entry.solution.actions`"),
        (raw_line(entry(), filters=[1]), "Expected `object | null`, got `array` - at `$.filters`"),
        (raw_line(entry(solution__trajectory="?")).replace(b"?", b"\xff"), "not UTF-8"),
    ],
)  # fmt: skip
def test_a_bad_row_is_recorded_with_its_reason(tmp_path: Path, line: bytes, reason: str) -> None:
    """It leaves the dataset, its neighbours stay, and the reason is counted."""
    good = raw_line(entry())
    result, rows = build(tmp_path, [good, line.rstrip(b"\n") + b"\n", raw_line(entry(task__taskId="t2"))])
    assert [row["task_id"] for row in rows] == ["t1", "t2"]
    assert result.counts.rejected_reasons == {reason: 1}
    assert result.rejected_file is not None
    (rejected,) = rows_of(result.rejected_file)
    assert (rejected["file"], rejected["line"], rejected["reason"]) == ("x.jsonl", 2, reason)


def test_a_rejected_line_is_kept_as_received(tmp_path: Path) -> None:
    """As JSON if it parses, number spellings included, else as text; a long one is cut."""
    long = b'{"entry": {"task": {"intent": "%s"}}}\n' % (b"x" * 100_000)
    result, _ = build(tmp_path, [b'{"entry": {"task": {}, "b": 1.50}}\n', b"nonsense \xff\n", long])
    assert result.rejected_file is not None
    assert b'"row":{"entry":{"task":{},"b":1.50}}' in result.rejected_file.read_bytes()
    rows = rows_of(result.rejected_file)
    assert rows[1]["row"] == "nonsense \N{REPLACEMENT CHARACTER}"
    assert isinstance(rows[2]["row"], str)
    assert len(rows[2]["row"]) == 64 * 1024


def test_no_rejects_no_file(tmp_path: Path) -> None:
    """The rejected file appears only with rejects, and a stale one goes."""
    first, _ = build(tmp_path, [b"{\n"])
    assert first.rejected_file is not None
    assert first.rejected_file.exists()
    second, _ = build(tmp_path, [raw_line(entry())])
    assert second.rejected_file is None
    assert not first.rejected_file.exists()


def test_blank_lines_and_a_missing_last_newline_are_no_errors(tmp_path: Path) -> None:
    """They are neither rows nor rejects."""
    result, rows = build(tmp_path, [b"\n", b"  \r\n", raw_line(entry()).rstrip(b"\n")])
    assert (result.counts.rows_read, len(rows), result.counts.rejected) == (1, 1, 0)


def test_a_torn_tail_is_one_reject(tmp_path: Path) -> None:
    """A dump that ends in the middle of a line loses that line only."""
    result, rows = build(tmp_path, [raw_line(entry()), raw_line(entry(task__taskId="t2"))[:-40]])
    assert (len(rows), result.counts.rejected_reasons) == (1, {"not JSON": 1})


def test_a_missing_dump_is_one_line(tmp_path: Path) -> None:
    """A UsageError that names the file."""
    with pytest.raises(UsageError, match=r"cannot read the raw dump .*none\.jsonl"):
        build_dataset([tmp_path / "none.jsonl"], out=DatasetPaths.of(tmp_path, "x"))


@pytest.mark.parametrize("cut", [1, 2, 7, 64])
@pytest.mark.parametrize("size", [1, 5, 33, 1000])
def test_lines_are_found_whatever_the_blocks(
    tmp_path: Path, cut: int, size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Positions and bytes do not depend on how the file is cut and read; a line over the limit comes without bytes."""
    monkeypatch.setattr("score_model.dataset._raw._BLOCK", cut)
    monkeypatch.setattr("score_model.dataset._raw._TAIL", cut)
    monkeypatch.setattr("score_model.dataset._raw._RANGE", size)
    paths = [
        write_raw(tmp_path / "a", [b"one\n", b"\n", b"x" * 30 + b"\n", b"two\n"]),
        write_raw(tmp_path / "b", [b""]),
        write_raw(tmp_path / "c", [b"three\n", b"y" * 30]),
    ]
    dumps = RawDumps(paths, longest_line=10)
    lines = [line for part in dumps.ranges() for line in lines_of(part)]
    assert lines == [(0, b"one"), (4, b""), (5, None), (36, b"two"), (40, b"three"), (46, None)]
    for position, line in lines:
        if line is not None:
            assert dumps.line_at(position).rstrip(b"\n") == line
    assert [dumps.file_of(position).name for position, _ in lines] == ["a", "a", "a", "a", "c", "c"]
    dumps.close()


def test_an_overlong_line_is_rejected_unread(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is recorded by its number, without its bytes."""
    monkeypatch.setattr(RawDumps.__init__, "__kwdefaults__", {"longest_line": 2000})
    result, rows = build(tmp_path, [raw_line(entry(task__intent="x" * 5000)), raw_line(entry())])
    assert len(rows) == 1
    assert result.rejected_file is not None
    (rejected,) = rows_of(result.rejected_file)
    assert rejected["row"] is None
    assert rejected["line"] == 1


def test_reasons_are_bounded(tmp_path: Path) -> None:
    """However many different reasons a hostile dump makes, the table stays small."""
    lines: list[Any] = []
    for number in range(300):
        changed = raw_line(entry(), filters={"f": 1})
        lines.append(changed.replace(b'"minerUid": 80', b'"minerUid": {"a%d": 1}' % number))
    result, _ = build(tmp_path, lines)
    assert result.counts.rejected == 300
    assert len(result.counts.rejected_reasons) <= 101
    assert json.dumps(result.counts.metrics())
