"""Kills, several processes, and databases of the version before."""

import signal
import sqlite3
import subprocess
import threading
import urllib.error
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from score_model.arena import ArenaSettings, import_entries, open_engine
from score_model.arena.api import create_token, list_tokens
from score_model.arena.server import arena_app
from score_model.errors import UsageError
from tests.arena.api.images import data_url, png
from tests.arena.conftest import ManualClock
from tests.arena.factories import entry
from tests.arena.processes import get, post, serving

_WRITERS = 4
_ACKNOWLEDGED = 40  # answers before the kill


def _write(api: str, writer: int, acknowledged: list[tuple[str, str]], enough: threading.Event) -> None:
    """Create and submit until the arena is gone; note what was answered with 201."""
    number = 0
    while True:
        number += 1
        try:
            status, task = post(f"{api}/tasks", {"title": f"{writer} {number}"})
            assert status == 201
            acknowledged.append(("tasks", task["id"]))
            body = {"agent_id": "a", "artifacts": {"screenshots": [data_url(png(number % 250))]}}
            status, solution = post(f"{api}/tasks/{task['id']}/solutions", body)
            assert status == 201
            acknowledged.append(("solutions", solution["id"]))
            status, _ = post(f"{api}/tasks/{task['id']}/claim", {"agent_id": "a"})
            assert status == 200
            acknowledged.append(("claims", task["id"]))
        except (OSError, urllib.error.URLError):
            return
        if len(acknowledged) >= _ACKNOWLEDGED:
            enough.set()


def _kill_while_writing(database: Path) -> list[tuple[str, str]]:
    acknowledged: list[tuple[str, str]] = []
    enough = threading.Event()
    with serving("--database", database) as (process, urls):
        writers = [
            threading.Thread(target=_write, args=(urls["api_url"], writer, acknowledged, enough))
            for writer in range(_WRITERS)
        ]
        for writer in writers:
            writer.start()
        assert enough.wait(30)
        process.send_signal(signal.SIGKILL)
        for writer in writers:
            writer.join(30)
    return acknowledged


def test_a_kill_loses_nothing_acknowledged(tmp_path: Path) -> None:
    """After SIGKILLs while writing, every task, solution, screenshot and claim that was acknowledged is there."""
    database = tmp_path / "arena.sqlite"
    acknowledged = [done for _ in range(2) for done in _kill_while_writing(database)]
    with sqlite3.connect(database) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    connection.close()
    with serving("--database", database) as (_, urls):
        for kind, identity in acknowledged:
            if kind == "solutions":
                shown = get(f"{urls['api_url']}/solutions/{identity}")
                assert len(shown["artifacts"]["screenshots"]) == 1
            else:
                status = get(f"{urls['api_url']}/tasks/{identity}")["status"]
                assert kind == "tasks" or status == "assigned"


def test_two_processes_share_one_database(tmp_path: Path) -> None:
    """Of claims that reach two arenas over one database at once one wins; a key used at both makes one solution."""
    database = tmp_path / "arena.sqlite"
    with serving("--database", database) as (_, one), serving("--database", database) as (_, two):
        apis = (one["api_url"], two["api_url"])
        _, task = post(f"{apis[0]}/tasks", {"title": "x"})
        path = f"tasks/{task['id']}"

        def claim(number: int) -> int:
            return post(f"{apis[number % 2]}/{path}/claim", {"agent_id": f"miner_{number}"})[0]

        def submit(number: int) -> tuple[int, Any]:
            return post(f"{apis[number % 2]}/{path}/solutions", {"agent_id": "a"}, **{"Idempotency-Key": "k"})

        with ThreadPoolExecutor(16) as pool:
            assert sorted(pool.map(claim, range(40))) == [200] + [409] * 39
            answers = list(pool.map(submit, range(40)))
        assert {status for status, _ in answers} == {201}
        assert len({solution["id"] for _, solution in answers}) == 1
        assert get(f"{apis[1]}/{path}/solutions")["total"] == 1


def test_a_database_of_the_version_before(tmp_path: Path) -> None:
    """A database that only had entries gets the other tables, and keeps its entries."""
    database = tmp_path / "arena.sqlite"
    engine = open_engine(database)
    import_entries(engine, [entry(1), entry(2)])
    with engine.begin() as connection:
        for table in ("tasks", "solutions", "screenshots", "answers", "tokens", "secrets"):
            connection.exec_driver_sql(f"DROP TABLE {table}")
        connection.exec_driver_sql("PRAGMA user_version=1")
    engine.dispose()
    engine = open_engine(database)
    assert list_tokens(engine) == []
    create_token(engine, ManualClock(), "t")
    assert arena_app(ArenaSettings(database=database), engine, ManualClock())
    with engine.begin() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM entries").scalar_one() == 2
    engine.dispose()


def test_a_database_of_a_later_version(tmp_path: Path) -> None:
    """A database that a later version wrote is refused, not changed."""
    database = tmp_path / "arena.sqlite"
    open_engine(database).dispose()
    with sqlite3.connect(database) as connection:
        connection.execute("PRAGMA user_version=99")
    connection.close()
    with pytest.raises(UsageError, match="schema 99"):
        open_engine(database)


def test_a_stop_finishes_what_it_began(tmp_path: Path) -> None:
    """SIGTERM while requests are being answered ends with code 0, and what was answered is there."""
    database = tmp_path / "arena.sqlite"
    made: list[str] = []
    with serving("--database", database) as (process, urls):

        def create() -> None:
            while True:
                try:
                    status, task = post(f"{urls['api_url']}/tasks", {"title": "x"})
                except (OSError, urllib.error.URLError):
                    return
                assert status == 201
                made.append(task["id"])
                if len(made) == 20:
                    process.terminate()

        writers = [threading.Thread(target=create) for _ in range(2)]
        for writer in writers:
            writer.start()
        for writer in writers:
            writer.join(30)
        try:
            assert process.wait(10) == 0
        except subprocess.TimeoutExpired:
            pytest.fail("the arena did not stop")
    with sqlite3.connect(database) as connection:
        stored = {identity for (identity,) in connection.execute("SELECT id FROM tasks")}
    connection.close()
    assert set(made) <= stored
