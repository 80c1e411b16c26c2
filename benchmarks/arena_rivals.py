"""The rival of benchmarks/arena.py: the usual handlers, on the same server stack and the same database.

An export that reads LIMIT/OFFSET pages and sends rows as dictionaries through json; a claim that selects the task and
then updates it, one BEGIN IMMEDIATE transaction and one commit for each request. Prints its port when it is ready.

    python -m benchmarks.arena_rivals DATABASE
"""

import asyncio
import json
import sqlite3
import sys
import threading
import time

import uvicorn
import uvloop
from litestar import Litestar, Request, Response, get, post

_LOCAL = threading.local()


def connection(database: str) -> sqlite3.Connection:
    """This thread's connection, with the settings of the arena's own."""
    if not hasattr(_LOCAL, "connection"):
        opened = sqlite3.connect(database, isolation_level=None, timeout=30)
        opened.execute("PRAGMA synchronous=FULL")
        opened.execute("PRAGMA cache_size=-131072")
        _LOCAL.connection = opened
    known: sqlite3.Connection = _LOCAL.connection
    return known


def rival_app(database: str) -> Litestar:
    """The application."""

    @get("/export", sync_to_thread=True)
    def export(request: Request) -> Response[str]:  # type: ignore[type-arg]
        page, limit = int(request.query_params["page"]), int(request.query_params["limit"])
        opened = connection(database)
        rows = opened.execute(
            "SELECT entry FROM entries ORDER BY created_us DESC, id DESC LIMIT ? OFFSET ?", (limit, (page - 1) * limit)
        )
        tasks = [json.loads(entry) for (entry,) in rows]
        (total,) = opened.execute("SELECT count(*) FROM entries").fetchone()
        data = {"tasks": tasks, "total": total, "page": page, "limit": limit, "totalPages": -(-total // limit)}
        return Response(json.dumps({"success": True, "data": data}), media_type="application/json")

    @post("/claim", sync_to_thread=True)
    def claim(request: Request) -> Response[str]:  # type: ignore[type-arg]
        opened = connection(database)
        identity, now = request.query_params["task"], time.time_ns() // 1000
        opened.execute("BEGIN IMMEDIATE")
        row = opened.execute("SELECT done, claimed_until_us FROM tasks WHERE id = ?", (identity,)).fetchone()
        free = not row[0] and (row[1] is None or row[1] <= now)
        if free:
            opened.execute("UPDATE tasks SET claimed_until_us = ? WHERE id = ?", (now + 900_000_000, identity))
        opened.execute("COMMIT")
        return Response(json.dumps({"claimed": free}), status_code=200 if free else 409, media_type="application/json")

    return Litestar([export, claim], openapi_config=None, logging_config=None)


async def main(database: str) -> None:
    """Serves until it is killed."""
    server = uvicorn.Server(uvicorn.Config(rival_app(database), port=0, log_config=None, access_log=False))
    serving = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 - uvicorn has no event for it
        await asyncio.sleep(0.01)
    print(server.servers[0].sockets[0].getsockname()[1], flush=True)
    await serving


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(main(sys.argv[1]))
