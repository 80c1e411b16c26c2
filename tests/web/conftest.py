"""The four servers of a whole arena, in a process of its own, and raw requests to them."""

import json
import socket
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.arena.processes import serving

_EVENT = {"web_agent_id": "7", "web_url": "http://localhost:8001", "validator_id": "v", "data": {"a": 1}}
_JSON = ("Content-Type", "application/json")
_PARTS: dict[str, tuple[str, str, Sequence[tuple[str, str]], object, int]] = {
    "api": ("/api/tasks", "/api/tasks", [_JSON], {"title": "A task"}, 201),
    "events": ("/health", "/save_events/", [_JSON], _EVENT, 201),
    "autocinema": ("/", "/reset/", [], None, 204),
    "autobooks": ("/", "/reset/", [], None, 204),
}
ALLOWED = "arena.test"  # what --allowed-host adds

Headers = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Server:
    """One of the four: where it listens, what may be read there, and a request that changes something."""

    port: int
    path: str
    changing_path: str
    changing_headers: Headers
    changing_body: bytes
    changed: int  # the status

    def connect(self) -> socket.socket:
        """A new connection, which waits 30 s at most."""
        return socket.create_connection(("127.0.0.1", self.port), timeout=30)

    def send(self, request: bytes) -> tuple[int, dict[str, str], bytes]:
        """Status, headers and body that a request gets whose answer ends the connection."""
        with self.connect() as connection:
            connection.sendall(request)
            answer = b"".join(iter(lambda: connection.recv(2**16), b""))
        head, _, body = answer.partition(b"\r\n\r\n")
        line, *fields = head.decode().split("\r\n")
        named = (field.partition(": ") for field in fields)
        return int(line.split(" ")[1]), {name.lower(): value for name, _, value in named}, body

    def read(self, headers: Headers, *, method: str = "GET", target: str | None = None, version: str = "1.1") -> int:
        """The status of a request for the page that may be read, with these headers only."""
        return self.send(_request(method, target or self.path, [*headers, ("Connection", "close")], b"", version))[0]

    def change(self, headers: Headers) -> int:
        """The status of the request that changes something, with these headers and those of its body."""
        length = ("Content-Length", str(len(self.changing_body)))
        sent = [*headers, *self.changing_headers, length, ("Connection", "close")]
        return self.send(_request("POST", self.changing_path, sent, self.changing_body, "1.1"))[0]


def _request(method: str, target: str, headers: Headers, body: bytes, version: str) -> bytes:
    lines = [f"{method} {target} HTTP/{version}", *(f"{name}: {value}" for name, value in headers), "", ""]
    return "\r\n".join(lines).encode() + body


@pytest.fixture(scope="session")
def arena(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Server]]:
    """The four servers by name, on free ports; they also answer to `ALLOWED`."""
    with serving("--data-dir", tmp_path_factory.mktemp("arena"), "--allowed-host", ALLOWED) as (_, urls):
        addresses: dict[str, Any] = {"api": urls["base_url"], "events": urls["events_url"], **urls["site_urls"]}
        yield {name: _server(addresses[name], *part) for name, part in _PARTS.items()}


def _server(url: str, path: str, changing_path: str, headers: Headers, body: object, changed: int) -> Server:
    sent = b"" if body is None else json.dumps(body).encode()
    return Server(urlsplit(url).port or 80, path, changing_path, headers, sent, changed)


@pytest.fixture(params=list(_PARTS))
def server(arena: dict[str, Server], request: pytest.FixtureRequest) -> Server:
    """Each of the four servers in turn."""
    return arena[request.param]
