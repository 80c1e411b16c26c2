"""Rewriting a dataset's labels."""

import json
from pathlib import Path

import pytest

from score_model.contract import Override, Sample
from score_model.dataset import Labelling, audit_rows, load_samples, rewrite_labels, write_parquet
from score_model.dataset.audit import assess, closing_words, totals
from score_model.errors import UsageError
from tests.dataset.rows import build, entry, raw_line, rows_of
from tests.dataset.test_build import dump


def keep(sample: Sample) -> Labelling:
    return Labelling(sample.label_quality, sample.override)


def overridden(sample: Sample) -> Labelling:
    return Labelling("overridden", Override(passed=not sample.passed, note=sample.task_id))


def test_nothing_else_changes(tmp_path: Path) -> None:
    """Labels that stay give the file's own bytes; labels that change leave every other byte, odd numbers included."""
    line = raw_line(entry(task__intent='"label_quality":"ok","override":1')).replace(b'"//button[1]"', b"[1e999, 1.10]")
    result, _ = build(tmp_path, [*dump(30), line])
    before = result.dataset.read_bytes()
    rewrite_labels(result.dataset, result.dataset, keep)
    assert result.dataset.read_bytes() == before
    rewrite_labels(result.dataset, tmp_path / "y.jsonl", overridden)
    for old, new in zip(before.splitlines(), (tmp_path / "y.jsonl").read_bytes().splitlines(), strict=True):
        head, mark, tail = new.rpartition(b',"label_quality":"overridden","override":{')
        assert mark
        assert old == head + b',"label_quality":"ok","override":null' + tail.partition(b"}")[2]


def test_parquet_holds_the_new_labels(tmp_path: Path) -> None:
    """An override comes back from Parquet as from the lines."""
    result, _ = build(tmp_path, dump(30))
    rewrite_labels(result.dataset, result.dataset, overridden)
    write_parquet(result.dataset, tmp_path / "x.parquet")
    samples = list(load_samples(tmp_path / "x.parquet"))
    assert samples == list(load_samples(result.dataset))
    assert samples[0].override == Override(passed=not samples[0].passed, note=samples[0].task_id)


def test_datasets_of_before_stay_valid(tmp_path: Path) -> None:
    """Without the column `override` a dataset, lines or Parquet, reads with None; relabelling adds the column."""
    import pyarrow.parquet as pq

    result, rows = build(tmp_path, dump(5), parquet=True)
    current = result.dataset.read_bytes()
    old = tmp_path / "old.jsonl"
    old.write_bytes(current.replace(b',"override":null', b""))
    assert [sample.override for sample in load_samples(old)] == [None] * len(rows)
    pq.write_table(pq.read_table(result.parquet).drop_columns("override"), tmp_path / "old.parquet")
    assert list(load_samples(tmp_path / "old.parquet")) == list(load_samples(old))
    rewrite_labels(old, old, keep)
    assert old.read_bytes() == current


def test_columns_that_we_do_not_know_stay(tmp_path: Path) -> None:
    """Somebody's own column, and a solution without an id, survive."""
    result, (row,) = build(tmp_path, [raw_line(entry())])
    result.dataset.write_text(json.dumps(row | {"solution_id": None, "mine": [1]}) + "\n\n")
    rewrite_labels(result.dataset, result.dataset, overridden)
    (after,) = rows_of(result.dataset)
    assert after["mine"] == [1]
    assert after["solution_id"] is None
    write_parquet(result.dataset, tmp_path / "x.parquet")
    assert next(load_samples(tmp_path / "x.parquet")).override is not None


def test_a_bad_line_changes_nothing(tmp_path: Path) -> None:
    """The dataset stays as it was, the error names the line, and no half file is left."""
    result, _ = build(tmp_path, dump(3))
    with result.dataset.open("ab") as file:
        file.write(b'{"task_id": 5}\n')
    before = result.dataset.read_bytes()
    with pytest.raises(UsageError, match="line 4: not a sample"):
        rewrite_labels(result.dataset, result.dataset, overridden)
    assert result.dataset.read_bytes() == before
    assert [path.name for path in result.dataset.parent.iterdir()] == ["x.jsonl"]
    for wrong in ("none.jsonl", "x.parquet"):
        with pytest.raises(UsageError):
            rewrite_labels(tmp_path / wrong, tmp_path / wrong, keep)


def test_the_audit_keeps_and_names_them(tmp_path: Path) -> None:
    """An audit of a relabelled dataset counts its marks; a person wins over its own findings, these over a replay."""
    lines = [raw_line(entry(task__taskId=f"t{n}", solution__taskSolutionId=f"s{n}")) for n in range(3)]
    lines += [
        raw_line(entry(task__taskId=f"t{n}", solution__taskSolutionId=f"s{n}", evaluation__score=0)) for n in (3, 4)
    ]
    result, _ = build(tmp_path, lines)
    marks = {
        "t1": Labelling("replay_disagrees", None),
        "t2": Labelling("overridden", Override(passed=False)),
        "t3": Labelling("replay_disagrees", None),
        "t4": Labelling("overridden", Override(passed=False)),
    }
    rewrite_labels(result.dataset, result.dataset, lambda sample: marks.get(sample.task_id, keep(sample)))
    report = assess(audit_rows(result.dataset)).report
    assert report.counts.label_quality == {"contradicted": 1, "ok": 1, "overridden": 2, "replay_disagrees": 1}
    assert "overridden 2, replay_disagrees 1" in totals(report)[1]
    words = closing_words(report)
    assert "A replay came out otherwise than recorded for 1 row; marked replay_disagrees." in words
    assert "train on the 1 row whose label_quality is ok (and on the 2 overridden, by their override)" in words[-1]
