"""One web application on a free port of loopback, and raw connections to it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from litestar import Litestar

from score_model.web import base_url_of, open_listener, run_apps
from score_model.web._protocol import BoundedHttpProtocol


@asynccontextmanager
async def running_app(app: Litestar, protocol: type[BoundedHttpProtocol] = BoundedHttpProtocol) -> AsyncIterator[str]:
    """The application's origin, `http://127.0.0.1:PORT`, while it runs on this event loop."""
    with open_listener("127.0.0.1", 0, "a test", "") as listener:
        origin = base_url_of("127.0.0.1", listener)
        async with run_apps((app, listener), protocol=protocol):
            yield origin


async def connect(origin: str, *sent: bytes) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """A connection on which these pieces have been sent."""
    reader, writer = await asyncio.open_connection("127.0.0.1", int(origin.rpartition(":")[2]))
    for piece in sent:
        writer.write(piece)
        await writer.drain()
    return reader, writer


@asynccontextmanager
async def connected(origin: str, *sent: bytes) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    """As `connect`; the connection is closed with the block."""
    reader, writer = await connect(origin, *sent)
    try:
        yield reader, writer
    finally:
        writer.close()


async def read_answer(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    """Status and body of one answer that says how long it is."""
    async with asyncio.timeout(20):
        head = await reader.readuntil(b"\r\n\r\n")
        length = next(
            (int(line[15:]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")), 0
        )
        return int(head.split(b" ", 2)[1]), await reader.readexactly(length)


async def read_to_the_end(reader: asyncio.StreamReader) -> tuple[bytes, bytes]:
    """Head and body of an answer whose connection the server closes."""
    async with asyncio.timeout(20):
        head, _, body = (await reader.read()).partition(b"\r\n\r\n")
    return head, body
