"""Where the websites keep what happened: each identity's state, and its backend events, in one SQLite file."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Engine,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    delete,
    select,
)
from sqlalchemy.dialects.sqlite import insert

from score_model.arena.database.engine import open_database
from score_model.arena.sites.state import SiteState

SCHEMA_VERSION = 1
MOST_IDENTITY = 200  # characters of an agent's or a validator's id
_MOST_EVENTS, _MOST_EVENT_BYTES = 10_000, 32 << 20  # that one identity can read back from one source
_CACHE_KIB = 4096  # of a connection: each request looks at a few rows of its own
_EMPTY = msgspec.json.encode(SiteState())

_metadata = MetaData()
_worlds = Table(
    "worlds",
    _metadata,
    Column("source", String, primary_key=True),
    Column("agent_id", String, primary_key=True),
    Column("validator_id", String, primary_key=True),
    Column("world", LargeBinary, nullable=False),
)
_events = Table(
    "events",
    _metadata,
    Column("id", Integer, primary_key=True),
    Column("source", String, nullable=False),
    Column("agent_id", String, nullable=False),
    Column("validator_id", String, nullable=False),
    Column("created_us", Integer, nullable=False),
    Column("event", LargeBinary, nullable=False),
    sqlite_autoincrement=True,  # an id is never given twice, resets or not
)
Index("events_identity", _events.c.source, _events.c.agent_id, _events.c.validator_id, _events.c.id)


@dataclass(frozen=True)
class Identity:
    """Whom a browser acts for: the headers `X-WebAgent-Id` and `X-Validator-Id`; empty for a person without them."""

    agent_id: str = ""
    validator_id: str = ""


class StoredEvent(msgspec.Struct, frozen=True):
    """An event as it was posted, with its number and the time of its arrival in µs."""

    id: int
    created_us: int
    event: msgspec.Raw


class SiteStore:
    """Worlds and events over one engine; every method is one transaction and safe from any thread.

    A SIGKILL loses nothing that was acknowledged.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._turn = threading.Lock()  # SQLite's own lock is polled; threads that wait for this one come in turn

    @contextmanager
    def state(self, site: str, identity: Identity) -> Iterator[SiteState]:
        """The identity's state on a site, to read."""
        with self._engine.connect() as connection, connection.begin():
            yield _read(connection, site, identity)[1]

    def change(self, site: str, identity: Identity, act: Callable[[SiteState], Any]) -> Any:
        """Let `act` change the state, store it, and return what `act` returned. What `act` raises undoes everything."""
        with self._writing() as connection:
            stored, state = _read(connection, site, identity)
            result = act(state)
            _write(connection, site, identity, stored, state)
        return result

    def change_and_record(
        self,
        site: str,
        identity: Identity,
        act: Callable[[SiteState], tuple[Any, bytes | None]],
        now_us: int,
    ) -> Any:
        """As `change`, for sites with events of their own: `act` also returns the event to store, if any, as JSON."""
        with self._writing() as connection:
            stored, state = _read(connection, site, identity)
            result, event = act(state)
            _write(connection, site, identity, stored, state)
            if event is not None:
                _add(connection, site, identity, event, now_us)
        return result

    def add_event(self, source: str, identity: Identity, event: bytes, now_us: int) -> StoredEvent:
        """Store an event, JSON as it was posted, under a source (a site's name, or an origin)."""
        with self._writing() as connection:
            number = _add(connection, source, identity, event, now_us)
        return StoredEvent(number, now_us, msgspec.Raw(event))

    def events(self, source: str, identity: Identity) -> list[StoredEvent]:
        """An identity's events from a source, newest first; without the oldest where that is over 10,000 or 32 MiB."""
        columns = _events.c
        query = (
            select(columns.id, columns.created_us, columns.event)
            .where(*_of(_events, source, identity))
            .order_by(columns.id.desc())
            .limit(_MOST_EVENTS)
        )
        found: list[StoredEvent] = []
        room = _MOST_EVENT_BYTES
        with self._engine.connect() as connection, connection.begin():
            for number, created_us, event in connection.execute(query).yield_per(16):
                room -= len(event)
                if room < 0:
                    break
                found.append(StoredEvent(number, created_us, msgspec.Raw(event)))
        return found

    def reset_events(self, source: str, identity: Identity) -> int:
        """Delete an identity's events from a source; returns how many there were."""
        with self._writing() as connection:
            return connection.execute(delete(_events).where(*_of(_events, source, identity))).rowcount

    def reset(self, site: str, identity: Identity, *other_sources: str) -> None:
        """Put a site back to what it was before this identity came.

        Its state goes, and its events under the site's name and from `other_sources`.
        """
        with self._writing() as connection:
            connection.execute(delete(_worlds).where(*_of(_worlds, site, identity)))
            for source in (site, *other_sources):
                connection.execute(delete(_events).where(*_of(_events, source, identity)))

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        immediate = {"begin_with": "BEGIN IMMEDIATE"}
        with self._turn, self._engine.connect().execution_options(**immediate) as connection, connection.begin():
            yield connection


def open_sites(database: Path) -> Engine:
    """Engine over the websites' SQLite file, made where missing. Raises UsageError if it can't be used."""
    # NORMAL: a commit survives the process; only a power cut may take the last ones, and events are not worth an fsync.
    return open_database(database, _metadata, SCHEMA_VERSION, synchronous="NORMAL", cache_kib=_CACHE_KIB)


def _read(connection: Connection, site: str, identity: Identity) -> tuple[bytes | None, SiteState]:
    """The state and how it is stored."""
    query = select(_worlds.c.world).where(*_of(_worlds, site, identity))
    stored = connection.execute(query).scalar_one_or_none()
    return stored, SiteState() if stored is None else msgspec.json.decode(stored, type=SiteState)


def _write(connection: Connection, site: str, identity: Identity, stored: bytes | None, state: SiteState) -> None:
    """Store the state if it changed."""
    encoded = msgspec.json.encode(state)
    if encoded == (stored or _EMPTY):
        return
    whose = _columns_of(site, identity)
    statement = insert(_worlds).values(**whose, world=encoded)
    connection.execute(statement.on_conflict_do_update(index_elements=list(whose), set_={"world": encoded}))


def _add(connection: Connection, source: str, identity: Identity, event: bytes, now_us: int) -> int:
    whose = _columns_of(source, identity)
    result = connection.execute(_events.insert().values(**whose, created_us=now_us, event=event))
    assert result.inserted_primary_key is not None
    return int(result.inserted_primary_key[0])


def _columns_of(source: str, identity: Identity) -> dict[str, str]:
    return {"source": source, "agent_id": identity.agent_id, "validator_id": identity.validator_id}


def _of(table: Table, source: str, identity: Identity) -> list[ColumnElement[bool]]:
    return [table.c[name] == value for name, value in _columns_of(source, identity).items()]
