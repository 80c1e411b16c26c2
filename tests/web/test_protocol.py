"""The bounds on a request's head and on a connection's time, against a server whose times are short."""

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from typing import Any, ClassVar

import pytest
from litestar import Request, Response, get, post

from score_model.web import WebApp, json_answer
from score_model.web._protocol import BoundedHttpProtocol
from tests.web.conftest import Server
from tests.web.servers import connected, read_answer, read_to_the_end, running_app

_HEAD = b"GET / HTTP/1.1\r\nHost: localhost\r\n"
_MOST = 64 * 2**10


class _Quick(BoundedHttpProtocol):
    head_wait_s: ClassVar[float] = 0.5
    linger_s: ClassVar[float] = 0.2


class _Unhurried(BoundedHttpProtocol):
    """With the usual times, but one that lets a test see what a refused client is left."""

    linger_s: ClassVar[float] = 0.2


def _app(gate: asyncio.Event | None = None, body_wait_s: float = 30.0) -> WebApp:
    """An application that answers with the names of the headers, and counts bodies; `/gate` waits for the gate."""

    @get("/")
    async def name_headers(request: Request[Any, Any, Any]) -> Response[bytes]:
        return json_answer(_names(request))

    @post("/", status_code=200)
    async def count(request: Request[Any, Any, Any]) -> Response[bytes]:
        length = len(await request.body())
        return json_answer([length, _names(request)])

    @post("/unread", status_code=200)
    async def leave_the_body() -> Response[bytes]:
        return json_answer("not read")

    @get("/gate")
    async def wait() -> Response[bytes]:
        assert gate is not None
        await gate.wait()
        return json_answer("waited")

    handlers = [name_headers, count, leave_the_body, wait]
    return WebApp(handlers, body_wait_s=body_wait_s, request_max_body_size=None)


def _names(request: Request[Any, Any, Any]) -> list[str]:
    return sorted({name.decode() for name, _ in request.scope["headers"]})


@pytest.fixture
async def quick() -> AsyncIterator[str]:
    """The origin of a server whose clients have half a second for a head."""
    async with running_app(_app(), _Quick) as origin:
        yield origin


@pytest.fixture
async def origin() -> AsyncIterator[str]:
    """The origin of a server with the usual times."""
    async with running_app(_app(), _Unhurried) as origin:
        yield origin


async def _refusal(reader: asyncio.StreamReader) -> tuple[int, str]:
    """Status and code of the refusal that ends a connection."""
    head, body = await read_to_the_end(reader)
    assert b"content-type: application/json" in head
    assert b"connection: close" in head
    answer = json.loads(body)
    assert set(answer) == {"code", "detail"}
    return int(head.split(b" ", 2)[1]), answer["code"]


_LARGE = {
    "one huge header": _HEAD + b"X: " + b"a" * 3 * _MOST + b"\r\n\r\n",
    "one header that is just too large": _HEAD + b"X: " + b"a" * _MOST + b"\r\n\r\n",
    "a header that does not end": _HEAD + b"X: " + b"a" * 16 * _MOST,
    "a name that does not end": _HEAD + b"a" * 16 * _MOST,
    "many small headers": _HEAD + b"A: b\r\n" * 3000 + b"\r\n",
    "small headers that do not end": _HEAD + b"A: b\r\n" * 200_000,
    "a huge target": b"GET /" + b"a" * 3 * _MOST + b" HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "a target that does not end": b"GET /" + b"a" * 16 * _MOST,
}


@pytest.mark.parametrize("sent", _LARGE.values(), ids=list(_LARGE))
def test_large_heads(server: Server, sent: bytes) -> None:
    """On every server, a head of more than 64 KiB gets 431, complete or not, and the connection is closed."""
    status, fields, body = server.send(sent)
    assert (status, json.loads(body)["code"], fields["connection"]) == (431, "headers_too_large", "close")


def test_heads_that_are_not_too_large(server: Server) -> None:
    """A head of nearly 64 KiB is served, in one header or in some hundreds."""
    path = server.path.encode()
    for headers in (b"X: " + b"a" * 60_000 + b"\r\n", b"A: b\r\n" * 1500):
        request = b"GET %b HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n%b\r\n" % (path, headers)
        assert server.send(request)[0] == 200


@pytest.mark.parametrize("piece", [b"X: a\r\n", b"a", b"X: " + b"a" * 5000])
async def test_200_megabytes_are_not_read(origin: str, piece: bytes) -> None:
    """A client that goes on sending headers is answered, and cut off soon afterwards, whatever it sends."""
    sent = 0
    async with connected(origin, _HEAD) as (reader, writer):
        answer = asyncio.create_task(reader.read(20))
        with suppress(ConnectionError):
            while sent < 200 * 2**20:
                writer.write(piece * (2**16 // len(piece)))
                await writer.drain()
                sent += 2**16
                await asyncio.sleep(0.01)
        assert b"431" in await answer
    assert sent < 20 * 2**20


@pytest.mark.parametrize("sent", [b"GET", _HEAD, _HEAD + b"X: a", b"\r\n\r\nGET / HT"], ids=str)
async def test_a_head_that_does_not_come(quick: str, sent: bytes) -> None:
    """A head that stops half-way gets 408 after its time."""
    async with connected(quick, sent) as (reader, _):
        assert await _refusal(reader) == (408, "headers_too_slow")


@pytest.mark.parametrize(
    ("start", "piece"),
    [(_HEAD, b"X: a\r\n"), (_HEAD + b"X: ", b"a"), (b"", b"\r\n"), (b"POST /unread HTTP/1.1\r\n", b"A: b\r\n")],
    ids=["headers", "a header", "empty lines", "headers of a POST"],
)
async def test_dribbling_does_not_keep_a_connection(quick: str, start: bytes, piece: bytes) -> None:
    """Who sends a little all the time has no more time than who sends nothing."""
    async with asyncio.timeout(20):
        await _dribble_to_the_end(quick, start, piece)


async def test_a_dribbling_body_that_nobody_reads(quick: str) -> None:
    """After its answer, a request whose body goes on and on does not keep the connection."""
    start = b"POST /unread HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000\r\n\r\n"
    async with asyncio.timeout(20):
        assert b"not read" in await _dribble_to_the_end(quick, start, b"a")


async def _dribble_to_the_end(origin: str, start: bytes, piece: bytes) -> bytes:
    """What the server answers before it closes the connection."""
    async with connected(origin, start) as (reader, writer):
        answer = asyncio.create_task(reader.read())
        while not answer.done():
            writer.write(piece)
            await asyncio.sleep(0.02)
    return await answer


async def test_a_connection_that_asks_nothing(quick: str) -> None:
    """A connection without a request is closed without a word, and so is one that stays idle after its answer."""
    async with connected(quick) as (reader, _):
        async with asyncio.timeout(20):
            assert await reader.read() == b""
    async with connected(quick, _HEAD + b"\r\n") as (reader, _):
        assert (await read_answer(reader))[0] == 200
        async with asyncio.timeout(20):
            assert await reader.read() == b""


async def test_a_head_in_pieces(quick: str) -> None:
    """A head that comes byte by byte within its time is served, again and again on one connection."""
    async with connected(quick) as (reader, writer):
        for _ in range(3):
            for place in range(len(_HEAD)):
                writer.write(_HEAD[place : place + 1])
                await asyncio.sleep(0.001)
            writer.write(b"\r\n")
            assert (await read_answer(reader))[0] == 200


@pytest.mark.parametrize(
    ("bad", "refusal"),
    [
        (_LARGE["one huge header"], (431, "headers_too_large")),
        (_LARGE["many small headers"], (431, "headers_too_large")),
        (_HEAD, (408, "headers_too_slow")),
    ],
    ids=["huge", "many", "slow"],
)
async def test_the_second_request_of_a_connection(quick: str, bad: bytes, refusal: tuple[int, str]) -> None:
    """The bounds hold for each request of a connection."""
    async with connected(quick, _HEAD + b"\r\n") as (reader, writer):
        assert (await read_answer(reader))[0] == 200
        writer.write(bad)
        assert await _refusal(reader) == refusal


async def test_requests_in_one_packet(origin: str) -> None:
    """Requests that are sent at once are answered in order; none pays for the bytes of another."""
    large = b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n\r\n" % (3 * _MOST) + bytes(3 * _MOST)
    small = _HEAD + b"X: " + b"a" * 40_000 + b"\r\n\r\n"
    async with connected(origin, small * 3 + large * 2 + _HEAD + b"\r\n") as (reader, _):
        for wanted in (["host", "x"], ["host", "x"], ["host", "x"]):
            assert json.loads((await read_answer(reader))[1]) == wanted
        for _ in range(2):
            assert json.loads((await read_answer(reader))[1])[0] == 3 * _MOST
        assert json.loads((await read_answer(reader))[1]) == ["host"]


async def test_a_bad_head_behind_a_request_in_work() -> None:
    """A refusal waits for the answers to what was asked before: they arrive whole, and then it comes."""
    gate = asyncio.Event()
    async with running_app(_app(gate), _Unhurried) as origin:
        waiting = b"GET /gate HTTP/1.1\r\nHost: localhost\r\n\r\n"
        async with connected(origin, waiting * 2 + _LARGE["many small headers"]) as (reader, _):
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.2):
                    await reader.read(1)
            gate.set()
            for _ in range(2):
                assert await read_answer(reader) == (200, b'"waited"')
            assert await _refusal(reader) == (431, "headers_too_large")


_CHUNKED = b"POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"


async def test_headers_behind_the_body(origin: str) -> None:
    """Trailers are read and dropped: neither this request nor the next one has them."""
    chunked = _CHUNKED + b"3\r\nabc\r\n0\r\nAuthorization: x\r\nHost: evil.test\r\n\r\n"
    async with connected(origin, chunked + chunked + _HEAD + b"\r\n") as (reader, _):
        for _ in range(2):
            assert json.loads((await read_answer(reader))[1]) == [3, ["host", "transfer-encoding"]]
        assert json.loads((await read_answer(reader))[1]) == ["host"]


@pytest.mark.parametrize(
    "endless",
    [
        [b"0\r\n", *[b"X: " + b"a" * 1000 + b"\r\n"] * 1000],
        [b"0\r\nX: ", *[b"a" * 1000] * 1000],
        [b"1;x=", *[b"a" * 1000] * 1000],
    ],
    ids=["trailers", "a trailer", "a chunk's extension"],
)
async def test_what_does_not_end_behind_the_head(endless: Sequence[bytes]) -> None:
    """What is neither head nor body is bounded as a head is: the rest is thrown away, and the body never comes."""
    async with (
        running_app(_app(body_wait_s=0.5), _Unhurried) as origin,
        connected(origin, _CHUNKED, *endless) as (reader, _),
    ):
        assert await _refusal(reader) == (408, "body_too_slow")


async def test_tiny_chunks(origin: str) -> None:
    """A long body in chunks of one byte is no head, whatever its framing takes."""
    async with connected(origin, _CHUNKED + b"1\r\nx\r\n" * 50_000 + b"0\r\n\r\n") as (reader, _):
        assert json.loads((await read_answer(reader))[1])[0] == 50_000
