"""Opening one of the arena's SQLite files: written in transactions, read while it is written."""

import sqlite3
from pathlib import Path
from typing import Literal

from sqlalchemy import Connection, Engine, MetaData, create_engine, event
from sqlalchemy.engine import URL
from sqlalchemy.exc import DatabaseError

from score_model.errors import UsageError

_PAGE_BYTES = 16_384


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
    survives a kill of the process, and with `synchronous` FULL a power cut. Writers ask for
    `begin_with="BEGIN IMMEDIATE"`.
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
