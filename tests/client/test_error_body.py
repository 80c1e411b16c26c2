"""Final refusals, and the one kind of 4xx that is answered: a demand for a nonce or a run id."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from score_model.client import Secret
from score_model.client._error_body import describe_refusal, find_demands
from score_model.errors import RemoteRefusedError
from tests.client.factories import decode_json, quick_session
from tests.fakes.faults import Fault
from tests.fakes.leaderboard import FakeLeaderboard, demand

SHAPES = ("code", "error.code", "detail.code", "error", "detail", "loc")
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: (
        st.lists(inner) | st.dictionaries(st.sampled_from(["code", "error", "detail", "loc", "msg"]) | st.text(), inner)
    ),
    max_leaves=20,
)


@pytest.mark.parametrize("status", [400, 401, 403, 404, 405, 409, 410, 422, 451])
async def test_a_refusal_is_final_and_says_what_the_server_said(status: int) -> None:
    """A 4xx is not repeated; the error carries its status and the server's message in one line."""
    fault = Fault(kind="status", status=status, body=b'{"message": "no\\nsuch \\u001b[31mthing"}')
    async with FakeLeaderboard(faults=lambda _: fault) as api, quick_session(api.origin) as session:
        with pytest.raises(RemoteRefusedError) as caught:
            await session.get("/list", decode=decode_json)
    assert str(caught.value) == f"GET {api.origin}/list was refused with HTTP {status}: no such [31mthing"
    assert (caught.value.status, caught.value.exit_code, len(api.requests)) == (status, 3, 1)


async def test_the_export_refuses_a_limit_over_500_and_a_missing_key() -> None:
    """FastAPI's lists of errors come out as the field and the reason."""
    async with FakeLeaderboard() as api, quick_session(api.origin) as session:
        with pytest.raises(RemoteRefusedError, match=r"HTTP 422: query\.limit: Input should be 1 to 500"):
            await session.get("/list", {"limit": "501"}, decode=decode_json)
        api.key = "other"
        with pytest.raises(RemoteRefusedError, match=r"HTTP 422: query\.key: Field required"):
            await session.get("/list", decode=decode_json)


async def test_an_echoed_credential_is_redacted() -> None:
    """A server that repeats the key in its refusal doesn't get it printed."""
    async with FakeLeaderboard(key="right") as api, quick_session(api.origin, api_key=Secret("wr0ng-k3y")) as session:
        with pytest.raises(RemoteRefusedError, match=r"HTTP 403: API key \*\*\* is not valid"):
            await session.get("/list", decode=decode_json)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"", ""),
        (b"plain words\nsecond line", "plain words"),
        (b"<html><head><title> Forbidden </title></head><body>x</body></html>", "Forbidden"),
        (b"<p>Go away</p>", "Go away"),
        (b'{"detail": "Not authenticated"}', "Not authenticated"),
        (b'{"error": {"code": "X1", "message": "bad thing"}}', "bad thing (X1)"),
        (b'{"code": "claimed", "message": "already claimed"}', "already claimed (claimed)"),
        (b'{"code": "claimed", "message": "claimed"}', "claimed"),
        (b'{"code": "", "message": "no"}', "no"),
        (b'{"code": "X1", "error": {"code": "X1", "message": "no"}}', "no (X1)"),
        (b'{"status_code": 409, "detail": {"code": 17, "message": "no"}}', "no (17)"),
        (b'{"success": false, "error": {"code": "X1"}}', "X1"),
        (b'{"detail": [{"loc": ["query", "page"], "msg": "a"}, {"loc": ["b"], "msg": "c"}]}', "query.page: a; b: c"),
        (b'{"detail": null, "message": ""}', ""),
        (b'["one", "two"]', "one; two"),
        (b'"' + b"x" * 1000 + b'"', "x" * 299 + "…"),
        (b"\xff\xfe\x00bad", "\ufffd\ufffd bad"),
    ],
)
def test_what_the_server_said(body: bytes, said: str) -> None:
    """The message is found in every usual shape, in one printable line of bounded length."""
    assert describe_refusal(body) == said


@given(json_values.map(lambda value: json.dumps(value).encode()) | st.binary())
def test_no_error_body_breaks_the_reader(body: bytes) -> None:
    """Whatever an error body holds, its description is one short printable line and its demands are known names."""
    said = describe_refusal(body)
    assert said.isprintable()
    assert len(said) <= 300
    assert set(find_demands(body)) <= {"nonce", "run_id", "runId"}


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("name", ["nonce", "run_id", "runId"])
def test_a_demand_is_recognised_in_every_shape(shape: str, name: str) -> None:
    """Codes, texts and missing fields all name a demand, and a run id is sent as the server spells it."""
    assert find_demands(json.dumps(demand(name, shape)).encode()) == (name,)


@pytest.mark.parametrize(
    "value",
    [
        {"message": "nonce"},
        {"code": 17},
        {"error": "no such agentRunId"},
        {"detail": "agent_run_id is unknown"},
        {"detail": [{"loc": ["query", "page"], "msg": "bad", "input": {"nonce": "1", "run_id": "2"}}]},
        {"error": "the run idea is bad"},
        ["nonce"],
        None,
    ],
    ids=str,
)
def test_what_only_resembles_a_demand_is_none(value: Any) -> None:
    """Other fields, an agent run's id, and an echo of the request are not demands."""
    assert find_demands(json.dumps(value).encode()) == ()


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("demands", [("nonce",), ("run_id",), ("runId",), ("nonce", "run_id"), ("run_id", "nonce")])
async def test_a_demand_is_answered_once_and_not_before(shape: str, demands: tuple[str, ...]) -> None:
    """Each request is first sent plain; each demand is answered once, with the session's run id and a fresh nonce."""
    async with (
        FakeLeaderboard(demands=demands, demand_shape=shape) as api,
        quick_session(api.origin, run_id="run-7") as session,
    ):
        for _ in range(2):
            answer = await session.get("/list", {"page": "1"}, decode=decode_json)
            assert answer.requests == 1 + len(demands)
    added = [set(request.params) - {"page"} for request in api.requests]
    assert added == [set(demands[:count]) for count in range(len(demands) + 1)] * 2
    nonces = [request.params["nonce"] for request in api.requests if "nonce" in request.params]
    assert len(set(nonces)) == len(nonces)
    runs = {request.params[name] for request in api.requests for name in ("run_id", "runId") if name in request.params}
    assert runs <= {"run-7"}


async def test_a_run_id_is_generated_once_for_the_session() -> None:
    """Without one in the settings, all requests of a session carry the same generated run id."""
    async with FakeLeaderboard(demands=("run_id",)) as api:
        async with quick_session(api.origin) as session:
            for _ in range(3):
                await session.get("/list", decode=decode_json)
        async with quick_session(api.origin) as session:
            await session.get("/list", decode=decode_json)
    runs = [request.params["run_id"] for request in api.requests if "run_id" in request.params]
    assert len(runs) == 4
    assert len(set(runs)) == 2
    assert runs[0] == runs[1] == runs[2]


async def test_a_post_answers_demands_in_its_body() -> None:
    """For a POST the nonce and the run id go into the JSON body and not into the query."""
    async with (
        FakeLeaderboard(demands=("nonce", "run_id")) as api,
        quick_session(api.origin, run_id="run-7") as session,
    ):
        answer = await session.post("/claim", {"a": 1}, decode=decode_json)
    assert [sorted(request.body) for request in api.requests] == [["a"], ["a", "nonce"], ["a", "nonce", "run_id"]]
    assert answer.value["received"]["run_id"] == "run-7"
    assert all(request.params == {} for request in api.requests)


@pytest.mark.parametrize("name", ["nonce", "run_id"])
async def test_a_second_demand_for_the_same_name_is_final(name: str) -> None:
    """A server that is never content is answered once and then believed."""
    async with FakeLeaderboard(demands=(name,), insatiable=True) as api, quick_session(api.origin) as session:
        with pytest.raises(RemoteRefusedError, match="HTTP 428"):
            await session.get("/list", decode=decode_json)
    assert len(api.requests) == 2


async def test_a_retry_carries_a_new_nonce() -> None:
    """After a fault in between, the request is sent again with a nonce that was not used before."""
    faults = {2: Fault(kind="truncated"), 3: Fault(kind="status", status=503)}
    async with FakeLeaderboard(demands=("nonce",), faults=faults) as api, quick_session(api.origin) as session:
        assert (await session.get("/list", decode=decode_json)).requests == 4
    nonces = [request.params.get("nonce") for request in api.requests]
    assert nonces[0] is None
    assert len(set(nonces)) == 4
