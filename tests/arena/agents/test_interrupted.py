"""Seedings that are killed, and several at once: every stored solution keeps its expectation."""

import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import msgspec
import pytest
from sqlalchemy import select

from score_model.arena import open_engine
from score_model.arena.agents import AGENTS, Expectation, expectations_path, read_expectations, seed_arena
from score_model.arena.agents._expectations import ExpectationFile
from score_model.arena.database.tables import solutions
from score_model.errors import ContractError

_KILLED = """
import os, signal, sys
from pathlib import Path
from sqlalchemy import event
from score_model.arena import open_engine
from score_model.arena.agents import expectations_path, seed_arena
database, moment = Path(sys.argv[1]), sys.argv[2]
engine = open_engine(database)
def die(*_):
    os.kill(os.getpid(), signal.SIGKILL)
if moment != "after a batch":
    table = moment.split()[-1]
    def before(connection, cursor, statement, *rest):
        if statement.startswith(f"INSERT INTO {table}"):
            event.listen(engine, "commit", die)
    event.listen(engine, "before_cursor_execute", before)
seed_arena(engine, expectations_path(database), 8, 7, progress=die)
"""


def _line(number: int, status: str = "passed") -> Expectation:
    return Expectation(
        task_id="t", solution_id=f"s{number}", agent_id="miner_1", profile="perfect", fault="perfect", status=status,
        score=1.0, events=[],
    )  # fmt: skip


def _seed(database: Path, tasks: int, seed: int, agents: list[str] | None = None) -> int:
    engine = open_engine(database)
    try:
        return seed_arena(engine, expectations_path(database), tasks, seed, agents=agents).solutions
    finally:
        engine.dispose()


def _stored(database: Path) -> set[str]:
    engine = open_engine(database)
    try:
        with engine.connect() as connection:
            return set(connection.execute(select(solutions.c.id)).scalars())
    finally:
        engine.dispose()


def _expected(database: Path) -> set[str]:
    return {line.solution_id for line in read_expectations(expectations_path(database))}


@pytest.mark.parametrize(
    ("moment", "stored"), [("commit of tasks", False), ("commit of solutions", False), ("after a batch", True)]
)
def test_a_killed_seeding_loses_no_expectation(tmp_path: Path, moment: str, stored: bool) -> None:
    """Killed whenever, a seeding has left an expectation of all that it stored; another one after it adds to these."""
    database = tmp_path / "arena.sqlite"
    done = subprocess.run([sys.executable, "-c", _KILLED, str(database), moment], check=False)
    assert done.returncode == -signal.SIGKILL
    before = _stored(database)
    assert bool(before) == stored
    assert before <= _expected(database)
    _seed(database, 3, 9, ["perfect", "no_answer"])
    assert before < _stored(database) <= _expected(database)
    _seed(database, 8, 7)
    assert _stored(database) == _expected(database)
    assert not list(tmp_path.glob("*.tmp")) + list(tmp_path.glob(".*.tmp"))


def test_a_torn_line_is_passed_over_and_cut_off(tmp_path: Path) -> None:
    """The half line that a kill leaves is no mistake to a reader, and the next seeding puts it right."""
    database = tmp_path / "arena.sqlite"
    _seed(database, 3, 7)
    path = expectations_path(database)
    whole = path.read_bytes()
    start = whole.rindex(b"\n", 0, -1) + 1
    for length in (1, 5, 40, len(whole) - start - 1):
        path.write_bytes(whole[: start + length])
        assert len(_expected(database)) == whole.count(b"\n") - 1
        _seed(database, 3, 7)
        assert path.read_bytes() == whole


def test_what_is_no_expectation_is_not_cut_off(tmp_path: Path) -> None:
    """A file that ends with something else, with or without an end of line, is refused and stays as it is."""
    path = tmp_path / "notes.jsonl"
    for text in ("a note", '{"task_id":"t","solution_id":3}\n'):
        path.write_text(text)
        with pytest.raises(ContractError, match="no expectation"):
            ExpectationFile(path)
        with pytest.raises(ContractError, match="no expectation"):
            list(read_expectations(path))
        assert path.read_text() == text


def test_the_last_of_several_lines_counts(tmp_path: Path) -> None:
    """A solution that is there twice is read once, as its last line has it."""
    path = tmp_path / "arena.expected.jsonl"
    lines = (_line(1), _line(2), _line(1, "failed"))
    path.write_bytes(b"".join(msgspec.json.encode(line) + b"\n" for line in lines))
    assert list(read_expectations(path)) == [_line(1, "failed"), _line(2)]


def test_files_opened_together_know_of_each_other(tmp_path: Path) -> None:
    """What one adds the other does not add again, and neither overwrites the other's."""
    path = tmp_path / "arena.expected.jsonl"
    with ExpectationFile(path) as one, ExpectationFile(path) as two:
        one.add([_line(1), _line(2)])
        two.add([_line(2), _line(3)])
        one.add([_line(3), _line(4)])
    assert [line.solution_id for line in read_expectations(path)] == ["s1", "s2", "s3", "s4"]
    assert path.read_bytes().count(b"\n") == 4


def test_two_seedings_at_once_lose_nothing(tmp_path: Path) -> None:
    """Seedings of one arena that run at the same time leave the expectations of both, each once."""
    database = tmp_path / "arena.sqlite"
    _seed(database, 0, 0)
    with ThreadPoolExecutor() as pool:
        made = [
            pool.submit(_seed, database, 12, seed, agents) for seed, agents in ((1, None), (1, None), (2, list(AGENTS)))
        ]
        counts = [one.result() for one in made]
    assert counts[0] == counts[1]
    assert _stored(database) == _expected(database)
    assert expectations_path(database).read_bytes().count(b"\n") == counts[0] + counts[2]
