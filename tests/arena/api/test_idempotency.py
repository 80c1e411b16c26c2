"""The same Idempotency-Key never makes two."""

import asyncio
from typing import Any

from score_model.arena._settings import ApiSwitches
from tests.arena.api.images import data_url, png
from tests.arena.api.test_solutions import form_of
from tests.arena.conftest import RunningArena, StartArena

_KEY = {"Idempotency-Key": "first try / 1"}


async def _count(arena: RunningArena, task: str) -> int:
    return int((await arena.call("GET", f"/tasks/{task}/solutions")).json["total"])


async def test_a_repeated_create_is_answered_again(arena: RunningArena) -> None:
    """The same key and request give the same answer, marked as replayed, whatever the order of keys and the nonce."""
    body = {"title": "x", "inputs": {"a": 1, "b": [2]}}
    first = await arena.call("POST", "/tasks", json=body, headers=_KEY)
    assert "Idempotency-Replayed" not in first.headers
    arena.clock.advance(60)
    turned = {"nonce": "n-2", "inputs": {"b": [2], "a": 1}, "title": "x"}
    for again in (body, turned):
        second = await arena.call("POST", "/tasks", json=again, headers=_KEY)
        assert (second.status, second.body) == (201, first.body)
        assert second.headers["Idempotency-Replayed"] == "true"
    other = await arena.call("POST", "/tasks", json={"title": "y"}, headers=_KEY)
    assert (other.status, other.code) == (422, "idempotency_key_reused")
    assert (await arena.call("GET", "/tasks")).json["total"] == 1


async def test_a_key_belongs_to_one_request(arena: RunningArena) -> None:
    """A key used for one task can't submit to another, nor create; what fails leaves the key unused."""
    one, two = await arena.create(), await arena.create()
    body = {"agent_id": "a", "answer": "x"}
    missing = await arena.call("POST", "/tasks/none/solutions", json=body, headers=_KEY)
    assert missing.code == "task_not_found"
    assert (await arena.call("POST", f"/tasks/{one}/solutions", json=body, headers=_KEY)).status == 201
    for path, sent in ((f"/tasks/{two}/solutions", body), ("/tasks", {"title": "x"})):
        assert (await arena.call("POST", path, json=sent, headers=_KEY)).code == "idempotency_key_reused"
    changed: list[dict[str, Any]] = [{"agent_id": "b", "answer": "x"}, {"agent_id": "a", "answer": "y"}]
    changed.append({**body, "artifacts": {"screenshots": [data_url(png())]}})
    for sent in changed:
        answer = await arena.call("POST", f"/tasks/{one}/solutions", json=sent, headers=_KEY)
        assert answer.code == "idempotency_key_reused"
    assert (await _count(arena, one), await _count(arena, two)) == (1, 0)


async def test_a_form_repeats_the_json(arena: RunningArena) -> None:
    """A retry in the other content type, with the same screenshots, is the same request."""
    task = await arena.create()
    body = {"agent_id": "a", "artifacts": {"logs": "l", "screenshots": [data_url(png(1)), data_url(png(2))]}}
    first = await arena.call("POST", f"/tasks/{task}/solutions", json=body, headers=_KEY)
    form = form_of({"agent_id": "a", "artifacts": {"logs": "l"}}, png(1), png(2))
    again = await arena.call("POST", f"/tasks/{task}/solutions", data=form, headers=_KEY)
    assert (again.status, again.body) == (201, first.body)
    turned = form_of({"agent_id": "a", "artifacts": {"logs": "l"}}, png(2), png(1))
    other = await arena.call("POST", f"/tasks/{task}/solutions", data=turned, headers=_KEY)
    assert other.code == "idempotency_key_reused"
    assert await _count(arena, task) == 1


async def test_fifty_at_once_make_one(arena: RunningArena) -> None:
    """Fifty concurrent submissions under one key make one solution and get one answer."""
    task = await arena.create()
    body = {"agent_id": "a", "answer": 1}
    sends = (arena.call("POST", f"/tasks/{task}/solutions", json=body, headers=_KEY) for _ in range(50))
    answers = await asyncio.gather(*sends)
    assert {answer.status for answer in answers} == {201}
    assert len({answer.body for answer in answers}) == 1
    assert sum("Idempotency-Replayed" not in answer.headers for answer in answers) == 1
    assert await _count(arena, task) == 1


async def test_bad_keys_are_refused(arena: RunningArena) -> None:
    """A key that is empty, too long or not printable ASCII answers 422."""
    for key in ("", "x" * 256, "é", "a\tb"):
        answer = await arena.call("POST", "/tasks", json={"title": "x"}, headers={"Idempotency-Key": key})
        assert (answer.status, answer.code) == (422, "invalid_idempotency_key")


async def test_a_repeated_claim_is_answered_again(arena: RunningArena) -> None:
    """Who claimed under a key learns again what was won; the same agent without it, and others with it, do not."""
    task = await arena.create()
    path, body = f"/tasks/{task}/claim", {"agent_id": "miner_7"}
    first = await arena.call("POST", path, json=body, headers=_KEY)
    again = await arena.call("POST", path, json=body, headers=_KEY)
    assert (again.status, again.body, again.headers["Idempotency-Replayed"]) == (200, first.body, "true")
    assert (await arena.call("POST", path, json=body)).code == "already_claimed"
    other = await arena.call("POST", path, json={"agent_id": "miner_8"}, headers=_KEY)
    assert other.code == "idempotency_key_reused"
    late = {"Idempotency-Key": "late"}
    assert (await arena.call("POST", path, json=body, headers=late)).code == "already_claimed"
    arena.clock.advance(900)
    assert (await arena.call("POST", path, json=body, headers=late)).status == 200


async def test_a_repetition_needs_no_fresh_nonce(start_arena: StartArena) -> None:
    """A request that is sent again as it was, its used nonce and all, is answered again; a new one needs its own."""
    arena = await start_arena(api=ApiSwitches(demands=("nonce",)))
    body = {"title": "x", "nonce": "n1"}
    first = await arena.call("POST", "/tasks", json=body, headers=_KEY)
    again = await arena.call("POST", "/tasks", json=body, headers=_KEY)
    assert (again.status, again.body) == (201, first.body)
    other = await arena.call("POST", "/tasks", json=body, headers={"Idempotency-Key": "2"})
    assert other.code == "nonce_reused"
