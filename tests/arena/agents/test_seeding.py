"""Filling an arena with tasks and agents' solutions."""

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, select

from score_model.arena import open_engine
from score_model.arena.agents import (
    AGENTS,
    Expectation,
    Mix,
    SeedReport,
    expectations_path,
    read_expectations,
    seed_arena,
)
from score_model.arena.database.tables import solutions, tasks
from score_model.arena.tasks import generate_tasks
from score_model.errors import ContractError, UsageError


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return tmp_path / "arena.sqlite"


@pytest.fixture
def engine(database: Path) -> Iterator[Engine]:
    engine = open_engine(database)
    yield engine
    engine.dispose()


def test_an_arena_is_filled_once(engine: Engine, database: Path) -> None:
    """Tasks and pending solutions are there, each with its expectation; the same seeding again adds nothing."""
    expectations = expectations_path(database)
    assert expectations == database.parent / "arena.expected.jsonl"
    report = seed_arena(engine, expectations, 30, 7)
    assert (report.tasks_added, report.solutions_added) == (30, report.solutions)
    expected = list(read_expectations(expectations))
    with engine.connect() as connection:
        stored = {row.id: row for row in connection.execute(select(solutions))}
        assert len(connection.execute(select(tasks.c.id)).all()) == 30
    assert {row.status for row in stored.values()} == {"pending"}
    assert {line.solution_id: line.task_id for line in expected} == {row.id: row.task_id for row in stored.values()}
    assert {line.agent_id for line in expected} == {row.agent_id for row in stored.values()}
    again = seed_arena(engine, expectations, 30, 7)
    assert (again.tasks_added, again.solutions_added) == (0, 0)
    assert list(read_expectations(expectations)) == expected


def test_more_tasks_keep_the_earlier_expectations(engine: Engine, database: Path) -> None:
    """A longer or another seeding adds to what is there."""
    expectations = expectations_path(database)
    seed_arena(engine, expectations, 5, 7)
    before = list(read_expectations(expectations))
    seed_arena(engine, expectations, 8, 7)
    seed_arena(engine, expectations, 2, 9, agents=["perfect", "no_answer"])
    after = list(read_expectations(expectations))
    assert after[: len(before)] == before
    assert len({line.task_id for line in after}) == 10
    assert len(after) == len({line.solution_id for line in after})


def test_what_agents_expect_is_nowhere_in_the_arena(engine: Engine, database: Path) -> None:
    """Neither a solution's request nor its task names the profile or the expected verdict."""
    seed_arena(engine, expectations_path(database), 20, 3)
    with engine.connect() as connection:
        requests = connection.execute(select(solutions.c.request)).scalars().all()
        metadata = connection.execute(select(tasks.c.metadata)).scalars().all()
    telling = [*(name for name in AGENTS if "_" in name), "expected", "verdict", '"score']
    for stored in (*requests, *metadata):
        assert not any(name.encode() in stored for name in telling)
    assert set(json.loads(requests[0])) <= {"artifacts", "runtime"}


def test_chosen_agents_answer_every_task(engine: Engine, database: Path) -> None:
    """With names given, each task is answered by these and no others."""
    report = seed_arena(engine, expectations_path(database), 12, agents=["perfect", "wrong_seed", "perfect"])
    assert report.by_agent == {"perfect": 12, "wrong_seed": 12}
    assert report.expected == {"passed": 12, "failed": 12}


def test_the_mix() -> None:
    """Four or five agents a task, always a perfect one and work that fails; about 40 % pass and 15 % are empty."""
    mix = Mix(5)
    dealt: Counter[str] = Counter()
    total = 0
    for task in generate_tasks(800, 5):
        names = [name for name, _ in mix.of(task)]
        uids = [uid for _, uid in mix.of(task)]
        assert "perfect" in names
        assert sum(not AGENTS[name].passes and name != "no_answer" for name in names) == 2
        assert 4 <= len(names) <= 5
        assert len(set(uids)) == len(uids)
        assert all(1 <= uid <= 256 for uid in uids)
        total += len(names)
        dealt.update("pass" if AGENTS[n].passes else "empty" if n == "no_answer" else "fail" for n in names)
    assert total / 800 == pytest.approx(4.5, abs=0.1)
    assert dealt["pass"] / total == pytest.approx(0.40, abs=0.03)
    assert dealt["fail"] / total == pytest.approx(0.45, abs=0.03)
    assert dealt["empty"] / total == pytest.approx(0.15, abs=0.03)
    assert Mix(5).of(task) == mix.of(task)


@pytest.mark.parametrize("agents", [["flawless"], [], ["perfect", ""]])
def test_unknown_agents_are_refused(engine: Engine, database: Path, agents: list[str]) -> None:
    """Names that are not there are refused before anything is written."""
    with pytest.raises(UsageError):
        seed_arena(engine, expectations_path(database), 3, agents=agents)
    assert not expectations_path(database).exists()


def test_a_broken_seeding_keeps_what_it_stored(engine: Engine, database: Path) -> None:
    """What stops a seeding midway leaves the expectations of all that it stored; doing it again completes them."""
    expectations = expectations_path(database)
    seed_arena(engine, expectations, 4, 1)
    before = expectations.read_bytes()

    def stop(_: SeedReport) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        seed_arena(engine, expectations, 9, 1, progress=stop)
    assert expectations.read_bytes().startswith(before)
    with engine.connect() as connection:
        stored = set(connection.execute(select(solutions.c.id)).scalars())
    assert stored == {line.solution_id for line in read_expectations(expectations)}
    report = seed_arena(engine, expectations, 9, 1)
    assert len(list(read_expectations(expectations))) == report.solutions


def test_a_file_of_something_else_is_named(engine: Engine, database: Path) -> None:
    """A line that is no expectation is refused with its number."""
    expectations = expectations_path(database)
    expectations.write_text('{"task_id": 1}\n')
    with pytest.raises(ContractError, match="line 1"):
        seed_arena(engine, expectations, 1)
    assert expectations.read_text() == '{"task_id": 1}\n'


def test_an_expectation_has_everything_a_test_needs(engine: Engine, database: Path) -> None:
    """Status, score and events are those of the prediction."""
    expectations = expectations_path(database)
    seed_arena(engine, expectations, 26, 2)
    lines = list(read_expectations(expectations))
    assert all(isinstance(line, Expectation) for line in lines)
    assert all((line.status == "passed") == (line.score == 1.0) == AGENTS[line.profile].passes for line in lines)
    assert any(0 < line.score < 1 for line in lines)
    assert all(line.events for line in lines if line.status == "passed")
