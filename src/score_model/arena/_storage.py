"""The entries table: one file of SQLite, written in transactions, read while it is written."""

import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Connection,
    Engine,
    Float,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    create_engine,
    event,
)
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.engine import URL
from sqlalchemy.exc import DatabaseError

from score_model.arena._rows import Row
from score_model.errors import UsageError

SCHEMA_VERSION = 1  # kept in SQLite's user_version
_PAGE_BYTES = 16_384
_CACHE_KIB = 131_072
_BATCH_ROWS = 5_000

_metadata = MetaData()

# `entry` stays last: SQLite then reads the filter columns of a row without touching its bytes.
# `id` grows with every row, so it breaks ties in every sort and makes each order total.
entries = Table(
    "entries",
    _metadata,
    Column("id", Integer, primary_key=True),
    Column("identity", LargeBinary(16), nullable=False, unique=True),
    Column("task_id", String),
    Column("website", String),
    Column("use_case", String),
    Column("miner_uid", BigInteger),
    Column("validator_uid", BigInteger),
    Column("agent_id", String),
    Column("round_id", String),
    Column("web_version", String),
    Column("season", BigInteger, nullable=False),
    Column("passed", Boolean),
    Column("score", Float, nullable=False),
    Column("created_us", BigInteger, nullable=False),
    Column("entry", LargeBinary, nullable=False),
)
_columns = entries.c
for _name, _prefix in {
    "created": (),
    "website": (_columns.website,),
    "website_passed": (_columns.website, _columns.passed),
    "passed": (_columns.passed,),
    "use_case": (_columns.use_case,),
    "miner": (_columns.miner_uid,),
    "validator": (_columns.validator_uid,),
}.items():
    Index(f"entries_{_name}", *_prefix, _columns.created_us, _columns.id)
Index("entries_score", _columns.score, _columns.id)
Index("entries_task", _columns.task_id, _columns.season)
Index("entries_agent", _columns.agent_id)


@dataclass(frozen=True)
class Stored:
    """What a batch did: rows that are new, and rows that the table had already."""

    added: int
    known: int


def open_engine(database: Path) -> Engine:
    """Engine over the SQLite file `database`, made with its folders where missing.

    Raises UsageError if it can't be opened or is not an arena's database.
    """
    try:
        database.parent.mkdir(parents=True, exist_ok=True)
        engine = create_engine(URL.create("sqlite", database=str(database)))
        event.listen(engine, "connect", _prepare_connection)
        event.listen(engine, "begin", _begin)
        _create_schema(engine)
    except (OSError, DatabaseError) as error:
        reason = error.strerror if isinstance(error, OSError) else getattr(error, "orig", error)
        raise UsageError(f"cannot use {database} as the arena's database: {reason}") from None
    return engine


def _prepare_connection(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None  # sqlite3 must not start transactions by itself: `_begin` does
    for pragma in (
        "busy_timeout=30000",  # first: switching to WAL needs a lock that another process may hold
        f"page_size={_PAGE_BYTES}",  # only takes effect on a new file
        "journal_mode=WAL",
        "synchronous=FULL",
        f"cache_size=-{_CACHE_KIB}",
    ):
        connection.execute(f"PRAGMA {pragma}").close()


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql(connection.get_execution_options().get("begin_with", "BEGIN"))


def _create_schema(engine: Engine) -> None:
    with engine.connect().execution_options(begin_with="BEGIN IMMEDIATE") as connection, connection.begin():
        version = connection.exec_driver_sql("PRAGMA user_version").scalar_one()
        if version == SCHEMA_VERSION:
            return
        tables = connection.exec_driver_sql("SELECT count(*) FROM sqlite_master").scalar_one()
        if version or tables:
            raise UsageError(
                f"{engine.url.database} is not a database of this arena (schema {version}): name another one"
            )
        _metadata.create_all(connection)
        connection.exec_driver_sql(f"PRAGMA user_version={SCHEMA_VERSION}")


def store_rows(engine: Engine, rows: Iterable[Row], batch_rows: int = _BATCH_ROWS) -> Iterator[Stored]:
    """Add rows, one transaction per `batch_rows`; yields after each commit, when the batch is safe on disk.

    A row whose task, solution and evaluation id the table holds already is left as it is.
    Raises UsageError if the disk refuses.
    """
    statement = insert(entries).on_conflict_do_nothing(index_elements=["identity"])
    remaining = iter(rows)
    while batch := [_as_parameters(row) for row in islice(remaining, batch_rows)]:
        try:
            with engine.connect().execution_options(begin_with="BEGIN IMMEDIATE") as connection, connection.begin():
                added = connection.execute(statement, batch).rowcount
        except DatabaseError as error:
            raise UsageError(f"cannot write {engine.url.database}: {getattr(error, 'orig', error)}") from None
        yield Stored(added=added, known=len(batch) - added)


def _as_parameters(row: Row) -> dict[str, Any]:
    return row._asdict()
