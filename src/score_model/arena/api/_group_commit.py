"""Writing transactions: one at a time, and those that wait together share one commit."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import Connection, Engine

from score_model.arena.database.engine import transaction
from score_model.web import RefusedError

T = TypeVar("T")
_MOST_TOGETHER = 64


class _Failed(NamedTuple):
    error: Exception


class _Waiting(NamedTuple):
    work: Callable[[Connection], Any]
    done: asyncio.Future[Any]


class Writer:
    """Runs pieces of work inside transactions, off the event loop.

    A commit waits for the disk, so the pieces that came in meanwhile go into the next one together. None is answered
    before it is safe on disk. A piece refuses (RefusedError) before it writes; where one fails otherwise, all are
    undone and each is done again in a transaction of its own, so that one failure is nobody else's.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._waiting: list[_Waiting] = []
        self._committing: asyncio.Task[None] | None = None

    async def run(self, work: Callable[[Connection], T]) -> T:
        """What `work` returns, once it is committed; raises what it raises, or why the commit failed."""
        done: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._waiting.append(_Waiting(work, done))
        if self._committing is None:
            self._committing = asyncio.create_task(self._commit_all())
        return await done

    async def finish(self) -> None:
        """Wait for what is under way."""
        if self._committing is not None:
            await self._committing

    async def _commit_all(self) -> None:
        while self._waiting:
            batch, self._waiting = self._waiting[:_MOST_TOGETHER], self._waiting[_MOST_TOGETHER:]
            outcomes = await asyncio.to_thread(_outcomes, self._engine, [waiting.work for waiting in batch])
            for waiting, outcome in zip(batch, outcomes, strict=True):
                if waiting.done.done():  # its client is gone; the work is done nevertheless
                    continue
                if isinstance(outcome, _Failed):
                    waiting.done.set_exception(outcome.error)
                else:
                    waiting.done.set_result(outcome)
        self._committing = None


class _BrokenError(Exception):
    """A piece of work failed in a way that it did not foresee."""

    def __init__(self, error: Exception) -> None:
        super().__init__()
        self.error = error


def _outcomes(engine: Engine, works: Sequence[Callable[[Connection], Any]]) -> list[Any]:
    """What became of each piece of work."""
    try:
        with transaction(engine) as connection:
            return [_outcome(connection, work) for work in works]
    except _BrokenError as broken:
        if len(works) == 1:
            return [_Failed(broken.error)]
        return [outcome for work in works for outcome in _outcomes(engine, [work])]
    except Exception as error:  # noqa: BLE001 - the transaction could not begin or commit: each who waits is told
        return [_Failed(error)] * len(works)


def _outcome(connection: Connection, work: Callable[[Connection], Any]) -> Any:
    try:
        return work(connection)
    except RefusedError as refusal:
        return _Failed(refusal)
    except Exception as error:
        raise _BrokenError(error) from error
