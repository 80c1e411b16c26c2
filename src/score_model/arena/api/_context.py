"""What the routes of the task API share."""

import asyncio
from collections.abc import Callable
from typing import Any, TypeVar

import msgspec
from litestar import Request, Response
from sqlalchemy import Connection, Engine

from score_model.arena._settings import ArenaSettings, Clock
from score_model.arena.api._admission import Admission
from score_model.arena.api._errors import JSON
from score_model.arena.api._idempotency import answer_once, created
from score_model.arena.api._lists import Lists
from score_model.arena.api._writer import Writer

T = TypeVar("T")


class ApiContext:
    """The database, the clock, and who is let in."""

    def __init__(self, settings: ArenaSettings, engine: Engine, clock: Clock, admission: Admission) -> None:
        self.switches = settings.api
        self.clock = clock
        self.admission = admission
        self.lists = Lists(settings.api, engine)
        self.writer = Writer(engine)
        self._engine = engine
        self._looking = engine.connect()

    def look(self, work: Callable[[Connection], T]) -> T:
        """What `work` reads of a row or two, on the event loop's thread: a thread of its own would take longer."""
        with self._looking.begin():
            return work(self._looking)

    async def read(self, work: Callable[[Connection], T]) -> T:
        """What `work` reads, off the event loop."""

        def reading() -> T:
            with self._engine.begin() as connection:
                return work(connection)

        return await asyncio.to_thread(reading)

    async def close(self) -> None:
        """Finish what is being written, and give the connection back."""
        await self.writer.finish()
        self._looking.close()

    async def create(
        self, key: str | None, fingerprint: bytes, make: Callable[[Connection, int], object]
    ) -> Response[bytes]:
        """The answer (201) with the record that `make(connection, now)` stores, or that it stored under this key."""

        def work(connection: Connection) -> tuple[bytes, bool]:
            now = self.clock()
            return answer_once(connection, now, key, fingerprint, lambda: msgspec.json.encode(make(connection, now)))

        return created(*await self.writer.run(work))


def answer(record: object) -> Response[bytes]:
    """The answer (200) with a record."""
    return Response(msgspec.json.encode(record), media_type=JSON)


Incoming = Request[Any, Any, Any]
