"""Labels given after the build: a person's verdicts from a CSV file, and a dataset rewritten with them."""

import json
from pathlib import Path

import pytest

from score_model.contract import Sample
from score_model.contract.sample import Override
from score_model.dataset import (
    Labelling,
    Overrides,
    audit_rows,
    load_samples,
    read_overrides,
    rewrite_labels,
    write_parquet,
)
from score_model.dataset.audit import assess, closing_words, totals
from score_model.errors import UsageError
from tests.dataset.factories import build, entry, raw_line, rows_of
from tests.dataset.test_build import dump

HEADER = "task_id,solution_id,passed,score,note\n"


def written(folder: Path, text: str | bytes) -> Path:
    path = folder / "overrides.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def test_every_column_is_read(tmp_path: Path) -> None:
    """Spreadsheets' spellings, quotes, line breaks inside notes, blank lines and another order of columns are fine."""
    text = (
        "\ufeffpassed,task_id,note,solution_id,score\r\n"
        'TRUE,t1,"seen, twice\nby me",s1,0.5\r\n'
        "\r\n"
        " false , t2 ,, s2 ,\r\n"
    )
    assert read_overrides(written(tmp_path, text)) == Overrides(
        {
            ("t1", "s1"): Override(passed=True, score=0.5, note="seen, twice\nby me"),
            ("t2", "s2"): Override(passed=False),
        },
        [],
    )


def test_score_and_note_may_be_left_out(tmp_path: Path) -> None:
    """Three columns are enough, and so is a header alone."""
    read = read_overrides(written(tmp_path, "task_id,solution_id,passed\nt,s,true"))
    assert read.by_id == {("t", "s"): Override(passed=True)}
    assert read_overrides(written(tmp_path, HEADER)) == Overrides({}, [])


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("t,s", "2 cells under 5 columns"),
        ("t,s,true,,,", "6 cells under 5 columns"),
        (",s,true,,", "no task_id"),
        ("t,,true,,", "no solution_id"),
        ("t,s,,,", "passed is '': true or false"),
        ("t,s,yes,,", "passed is 'yes': true or false"),
        ("t,s,true,high,", "score is 'high': a number in 0..1, or nothing"),
        ("t,s,true,1.5,", "score is '1.5'"),
        ("t,s,true,nan,", "score is 'nan'"),
        ("t,s,true,0,", "passed is true with score 0"),
        ("t,s,false,1.0,", "passed is false with score 1"),
        ("first,s,false,,", "already in line 2"),
    ],
)
def test_a_bad_row_is_named_and_the_others_are_read(tmp_path: Path, row: str, reason: str) -> None:
    """Each bad row gives one line with its own line's number, even behind a note of several lines."""
    text = f'{HEADER}first,s,true,,"two\nlines"\n{row}\nlast,s,true,,\n'
    read = read_overrides(path := written(tmp_path, text))
    (fault,) = read.faults
    assert fault.startswith(f"{path}, line 4: ")
    assert reason in fault
    assert "\n" not in fault
    assert list(read.by_id) == [("first", "s"), ("last", "s")]


def test_broken_quotes_end_the_reading(tmp_path: Path) -> None:
    """Behind a quote that never closes nobody knows where a row begins: that is said once."""
    read = read_overrides(written(tmp_path, f'{HEADER}t,s,true,,\nu,s,true,,"never closed\nv,s,true,,\n'))
    (fault,) = read.faults
    assert "line 3: not CSV" in fault
    assert fault.endswith("what follows was not read")
    assert list(read.by_id) == [("t", "s")]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "t,s,true\n",
        "task_id;solution_id;passed\nt;s;true\n",
        "task_id,solution_id,score\n",
        "task_id,solution_id,passed,scores\n",
        "task_id,solution_id,passed,passed\n",
    ],
)
def test_another_header_is_refused(tmp_path: Path, text: str) -> None:
    """A file of something else, or a misspelt column, is one line that shows the header."""
    with pytest.raises(UsageError, match=r"line 1: the header must be task_id,solution_id,passed"):
        read_overrides(written(tmp_path, text))


def test_other_files_are_refused(tmp_path: Path) -> None:
    """A missing file and one in another encoding are one line each."""
    with pytest.raises(UsageError, match="no overrides at"):
        read_overrides(tmp_path / "none.csv")
    with pytest.raises(UsageError, match="not UTF-8"):
        read_overrides(written(tmp_path, HEADER.encode() + b"t,s,true,,\xe9\n"))
    with pytest.raises(UsageError, match="the header must be"):
        read_overrides(written(tmp_path, b"\x00\x01\x02"))


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
