"""An arena over real HTTP, filled with rows that the test names."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from yarl import URL

from score_model.arena import ArenaSettings, ArenaUrls, import_entries, open_engine, running_arena


@dataclass
class Answer:
    """A response, read to its end."""

    status: int
    body: bytes
    headers: dict[str, str]

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def tasks(self) -> list[dict[str, Any]]:
        """The entries of a page."""
        assert self.status == 200, self.body
        tasks: list[dict[str, Any]] = self.json["data"]["tasks"]
        return tasks


@dataclass
class RunningArena:
    """A running arena and a client for it."""

    urls: ArenaUrls
    database: Path
    session: aiohttp.ClientSession

    async def get(self, query: str = "", path: str = "with-solutions", **headers: str) -> Answer:
        url = f"{self.urls.base_url}/api/v1/tasks/{path}{'?' if query else ''}{query}"
        async with self.session.get(URL(url, encoded=True), headers=headers) as response:
            return Answer(response.status, await response.read(), dict(response.headers))

    def add(self, entries: Sequence[bytes]) -> None:
        """Store more rows, as another process would."""
        engine = open_engine(self.database)
        import_entries(engine, entries)
        engine.dispose()


StartArena = Callable[..., Awaitable[RunningArena]]


@pytest.fixture
async def start_arena(tmp_path: Path) -> AsyncIterator[StartArena]:
    """Starts an arena with the given entries and settings; stops it when the test ends."""
    async with AsyncExitStack() as stack:

        async def start(entries: Sequence[bytes] = (), **settings: Any) -> RunningArena:
            database = tmp_path / "arena.sqlite"
            engine = open_engine(database)
            import_entries(engine, entries)
            engine.dispose()
            urls = await stack.enter_async_context(running_arena(ArenaSettings(database=database, **settings)))
            session = await stack.enter_async_context(aiohttp.ClientSession())
            return RunningArena(urls, database, session)

        yield start
