"""The production task API's client: every method, over every way of listing, against a server with a memory."""

import json
import urllib.parse
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from score_model.client import ProductionClient, ReceivedRecord, Secret
from score_model.client._error_body import DECODE_ERRORS
from score_model.client._production import _path
from score_model.client._task_records import decode_record
from score_model.contract.task_api import Artifacts, ProductionTask, SolutionRequest
from score_model.errors import RemoteRefusedError, RemoteUnreachableError, UsageError
from tests.client.factories import quick_session
from tests.fakes.envelopes import DIALECTS, ITEM_KEYS, Envelope
from tests.fakes.faults import Fault
from tests.fakes.task_api import FakeTaskApi

SOLUTION = SolutionRequest(agent_id="miner_77", artifacts=Artifacts(steps=[{"action": "click", "selector": "#buy"}]))


def tasks(count: int) -> list[dict[str, Any]]:
    """Open tasks with a field that no record of ours has."""
    return [
        {
            "id": f"task_{n}",
            "title": f"Buy book {n}",
            "inputs": {"url": "http://localhost:8001/?seed=7", "seed": 7},
            "status": "open" if n % 2 else "done",
            "reward": {"tao": n},
        }
        for n in range(1, count + 1)
    ]


# A bare array has no room for hints.
SHAPES = [(dialect, key) for dialect in DIALECTS for key in ITEM_KEYS if key or dialect in ("nothing", "link")]


@pytest.mark.parametrize(("dialect", "items_key"), SHAPES)
async def test_a_list_is_read_to_its_end_in_every_dialect(dialect: str, items_key: str) -> None:
    """However a deployment pages and wraps, every task comes once and in order, with the fields we don't know."""
    envelope = Envelope(dialect=dialect, items_key=items_key)
    async with FakeTaskApi(tasks=tasks(7), envelope=envelope) as api, quick_session(api.url) as session:
        found = [task async for task in ProductionClient(session).tasks(page_size=3)]
    assert [task.record.id for task in found] == [f"task_{n}" for n in range(1, 8)]
    assert [json.loads(task.raw) for task in found] == [dict(task.fields) for task in found] == tasks(7)
    assert all(request.params["page_size"] == "3" for request in api.requests)


async def test_cursors_are_preferred_and_filters_go_along() -> None:
    """The first request names no page number, so that a deployment may answer with a cursor; filters stay on."""
    async with FakeTaskApi(tasks=tasks(9)) as api, quick_session(api.url) as session:
        found = [task async for task in ProductionClient(session).tasks("open", "book", 2)]
    assert [task.record.id for task in found] == ["task_1", "task_3", "task_5", "task_7", "task_9"]
    assert all(request.params["status"] == "open" and request.params["search"] == "book" for request in api.requests)
    assert ["page" in request.params or "cursor" in request.params for request in api.requests] == [False, True, True]


@pytest.mark.parametrize("wrapped", [False, True])
async def test_the_whole_flow(wrapped: bool) -> None:
    """Create, get, claim, submit, list and look: each is one call, also where objects come under `data`."""
    async with (
        FakeTaskApi(bearer="tok", wrapped=wrapped) as api,
        quick_session(api.url, bearer_token=Secret("tok")) as session,
    ):
        client = ProductionClient(session)
        created = await client.create(
            title="Buy a book",
            description="Buy the cheapest",
            inputs={"url": "http://localhost:8001/?seed=7", "seed": 7},
            metadata={"difficulty": "m"},
            tests=[{"type": "CheckEventTest", "event_name": "PURCHASE_BOOK"}],
            extra={"priority": 3},
        )
        got = await client.task(created.record.id)
        claimed = await client.claim(created.record.id, agent_id="miner_77")
        submitted = await client.submit(created.record.id, SOLUTION)
        listed = [solution async for solution in client.solutions(created.record.id)]
        await client.solution(submitted.record.id)
        judged = await client.solution(submitted.record.id)
    assert got.record.inputs == {"url": "http://localhost:8001/?seed=7", "seed": 7}
    assert (got.record.status, claimed.record.status) == ("open", "assigned")
    assert got.fields["priority"] == 3
    assert got.fields["tests"] == [{"type": "CheckEventTest", "event_name": "PURCHASE_BOOK"}]
    assert (submitted.record.task_id, submitted.record.status) == (created.record.id, "pending")
    assert [solution.record.id for solution in listed] == [submitted.record.id]
    assert (judged.record.status, judged.record.score) == ("passed", 0.85)
    assert [check.passed for check in judged.record.checks or ()] == [True, True]
    assert api.requests[2].fields == {"agent_id": "miner_77"}
    steps = [{"action": "click", "selector": "#buy"}]
    assert api.requests[3].fields == {"agent_id": "miner_77", "artifacts": {"steps": steps}}


async def test_a_claim_may_answer_with_nothing() -> None:
    """A claim that is answered by 204 is a success; a claimed task is refused with the server's code and words."""
    async with FakeTaskApi(tasks=tasks(1), empty_claims=True) as api, quick_session(api.url) as session:
        client = ProductionClient(session)
        claimed = await client.claim("task_1")
        assert claimed == ReceivedRecord(ProductionTask(id="task_1"), {}, b"{}")
        with pytest.raises(RemoteRefusedError, match=r"HTTP 409: somebody else holds this task \(task_claimed\)$"):
            await client.claim("task_1")
    assert api.requests[0].fields == {}


async def test_create_is_only_repeated_with_a_key() -> None:
    """A deployment may ignore keys: a task is only created again where the caller gave one."""
    fault = {1: Fault(kind="status", status=504), 2: Fault(kind="status", status=504)}
    async with FakeTaskApi(faults=fault) as api, quick_session(api.url) as session:
        client = ProductionClient(session)
        with pytest.raises(RemoteUnreachableError, match="may have been processed"):
            await client.create(title="t")
        assert len(api.requests) == 1
        assert (await client.create(title="t", idempotency_key="k")).record.id == "task_2"
    assert [request.headers.get("Idempotency-Key") for request in api.requests] == [None, "k", "k"]


@pytest.mark.parametrize("hostile", ["", " ", ".", "..", "../x", "a/b", "a\\b", "/", "x\n", "x\x00", "\ud800", " .. "])
async def test_a_hostile_id_sends_nothing(hostile: str) -> None:
    """An id that could reach another route, escaped or not, is refused before any request."""
    async with FakeTaskApi(tasks=tasks(1)) as api, quick_session(api.url) as session:
        client = ProductionClient(session)
        calls = (client.task(hostile), client.claim(hostile), client.submit(hostile, SOLUTION))
        for call in (*calls, client.solution(hostile)):
            with pytest.raises(UsageError, match="is no id"):
                await call
        with pytest.raises(UsageError, match="is no id"):
            client.solutions(hostile)
    assert api.requests == []


@given(st.text(min_size=1, max_size=30))
def test_an_accepted_id_is_one_segment(text: str) -> None:
    """Whatever an id holds, its path has one segment more, which decodes to the id."""
    try:
        path = _path("tasks", text, "claim")
    except UsageError:
        return
    assert path.count("/") == 2
    assert "?" not in path
    assert "#" not in path
    assert urllib.parse.unquote(path.split("/")[1]) == text
    assert urllib.parse.unquote(path) == f"tasks/{text}/claim"


@pytest.mark.parametrize("odd", ["50% off?x=1#y", "a b", "%2e%2e", "ünï;c=1,d", "a+b&c", "'\"<>", "...", "~", "claim"])
async def test_an_odd_id_arrives_as_it_is(odd: str) -> None:
    """Ids with characters that a URL must escape reach the server as they are."""
    task = {"id": odd, "title": "t", "status": "open"}
    async with FakeTaskApi(tasks=[task]) as api, quick_session(api.url) as session:
        client = ProductionClient(session)
        assert (await client.task(odd)).record.id == odd
        assert (await client.claim(odd)).record.status == "assigned"
        assert (await client.submit(odd, SOLUTION)).record.task_id == odd


@pytest.mark.parametrize("key", ["", " ", "a\nb", "é", "x" * 256, " k"])
async def test_a_key_that_no_header_can_carry_is_a_usage_error(key: str) -> None:
    """A key is checked before anything is sent."""
    async with FakeTaskApi(tasks=tasks(1)) as api, quick_session(api.url) as session:
        with pytest.raises(UsageError, match="idempotency key"):
            await ProductionClient(session).submit("task_1", SOLUTION, idempotency_key=key)
    assert api.requests == []


async def test_a_row_that_is_no_task_ends_the_list() -> None:
    """A list with rows that have no id is not a usable answer, and an empty page is no page size."""
    async with FakeTaskApi(tasks=[{"title": "no id"}]) as api, quick_session(api.url) as session:
        with pytest.raises(RemoteUnreachableError, match="unusable row: an object without an id"):
            _ = [task async for task in ProductionClient(session).tasks()]
        with pytest.raises(UsageError, match="at least 1 row"):
            _ = [task async for task in ProductionClient(session).tasks(page_size=0)]
    assert len(api.requests) == 1


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b'{"id": 7, "title": "t"}', ProductionTask(id="7", title="t")),
        (b'{"id": "a", "title": 5, "inputs": [], "status": null}', ProductionTask(id="a")),
        (b'{"task": {"id": "a"}}', ProductionTask(id="a")),
        (b'{"success": true, "data": {"task": {"id": "a", "status": "new"}}}', ProductionTask(id="a", status="new")),
        (b'{"id": "a", "title": "cut \\ud83d"}', ProductionTask(id="a", title="cut \ufffd")),
    ],
)
def test_variants_of_one_object(body: bytes, expected: ProductionTask) -> None:
    """Numbers as ids, fields of other types, wrapped objects and torn surrogates are read; all of it stays at hand."""
    received = decode_record(body, ProductionTask)
    assert received.record == expected
    assert b"\n" not in received.raw
    assert json.loads(received.raw) == json.loads(body.replace(b"\\ud83d", b"\\ufffd"))


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: (
        st.lists(inner) | st.dictionaries(st.sampled_from(["id", "data", "task", "status"]) | st.text(), inner)
    ),
    max_leaves=20,
)


@given(json_values.map(lambda value: json.dumps(value).encode()) | st.binary())
def test_no_answer_breaks_the_reader(body: bytes) -> None:
    """Whatever an answer holds, it becomes a record with an id or is refused as the session expects it."""
    try:
        received = decode_record(body, ProductionTask)
    except DECODE_ERRORS:
        return
    assert received.record.id


async def test_what_is_no_object_is_no_usable_answer() -> None:
    """`success: false` and objects without an id are not believed, and the server's own reason is told."""
    said = b'{"success": false, "error": {"code": "db_17", "message": "the database is busy"}}'
    faults = {1: Fault(kind="status", status=200, body=said), 2: Fault(kind="status", status=200, body=b"[]")}
    async with FakeTaskApi(tasks=tasks(1), faults=faults) as api, quick_session(api.url) as session:
        client = ProductionClient(session)
        with pytest.raises(RemoteUnreachableError, match=r"success: false .*the database is busy \(db_17\)"):
            await client.claim("task_1")
        assert (await client.task("task_1")).record.title == "Buy book 1"
    assert len(api.requests) == 3
