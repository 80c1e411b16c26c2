"""Opening one of the arena's SQLite files: written in transactions, read while it is written."""

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, Literal

from sqlalchemy import Connection, Engine, MetaData, create_engine, event
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.engine import URL
from sqlalchemy.exc import DatabaseError

from score_model.arena.database.entry_rows import Row
from score_model.arena.database.tables import SCHEMA_VERSION, entries, metadata
from score_model.errors import UsageError

_PAGE_BYTES = 16_384

_BATCH_ROWS = 5_000


def open_database(
    database: Path,
    metadata: MetaData,
    version: int,
    *,
    synchronous: Literal["FULL", "NORMAL"] = "FULL",
    cache_kib: int = 131_072,
) -> Engine:
    """Engine over the SQLite file `database`, made with its folders and tables where missing.

    `version` is kept in SQLite's user_version; a file of an earlier one gets the tables that it lacks. A commit
    survives a kill of the process, and with `synchronous` FULL a power cut. A new file is its owner's alone to read.
    Writers ask for `begin_with="BEGIN IMMEDIATE"`.
    Raises UsageError if the file can't be opened, is not one of ours, or is of a later version.
    """

    def prepare(connection: sqlite3.Connection, _record: object) -> None:
        connection.create_function("casefold", 1, _casefold, deterministic=True)
        connection.isolation_level = None  # sqlite3 must not start transactions by itself: `_begin` does
        for pragma in (
            "busy_timeout=30000",  # first: switching to WAL needs a lock that another process may hold
            f"page_size={_PAGE_BYTES}",  # only takes effect on a new file
            "journal_mode=WAL",
            f"synchronous={synchronous}",
            f"cache_size=-{cache_kib}",  # of each connection
        ):
            connection.execute(f"PRAGMA {pragma}").close()

    try:
        database.parent.mkdir(parents=True, exist_ok=True)
        database.touch(0o600)  # it holds tests and digests of tokens; SQLite gives its -wal and -shm the same mode
        engine = create_engine(URL.create("sqlite", database=str(database)))
        event.listen(engine, "connect", prepare)
        event.listen(engine, "begin", _begin)
        try:
            _create_schema(engine, metadata, version)
        except BaseException:
            engine.dispose()
            raise
    except (OSError, DatabaseError) as error:
        reason = error.strerror if isinstance(error, OSError) else getattr(error, "orig", error)
        raise UsageError(f"cannot use {database} as the arena's database: {reason}") from None
    return engine


def _casefold(text: str | None) -> str | None:
    """For statements: SQLite itself folds ASCII letters only."""
    return None if text is None else text.casefold()


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql(connection.get_execution_options().get("begin_with", "BEGIN"))


def _create_schema(engine: Engine, metadata: MetaData, version: int) -> None:
    with engine.connect().execution_options(begin_with="BEGIN IMMEDIATE") as connection, connection.begin():
        found = connection.exec_driver_sql("PRAGMA user_version").scalar_one()
        tables = set(connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'table'").scalars())
        if found == version and tables >= metadata.tables.keys():
            return
        ours = found < version and bool(tables & metadata.tables.keys()) if found else not tables
        if not ours:
            raise UsageError(
                f"{engine.url.database} is not a database of this arena (schema {found}): name another one"
            )
        metadata.create_all(connection)
        connection.exec_driver_sql(f"PRAGMA user_version={version}")


@dataclass(frozen=True)
class Stored:
    """What a batch did: rows that are new, and rows that the table had already."""

    added: int
    known: int


def open_engine(database: Path) -> Engine:
    """Engine over the arena's SQLite file, made where missing. Raises UsageError if it can't be used."""
    return open_database(database, metadata, SCHEMA_VERSION)


@contextmanager
def transaction(engine: Engine) -> Iterator[Connection]:
    """A transaction that may write from its start on, so that what it reads stays true until it commits."""
    with engine.connect().execution_options(begin_with="BEGIN IMMEDIATE") as connection, connection.begin():
        yield connection


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """A transaction as above for a library call or a command; raises UsageError if the disk refuses."""
    try:
        with transaction(engine) as connection:
            yield connection
    except DatabaseError as error:
        raise UsageError(f"cannot write {engine.url.database}: {getattr(error, 'orig', error)}") from None


def store_rows(engine: Engine, rows: Iterable[Row], batch_rows: int = _BATCH_ROWS) -> Iterator[Stored]:
    """Add rows, one transaction per `batch_rows`; yields after each commit, when the batch is safe on disk.

    A row whose task, solution and evaluation id the table holds already is left as it is.
    Raises UsageError if the disk refuses.
    """
    statement = insert(entries).on_conflict_do_nothing(index_elements=["identity"])
    remaining = iter(rows)
    while batch := [_as_parameters(row) for row in islice(remaining, batch_rows)]:
        with writing(engine) as connection:
            added = connection.execute(statement, batch).rowcount
        yield Stored(added=added, known=len(batch) - added)


def _as_parameters(row: Row) -> dict[str, Any]:
    return row._asdict()
