"""What all applications have in common on the wire: HEAD, requests that never end, and what is no HTTP."""

import asyncio
import io
import json
from typing import Any

import pytest
from litestar import Request, Response, post

from score_model.arena._refusals import JSON_REFUSALS
from score_model.web._app import WebApp
from score_model.web._errors import json_answer
from tests.arena.conftest import RunningArena, StartArena
from tests.arena.serving import running_app

_HEAD = b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n\r\n"


def _counting(body_wait_s: float) -> WebApp:
    """An application that answers how many bytes it got."""

    @post("/", status_code=200)
    async def count(request: Request[Any, Any, Any]) -> Response[bytes]:
        return json_answer(len(await request.body()))

    return WebApp([count], body_wait_s=body_wait_s, request_max_body_size=None, exception_handlers=JSON_REFUSALS)


async def _opened(origin: str, *sent: bytes) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    reader, writer = await asyncio.open_connection("127.0.0.1", int(origin.rpartition(":")[2]))
    for piece in sent:
        writer.write(piece)
        await writer.drain()
    return reader, writer


async def _rest(reader: asyncio.StreamReader) -> tuple[bytes, bytes]:
    """Head and body of an answer whose connection the server closes."""
    async with asyncio.timeout(20):
        head, _, body = (await reader.read()).partition(b"\r\n\r\n")
    return head, body


@pytest.mark.parametrize("dribbling", [False, True], ids=["silent", "dribbling"])
async def test_a_body_that_does_not_come(dribbling: bool) -> None:
    """A body that stops, or comes a byte at a time, is given up with 408 after its time, and the connection closed."""
    async with running_app(_counting(0.3)) as origin:
        reader, writer = await _opened(origin, _HEAD % 1000, b"x")

        async def dribble() -> None:
            while True:
                await asyncio.sleep(0.05)
                writer.write(b"x")

        more = asyncio.create_task(dribble()) if dribbling else None
        head, body = await _rest(reader)
        if more:
            more.cancel()
        writer.close()
    assert head.startswith(b"HTTP/1.1 408")
    assert json.loads(body)["code"] == "body_too_slow"


async def test_a_long_body_has_longer() -> None:
    """What comes at 128 KiB a second or faster is taken, however long it takes in all."""
    piece = bytes(128 * 2**10)
    async with running_app(_counting(0.3)) as origin:
        reader, writer = await _opened(
            origin, _HEAD.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n") % (4 * len(piece))
        )
        for _ in range(4):
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(0.2)
        head, body = await _rest(reader)
        writer.close()
    assert (head[:12], body) == (b"HTTP/1.1 200", b"%d" % (4 * len(piece)))


async def test_a_client_that_leaves(caplog: pytest.LogCaptureFixture) -> None:
    """A client that goes away in the middle of its body is no failure of the arena: nothing is logged."""
    async with running_app(_counting(5)) as origin:
        _, writer = await _opened(origin, _HEAD % 1000, b"x")
        await asyncio.sleep(0.1)
        writer.close()
        await writer.wait_closed()
        await asyncio.sleep(0.1)
    assert caplog.records == []


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


async def test_what_is_no_http(arena_alone: RunningArena) -> None:
    """What is no HTTP is answered by the server below the arena: 400, in plain text."""
    for nonsense in (b"nonsense\r\n\r\n", b"GET / HTTP/9\r\n\r\n", b"GET /\0 HTTP/1.1\r\nHost: x\r\n\r\n"):
        reader, writer = await _opened(arena_alone.urls.base_url, nonsense)
        head, _ = await _rest(reader)
        writer.close()
        assert head.startswith(b"HTTP/1.1 400")
        assert b"content-type: text/plain" in head.lower()


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
        reader, writer = await _opened(arena.urls.base_url, start)
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
