"""The arena's API over real HTTP, filled with rows that the test names."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from sqlalchemy import Engine
from yarl import URL

from score_model.arena import ArenaSettings, ArenaUrls, import_entries, open_engine
from score_model.arena.server import arena_app
from tests.web.servers import running_app


@dataclass
class Answer:
    """A response, read to its end."""

    status: int
    body: bytes
    headers: Mapping[str, str]

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def tasks(self) -> list[dict[str, Any]]:
        """The entries of a page of the export."""
        assert self.status == 200, self.body
        tasks: list[dict[str, Any]] = self.json["data"]["tasks"]
        return tasks

    @property
    def code(self) -> str:
        """The code of an error, which has the shape that every error has."""
        assert self.status >= 400, self.body
        error = self.json
        assert set(error) == {"code", "detail"}, error
        assert self.headers["Content-Type"] == "application/json"
        return str(error["code"])


@dataclass
class ManualClock:
    """A clock that the test moves: microseconds since 1970-01-01 UTC."""

    now_us: int = 1_762_531_200_000_000  # 2025-11-07T16:00:00Z

    def __call__(self) -> int:
        return self.now_us

    def advance(self, seconds: float) -> None:
        self.now_us += int(seconds * 1_000_000)


@dataclass
class RunningArena:
    """A running arena, a client for it, and its database."""

    urls: ArenaUrls
    database: Path
    engine: Engine
    session: aiohttp.ClientSession
    clock: ManualClock = field(default_factory=ManualClock)

    async def call(self, method: str, path: str, headers: dict[str, str] | None = None, **sent: Any) -> Answer:
        """A request to a path under /api, with its query as it is."""
        url = URL(f"{self.urls.api_url}{path}", encoded=True)
        async with self.session.request(method, url, headers=headers, **sent) as response:
            return Answer(response.status, await response.read(), response.headers)

    async def get(self, query: str = "", path: str = "with-solutions", **headers: str) -> Answer:
        """A page of the export."""
        return await self.call("GET", f"/v1/tasks/{path}{'?' if query else ''}{query}", headers)

    async def create(self, title: str = "A task", **fields: Any) -> str:
        """The id of a new task."""
        answer = await self.call("POST", "/tasks", json={"title": title, **fields})
        assert answer.status == 201, answer.body
        return str(answer.json["id"])

    async def submit(self, task_id: str, agent_id: str = "miner_77", **fields: Any) -> str:
        """The id of a new solution."""
        answer = await self.call("POST", f"/tasks/{task_id}/solutions", json={"agent_id": agent_id, **fields})
        assert answer.status == 201, answer.body
        return str(answer.json["id"])

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

        async def start(entries: Sequence[bytes] = (), **chosen: Any) -> RunningArena:
            settings = ArenaSettings(database=tmp_path / "arena.sqlite", **chosen)
            engine = open_engine(settings.database)
            stack.callback(engine.dispose)
            import_entries(engine, entries)
            clock = ManualClock()
            base_url = await stack.enter_async_context(running_app(arena_app(settings, engine, clock)))
            session = await stack.enter_async_context(aiohttp.ClientSession())
            urls = ArenaUrls(base_url=base_url, events_url="", site_urls={})
            return RunningArena(urls, settings.database, engine, session, clock)

        yield start
