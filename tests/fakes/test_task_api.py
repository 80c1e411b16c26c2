"""The fake task API itself, asked by a plain client that trusts nothing of ours."""

import json
from typing import Any

import aiohttp
import pytest

from tests.fakes.envelopes import Envelope
from tests.fakes.faults import Fault
from tests.fakes.task_api import FakeTaskApi

TASKS = [{"id": f"task_{n}", "title": f"Find book {n}", "status": "open"} for n in range(1, 6)]


def fresh_tasks() -> list[dict[str, Any]]:
    """Five open tasks."""
    return [dict(task) for task in TASKS]


async def ask(api: FakeTaskApi, method: str, path: str, **options: Any) -> tuple[int, Any]:
    """Return status and JSON of one request."""
    async with aiohttp.ClientSession() as session, session.request(method, api.url + path, **options) as response:
        body = await response.read()
        return response.status, json.loads(body) if body else None


async def test_lists_are_filtered_and_paged() -> None:
    """Status and search filter; the envelope says what comes next."""
    async with FakeTaskApi(tasks=fresh_tasks()) as api:
        api.tasks[0]["status"] = "done"
        status, first = await ask(api, "GET", "/tasks?status=open&page_size=3")
        _, rest = await ask(api, "GET", "/tasks", params={"page_size": "3", "cursor": first["nextCursor"]})
        _, found = await ask(api, "GET", "/tasks?search=BOOK%203")
        api.envelope = Envelope(dialect="total", items_key="items")
        _, second = await ask(api, "GET", "/tasks?page=2&page_size=4")
    assert (status, [task["id"] for task in first["results"]]) == (200, ["task_2", "task_3", "task_4"])
    assert [task["id"] for task in rest["results"]] == ["task_4", "task_5"]
    assert [task["id"] for task in found["results"]] == ["task_3"]
    assert second == {"success": True, "items": [TASKS[4]], "total": 5}


async def test_a_task_is_claimed_once() -> None:
    """The second claim is a conflict; an unknown task is not found."""
    async with FakeTaskApi(tasks=fresh_tasks()) as api:
        assert (await ask(api, "POST", "/tasks/task_1/claim", json={}))[0] == 200
        status, refusal = await ask(api, "POST", "/tasks/task_1/claim", json={})
        assert (status, refusal["error"]["code"]) == (409, "task_claimed")
        assert (await ask(api, "GET", "/tasks/none"))[0] == 404
        api.empty_claims = True
        assert await ask(api, "POST", "/tasks/task_2/claim", json={}) == (204, None)


async def test_a_key_counts_once_and_looks_go_on() -> None:
    """The same key gives the same solution; each look shows the next status, and a verdict comes with its checks."""
    async with FakeTaskApi(tasks=fresh_tasks(), looks=("pending", "failed")) as api:
        once = {"json": {"agent_id": "a"}, "headers": {"Idempotency-Key": "k"}}
        status, first = await ask(api, "POST", "/tasks/task_1/solutions", **once)
        assert (status, first["status"]) == (201, "pending")
        assert (await ask(api, "POST", "/tasks/task_1/solutions", **once))[1]["id"] == first["id"]
        assert (await ask(api, "POST", "/tasks/task_1/solutions", json={}))[0] == 422
        looks = [(await ask(api, "GET", f"/solutions/{first['id']}"))[1] for _ in range(3)]
        assert len((await ask(api, "GET", "/tasks/task_1/solutions"))[1]["results"]) == 1
        assert (await ask(api, "GET", "/solutions/none"))[0] == 404
    assert [look["status"] for look in looks] == ["pending", "failed", "failed"]
    assert (looks[2]["score"], len(looks[2]["checks"])) == (0, 2)


async def test_forms_are_read_part_by_part() -> None:
    """A multipart body arrives with names, types and file names; its plain fields answer demands."""
    form = aiohttp.FormData()
    form.add_field("solution", '{"agent_id": "a"}', content_type="application/json")
    form.add_field("screenshots", b"\x89", content_type="image/png", filename="s.png")
    form.add_field("nonce", "n1")
    async with FakeTaskApi(tasks=fresh_tasks(), demands=("nonce",)) as api:
        assert (await ask(api, "POST", "/tasks/task_1/solutions", data=form))[0] == 201
    parts = [(part.name, part.content_type.partition(";")[0], part.file_name) for part in api.requests[0].parts]
    assert parts == [
        ("solution", "application/json", None),
        ("screenshots", "image/png", "s.png"),
        ("nonce", "text/plain", None),
    ]


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_credentials_and_demands(method: str) -> None:
    """A token is checked; a demand is met by the query of a GET and the body of a POST, a nonce only once."""
    wrong_place, right_place = ("json", "params") if method == "GET" else ("params", "json")
    async with FakeTaskApi(bearer="t", demands=("nonce",)) as api:
        good = {"headers": {"Authorization": "Bearer t"}}
        assert (await ask(api, method, "/tasks"))[0] == 401
        assert (await ask(api, method, "/tasks", **good, **{wrong_place: {"nonce": "1"}}))[1][
            "code"
        ] == "nonce_required"
        said = await ask(api, method, "/tasks", **good, **{right_place: {"nonce": "1", "title": "t"}})
        assert said[0] in (200, 201)
        assert (await ask(api, method, "/tasks", **good, **{right_place: {"nonce": "1", "title": "t"}}))[0] == 409


async def test_faults_strike_after_the_effect() -> None:
    """A request that is answered badly has been processed, as with a gateway that gave up."""
    async with FakeTaskApi(faults={1: Fault(kind="status", status=504)}, wrapped=True) as api:
        once = {"json": {"title": "t"}, "headers": {"Idempotency-Key": "k"}}
        assert (await ask(api, "POST", "/tasks", **once))[0] == 504
        status, answer = await ask(api, "POST", "/tasks", **once)
    assert (status, answer) == (200, {"success": True, "data": {"title": "t", "id": "task_1", "status": "open"}})
    assert len(api.tasks) == 1
