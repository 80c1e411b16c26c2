"""Asking for numbered pages, and for the seams between them, before they are needed."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

from score_model.client import ListPage

ReadPage = Callable[[int, int], Coroutine[Any, Any, ListPage]]


class ReadAhead:
    """Pages of `limit` rows and small probes, each asked for once until forgotten.

    `read(number, limit)` asks the server. Nothing is shared between readers.
    """

    def __init__(self, read: ReadPage, limit: int) -> None:
        self._read = read
        self._limit = limit
        self._asked: dict[tuple[int, int], asyncio.Task[ListPage]] = {}

    def expect(self, number: int, limit: int | None = None) -> asyncio.Task[ListPage]:
        """Asks for a page now, unless it is already asked for."""
        key = (number, limit or self._limit)
        if key not in self._asked:
            self._asked[key] = asyncio.create_task(self._read(*key))
        return self._asked[key]

    def take(self, number: int, limit: int | None = None) -> Awaitable[ListPage]:
        """The page, asked for now or earlier; asking again reads it anew."""
        task = self.expect(number, limit)
        del self._asked[number, limit or self._limit]
        return task

    async def forget(self) -> None:
        """Drops everything that was asked for and not taken."""
        dropped = list(self._asked.values())
        self._asked.clear()
        for task in dropped:
            task.cancel()
        await asyncio.gather(*dropped, return_exceptions=True)
