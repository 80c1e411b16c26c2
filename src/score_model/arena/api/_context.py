"""What the routes of the task API share."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from dataclasses import dataclass
from typing import Any, TypeVar

import msgspec
from litestar import Request, Response
from sqlalchemy import Connection, Engine

from score_model.arena._settings import ArenaSettings, Clock
from score_model.arena.api._admission import Admission
from score_model.arena.api._bodies import ReceivedBody
from score_model.arena.api._group_commit import Writer
from score_model.arena.api._idempotency import answer_once, answered, key_of
from score_model.arena.api._lists import Lists

Incoming = Request[Any, Any, Any]
T = TypeVar("T")
_LARGE = 2**20  # bytes of a body
_LARGE_AT_ONCE = 4  # bodies; each may fill 64 MiB, and more while its screenshots are decoded


@dataclass(frozen=True, eq=False)
class Post:
    """A POST that was let in: its Idempotency-Key, its nonce if one is demanded, and its body."""

    key: str | None
    nonce: str | None
    received: ReceivedBody


class ApiContext:
    """The database, the clock, and who is let in."""

    def __init__(self, settings: ArenaSettings, engine: Engine, clock: Clock, admission: Admission) -> None:
        self.switches = settings.api
        self.clock = clock
        self.admission = admission
        self.lists = Lists(settings.api, engine)
        self.writer = Writer(engine)
        self._engine = engine
        self._large = asyncio.Semaphore(_LARGE_AT_ONCE)
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

    def enter(self, request: Incoming) -> AbstractAsyncContextManager[Mapping[str, str]]:
        """Inside it the caller of a GET is let in: see `Admission.enter`."""
        return self.admission.enter(request)

    @asynccontextmanager
    async def enter_post(
        self, request: Incoming, read: Callable[[Incoming], Awaitable[ReceivedBody]]
    ) -> AsyncIterator[Post]:
        """Inside it the caller of a POST is let in, and its body is read; of large bodies there are few at a time.

        Raises RefusedError 400 or 401, 422 for a bad Idempotency-Key, and what `read` raises. What refuses the request
        inside gives its nonce back.
        """
        await self.admission.admit(request)
        key = key_of(request)
        async with self._large if _may_be_large(request) else nullcontext():
            received = await read(request)
            post = Post(key, self.admission.demanded_nonce(received.demanded), received)
            try:
                yield post
            except Exception:
                if post.nonce is not None:
                    self.admission.nonces.give_back(post.nonce, post)
                raise

    async def once(
        self, post: Post, fingerprint: bytes, make: Callable[[Connection, int], object], status: int = 201
    ) -> Response[bytes]:
        """The answer with the record that `make(connection, now)` stores, or that it stored under this key before.

        Only what is not a repetition needs a fresh nonce. Raises RefusedError 409, 422, and what `make` raises.
        """

        def work(connection: Connection) -> tuple[bytes, bool]:
            now = self.clock()

            def made() -> bytes:
                if post.nonce is not None:
                    self.admission.nonces.take(post.nonce, post)
                return msgspec.json.encode(make(connection, now))

            return answer_once(connection, now, post.key, fingerprint, made)

        return answered(*await self.writer.run(work), status)


def _may_be_large(request: Incoming) -> bool:
    told = request.content_length
    return "transfer-encoding" in request.headers if told is None else told > _LARGE
