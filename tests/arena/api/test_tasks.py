"""Tasks over real HTTP: made, shown, listed, searched and claimed."""

import asyncio
from typing import Any

from tests.arena.conftest import RunningArena, StartArena

_TEST = {"type": "CheckEventTest", "event_name": "FILM_DETAIL", "event_criteria": {"name": "Alien"}}


async def _titles(arena: RunningArena, query: str) -> list[str]:
    answer = await arena.call("GET", f"/tasks?{query}")
    assert answer.status == 200, answer.body
    return [task["title"] for task in answer.json["results"]]


async def test_a_task_comes_back_as_documented(arena: RunningArena) -> None:
    """A created task has the documented fields and no others; its tests are never shown."""
    given = {
        "title": "Fill checkout form",
        "description": "Buy “two”",
        "inputs": {"url": "http://localhost:8000/?seed=42", "seed": 42},
        "metadata": {"difficulty": "m", "tags": ["forms"]},
    }
    created = await arena.call("POST", "/tasks", json={**given, "tests": [_TEST], "colour": "ignored"})
    assert created.status == 201
    task = created.json
    assert task == {**given, "id": task["id"], "created_at": "2025-11-07T16:00:00Z", "status": "open"}
    assert (await arena.call("GET", f"/tasks/{task['id']}")).json == task
    assert (await arena.call("GET", "/tasks")).json["results"] == [task]
    bare = await arena.call("POST", "/tasks", json={"title": "x"})
    assert (bare.json["description"], bare.json["inputs"], bare.json["metadata"]) == (None, {}, {})


_BAD: list[tuple[dict[str, Any], str | None]] = [
    ({}, None),
    ({"title": ""}, "title"),
    ({"title": "x" * 501}, "title"),
    ({"title": 7}, "title"),
    ({"title": None}, "title"),
    ({"title": "x", "description": "x" * 20_001}, "description"),
    ({"title": "x", "inputs": []}, "inputs"),
    ({"title": "x", "metadata": "m"}, "metadata"),
    ({"title": "x", "tests": {}}, "tests"),
    ({"title": "x", "tests": [1]}, "tests[0]"),
    ({"title": "x", "tests": [{}]}, "tests"),
    ({"title": "x", "tests": [{"type": "Mystery"}]}, "tests"),
    ({"title": "x", "tests": [{**_TEST, "event_criteria": {"a": {"operator": "like", "value": 1}}}]}, "tests"),
    ({"title": "x", "tests": [_TEST] * 101}, "tests"),
]


async def test_bad_tasks_are_refused(arena: RunningArena) -> None:
    """A task that breaks the schema, or has a test that nobody can run, answers 422, names the field, and stays out."""
    for body, field in _BAD:
        answer = await arena.call("POST", "/tasks", json=body)
        assert (answer.status, answer.code) == (422, "invalid_body"), body
        (problem,) = answer.json["detail"]
        assert problem["loc"][:2] == (["body"] if field is None else ["body", field])
    assert (await arena.call("GET", "/tasks")).json["total"] == 0


async def test_status_filters_as_of_now(start_arena: StartArena) -> None:
    """The status filter follows claims as they are made and as they run out."""
    arena = await start_arena()
    first, _ = [await arena.create(title) for title in ("one", "two")]
    assert await _titles(arena, "status=open") == ["two", "one"]
    assert (await arena.call("POST", f"/tasks/{first}/claim")).status == 200
    assert await _titles(arena, "status=open") == ["two"]
    assert await _titles(arena, "status=assigned") == ["one"]
    assert await _titles(arena, "status=done") == []
    assert await _titles(arena, "status=") == ["two", "one"]
    arena.clock.advance(900)
    assert await _titles(arena, "status=open") == ["two", "one"]
    assert await _titles(arena, "status=assigned") == []
    refused = await arena.call("GET", "/tasks?status=closed")
    assert (refused.status, refused.code) == (422, "invalid_query")
    assert refused.json["detail"][0]["loc"] == ["query", "status"]


async def test_search_is_text(arena: RunningArena) -> None:
    """Search looks into title and description, in either case, and takes wildcards and quotes for what they are."""
    await arena.create("100% sure", description="It's _fine_")
    await arena.create("100 sure", description="Nothing \\ here")
    await arena.create("Überfahrt")
    assert await _titles(arena, "search=100%25") == ["100% sure"]
    assert await _titles(arena, "search=SURE") == ["100 sure", "100% sure"]
    assert await _titles(arena, "search=_fine_") == ["100% sure"]
    assert await _titles(arena, "search=it%27s") == ["100% sure"]
    assert await _titles(arena, "search=%5C") == ["100 sure"]
    assert await _titles(arena, "search=%C3%9Cber") == ["Überfahrt"]
    assert await _titles(arena, "search=%C3%BCBER") == ["Überfahrt"]
    assert await _titles(arena, "search=nothing&status=open") == ["100 sure"]
    for bad in (f"search={'x' * 501}", "search=a%00b", "search=%FF"):
        assert (await arena.call("GET", f"/tasks?{bad}")).code == "invalid_query"


async def test_a_claim_is_answered_with_its_end(start_arena: StartArena) -> None:
    """The winner gets the task as assigned and the claim; others get 409 until it has run out; then the next wins."""
    arena = await start_arena()
    task = await arena.create()
    won = await arena.call("POST", f"/tasks/{task}/claim", json={"agent_id": "miner_7"})
    assert won.status == 200
    assert won.json["status"] == "assigned"
    assert won.json["claim"] == {"agent_id": "miner_7", "expires_at": "2025-11-07T16:15:00Z"}
    assert (await arena.call("GET", f"/tasks/{task}")).json == won.json
    arena.clock.advance(899.999)
    lost = await arena.call("POST", f"/tasks/{task}/claim", json={"agent_id": "miner_7"})
    assert (lost.status, lost.code) == (409, "already_claimed")
    arena.clock.advance(0.001)
    assert "claim" not in (await arena.call("GET", f"/tasks/{task}")).json
    again = await arena.call("POST", f"/tasks/{task}/claim", json={})
    assert again.json["claim"]["agent_id"] is None
    wrong: list[Any] = [{"agent_id": ""}, {"agent_id": 7}, {"agent_id": "x" * 201}, []]
    for body in wrong:
        assert (await arena.call("POST", f"/tasks/{task}/claim", json=body)).code == "invalid_body"


async def test_a_hundred_claims_have_one_winner(arena: RunningArena) -> None:
    """Of a hundred concurrent claims exactly one wins and 99 are told so."""
    task = await arena.create()
    claims = (arena.call("POST", f"/tasks/{task}/claim", json={"agent_id": f"miner_{n}"}) for n in range(100))
    answers = await asyncio.gather(*claims)
    won = [answer for answer in answers if answer.status == 200]
    assert len(won) == 1
    assert [answer.code for answer in answers if answer.status == 409] == ["already_claimed"] * 99


async def test_unknown_tasks_are_404(arena: RunningArena) -> None:
    """Every route below a task answers 404 where there is none, whatever the id looks like."""
    for unknown in ("nope", "%00", "x" * 4000, "..%2e", "%F0%9F%8E%AC", "%FF", "'--"):
        for method, rest in (("GET", ""), ("POST", "/claim"), ("GET", "/solutions")):
            answer = await arena.call(method, f"/tasks/{unknown}{rest}")
            assert (answer.status, answer.code) == (404, "task_not_found"), (unknown, rest)
        answer = await arena.call("POST", f"/tasks/{unknown}/solutions", json={"agent_id": "a"})
        assert (answer.status, answer.code) == (404, "task_not_found")
