"""What the arena's API does with bodies: none for HEAD, and few large ones at a time."""

import asyncio
import io
import json

import pytest

from tests.arena.conftest import RunningArena, StartArena
from tests.web.servers import connect


async def test_head_is_get_without_the_body(start_arena: StartArena) -> None:
    """HEAD answers the status and headers that GET does, and no body; where there is no GET, 405."""
    arena = await start_arena()
    task = await arena.create()
    solution = await arena.submit(task)
    paths = ("/tasks", f"/tasks/{task}", f"/tasks/{task}/solutions", f"/solutions/{solution}", "/nowhere")
    for path in (*paths, "/v1/tasks/with-solutions", "/v1/tasks/by-season", "/../health", "/../schema"):
        whole, head = await arena.call("GET", path), await arena.call("HEAD", path)
        assert (head.status, head.body) == (whole.status, b""), path
        for name in ("Content-Type", "Content-Length"):
            assert head.headers[name] == whole.headers[name], path
    assert (await arena.call("HEAD", f"/tasks/{task}/claim")).status == 405


async def test_few_large_bodies_at_a_time(arena_alone: RunningArena) -> None:
    """Of large bodies four are read at a time and the next waits; small ones, and none at all, wait for nobody."""
    arena = arena_alone
    task = await arena.create()
    start = (
        f"POST /api/tasks/{task}/solutions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        f"Expect: 100-continue\r\nContent-Length: {2 * 2**20}\r\n\r\n"
    ).encode()
    stalled = []
    for _ in range(4):
        reader, writer = await connect(arena.urls.base_url, start)
        async with asyncio.timeout(20):
            assert (await reader.readline()).startswith(b"HTTP/1.1 100")  # its body is waited for
        stalled.append(writer)
    large = io.BytesIO(json.dumps({"agent_id": "a", "artifacts": {"logs": "x" * 2 * 2**20}}).encode())
    kind = {"Content-Type": "application/json"}
    fifth = asyncio.create_task(arena.call("POST", f"/tasks/{task}/solutions", kind, data=large))
    async with asyncio.timeout(20):
        await arena.submit(task)
        assert (await arena.call("POST", f"/tasks/{task}/claim")).status == 200
    await asyncio.sleep(0.2)
    assert not fifth.done()
    stalled.pop().close()
    async with asyncio.timeout(20):
        assert (await fifth).status == 201
    for writer in stalled:
        writer.close()


@pytest.fixture
async def arena_alone(start_arena: StartArena) -> RunningArena:
    """An arena as it comes."""
    return await start_arena()
