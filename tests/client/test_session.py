"""The session itself: who it says it is, how fast it is, and what it does with a POST."""

import asyncio
import time

import pytest

from score_model.client import ClientSettings, Secret
from score_model.errors import RemoteUnreachableError, UsageError
from tests.client.factories import decode_json, quick_session
from tests.fakes.entries import make_entries
from tests.fakes.faults import Fault
from tests.fakes.leaderboard import FakeLeaderboard


async def test_credentials_go_as_header_and_query_key() -> None:
    """The bearer token goes into the header, the key into the query, and the documented headers are sent."""
    async with (
        FakeLeaderboard(bearer="token-abc", key="k e+y&=", rows=make_entries(3)) as api,
        quick_session(api.origin, bearer_token=Secret("token-abc"), api_key=Secret("k e+y&=")) as session,
    ):
        answer = await session.get("/list", {"page": "1"}, decode=decode_json)
    assert answer.status == 200
    assert answer.requests == 1
    assert len(answer.value["data"]["tasks"]) == 3
    [request] = api.requests
    assert request.params == {"page": "1", "key": "k e+y&="}
    assert request.headers["Accept"] == request.headers["Content-Type"] == "application/json"
    assert "key" not in answer.url


async def test_paths_are_joined_to_the_base_path() -> None:
    """A path is taken under the base URL's path, an absolute URL as it is."""
    async with FakeLeaderboard() as api, quick_session(api.origin + "/api/") as session:
        await session.get("/tasks", decode=decode_json)
        await session.get("tasks?status=open", {"page": "2"}, decode=decode_json)
        await session.get(api.origin + "/other", decode=decode_json)
    assert [request.path for request in api.requests] == ["/api/tasks", "/api/tasks", "/other"]
    assert api.requests[1].params == {"status": "open", "page": "2"}


@pytest.mark.parametrize(
    "path", ["//evil.example/x", "http://evil.example/", "/a\\b", "/a\nb", "http://u:p@127.0.0.1/"]
)
async def test_a_path_off_the_origin_is_a_usage_error(path: str) -> None:
    """No request leaves the origin of the base URL, however it is spelled."""
    async with FakeLeaderboard() as api, quick_session(api.origin) as session:
        with pytest.raises(UsageError):
            await session.get(path, decode=decode_json)
    assert api.requests == []


async def test_connections_are_reused_and_bounded() -> None:
    """Many requests share few connections, and never more than `concurrency` are under way."""
    async with FakeLeaderboard(latency_s=0.005) as api, quick_session(api.origin, concurrency=3) as session:
        await asyncio.gather(*(session.get("/list", decode=decode_json) for _ in range(30)))
    assert len(api.requests) == 30
    assert api.most_in_flight == 3
    assert len(api.peers) == 3


async def test_the_rate_is_capped_without_bursts() -> None:
    """With a cap of 50 a second, 11 requests take at least 10 fiftieths of a second, however parallel they are."""
    async with (
        FakeLeaderboard() as api,
        quick_session(api.origin, concurrency=11, max_requests_per_second=50.0) as session,
    ):
        begin = time.perf_counter()
        await asyncio.gather(*(session.get("/list", decode=decode_json) for _ in range(11)))
        took = time.perf_counter() - begin
    # A burst of 50 * 0.05 s = 2.5 requests is allowed.
    assert took >= (11 - 2.5) / 50 * 0.95


async def test_a_session_outside_of_its_block_says_so() -> None:
    """Using a session that isn't open is a mistake of ours and not a network error."""
    session = quick_session("http://127.0.0.1:9")
    with pytest.raises(RuntimeError, match="async with"):
        await session.get("/list", decode=decode_json)


async def test_a_post_sends_json() -> None:
    """A POST sends its body as JSON and its parameters as query."""
    async with FakeLeaderboard() as api, quick_session(api.origin) as session:
        answer = await session.post("/tasks/1/claim", {"agent": "é"}, {"dry": "1"}, decode=decode_json)
    assert answer.value["received"] == {"agent": "é"}
    assert api.requests[0].params == {"dry": "1"}


@pytest.mark.parametrize("fault", [Fault(kind="status", status=status) for status in (425, 429, 503)])
async def test_a_post_that_was_not_processed_is_sent_again(fault: Fault) -> None:
    """Answers by which a server says that it did nothing let even a POST be sent again."""
    async with FakeLeaderboard(faults={1: fault}) as api, quick_session(api.origin) as session:
        await session.post("/claim", {"a": 1}, decode=decode_json)
    assert len(api.requests) == 2


@pytest.mark.parametrize(
    "fault",
    [Fault(kind="status", status=500), Fault(kind="status", status=504), Fault(kind="reset"), Fault(kind="html")],
    ids=lambda fault: f"{fault.kind}-{fault.status}",
)
async def test_a_post_that_may_have_been_processed_is_sent_once(fault: Fault) -> None:
    """Where a POST may have taken effect it is not repeated, and the error says so, unless a key makes it safe."""
    async with FakeLeaderboard(faults={1: fault, 2: fault}) as api, quick_session(api.origin) as session:
        with pytest.raises(RemoteUnreachableError, match=r"after 1 attempt: .*may have been processed"):
            await session.post("/claim", {"a": 1}, decode=decode_json)
        assert len(api.requests) == 1
        await session.post("/claim", {"a": 1}, decode=decode_json, idempotency_key="once")
    assert [request.headers.get("Idempotency-Key") for request in api.requests] == [None, "once", "once"]


async def test_an_unreachable_server_is_tried_again_even_for_a_post() -> None:
    """Without a connection nothing was processed: every attempt is used, and the error names host and reason."""
    async with FakeLeaderboard() as api:
        origin = api.origin
    async with quick_session(origin) as session:
        with pytest.raises(RemoteUnreachableError, match=r"after 3 attempts: cannot connect to 127.*refused"):
            await session.post("/claim", {}, decode=decode_json)


@pytest.mark.parametrize(
    "change",
    [
        {"base_url": "ftp://host/x"},
        {"base_url": "host/x"},
        {"base_url": "http://"},
        {"base_url": "http://user:hidden@host/"},
        {"base_url": "http://host/?key=hidden"},
        {"base_url": "http://host/#hidden"},
        {"base_url": "http://host:99999/"},
        {"base_url": "http://ho st/"},
        {"base_url": "http://host\\@hidden/"},
        {"concurrency": 0},
        {"max_requests_per_second": -1.0},
        {"max_requests_per_second": float("nan")},
        {"max_requests_per_second": float("inf")},
        {"timeout_s": 0.0},
        {"max_body_bytes": 0},
    ],
    ids=str,
)
def test_settings_that_make_no_sense_are_usage_errors(change: dict[str, object]) -> None:
    """Bad settings end with one line that repeats no credential."""
    with pytest.raises(UsageError) as caught:
        ClientSettings(**{"base_url": "http://host", **change})  # type: ignore[arg-type]
    assert "hidden" not in str(caught.value)


@pytest.mark.parametrize("text", ["", " ", "a\nb", "tab\t", " lead", "ü"])
def test_a_credential_that_no_header_can_carry_is_refused(text: str) -> None:
    """A token with a line break would split the header; the message doesn't show it."""
    with pytest.raises(UsageError) as caught:
        Secret(text)
    assert not text.strip() or text.strip() not in str(caught.value)


def test_a_secret_never_prints() -> None:
    """repr, str and format of a secret, and of settings that hold one, show asterisks."""
    secret = Secret("very-hidden")
    settings = ClientSettings(base_url="http://host", bearer_token=secret, api_key=secret)
    for text in (repr(secret), str(secret), f"{secret}", f"{secret!r:>20}", repr(settings), str([settings])):
        assert "hidden" not in text
    assert secret.reveal() == "very-hidden"
    assert secret == Secret("very-hidden")
    assert secret != Secret("other")
    assert len({secret, Secret("very-hidden")}) == 1
