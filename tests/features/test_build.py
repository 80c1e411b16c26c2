"""Tables from datasets and folders of traces."""

import json
import sys
from pathlib import Path
from typing import Any

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from score_model.errors import MissingExtraError, UsageError
from score_model.features import EPISODE_COLUMNS, STEP_COLUMNS, behaviour_of, build_features, episode_features
from score_model.traces import TraceFooter, TraceHeader, TraceWriter
from tests.features.factories import BLANK, row, trace, write_dataset, write_trace


def rows(path: Path) -> list[dict[str, Any]]:
    """The rows of a Parquet file."""
    table: list[dict[str, Any]] = pq.read_table(path).to_pylist()
    return table


def test_a_dataset_gives_one_episode_a_row_in_its_order(tmp_path: Path) -> None:
    """Rows without a trace, an action or a solution are there too; a trace is found by its ids."""
    dataset = write_dataset(
        tmp_path / "d.jsonl", row(solution_id="s2"), row(), row(solution_id=None, actions=[]), row(solution_id="S3/..")
    )
    write_trace(tmp_path / "traces/x/y", trace())
    write_trace(tmp_path / "traces", trace(), "S3/..", compressed=False)
    report = build_features(dataset, tmp_path / "traces", tmp_path / "out")
    assert (report.episodes, report.with_trace, report.steps, report.unmatched) == (4, 2, 12, 0)
    assert report.complete
    episodes = rows(tmp_path / "out/episodes.parquet")
    assert [one["solution_id"] for one in episodes] == ["s2", "s1", None, "S3/.."]
    assert [one["has_trace"] for one in episodes] == [False, True, False, True]
    assert [one["expected_fired"] for one in episodes] == [None, 1.0, None, 1.0]
    assert [one["step"] for one in rows(tmp_path / "out/steps.parquet")] == [0, 1, 2, 3] * 3
    assert [one["solution_id"] for one in rows(tmp_path / "out/labels.parquet")] == ["s2", "s1", None, "S3/.."]
    assert json.loads((tmp_path / "out/features.json").read_bytes())["with_trace"] == 2


def test_tables_hold_what_serving_computes(tmp_path: Path) -> None:
    """A table's numbers are bit by bit those of the function that scores a single episode."""
    dataset = write_dataset(tmp_path / "d.jsonl", row())
    write_trace(tmp_path / "traces", trace())
    build_features(dataset, tmp_path / "traces", tmp_path / "out")
    (episode,) = rows(tmp_path / "out/episodes.parquet")
    served = episode_features(row().observation(), behaviour_of(trace()))
    assert {name: episode[name] for name in served} == served


def test_traces_alone_give_episodes_without_labels(tmp_path: Path) -> None:
    """Task and actions are then those of the trace, and the features are the same."""
    write_trace(tmp_path / "traces", trace())
    write_trace(tmp_path / "traces/again", trace())
    report = build_features(None, tmp_path / "traces", tmp_path / "out")
    assert (report.episodes, report.duplicates, report.labelled) == (1, 1, False)
    assert not (tmp_path / "out/labels.parquet").exists()
    (episode,) = rows(tmp_path / "out/episodes.parquet")
    assert (episode["task_id"], episode["website"], episode["use_case"]) == ("t1", "autocinema", "ADD_COMMENT")
    served = episode_features(row().observation(), behaviour_of(trace()))
    assert {name: episode[name] for name in served} == served


def test_the_schema_is_explicit(tmp_path: Path) -> None:
    """Types are the schema's even for a table without rows: nothing is inferred."""
    torn = write_trace(tmp_path / "traces", trace())
    torn.write_bytes(torn.read_bytes()[:100])
    assert build_features(None, tmp_path / "traces", tmp_path / "out").episodes == 0
    schema = pq.read_schema(tmp_path / "out/episodes.parquet")
    keys = ["task_id", "solution_id", "website", "use_case", "text", "has_trace"]
    assert schema.names == [*keys, *(column.name for column in EPISODE_COLUMNS)]
    assert all(schema.field(column.name).type == pa.float64() for column in EPISODE_COLUMNS)
    steps = pq.read_schema(tmp_path / "out/steps.parquet")
    for column in STEP_COLUMNS:
        assert steps.field(column.name).type == (pa.string() if column.type == "text" else pa.float64())


def test_the_same_input_gives_the_same_bytes(tmp_path: Path) -> None:
    """Every file of two runs is equal, JSON lines included."""
    dataset = write_dataset(tmp_path / "d.jsonl", row(), row(solution_id="s2"))
    write_trace(tmp_path / "traces", trace())
    for name in ("one", "two"):
        build_features(dataset, tmp_path / "traces", tmp_path / name, jsonl=True)
    made = sorted(path.name for path in (tmp_path / "one").iterdir())
    assert made == ["episodes.jsonl", "episodes.parquet", "features.json", "labels.jsonl", "labels.parquet",
                    "steps.jsonl", "steps.parquet"]  # fmt: skip
    for name in made:
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes(), name
    lines = [json.loads(line) for line in (tmp_path / "one/episodes.jsonl").read_bytes().splitlines()]
    assert lines == rows(tmp_path / "one/episodes.parquet")


def test_bad_traces_are_counted_named_and_passed_over(tmp_path: Path) -> None:
    """Torn, foreign, endless and empty files cost their trace, not their row, and the report is not complete."""
    dataset = write_dataset(tmp_path / "d.jsonl", *(row(solution_id=f"s{n}") for n in range(5)))
    folder = tmp_path / "traces"
    torn = write_trace(folder, trace(), "s0")
    torn.write_bytes(torn.read_bytes()[:-20])
    write_trace(folder, trace(), "s1")
    plain = write_trace(folder, trace(), "s2", compressed=False)
    plain.write_bytes(b"\n".join(plain.read_bytes().splitlines()[:-1]) + b"\n")
    write_trace(folder, trace(), "s3").write_bytes(b"")
    other = write_trace(folder, trace(), "other")
    other.rename(other.with_name("s4.jsonl.zst"))
    report = build_features(dataset, folder, tmp_path / "out")
    assert (report.episodes, report.with_trace, report.unused) == (5, 1, 4)
    assert not report.complete
    reasons = {example.file.rpartition("/")[2]: example.reason for example in report.unused_examples}
    assert reasons["s2.jsonl"] == "the trace has no end"
    assert reasons["s4.jsonl.zst"] == "its header names another solution"
    assert str(tmp_path) not in (tmp_path / "out/features.json").read_text()
    assert len(report.lines()) == 2 + 4


@pytest.mark.parametrize("page", ["<div>" * 200_000, "<" * 500_000, BLANK + "<p>" * 100_000])
def test_a_hostile_page_costs_little(tmp_path: Path, page: str) -> None:
    """Deep nesting is read in linear time: the episode has features like any other."""
    made = trace()
    with TraceWriter(tmp_path / "traces/autocinema/t1/s1.jsonl.zst", made.header) as writer:
        for step in made.steps:
            snapshot = msgspec.structs.replace(step.browser_snapshot, current_html=page)
            writer.write(msgspec.structs.replace(step, browser_snapshot=snapshot))
        writer.finish(TraceFooter())
    assert build_features(None, tmp_path / "traces", tmp_path / "out").with_trace == 1


def test_odd_records_give_features(tmp_path: Path) -> None:
    """A header without a task, texts with halves of characters and values of any type are no error."""
    with TraceWriter(tmp_path / "traces/a/b/c.jsonl.zst", TraceHeader(task={"intent": 5, "taskId": 7})) as writer:
        writer.finish(TraceFooter(backend_events=[None, 5, {"event_name": "E", "data": [1]}]))
    actions: list[Any] = [5, None, {"type": "input", "attributes": {"text": 5, "selector": "x"}}, {"type": []}]
    dataset = tmp_path / "d.jsonl"
    line = json.dumps(msgspec.to_builtins(row(actions=actions, intent="half \ud800 '")))
    dataset.write_text('{"trajectory": 1e999, ' + line[1:] + "\n")  # such a number makes the reader lenient
    assert build_features(None, tmp_path / "traces", tmp_path / "one").episodes == 1
    assert build_features(dataset, tmp_path / "traces", tmp_path / "two", jsonl=True).unmatched == 1


def test_nothing_to_read_is_a_usage_error(tmp_path: Path) -> None:
    """Without input, with a missing folder or with a dataset that is none, nothing is written."""
    for dataset, traces in ((None, None), (None, tmp_path / "none"), (tmp_path / "none.jsonl", None)):
        with pytest.raises(UsageError):
            build_features(dataset, traces, tmp_path / "out")
    broken = tmp_path / "broken.jsonl"
    broken.write_bytes(msgspec.json.encode(row()) + b"\n{}\n")
    with pytest.raises(UsageError, match="line 2"):
        build_features(broken, None, tmp_path / "out")
    assert not (tmp_path / "out").exists() or not list((tmp_path / "out").iterdir())


def test_an_input_without_a_row_is_a_usage_error(tmp_path: Path) -> None:
    """A folder without traces and a dataset without rows are named, and earlier tables stay as they are; traces that
    can't be used are a report and no such error."""
    (tmp_path / "traces").mkdir()
    (tmp_path / "empty.jsonl").touch()
    build_features(write_dataset(tmp_path / "d.jsonl", row()), None, tmp_path / "out")
    before = {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()}
    with pytest.raises(UsageError, match="traces: no traces in it"):
        build_features(None, tmp_path / "traces", tmp_path / "out")
    with pytest.raises(UsageError, match=r"empty\.jsonl: no rows in it"):
        build_features(tmp_path / "empty.jsonl", tmp_path / "traces", tmp_path / "out")
    assert {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()} == before
    torn = write_trace(tmp_path / "traces", trace())
    torn.write_bytes(torn.read_bytes()[:100])
    report = build_features(None, tmp_path / "traces", tmp_path / "out")
    assert (report.episodes, report.unused) == (0, 1)


@pytest.mark.parametrize("name", ["AutoCinema", "AUTOCINEMA", None])
def test_a_website_is_called_the_same_with_and_without_a_dataset(tmp_path: Path, name: str | None) -> None:
    """A trace's header keeps the export's spelling; its episode has a dataset's: lower case, or by the port."""
    task = dict(trace().header.task or {}) | {"website": name}
    write_trace(tmp_path / "traces", trace(task=task))
    build_features(None, tmp_path / "traces", tmp_path / "out")
    assert [one["website"] for one in rows(tmp_path / "out/episodes.parquet")] == ["autocinema"]


def test_without_arrow_the_extra_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine without the extra is told which one, and nothing is written."""
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(MissingExtraError, match=r"score-model\[train\]"):
        build_features(write_dataset(tmp_path / "d.jsonl", row()), None, tmp_path / "out")
    assert not (tmp_path / "out").exists()
