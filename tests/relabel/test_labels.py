"""Which label quality and which override a row gets."""

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest

from score_model.contract import Sample
from score_model.contract.sample import Override
from score_model.dataset import Overrides, load_samples
from score_model.relabel import RelabelPaths, RelabelReport, ReplayedLabels, relabel
from score_model.traces import TraceFooter
from tests.relabel.factories import replay_trace, verdict
from tests.replay.factories import sample

NOBODY = Overrides({}, [])


def write(folder: Path, *rows: Sample) -> Path:
    """A dataset of the rows, in a data directory."""
    path = folder / "data/datasets/x.jsonl"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"".join(msgspec.json.encode(row) + b"\n" for row in rows))
    return path


def replays(folder: Path, **passed: bool | None) -> ReplayedLabels:
    """Replays of solutions of the task `t`."""
    for solution_id, label in passed.items():
        replay_trace(folder / f"{solution_id}.jsonl", "t", solution_id, TraceFooter(verdict=verdict(label)))
    labels = ReplayedLabels()
    if passed:
        labels.read(folder)
    return labels


def apply(
    dataset: Path, labels: ReplayedLabels, overrides: Overrides = NOBODY
) -> tuple[RelabelReport, list[dict[str, Any]]]:
    report = relabel(dataset, RelabelPaths.of(dataset, None), replayed=labels, overrides=overrides)
    return report, [json.loads(line) for line in dataset.read_bytes().splitlines()]


@pytest.mark.parametrize(
    ("before", "recorded", "replayed", "after"),
    [
        ("ok", True, True, "ok"),
        ("ok", False, False, "ok"),
        ("ok", True, False, "replay_disagrees"),
        ("ok", False, True, "replay_disagrees"),
        ("ok", False, None, "ok"),
        ("unknown", None, True, "unknown"),
        ("environment_suspect", False, True, "environment_suspect"),
        ("contradicted", True, False, "contradicted"),
        ("replay_disagrees", True, True, "ok"),
        ("replay_disagrees", True, False, "replay_disagrees"),
        ("replay_disagrees", True, None, "replay_disagrees"),
    ],
)
def test_what_a_replay_says(
    tmp_path: Path, before: str, recorded: bool | None, replayed: bool | None, after: str
) -> None:
    """A replay marks what the audit found ok, takes back a mark of its own, and changes nothing if it can't tell."""
    row = sample(task_id="t", solution_id="s", passed=recorded, score=0.5, label_quality=before)
    _, (written,) = apply(write(tmp_path, row), replays(tmp_path / "traces", s=replayed))
    assert written["label_quality"] == after
    assert written == json.loads(msgspec.json.encode(msgspec.structs.replace(row, label_quality=after)))


@pytest.mark.parametrize("before", ["ok", "unknown", "environment_suspect", "contradicted", "replay_disagrees"])
def test_a_person_wins_over_everything(tmp_path: Path, before: str) -> None:
    """An override is written whatever else was found; score and passed stay as recorded."""
    dataset = write(tmp_path, sample(task_id="t", solution_id="s", passed=False, score=0.0, label_quality=before))
    override = Override(passed=True, score=1.0, note="seen")
    _, (written,) = apply(dataset, replays(tmp_path / "traces", s=False), Overrides({("t", "s"): override}, []))
    assert (written["passed"], written["score"], written["label_quality"]) == (False, 0.0, "overridden")
    assert written["override"] == {"passed": True, "score": 1.0, "note": "seen"}
    assert next(load_samples(dataset)).outcome().override == override


def test_an_override_stays_until_another_comes(tmp_path: Path) -> None:
    """A later run without the file, or with one that does not name the solution, loses nobody's work."""
    dataset = write(tmp_path, sample(task_id="t", solution_id="s"))
    apply(dataset, replays(tmp_path), Overrides({("t", "s"): Override(passed=False)}, []))
    report, (kept,) = apply(dataset, replays(tmp_path / "traces", s=True))
    assert kept["override"] == {"passed": False, "score": None, "note": None}
    assert report.label_quality == {"overridden": 1}
    _, (changed,) = apply(dataset, replays(tmp_path), Overrides({("t", "s"): Override(passed=True)}, []))
    assert changed["override"]["passed"] is True


def test_the_report_counts_everything(tmp_path: Path) -> None:
    """Rows by comparison and website, of which empty; rows without a trace are rows only; unknown ids are named."""
    rows = [
        sample(task_id="t", solution_id="s1", passed=True),
        sample(task_id="t", solution_id="s2", passed=True),
        sample(task_id="t", solution_id="s3", passed=False, website="autobooks"),
        sample(task_id="t", solution_id="s4", passed=False, website=None, actions=[]),
        sample(task_id="t", solution_id="s5", passed=None),
        sample(task_id="t", solution_id="s6", passed=True),
    ]
    labels = replays(tmp_path / "traces", s1=True, s2=False, s3=True, s4=False, s5=True)
    overrides = Overrides({("t", "s6"): Override(passed=False), ("t", "none"): Override(passed=True)}, [])
    report, _ = apply(write(tmp_path, *rows), labels, overrides)
    total = report.agreement.total
    assert (report.rows, total.rows, total.empty, total.agree) == (6, 5, 1, 2)
    assert (total.recorded_fail_replay_passes, total.recorded_pass_replay_fails, total.undecidable) == (1, 1, 1)
    assert list(report.agreement.websites) == ["autobooks", "autodrive", "unknown"]
    assert (report.overrides.rows, report.overrides.unknown_examples) == (2, ["t/none"])
    assert report.label_quality == {"ok": 3, "overridden": 1, "replay_disagrees": 2}
    assert not report.complete
    lines = "\n".join(report.lines())
    assert "Replays: 5 of 6 rows have a trace (5 files)." in lines
    assert "Overrides: 1 of 2 found their row." in lines
    assert "  t/none" in lines
    assert json.loads((tmp_path / "data/metrics/x.relabel.json").read_bytes()) == json.loads(
        msgspec.json.encode(report)
    )


def test_the_same_inputs_give_the_same_bytes_and_again_changes_nothing(tmp_path: Path) -> None:
    """Dataset, Parquet and report: in another folder, and applied to their own result."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    written = []
    overrides = Overrides({("t", "s2"): Override(passed=True, note="é")}, [])
    for folder in (tmp_path / "1", tmp_path / "2"):
        rows = (sample(task_id="t", solution_id=f"s{number}", passed=bool(number % 2)) for number in range(50))
        dataset = write(folder, *rows)
        pq.write_table(pa.table({"older": [1]}), dataset.with_suffix(".parquet"))
        labels = replays(folder / "traces", s1=False, s2=True, s3=True, s4=True)
        for _ in range(2):
            apply(dataset, labels, overrides)
            files = sorted(path for path in (folder / "data").rglob("*") if path.is_file())
            written.append({path.name: path.read_bytes() for path in files})
        assert list(load_samples(dataset.with_suffix(".parquet"))) == list(load_samples(dataset))
    assert list(written[0]) == ["x.jsonl", "x.parquet", "x.relabel.json"]
    assert all(files == written[0] for files in written)


def test_where_it_goes(tmp_path: Path) -> None:
    """In place or beside, with Parquet only where the source has it, and the report among the metrics."""
    source = tmp_path / "data/datasets/x.1.jsonl"
    source.parent.mkdir(parents=True)
    here = RelabelPaths.of(source, None)
    assert (here.dataset, here.parquet) == (source, None)
    assert here.report == tmp_path / "data/metrics/x.1.relabel.json"
    source.with_suffix(".parquet").touch()
    there = RelabelPaths.of(source, "y")
    assert (there.dataset, there.parquet) == (source.with_name("y.jsonl"), source.with_name("y.parquet"))
    assert there.report == tmp_path / "data/metrics/y.relabel.json"
    assert RelabelPaths.of(tmp_path / "x.jsonl", "y").report == tmp_path / "y.relabel.json"


def test_an_older_table_does_not_survive(tmp_path: Path) -> None:
    """A Parquet file of the target's name that this run does not write would disagree with the lines."""
    dataset = write(tmp_path, sample())
    stale = dataset.with_name("y.parquet")
    stale.touch()
    relabel(dataset, RelabelPaths.of(dataset, "y"), replayed=ReplayedLabels(), overrides=NOBODY)
    assert not stale.exists()
    assert dataset.with_name("y.jsonl").read_bytes() == dataset.read_bytes()
