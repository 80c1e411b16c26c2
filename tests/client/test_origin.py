"""Redirects and `next` links never carry the credentials to another origin."""

import pytest
import yarl

from score_model.client import PageRequest, Secret, read_list
from score_model.client._origin import resolve_reference
from score_model.errors import RemoteRefusedError
from tests.client.factories import decode_json, quick_session
from tests.fakes.entries import make_entries
from tests.fakes.envelopes import Envelope
from tests.fakes.faults import Fault
from tests.fakes.leaderboard import FakeLeaderboard

BASE = yarl.URL("http://api.example:8000/v1/list?page=1")
FOREIGN = [
    "http://evil.example/v1/list",
    "https://api.example:8000/v1/list",
    "http://api.example/v1/list",
    "http://api.example:8001/",
    "//evil.example/v1/list",
    "http://api.example:8000@evil.example/",
    "http://user:pw@api.example:8000/v1/list",
    "http://@api.example.evil.example:8000/",
    "http:\\\\evil.example\\x",
    "/\\evil.example/x",
    "\\\\evil.example/x",
    "http://api.example:8000\\@evil.example/",
    "http://api.example:8000 @evil.example/",
    "\thttp://evil.example/",
    "http://evil.example\n/",
    "javascript:alert(1)",
    "file:///etc/passwd",
    "ftp://api.example:8000/",
    "http://api.example:99999999/",
    "http://[::1/",
    "http://api.example\u3002evil.example:8000/",
]


@pytest.mark.parametrize("reference", FOREIGN)
def test_a_foreign_reference_is_refused(reference: str) -> None:
    """Whatever the spelling, a reference that could mean another origin is refused."""
    with pytest.raises(RemoteRefusedError) as caught:
        resolve_reference(BASE, reference, status=302)
    assert caught.value.status == 302
    assert "pw" not in str(caught.value)


@pytest.mark.parametrize(
    ("reference", "target"),
    [
        ("?page=2", "http://api.example:8000/v1/list?page=2"),
        ("/v1/list?page=2", "http://api.example:8000/v1/list?page=2"),
        ("list?page=2#x", "http://api.example:8000/v1/list?page=2"),
        ("HTTP://API.example:8000/v1/list?page=2", "http://api.example:8000/v1/list?page=2"),
        ("//api.example:8000/x", "http://api.example:8000/x"),
        ("?cursor=a%2Bb%26", "http://api.example:8000/v1/list?cursor=a%2Bb%26"),
    ],
)
def test_a_reference_within_the_origin_is_resolved(reference: str, target: str) -> None:
    """Relative and absolute references mean what RFC 3986 says."""
    assert str(resolve_reference(BASE, reference, status=200)) == target


@pytest.mark.parametrize("reference", ["https://A.example:443/y", "https://a.example/y", "//a.example:443/y"])
def test_a_default_port_is_the_same_origin(reference: str) -> None:
    """Writing out the default port doesn't make another origin."""
    target = resolve_reference(yarl.URL("https://a.example/x"), reference, status=302)
    assert (target.host, target.port, target.path) == ("a.example", 443, "/y")


@pytest.mark.parametrize(
    "base", ["http://a_.example.:8000/", "http://[fe80::1%25eth0]:8000/", "http://b\u00fccher.example/"]
)
def test_an_unusual_host_is_still_an_origin(base: str) -> None:
    """Hosts with a last dot, with an interface, or beyond ASCII can lead on within themselves."""
    assert resolve_reference(yarl.URL(base), "?page=2", status=200) == yarl.URL(f"{base}?page=2")


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_redirects_off_the_origin_are_refused(status: int) -> None:
    """The other server sees no request at all, and the error names it."""
    async with FakeLeaderboard() as other, FakeLeaderboard() as api:
        api.faults = {1: Fault(kind="redirect", status=status, location=other.url)}
        async with quick_session(api.origin, bearer_token=Secret("token-abc")) as session:
            with pytest.raises(RemoteRefusedError, match=f"to {other.origin}: another origin"):
                await session.get("/list", decode=decode_json)
    assert other.requests == []
    assert len(api.requests) == 1


async def test_a_redirect_within_the_origin_is_followed() -> None:
    """A moved path works, and the credentials are still there."""
    fault = Fault(kind="redirect", status=308, location="/moved?page=1")
    async with (
        FakeLeaderboard(key="k", bearer="t", faults={1: fault}) as api,
        quick_session(api.origin, api_key=Secret("k"), bearer_token=Secret("t")) as session,
    ):
        answer = await session.get("/list", {"page": "1"}, decode=decode_json)
    assert [request.path for request in api.requests] == ["/list", "/moved"]
    assert answer.url == f"{api.origin}/moved?page=1"


async def test_redirects_are_followed_three_times_at_most() -> None:
    """A redirect loop ends with a refusal."""
    fault = Fault(kind="redirect", status=302, location="/list")
    async with FakeLeaderboard(faults=lambda _: fault) as api, quick_session(api.origin) as session:
        with pytest.raises(RemoteRefusedError, match="redirected more than 3 times"):
            await session.get("/list", decode=decode_json)
    assert len(api.requests) == 4


async def test_a_post_is_not_redirected() -> None:
    """A POST would be repeated, or turned into a GET: neither happens."""
    fault = Fault(kind="redirect", status=307, location="/elsewhere")
    async with FakeLeaderboard(faults={1: fault}) as api, quick_session(api.origin) as session:
        with pytest.raises(RemoteRefusedError, match="a POST is not redirected"):
            await session.post("/claim", {}, decode=decode_json)
    assert len(api.requests) == 1


async def test_a_redirect_without_a_target_is_refused() -> None:
    """A 3xx that leads nowhere is an answer that no retry improves."""
    fault = Fault(kind="status", status=304, body=b"")
    async with FakeLeaderboard(faults={1: fault}) as api, quick_session(api.origin) as session:
        with pytest.raises(RemoteRefusedError, match="HTTP 304"):
            await session.get("/list", decode=decode_json)


@pytest.mark.parametrize("where", ["body", "header"])
async def test_a_foreign_next_is_refused_before_any_request(where: str) -> None:
    """The page's rows are yielded; the link to another origin ends the list with an error and no request."""
    async with FakeLeaderboard() as other, FakeLeaderboard(rows=make_entries(6)) as api:
        if where == "body":
            api.envelope = Envelope(dialect="nothing")
            api.faults = {1: Fault(kind="foreign_next", location=other.url)}
        else:
            headers = {"Link": f'<{other.url}?page=2>; rel="next"'}
            api.faults = {1: Fault(kind="status", status=200, body=b'{"items": [1]}', headers=headers)}
        async with quick_session(api.origin, bearer_token=Secret("token-abc")) as session:
            pages = read_list(session, PageRequest(path="/list"))
            assert len((await anext(pages)).items) >= 1
            with pytest.raises(RemoteRefusedError, match="another origin"):
                await anext(pages)
    assert other.requests == []
    assert len(api.requests) == 1
