"""What all applications have in common on the wire: HEAD, requests that never end, and what is no HTTP."""

import asyncio
import json
from typing import Any

import pytest
from litestar import Request, Response, post

from score_model.web import WebApp, json_answer
from tests.web.servers import connect, read_to_the_end, running_app

_HEAD = b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n\r\n"


def _counting(body_wait_s: float) -> WebApp:
    """An application that answers how many bytes it got."""

    @post("/", status_code=200)
    async def count(request: Request[Any, Any, Any]) -> Response[bytes]:
        return json_answer(len(await request.body()))

    return WebApp([count], body_wait_s=body_wait_s, request_max_body_size=None)


@pytest.mark.parametrize("dribbling", [False, True], ids=["silent", "dribbling"])
async def test_a_body_that_does_not_come(dribbling: bool) -> None:
    """A body that stops, or comes a byte at a time, is given up with 408 after its time, and the connection closed."""
    async with running_app(_counting(0.3)) as origin:
        reader, writer = await connect(origin, _HEAD % 1000, b"x")

        async def dribble() -> None:
            while True:
                await asyncio.sleep(0.05)
                writer.write(b"x")

        more = asyncio.create_task(dribble()) if dribbling else None
        try:
            head, body = await read_to_the_end(reader)
        except ConnectionResetError:  # a byte that crosses the answer can take it away; that it ends is what counts
            assert dribbling
            return
        finally:
            if more:
                more.cancel()
            writer.close()
    assert head.startswith(b"HTTP/1.1 408")
    assert json.loads(body)["code"] == "body_too_slow"


async def test_a_long_body_has_longer() -> None:
    """What comes at 128 KiB a second or faster is taken, however long it takes in all."""
    piece = bytes(128 * 2**10)
    async with running_app(_counting(0.3)) as origin:
        reader, writer = await connect(
            origin, _HEAD.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n") % (4 * len(piece))
        )
        for _ in range(4):
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(0.2)
        head, body = await read_to_the_end(reader)
        writer.close()
    assert (head[:12], body) == (b"HTTP/1.1 200", b"%d" % (4 * len(piece)))


async def test_a_client_that_leaves(caplog: pytest.LogCaptureFixture) -> None:
    """A client that goes away in the middle of its body is no failure of the arena: nothing is logged."""
    async with running_app(_counting(5)) as origin:
        _, writer = await connect(origin, _HEAD % 1000, b"x")
        await asyncio.sleep(0.1)
        writer.close()
        await writer.wait_closed()
        await asyncio.sleep(0.1)
    assert caplog.records == []


async def test_what_is_no_http() -> None:
    """What is no HTTP is answered by the server below the application: 400, in plain text."""
    async with running_app(_counting(5)) as origin:
        for nonsense in (b"nonsense\r\n\r\n", b"GET / HTTP/9\r\n\r\n", b"GET /\0 HTTP/1.1\r\nHost: x\r\n\r\n"):
            reader, writer = await connect(origin, nonsense)
            head, _ = await read_to_the_end(reader)
            writer.close()
            assert head.startswith(b"HTTP/1.1 400")
            assert b"content-type: text/plain" in head.lower()
