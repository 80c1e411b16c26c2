"""Ways of answering badly, each over a real socket."""

import asyncio
import gzip
import json
import socket
import struct
from dataclasses import dataclass, field

from aiohttp import web

KINDS = (
    "status",
    "reset",
    "reset_mid_body",
    "truncated",
    "invalid_json",
    "truncated_json",
    "success_false",
    "html",
    "dribble",
    "hang",
    "redirect",
    "foreign_next",
    "bad_gzip",
    "gzip_bomb",
    "not_http",
    "empty",
)
_HTML = b"<!DOCTYPE html>\n<html><head><title>502 Bad Gateway</title></head><body><h1>nginx</h1></body></html>"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One bad answer.

    `status`, `body` and `headers` belong to `status` (and `redirect`); `seconds` is how long `hang` stays silent, or
    how long `dribble` takes for every eight bytes; `location` is the target of `redirect` and of `foreign_next`.
    """

    kind: str
    status: int = 503
    body: bytes = b'{"detail": "try again"}'
    headers: dict[str, str] = field(default_factory=dict)
    seconds: float = 30.0
    location: str = "http://127.0.0.2:1/elsewhere"

    def __post_init__(self) -> None:
        assert self.kind in KINDS


async def answer_badly(request: web.Request, fault: Fault, good: bytes) -> web.StreamResponse:
    """Answer a request with a fault; `good` is the body that an honest server would have sent."""
    match fault.kind:
        case "status":
            return web.Response(status=fault.status, body=fault.body, headers=_json(fault.headers))
        case "redirect":
            return web.Response(status=fault.status, headers={"Location": fault.location, **fault.headers})
        case "invalid_json":
            return _page(b'{"success": true, "data": {"tasks": [nope]}}')
        case "truncated_json":
            return _page(good[: max(1, len(good) // 2)])
        case "success_false":
            return _page(b'{"success": false, "data": null, "error": "the database is busy"}')
        case "empty":
            return _page(b"")
        case "html":
            return web.Response(status=200, body=_HTML, content_type="text/html")
        case "bad_gzip":
            return web.Response(status=200, body=b"\x1f\x8b not gzip", headers=_json({"Content-Encoding": "gzip"}))
        case "foreign_next":
            value = json.loads(good)
            value["next"] = fault.location
            return _page(json.dumps(value).encode())
        case "gzip_bomb":
            bomb = gzip.compress(b" " * 64 * 1024 * 1024, compresslevel=1)
            return web.Response(status=200, body=bomb, headers=_json({"Content-Encoding": "gzip"}))
        case "hang":
            await asyncio.sleep(fault.seconds)
            return _page(good)
        case "dribble":
            return await _dribble(request, fault, good)
        case "not_http":
            assert request.transport is not None
            request.transport.write(b"SMTP 220 hello\r\n\r\n")
            request.transport.close()
        case "truncated" | "reset_mid_body":
            response = web.StreamResponse(headers=_json({"Content-Length": str(len(good) + 10)}))
            await response.prepare(request)
            await response.write(good[: len(good) // 2])
            _hang_up(request, reset=fault.kind == "reset_mid_body")
            return response
        case "reset":
            _hang_up(request, reset=True)
    return web.Response()


def _json(headers: dict[str, str]) -> dict[str, str]:
    return {"Content-Type": "application/json", **headers}


def _page(body: bytes) -> web.Response:
    return web.Response(status=200, body=body, headers=_json({}))


async def _dribble(request: web.Request, fault: Fault, good: bytes) -> web.StreamResponse:
    response = web.StreamResponse(headers=_json({"Content-Length": str(len(good))}))
    await response.prepare(request)
    for start in range(0, len(good), 8):
        await response.write(good[start : start + 8])
        await asyncio.sleep(fault.seconds)
    return response


def _hang_up(request: web.Request, *, reset: bool) -> None:
    assert request.transport is not None
    if reset:
        # Lingering for no time at all makes the kernel send RST in place of FIN.
        endpoint = request.transport.get_extra_info("socket")
        endpoint.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        request.transport.abort()
    else:
        request.transport.close()
