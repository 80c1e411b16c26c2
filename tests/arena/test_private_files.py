"""What the arena keeps to itself (tests, digests of tokens, what passes) is its owner's alone to read."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from score_model.arena import open_engine
from score_model.arena.database.engine import transaction
from score_model.arena.sites import open_sites
from score_model.cli.main import run


@pytest.fixture(autouse=True)
def open_umask() -> Iterator[None]:
    """A umask that takes nothing away."""
    before = os.umask(0)
    yield
    os.umask(before)


def modes(folder: Path) -> dict[str, int]:
    return {path.name: path.stat().st_mode & 0o777 for path in folder.iterdir()}


def test_an_arena_is_closed_to_others_from_the_first_byte_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Database, log and shared memory have mode 0600 as they are made: nothing is closed afterwards."""
    for name in ("chmod", "fchmod"):
        monkeypatch.delattr(os, name)
    engine, sites = open_engine(tmp_path / "arena.sqlite"), open_sites(tmp_path / "arena.sites.sqlite")
    with transaction(engine):
        found = modes(tmp_path)
    engine.dispose()
    sites.dispose()
    assert {"arena.sqlite", "arena.sqlite-wal", "arena.sqlite-shm", "arena.sites.sqlite"} <= found.keys()
    assert set(found.values()) == {0o600}


def test_what_is_seeded_is_closed_to_others(tmp_path: Path) -> None:
    """So is the file that tells which answers will pass, and all else beside the database."""
    assert run(["arena", "seed", "--tasks", "1", "--database", str(tmp_path / "arena.sqlite")]) == 0
    found = modes(tmp_path)
    assert {"arena.sqlite", "arena.expected.jsonl"} <= found.keys()
    assert set(found.values()) == {0o600}


def test_a_mode_that_somebody_chose_stays(tmp_path: Path) -> None:
    """A database that its owner shares with a group is not taken away from it."""
    database = tmp_path / "arena.sqlite"
    open_engine(database).dispose()
    database.chmod(0o640)
    open_engine(database).dispose()
    assert modes(tmp_path)["arena.sqlite"] == 0o640
