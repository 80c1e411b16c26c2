"""Whom all servers of an arena let in: by the host that a request names, and by the page that it comes from."""

import json

import pytest

from score_model.errors import UsageError
from score_model.web._admission import LOOPBACK_HOSTS, AllowedHosts
from tests.web.conftest import ALLOWED, Headers, Server

_OWN = [
    [],
    [("Origin", "http://localhost:8001")],
    [("Origin", "https://LOCALHOST:8001")],  # a proxy may speak TLS
    [("Sec-Fetch-Site", "same-origin")],
    [("Sec-Fetch-Site", "none")],
    [("Origin", "http://localhost:8001"), ("Sec-Fetch-Site", "same-origin")],
    [("Origin", "null"), ("Sec-Fetch-Site", "same-origin")],  # a page that sends no referrer
]
_FOREIGN = [
    [("Origin", "http://evil.test")],
    [("Origin", "http://evil.test"), ("Sec-Fetch-Site", "same-origin")],
    [("Sec-Fetch-Site", "cross-site")],
    [("Sec-Fetch-Site", "same-site")],  # another server on loopback
    [("Sec-Fetch-Site", "")],
    [("Origin", "http://localhost:8001"), ("Sec-Fetch-Site", "cross-site")],
    [("Origin", "null")],
    [("Origin", "null"), ("Sec-Fetch-Site", "cross-site")],
    [("Origin", "")],
    [("Origin", "http://localhost:8000")],
    [("Origin", "http://localhost")],
    [("Origin", "http://127.0.0.1:8001")],
    [("Origin", "localhost:8001")],
    [("Origin", "//localhost:8001")],
    [("Origin", "ftp://localhost:8001")],
    [("Origin", "chrome-extension://localhost:8001")],
    [("Origin", "http://localhost:8001/")],
    [("Origin", "http://localhost:8001@evil.test")],
    [("Origin", "http://localhost:8001 http://evil.test")],
    [("Origin", "http://localhost:8001"), ("Origin", "http://evil.test")],
    [("Sec-Fetch-Site", "same-origin"), ("Sec-Fetch-Site", "cross-site")],
]
_HOST = ("Host", "localhost:8001")  # a recorded one, which a replay's browser sends wherever the server listens


@pytest.mark.parametrize(
    "host",
    [
        "localhost", "localhost:1", "LocalHost:65535", "localhost.", "localhost.:8000", "localhost:", "127.0.0.1",
        "127.0.0.1:8090", "[::1]", "[::1]:8090", "[0:0:0:0:0:0:0:1]:80", ALLOWED, "ARENA.Test.:99",
    ],
)  # fmt: skip
def test_own_names(server: Server, host: str) -> None:
    """A server is called by a name of loopback or by one that it was given: with any port, in either case."""
    assert server.read([("Host", host)]) == 200
    assert server.change([("Host", host)]) == server.changed


@pytest.mark.parametrize(
    "host",
    [
        "rebind.evil.test", "evil.test:8091", "localhost.evil.test", "evil.localhost", "127.0.0.1.evil.test", "0.0.0.0",
        "127.1", "2130706433", "192.168.1.5:8091", "[::2]", "[::]", f"x{ALLOWED}", f"x.{ALLOWED}", "localhost..",
    ],
)  # fmt: skip
def test_other_names(server: Server, host: str) -> None:
    """DNS rebinding neither reads nor writes: for the browser it is same-origin, and only the host gives it away."""
    for headers in ([], [("Origin", f"http://{host}"), ("Sec-Fetch-Site", "same-origin")]):
        assert server.read([("Host", host), *headers]) == 403
        assert server.change([("Host", host), *headers]) == 403


@pytest.mark.parametrize(
    "hosts",
    [
        [], [""], ["a b"], ["localhost@evil.test"], ["http://localhost"], ["[::1"], ["::1"], ["[localhost]"],
        ["[:::1]"], ["localhost:x"], ["localhost:123456"], ["localhost,evil.test"], ["x" * 300], ["x" * 3000],
        ["localhost", "localhost"], ["localhost", "evil.test"], ["evil.test", "localhost"],
    ],
)  # fmt: skip
def test_a_request_names_one_host(server: Server, hosts: list[str]) -> None:
    """No host, two of them, or what is none, is refused with 400."""
    assert server.read([("Host", host) for host in hosts]) == 400


def test_no_host_in_http_1_0(server: Server) -> None:
    """HTTP/1.0 needs no host, and no browser speaks it: a health check's request is answered, a foreign host is not."""
    assert server.read([], version="1.0") == 200
    assert server.read([("Host", "evil.test")], version="1.0") == 403


def test_the_host_of_the_target(server: Server) -> None:
    """A target in absolute form wins over the header, in both directions."""
    assert server.read([("Host", "localhost")], target=f"http://evil.test{server.path}") == 403
    assert server.read([("Host", "localhost")], target=f"http://localhost@evil.test{server.path}") == 400
    assert server.read([("Host", "evil.test")], target=f"http://localhost:8001{server.path}?a=://b") == 200


@pytest.mark.parametrize("headers", _OWN, ids=str)
def test_own_pages_and_programs_act(server: Server, headers: Headers) -> None:
    """Who says nothing of a page (curl, an SDK, our client), or comes from the server's own, changes things."""
    assert server.change([_HOST, *headers]) == server.changed


@pytest.mark.parametrize("headers", _FOREIGN, ids=str)
def test_foreign_pages_do_not_act(server: Server, headers: Headers) -> None:
    """Whatever says that it comes from elsewhere, or says it in two ways, changes nothing: 403. It may read."""
    assert server.change([_HOST, *headers]) == 403
    assert server.read([_HOST, *headers]) == 200


@pytest.mark.parametrize(
    ("host", "origin", "own"),
    [
        ("localhost", "http://localhost", True), ("localhost:80", "http://localhost", True),
        ("localhost", "http://localhost:80", True), ("localhost:443", "https://localhost", True),
        ("localhost:443", "http://localhost", False), ("[::1]:8091", "http://[0:0::1]:8091", True),
        ("localhost.:80", "http://localhost", True), (f"{ALLOWED}:9", f"http://{ALLOWED}:9", True),
        (ALLOWED, "http://localhost", False),
    ],
)  # fmt: skip
def test_spellings_of_an_origin(server: Server, host: str, origin: str, own: bool) -> None:
    """Origin and host are compared as the places that they name."""
    assert server.change([("Host", host), ("Origin", origin)]) == (server.changed if own else 403)


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "PURGE"])
def test_every_method_that_changes_something(server: Server, method: str) -> None:
    """The rule is in front of all routes: a foreign page learns nothing of what there is."""
    for target in (server.path, server.changing_path, "/nowhere"):
        assert server.read([_HOST, ("Sec-Fetch-Site", "cross-site")], method=method, target=target) == 403
        assert server.read([_HOST, ("Sec-Fetch-Site", "same-origin")], method=method, target=target) != 403


@pytest.mark.parametrize(
    ("headers", "status", "code"),
    [
        ([("Host", "evil.test")], 403, "unknown_host"),
        ([("Host", "localhost"), ("Host", "localhost")], 400, "invalid_host"),
    ],
)
def test_refusals_are_answered_as_all_others(
    arena: dict[str, Server], headers: Headers, status: int, code: str
) -> None:
    """A refusal has the form that the server's other errors have: JSON, or the film site's page with its policy."""
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers)
    for name, server in arena.items():
        found, fields, body = server.send(f"GET {server.path} HTTP/1.1\r\n{lines}Connection: close\r\n\r\n".encode())
        assert found == status
        if name == "autocinema":
            assert b"<h1" in body
        else:
            assert json.loads(body)["code"] == code
        assert ("content-security-policy" in fields) == name.startswith("auto")


@pytest.mark.parametrize("kind", [None, "text/plain", "application/x-www-form-urlencoded", "multipart/form-data"])
def test_events_come_as_json(arena: dict[str, Server], kind: str | None) -> None:
    """The event service takes no other content type, nor none: those that a foreign page can send unasked."""
    events = arena["events"]
    head = [f"POST {events.changing_path} HTTP/1.1", "Host: localhost", f"Content-Length: {len(events.changing_body)}"]
    head += [*([] if kind is None else [f"Content-Type: {kind}"]), "Connection: close", "", ""]
    status, _, body = events.send("\r\n".join(head).encode() + events.changing_body)
    assert (status, json.loads(body)["code"]) == (415, "unsupported_media_type")


def test_allowed_hosts() -> None:
    """Names and addresses are allowed as they are; only a wildcard allows every address, and no other name."""
    assert AllowedHosts.with_names(["localhost", "127.0.0.1", "::1", "[::1]"]) == LOOPBACK_HOSTS
    named = AllowedHosts.with_names(["Arena.LAN.", "192.168.1.5", "FE80::0:1%eth0"])
    for name, allowed in (("arena.lan", True), ("192.168.1.5", True), ("fe80::1", True), ("192.168.1.6", False)):
        assert named.allow(name) is allowed
    for wildcard in ("0.0.0.0", "::"):
        everywhere = AllowedHosts.with_names([wildcard])
        assert everywhere.allow("192.168.1.6")
        assert everywhere.allow("fe80::1")
        assert everywhere.allow("localhost")
        assert not everywhere.allow("evil.test")


@pytest.mark.parametrize("name", ["", " ", "http://a", "a:80", "a/b", "*", "a b", "[::1]:80", "ü", "x" * 300])
def test_what_is_no_name(name: str) -> None:
    """A name that no request can have is refused at once."""
    with pytest.raises(UsageError, match="not the name of a host"):
        AllowedHosts.with_names([name])
