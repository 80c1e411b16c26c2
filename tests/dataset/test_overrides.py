"""A person's verdicts, from a CSV file."""

from pathlib import Path

import pytest

from score_model.contract import Override
from score_model.dataset import Overrides, read_overrides
from score_model.errors import UsageError

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
