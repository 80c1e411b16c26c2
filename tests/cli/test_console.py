"""Promises of how commands talk while they work."""

import io
import sys
import time

import pytest

from score_model.cli._console import ProgressLine


class _Terminal(io.StringIO):
    """What thinks that it is one."""

    def isatty(self) -> bool:
        """It is."""
        return True


def _until(said: io.StringIO, word: str) -> list[str]:
    """The lines said once the word is among them; the test fails if that takes ten seconds."""
    patience = time.monotonic() + 10.0
    while word not in said.getvalue():
        assert time.monotonic() < patience, said.getvalue()
        time.sleep(0.002)
    return said.getvalue().splitlines()


def test_a_long_fit_is_named_while_it_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Off a terminal a line comes now and then, of what is at work and not of what begins when the line is due; one
    that has not changed is not said every time."""
    said = io.StringIO()
    monkeypatch.setattr(sys, "stderr", said)
    with ProgressLine("training", "fits", plain_every_s=0.01) as line:
        line.show(1200, 9000, "trees")
        assert _until(said, "trees") == ["training: trees: 1,200 of 9,000 fits"]
        line.show(0, None, "fitting blend")
        assert _until(said, "blend")[-1] == "training: fitting blend"
        line.show(7)
        assert _until(said, "7")[-1] == "training: 7 fits"
        before = len(said.getvalue().splitlines())
        time.sleep(0.1)
        assert len(said.getvalue().splitlines()) - before <= 3


def test_quick_work_says_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is over before a line is due leaves none, and no thread behind."""
    said = io.StringIO()
    monkeypatch.setattr(sys, "stderr", said)
    began = time.monotonic()
    with ProgressLine("reading", "rows") as line:
        line.show(3, 3)
    assert time.monotonic() - began < 4
    assert said.getvalue() == ""


def test_a_bar_shows_names_as_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    """Details come from recorded work: what looks like markup or moves a terminal's cursor is only text."""
    terminal = _Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "200")
    with ProgressLine("replaying", "solutions") as line:
        line.show(1, 2, "[/no] [red]site\x1b[2J")
    assert "replaying: [/no] [red]site�[2J" in terminal.getvalue()
    assert "\x1b[2J" not in terminal.getvalue()
