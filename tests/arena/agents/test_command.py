"""`score-model arena seed --tasks`."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from score_model.arena.agents import read_expectations
from score_model.cli.main import run


class Finished(NamedTuple):
    """What a command said."""

    code: int
    out: str
    err: str

    @property
    def report(self) -> dict[str, Any]:
        """The one JSON object on stdout."""
        found: dict[str, Any] = json.loads(self.out)
        return found


Seed = Callable[..., Finished]


@pytest.fixture
def seed(capfd: pytest.CaptureFixture[str], tmp_path: Path) -> Seed:
    """Runs `arena seed` on a database of the test's own."""

    def run_command(*arguments: str) -> Finished:
        capfd.readouterr()
        code = run(["arena", "seed", *arguments, "--data-dir", str(tmp_path)])
        return Finished(code, *capfd.readouterr())

    return run_command


def test_tasks_and_solutions_are_made(seed: Seed, tmp_path: Path) -> None:
    """The counts come as one JSON object, by agent and by expected status; people read them on stderr."""
    done = seed("--tasks", "26", "--json")
    assert done.code == 0
    report = done.report
    assert report["tasks"] == report["tasks_added"] == 26
    assert sum(report["solutions_by_agent"].values()) == report["solutions"] == sum(report["expected"].values())
    assert report["solutions_by_agent"]["perfect"] == 26
    assert "26 tasks" in done.err
    expectations = tmp_path / "arena" / "arena.expected.jsonl"
    assert report["expectations"] == str(expectations)
    assert len(list(read_expectations(expectations))) == report["solutions"]
    assert seed("--tasks", "26", "--json").report["solutions_added"] == 0


def test_agents_and_websites_are_chosen(seed: Seed) -> None:
    """Names of agents come with commas or one by one; tasks for one website alone."""
    flags = ("--agents", "perfect,wrong_item", "--agents", "no_answer", "--website", "autocinema")
    report = seed("--tasks", "12", *flags, "--json").report
    assert report["solutions_by_agent"] == {"perfect": 12, "wrong_item": 12, "no_answer": 12}
    assert len(report["tasks_by_use_case"]) == 12
    assert not any(name.endswith("BOOK") for name in report["tasks_by_use_case"])


def test_the_summary_is_in_the_order_of_the_json(seed: Seed) -> None:
    """People and programs read the agents in the same order, and by the faults that were really used too."""
    done = seed("--tasks", "26", "--json")
    by_agent, by_fault = done.report["solutions_by_agent"], done.report["solutions_by_fault"]
    shown = [line.strip().partition(":") for line in done.err.splitlines() if line.startswith("  ")]
    assert [(name, int(count)) for name, _, count in shown if name in by_agent] == list(by_agent.items())
    assert sum(by_fault.values()) == sum(by_agent.values())
    report = seed("--tasks", "26", "--seed", "4", "--agents", "violated_not", "--json").report
    assert report["solutions_by_agent"] == {"violated_not": 26}
    assert {"violated_not", "wrong_item"} <= set(report["solutions_by_fault"])


def test_rows_and_tasks_together(seed: Seed) -> None:
    """One command fills the leaderboard and the task API."""
    report = seed("--tasks", "3", "--rows", "20", "--json").report
    assert (report["tasks"], report["added"]) == (3, 20)
    assert "planted" in report


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        ((), "--tasks"),
        (("--agents", "perfect"), "--tasks"),
        (("--rows", "5", "--agents", "perfect"), "--tasks"),
        (("--tasks", "3", "--agents", "flawless"), "flawless"),
        (("--tasks", "3", "--agents", ","), "agents"),
        (("--tasks", "-1"), "negative"),
        (("--tasks", "3", "--website", "autozone"), "autozone"),
    ],
)
def test_mistakes_are_one_line(seed: Seed, arguments: tuple[str, ...], named: str) -> None:
    """What can't be made ends with exit code 2 and one line that names it."""
    done = seed(*arguments, "--json")
    assert (done.code, done.out) == (2, "")
    assert named in done.err
    assert len(done.err.strip().splitlines()) == 1
