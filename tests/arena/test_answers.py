"""What all applications of the arena answer when something goes wrong behind them."""

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import aiohttp
import pytest
from litestar import post
from sqlalchemy import Engine, event
from sqlalchemy.exc import TimeoutError as NoConnectionError

from score_model.arena import ArenaSettings, Clock, open_engine
from score_model.arena._refusals import JSON_REFUSALS
from score_model.arena.server import arena_app
from score_model.arena.sites import SiteStore, open_sites
from score_model.arena.sites.autobooks import AUTOBOOKS
from score_model.arena.sites.autocinema import AUTOCINEMA
from score_model.arena.sites.events import central_app
from score_model.web import LOOPBACK_HOSTS, WebApp
from tests.arena.conftest import Answer, ManualClock
from tests.web.servers import running_app

_EVENT = {"web_agent_id": "7", "web_url": "http://localhost:8001", "validator_id": "v", "data": {"a": 1}}
_LETTER = {"name": "Ann", "email": "ann@example.org", "subject": "Seats", "message": "They creak."}


class Part(NamedTuple):
    """One application, and a request to it that reads the clock and writes."""

    make: Callable[[Path, Clock], tuple[WebApp, Engine]]
    path: str
    body: Any
    kind: str = "application/json"


def _api(folder: Path, clock: Clock) -> tuple[WebApp, Engine]:
    engine = open_engine(folder / "arena.sqlite")
    return arena_app(ArenaSettings(database=folder / "arena.sqlite"), engine, clock), engine


def _beside(make: Callable[[SiteStore, Clock], WebApp]) -> Callable[[Path, Clock], tuple[WebApp, Engine]]:
    def made(folder: Path, clock: Clock) -> tuple[WebApp, Engine]:
        engine = open_sites(folder / "sites.sqlite")
        return make(SiteStore(engine), clock), engine

    return made


def _books(store: SiteStore, clock: Clock) -> WebApp:
    return AUTOBOOKS.app(store, clock, "http://127.0.0.1:9", LOOPBACK_HOSTS)


def _films(store: SiteStore, clock: Clock) -> WebApp:
    return AUTOCINEMA.app(store, clock, "http://127.0.0.1:9", LOOPBACK_HOSTS)


PARTS = {
    "api": Part(_api, "/api/tasks", {"title": "x"}),
    "events": Part(_beside(central_app), "/save_events/", _EVENT),
    "autocinema": Part(_beside(_films), "/contact/", _LETTER, "text/html"),
    "autocinema's hooks": Part(_beside(_films), "/reset/", None),
    "autobooks": Part(_beside(_books), "/reset/", None),
}
every_part = pytest.mark.parametrize("part", PARTS.values(), ids=list(PARTS))


async def _post(app: WebApp, part: Part) -> Answer:
    sent = {"data" if part.kind == "text/html" else "json": part.body}
    async with (
        running_app(app) as origin,
        aiohttp.ClientSession() as session,
        session.post(origin + part.path, **sent) as answer,
    ):
        found = Answer(answer.status, await answer.read(), answer.headers)
    assert found.headers["Content-Type"].partition(";")[0] == part.kind
    return found


@every_part
async def test_a_database_that_refuses(part: Part, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """What the database can't write now answers 503 and says when to try again; the log says why."""

    def refuse(connection: sqlite3.Connection, _record: object) -> None:
        connection.execute("PRAGMA query_only=ON").close()

    app, engine = part.make(tmp_path, ManualClock())
    engine.dispose()
    event.listen(engine, "connect", refuse)
    answer = await _post(app, part)
    engine.dispose()
    assert (answer.status, answer.headers["Retry-After"]) == (503, "1")
    assert b"readonly" not in answer.body
    assert f"POST {part.path.rstrip('/')}: the database refused: attempt to write a readonly database" in caplog.text
    if part.kind == "application/json":
        assert answer.code == "storage_unavailable"
    else:
        assert b"<h1" in answer.body


@every_part
async def test_what_nobody_foresaw(part: Part, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """A bug answers 500 and shows nothing of itself; the log has its traceback."""

    def broken_clock() -> int:
        raise RuntimeError("a spring is loose")

    app, engine = part.make(tmp_path, broken_clock)
    answer = await _post(app, part)
    engine.dispose()
    assert answer.status == 500
    assert b"spring" not in answer.body
    assert f"POST {part.path.rstrip('/')} failed" in caplog.text
    assert "RuntimeError: a spring is loose" in caplog.text
    if part.kind == "application/json":
        assert answer.code == "internal_error"
    else:
        assert b"<h1" in answer.body


async def test_no_connection_left(caplog: pytest.LogCaptureFixture) -> None:
    """A pool whose connections are all in use for too long is a busy database, not a bug."""

    @post("/")
    async def crowded() -> None:
        raise NoConnectionError("QueuePool limit reached")

    app = WebApp([crowded], exception_handlers=JSON_REFUSALS)
    answer = await _post(app, Part(_api, "/", None))
    assert (answer.status, answer.code) == (503, "storage_unavailable")
    assert "QueuePool limit reached" in caplog.text
