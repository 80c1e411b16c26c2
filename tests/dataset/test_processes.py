"""Helper processes change how long a build takes, and nothing else."""

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from score_model.dataset import load_samples
from score_model.dataset._parquet import write_parquet
from score_model.dataset._processes import Helper
from tests.dataset.factories import build, entry, raw_line
from tests.dataset.test_build import dump


@pytest.fixture
def helper() -> Iterator[Helper]:
    """A helper that is ended after the test."""
    helper = Helper()
    yield helper
    helper.close()


@pytest.fixture
def helped(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every dump, however small, is worth helpers and is cut into many ranges."""
    monkeypatch.setattr("score_model.dataset._build._WORTH_HELPERS", 0)
    monkeypatch.setattr("score_model.dataset._build.spare_cores", lambda: 3)
    monkeypatch.setattr("score_model.dataset._raw._RANGE", 5000)


def test_answers_come_in_order(helper: Helper) -> None:
    """Several calls may wait; each gives its own result."""
    for number in range(5):
        helper.ask(divmod, number, 2)
    assert [helper.answer() for _ in range(5)] == [(0, 0), (0, 1), (1, 0), (1, 1), (2, 0)]


def test_an_error_reaches_the_caller(helper: Helper, tmp_path: Path) -> None:
    """As itself, and the helper goes on."""
    helper.ask(os.stat, tmp_path / "none")
    with pytest.raises(FileNotFoundError, match="none"):
        helper.answer()
    helper.ask(abs, -1)
    assert helper.answer() == 1


def test_a_helper_that_dies_is_an_error(helper: Helper) -> None:
    """The caller does not wait for ever."""
    helper.ask(os.getpid)
    os.kill(helper.answer(), signal.SIGKILL)
    helper.ask(abs, -1)
    with pytest.raises(OSError, match="ended without an answer"):
        helper.answer()


def test_a_helper_that_is_ended_leaves_no_half_file(tmp_path: Path) -> None:
    """Whatever it was writing."""
    result, _ = build(tmp_path, dump(2000))
    helper = Helper()
    helper.ask(os.getpid)
    helper.answer()
    helper.ask(write_parquet, result.dataset, result.dataset.with_suffix(".parquet"))
    helper.close()
    assert {path.name for path in result.dataset.parent.iterdir()} <= {"x.jsonl", "x.parquet"}


@pytest.mark.usefixtures("helped")
@pytest.mark.parametrize("strategy", ["task_solution", "task_agent", "task"])
def test_the_same_files_with_helpers(tmp_path: Path, strategy: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Dataset, rejects, Parquet and counts, unknown names and conflicts included."""
    lines = [*dump(400), b"\n", raw_line(entry(task__taskId="new", reward=1)), b"\xff\n", *dump(50)]
    options: dict[str, Any] = {"strategy": strategy, "assess": lambda rows: {0: "unknown"} if list(rows) else {}}
    helped, _ = build(tmp_path / "helped", lines, parquet=True, **options)
    monkeypatch.setattr("score_model.dataset._build.spare_cores", lambda: 0)
    alone, _ = build(tmp_path / "alone", lines, parquet=True, **options)
    assert helped.counts == alone.counts
    assert helped.counts.unknown_fields == {"reward": 1}
    assert helped.dataset.read_bytes() == alone.dataset.read_bytes()
    assert helped.rejected_file is not None
    assert alone.rejected_file is not None
    assert helped.rejected_file.read_bytes() == alone.rejected_file.read_bytes()
    assert helped.parquet is not None
    assert alone.parquet is not None
    assert pq.read_table(helped.parquet).equals(pq.read_table(alone.parquet))
    assert list(load_samples(helped.parquet)) == list(load_samples(alone.dataset))


def test_a_helper_leaves_in_silence(capfd: pytest.CaptureFixture[str]) -> None:
    """Ended while it starts, while it waits or while it works, it prints nothing."""
    for ask in (None, abs, time.sleep):
        helper = Helper()
        if ask is not None:
            helper.ask(abs, 1)
            helper.answer()
            helper.ask(ask, 60)
        helper.close()
    assert capfd.readouterr() == ("", "")


@pytest.mark.usefixtures("helped")
def test_a_failed_build_ends_its_helpers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No process is left behind."""
    started: list[Helper] = []

    class Noted(Helper):
        def __init__(self) -> None:
            super().__init__()
            started.append(self)

    monkeypatch.setattr("score_model.dataset._build.Helper", Noted)

    def assess(rows: Any) -> dict[int, str]:
        list(rows)
        raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space left"):
        build(tmp_path, dump(100), assess=assess, parquet=True)
    assert len(started) == 3
    assert all(helper._process.returncode is not None for helper in started)
