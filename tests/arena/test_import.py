"""Loading dumps: fidelity, idempotence, torn lines, kills and readers at the same time."""

import asyncio
import json
import os
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from score_model.arena import import_dumps, import_entries, open_engine, seed_entries
from score_model.arena.database.entry_rows import row_of_entry
from score_model.errors import ContractError, UsageError
from tests.arena.conftest import StartArena
from tests.arena.factories import entry, number_of

_ODD = (
    rb'{"task":{"useCase":"A","taskId":"t","zz":[1.0,1,1E+2,-0.0,1e-7,123456789012345678901234567890],'
    rb'"intent":"tab\t \u00e9 \/ \"q\" {,} :"},"evaluation":{"score":1.0,"passed":true,"aa":null},'
    rb'"future":{"b":1,"a":2}}'
)


async def test_rows_come_back_as_they_went_in(start_arena: StartArena, tmp_path: Path) -> None:
    """Unknown fields, key order, number and escape spellings survive; only white space outside strings goes."""
    spaced = _ODD.replace(b'"task":', b' "task" :\t').replace(b'"future":', b'  "future" : ')
    dump = tmp_path / "dump.jsonl"
    dump.write_bytes(b'{"entry": ' + spaced + b', "filters": {}, "page": 1, "fetched_at": "2025-11-10T00:00:00Z"}\n')
    arena = await start_arena()
    engine = open_engine(arena.database)
    assert import_dumps(engine, [dump]).added == 1
    engine.dispose()
    answer = await arena.get()
    assert answer.body == (
        b'{"success":true,"data":{"tasks":[' + _ODD + b'],"total":1,"page":1,"limit":50,"totalPages":1}}'
    )


def _import(tmp_path: Path, *files: Path) -> tuple[int, int, dict[str, int]]:
    engine = open_engine(tmp_path / "arena.sqlite")
    report = import_dumps(engine, files)
    engine.dispose()
    return report.added, report.known, dict(report.rejected)


def _dump(path: Path, entries: list[bytes]) -> Path:
    path.write_bytes(b"".join(b'{"entry":%b,"filters":{},"page":1}\n' % one for one in entries))
    return path


def test_imports_are_idempotent(tmp_path: Path) -> None:
    """Importing twice, or overlapping dumps, keeps one of each task, solution and evaluation."""
    rows = list(seed_entries(300, 3))
    first, second = _dump(tmp_path / "a.jsonl", rows[:200]), _dump(tmp_path / "b.jsonl", rows[100:])
    assert _import(tmp_path, first, second) == (300, 100, {})
    assert _import(tmp_path, first, second) == (0, 400, {})


def test_identity_is_task_solution_and_evaluation(tmp_path: Path) -> None:
    """A second evaluation of the same solution is another row; rows without any evaluation id stand for themselves."""
    rows = [
        entry(1),
        entry(1, evaluation={"score": 0}),
        entry(1, evaluation={"evaluationResultId": "again"}),
        entry(1, solution=None, evaluation=None),
        entry(1, solution=None, evaluation=None, agentRun=None),
    ]
    assert _import(tmp_path, _dump(tmp_path / "a.jsonl", rows))[:2] == (4, 1)


def test_bad_lines_are_counted_with_their_reason(tmp_path: Path) -> None:
    """Torn, foreign and hostile lines are left out and counted; the others are kept, bare entries too."""
    dump = tmp_path / "dump.jsonl"
    dump.write_bytes(
        b"\n".join(
            [
                entry(1),
                b'{"entry":' + entry(2) + b"}",
                b"",
                b"not json",
                b'{"entry":null}',
                b'{"entry":{"task":null}}',
                b"[1,2]",
                b'{"task":{"intent":"\xff"}}',
                b'{"task":{},"deep":' + b"[" * 100_000 + b"]" * 100_000 + b"}",
                b'{"entry":{"task":{"taskId":"torn',
            ]
        )
    )
    engine = open_engine(tmp_path / "arena.sqlite")
    report = import_dumps(engine, [dump])
    engine.dispose()
    assert report.added == 2
    assert report.failed == 7
    assert report.rejected["not UTF-8"] == 1
    assert report.rejected["nested too deeply"] == 1
    assert report.rejected["torn: it ends inside its JSON"] == 1
    assert report.rejected_lines[0].startswith("dump.jsonl:4: not JSON")


def test_lines_too_long_are_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A line beyond the limit is counted, and reading goes on behind it."""
    monkeypatch.setattr("score_model.arena.export._import.MAX_LINE_BYTES", 1000)
    dump = tmp_path / "dump.jsonl"
    dump.write_bytes(entry(1) + b"\n" + b" " * 5000 + b"\n" + entry(2))
    added, _, rejected = _import(tmp_path, dump)
    assert (added, rejected) == (2, {"longer than 1000 bytes": 1})


def test_unreadable_files_store_nothing(tmp_path: Path) -> None:
    """If one of the files can't be read, none is imported."""
    good = _dump(tmp_path / "a.jsonl", [entry(1)])
    with pytest.raises(UsageError, match="cannot read"):
        _import(tmp_path, good, tmp_path / "missing.jsonl")
    with pytest.raises(UsageError, match="cannot read"):
        _import(tmp_path, good, tmp_path)
    assert _import(tmp_path, good)[0] == 1


def test_foreign_databases_are_refused(tmp_path: Path) -> None:
    """A file that is no SQLite, or another program's, is refused and left alone."""
    text = tmp_path / "text.sqlite"
    text.write_text("hello, this is no database, only words " * 50)
    with pytest.raises(UsageError, match="cannot use"):
        open_engine(text)
    other = tmp_path / "other.sqlite"
    connection = sqlite3.connect(other)
    connection.execute("CREATE TABLE mine (a)")
    connection.close()
    with pytest.raises(UsageError, match="not a database of this arena"):
        open_engine(other)


@given(st.recursive(st.none() | st.booleans() | st.floats() | st.integers() | st.text(), st.lists, max_leaves=5))
def test_any_field_may_be_anything(value: object) -> None:
    """No value in any field stops a row: it is kept as it is, and filters see what they can use."""
    text = json.dumps(value, allow_nan=False) if _is_json(value) else "null"
    fields = {
        "task": ("taskId", "website", "useCase", "startUrl", "webVersion", "createdAt", "season"),
        "solution": ("taskSolutionId", "createdAt"),
        "evaluation": ("evaluationResultId", "score", "passed"),
        "agentRun": ("agentRunId", "minerUid", "validatorUid", "roundId"),
    }
    parts = (
        f'"{part}":{{{",".join(f"{json.dumps(name)}:{text}" for name in names)}}}' for part, names in fields.items()
    )
    raw = f"{{{','.join(parts)}}}".encode()
    try:
        row = row_of_entry(raw)
    except ContractError:  # a number beyond what a float holds
        return
    assert json.loads(row.entry) == json.loads(raw)
    assert row.miner_uid is None or -(2**63) <= row.miner_uid < 2**63


def _is_json(value: object) -> bool:
    try:
        json.dumps(value, allow_nan=False)
    except ValueError:
        return False
    return True


_IMPORTER = """
import sys
from pathlib import Path
from score_model.arena import import_dumps, open_engine
import score_model.arena.database.engine as storage
storage.store_rows.__defaults__ = (200,)
import_dumps(open_engine(Path(sys.argv[1])), [Path(sys.argv[2])], lambda r: print(r.added, flush=True))
"""


@pytest.mark.parametrize("commits", [1, 4])
def test_a_killed_import_keeps_what_it_acknowledged(tmp_path: Path, commits: int) -> None:
    """After SIGKILL the database opens whole, holds every acknowledged row, and the import can be run again."""
    rows = list(seed_entries(4000, 9))
    dump, database = _dump(tmp_path / "a.jsonl", rows), tmp_path / "arena.sqlite"
    process = subprocess.Popen([sys.executable, "-c", _IMPORTER, database, dump], stdout=subprocess.PIPE, text=True)
    assert process.stdout
    acknowledged = [int(process.stdout.readline()) for _ in range(commits)][-1]
    os.kill(process.pid, signal.SIGKILL)
    process.communicate()
    connection = sqlite3.connect(database)
    (kept,) = connection.execute("SELECT count(*) FROM entries").fetchone()
    assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    connection.close()
    assert acknowledged <= kept < 4000
    added, known, _ = _import(tmp_path, dump)
    assert (added, known) == (4000 - kept, kept)


async def test_readers_see_whole_pages_while_rows_arrive(start_arena: StartArena) -> None:
    """Reading oldest first while another thread imports misses no row that was there, and never fails."""
    arena = await start_arena([entry(number) for number in range(300)])
    later = [entry(number, created=f"2025-12-01T00:00:{number % 60:02}Z") for number in range(300, 2300)]

    def write() -> None:
        engine = open_engine(arena.database)
        for start in range(0, len(later), 100):
            import_entries(engine, later[start : start + 100])
        engine.dispose()

    async def read() -> list[int]:
        rows = []
        for page in range(1, 13):
            answer = await arena.get(f"sort=created_at_asc&limit=25&page={page}")
            rows += [number_of(row) for row in answer.tasks]
        return rows

    writing = asyncio.create_task(asyncio.to_thread(write))
    reads = await asyncio.gather(*(read() for _ in range(4)))
    await writing
    assert all(rows == list(range(300)) for rows in reads)
    assert (await arena.get("limit=1")).json["data"]["total"] == 2300
