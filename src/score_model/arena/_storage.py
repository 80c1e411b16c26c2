"""Opening the arena's database, and storing the export's rows in it."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.exc import DatabaseError

from score_model.arena._engine import open_database
from score_model.arena._rows import Row
from score_model.arena._tables import SCHEMA_VERSION, entries, metadata
from score_model.errors import UsageError

_BATCH_ROWS = 5_000


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
