"""Asking for numbered pages before they are needed."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

from score_model.client import ListPage
from score_model.ingest._windows import Window


class ReadAhead:
    """Pages that were asked for and not yet taken, each asked for once; `read` asks the server."""

    def __init__(self, read: Callable[[Window], Coroutine[Any, Any, ListPage]]) -> None:
        self._read = read
        self._asked: dict[Window, asyncio.Task[ListPage]] = {}

    def expect(self, window: Window) -> None:
        """Asks for a page, unless it is already asked for."""
        if window not in self._asked:
            self._asked[window] = asyncio.create_task(self._read(window))

    def take(self, window: Window) -> Awaitable[ListPage]:
        """The page, asked for earlier or at once; taking it again reads it anew."""
        self.expect(window)
        return self._asked.pop(window)

    async def forget(self) -> None:
        """Drops everything that was asked for and not taken."""
        dropped = list(self._asked.values())
        self._asked.clear()
        for task in dropped:
            task.cancel()
        await asyncio.gather(*dropped, return_exceptions=True)
