"""Transactions that share a commit: nobody's failure is another's."""

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, insert
from sqlalchemy.exc import IntegrityError

from score_model.arena import open_engine
from score_model.arena.api._group_commit import Writer
from score_model.arena.database.tables import secrets
from score_model.web import RefusedError


@pytest.fixture
async def engine(tmp_path: Path) -> AsyncIterator[Engine]:
    """An empty database."""
    opened = open_engine(tmp_path / "arena.sqlite")
    yield opened
    opened.dispose()


def _named(name: str) -> Callable[[Connection], str]:
    def work(connection: Connection) -> str:
        connection.execute(insert(secrets), {"name": name, "value": b""})
        return name

    return work


def _refusing(_connection: Connection) -> str:
    raise RefusedError(409, "no", "No")


def _names(engine: Engine) -> list[str]:
    with engine.begin() as connection:
        return sorted(connection.exec_driver_sql("SELECT name FROM secrets").scalars())


async def test_a_failure_is_nobody_elses(engine: Engine) -> None:
    """A piece that fails halfway is undone and told so; those that shared its transaction are done, and in order."""
    writer = Writer(engine)

    def halfway(connection: Connection) -> str:
        _named("half")(connection)
        return _named("a")(connection)

    pieces = [_named("a"), _refusing, halfway, _named("b"), _named("b"), _named("c")]
    outcomes = await asyncio.gather(*map(writer.run, pieces), return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [str, RefusedError, IntegrityError, str, IntegrityError, str]
    assert _names(engine) == ["a", "b", "c"]


async def test_many_share_a_commit(engine: Engine) -> None:
    """Hundreds that come at once are all done, with far fewer commits than pieces."""
    writer = Writer(engine)
    watching = engine.connect()
    seen = set()

    async def watch() -> None:
        while True:
            seen.add(watching.exec_driver_sql("PRAGMA data_version").scalar_one())
            await asyncio.sleep(0.0005)

    watcher = asyncio.create_task(watch())
    done = await asyncio.gather(*(writer.run(_named(f"{number:03}")) for number in range(300)))
    watcher.cancel()
    watching.close()
    assert done == _names(engine) == [f"{number:03}" for number in range(300)]
    assert len(seen) <= 10


async def test_a_client_that_leaves(engine: Engine) -> None:
    """The work of a client that goes away is done nevertheless, and the next one's too."""
    writer = Writer(engine)
    leaving = asyncio.create_task(writer.run(_named("left")))
    staying = asyncio.create_task(writer.run(_named("stayed")))
    await asyncio.sleep(0)
    leaving.cancel()
    assert await staying == "stayed"
    await writer.finish()
    assert _names(engine) == ["left", "stayed"]


async def test_a_lost_transaction_is_told_to_all(engine: Engine) -> None:
    """Where no transaction can begin, each who waits for it learns why, and later ones work."""
    writer = Writer(engine)
    with engine.connect() as connection:
        connection.exec_driver_sql("ALTER TABLE secrets RENAME TO gone")
        connection.commit()
    outcomes = await asyncio.gather(*(writer.run(_named(name)) for name in "ab"), return_exceptions=True)
    assert all("no such table" in str(outcome) for outcome in outcomes)
    with engine.connect() as connection:
        connection.exec_driver_sql("ALTER TABLE gone RENAME TO secrets")
        connection.commit()
    assert await writer.run(_named("c")) == "c"
