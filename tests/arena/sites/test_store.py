"""Worlds and events on disk."""

import json
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from score_model.arena import open_engine
from score_model.arena.sites import SiteStore, open_sites
from score_model.arena.sites.state import SiteState, User
from score_model.arena.sites.store import Identity
from score_model.errors import UsageError

ALICE = Identity("7", "v1")
OTHERS = (Identity("7", "v2"), Identity("8", "v1"), Identity("7", ""), Identity("", "v1"), Identity())

# Stores numbered events, and the last number in the world, for as long as it lives; prints each number once it is safe.
_WRITER = """
import sys
from pathlib import Path
from score_model.arena.sites.store import Identity
from score_model.arena.sites import SiteStore, open_sites

store = SiteStore(open_sites(Path(sys.argv[1])))
identity = Identity(sys.argv[2], "v1")

def act(state):
    number = state.next_number()
    return number, b'{"number": %d}' % number

while True:
    print(store.change_and_record("autocinema", identity, act, 0), flush=True)
"""


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return tmp_path / "arena.sites.sqlite"


@pytest.fixture
def store(database: Path) -> Iterator[SiteStore]:
    engine = open_sites(database)
    yield SiteStore(engine)
    engine.dispose()


def made(store: SiteStore, identity: Identity = ALICE, site: str = "autocinema") -> int:
    with store.state(site, identity) as state:
        return state.made


def count(state: SiteState) -> tuple[int, bytes]:
    """An act: takes the world's next number, and makes an event of it."""
    number = state.next_number()
    return number, b'{"number": %d}' % number


def numbers(store: SiteStore, identity: Identity = ALICE, site: str = "autocinema") -> list[int]:
    return [json.loads(bytes(stored.event))["number"] for stored in store.events(site, identity)]


def test_worlds_and_events_stay(database: Path) -> None:
    """What was stored is there when the file is opened again, events newest first with their time."""
    for number in (1, 2):
        engine = open_sites(database)
        assert SiteStore(engine).change_and_record("autocinema", ALICE, count, 1000 + number) == number
        engine.dispose()
    engine = open_sites(database)
    store = SiteStore(engine)
    assert made(store) == 2
    assert [(stored.id, stored.created_us, bytes(stored.event)) for stored in store.events("autocinema", ALICE)] == [
        (2, 1002, b'{"number": 2}'),
        (1, 1001, b'{"number": 1}'),
    ]
    engine.dispose()


def test_identities_and_sites_are_apart(store: SiteStore) -> None:
    """Nothing that one identity does, resets included, is seen by another, or on another site."""
    everyone = [(site, identity) for site in ("autocinema", "autobooks") for identity in (ALICE, *OTHERS)]
    for site, identity in everyone:
        store.change_and_record(site, identity, count, 0)
    store.change("autocinema", ALICE, SiteState.next_number)
    assert [made(store, identity, site) for site, identity in everyone] == [2] + [1] * (len(everyone) - 1)
    assert all(numbers(store, identity, site) == [1] for site, identity in everyone)
    assert store.reset_events("autocinema", ALICE) == 1
    store.reset("autobooks", ALICE)
    gone: dict[tuple[str, Identity], tuple[int, list[int]]]
    gone = {("autocinema", ALICE): (2, []), ("autobooks", ALICE): (0, [])}
    for site, identity in everyone:
        found = made(store, identity, site), numbers(store, identity, site)
        assert found == gone.get((site, identity), (1, [1]))


_NAMES = st.text(st.characters(codec="utf-8"), max_size=20)


@given(st.lists(st.builds(Identity, _NAMES, _NAMES), min_size=2, max_size=6, unique=True))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_two_identities_are_apart(store: SiteStore, identities: list[Identity]) -> None:
    """Identities that differ in anything, NUL, case, white space and accents included, have worlds of their own."""
    for turn, identity in enumerate(identities):
        assert made(store, identity) == 0
        for _ in range(turn + 1):
            store.change_and_record("autocinema", identity, count, 0)
    for turn, identity in enumerate(identities):
        assert made(store, identity) == len(numbers(store, identity)) == turn + 1
    for identity in identities:
        store.reset("autocinema", identity)


def test_a_failing_act_changes_nothing(store: SiteStore) -> None:
    """An act that raises leaves world and events as they were, and the next act finds the store in order."""

    def fail(state: SiteState) -> tuple[int, bytes]:
        state.next_number()
        raise LookupError("in the middle")

    store.change_and_record("autocinema", ALICE, count, 0)
    with pytest.raises(LookupError):
        store.change_and_record("autocinema", ALICE, fail, 0)
    with pytest.raises(LookupError):
        store.change("autocinema", ALICE, fail)
    assert store.change_and_record("autocinema", ALICE, count, 0) == 2
    assert numbers(store) == [2, 1]


def test_reading_changes_nothing(store: SiteStore) -> None:
    """What a reader does to the world that it was given is lost."""
    with store.state("autocinema", ALICE) as state:
        state.next_number()
    assert made(store) == 0


def test_an_unchanged_world_takes_no_room(store: SiteStore, database: Path) -> None:
    """An act that changes nothing, such as looking at a page, stores its event but no world."""
    store.change_and_record("autocinema", ALICE, lambda _: (None, b"{}"), 0)
    with sqlite3.connect(database) as connection:
        assert connection.execute("SELECT count(*) FROM worlds").fetchone() == (0,)
        assert connection.execute("SELECT count(*) FROM events").fetchone() == (1,)
    connection.close()


def test_threads_take_turns(store: SiteStore) -> None:
    """Of acts that many threads try at once, for one identity and for several, none is lost and none is done twice."""
    identities = (ALICE, *OTHERS)
    with ThreadPoolExecutor(16) as pool:
        futures = [
            pool.submit(store.change_and_record, "autocinema", identities[turn % 6], count, 0) for turn in range(300)
        ]
        given_numbers = [future.result() for future in futures]
    assert sorted(given_numbers) == sorted([*range(1, 51)] * 6)
    for identity in identities:
        assert numbers(store, identity) == list(range(50, 0, -1))


def test_readers_do_not_wait_for_a_writer(store: SiteStore) -> None:
    """While one act is being done, others are still shown the world as it was before."""
    entered, leave = threading.Event(), threading.Event()

    def slow(state: SiteState) -> None:
        state.next_number()
        entered.set()
        assert leave.wait(10)

    writer = threading.Thread(target=store.change, args=("autocinema", ALICE, slow))
    writer.start()
    assert entered.wait(10)
    assert made(store) == 0
    leave.set()
    writer.join()
    assert made(store) == 1


def test_ten_thousand_sessions(store: SiteStore) -> None:
    """A world with ten thousand members and their sessions is still read and changed as any other."""

    def crowd(state: SiteState) -> None:
        for number in range(10_000):
            state.users[f"u{number}"] = User(id=number, username=f"u{number}", email="a@b", password="p")
            state.sessions[f"s{number}"] = f"u{number}"

    store.change("autocinema", ALICE, crowd)
    assert store.change_and_record("autocinema", ALICE, count, 0) == 1
    with store.state("autocinema", ALICE) as state:
        assert len(state.sessions) == len(state.users) == 10_000


def test_a_listing_is_bounded(store: SiteStore, database: Path) -> None:
    """Of more than ten thousand events the newest ten thousand are listed; a reset counts and removes them all."""
    with sqlite3.connect(database) as connection:
        rows = [("autocinema", "7", "v1", 0, b'{"number": %d}' % number) for number in range(10_050)]
        insert = "INSERT INTO events (source, agent_id, validator_id, created_us, event) VALUES (?, ?, ?, ?, ?)"
        connection.executemany(insert, rows)
    connection.close()
    assert numbers(store) == list(range(10_049, 49, -1))
    assert store.reset_events("autocinema", ALICE) == 10_050


def _killed_writers(database: Path, agents: tuple[str, ...], enough: int) -> dict[str, int]:
    """Let processes write at once, kill them, and return the last number that each said was safe."""
    writers = {
        agent: subprocess.Popen([sys.executable, "-c", _WRITER, database, agent], stdout=subprocess.PIPE)
        for agent in agents
    }
    for writer in writers.values():
        assert writer.stdout is not None
        while int(writer.stdout.readline()) < enough:
            pass
    time.sleep(0.05)
    said = {}
    for agent, writer in writers.items():
        writer.send_signal(signal.SIGKILL)
        out, _ = writer.communicate(timeout=10)
        whole, _, _torn = out.rpartition(b"\n")
        said[agent] = int(whole.rpartition(b"\n")[2] or enough)
    return said


def test_a_kill_loses_nothing_acknowledged(database: Path) -> None:
    """Processes that are killed in the middle of writing lose no event that they had said was stored, and no event is
    there without the change of the world that it belongs to."""
    said = _killed_writers(database, ("7", "8"), enough=50)
    engine = open_sites(database)
    store = SiteStore(engine)
    for agent, last in said.items():
        identity = Identity(agent, "v1")
        stored = numbers(store, identity)
        assert len(stored) >= last
        assert stored == list(range(made(store, identity), 0, -1))
    assert store.change_and_record("autocinema", Identity("7", "v1"), count, 0) > said["7"]
    engine.dispose()


def test_files_that_are_not_ours(tmp_path: Path) -> None:
    """A file that is no database, another program's, or the arena's own is refused in one line and left as it is."""
    junk, foreign, versioned, arena = (
        tmp_path / f"{name}.sqlite" for name in ("junk", "foreign", "versioned", "arena")
    )
    junk.write_bytes(b"not a database" * 1000)
    for path, version in {foreign: 0, versioned: 1}.items():
        with sqlite3.connect(path) as connection:
            connection.execute("CREATE TABLE notes (text)")
            connection.execute(f"PRAGMA user_version={version}")
        connection.close()
    open_engine(arena).dispose()
    for path in (junk, foreign, versioned, arena, tmp_path):
        with pytest.raises(UsageError) as refused:
            open_sites(path)
        assert "\n" not in str(refused.value)
        assert str(path) in str(refused.value)
    assert junk.read_bytes() == b"not a database" * 1000
