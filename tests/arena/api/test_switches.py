"""What deployments demand on top: a nonce, a run id; and tokens."""

from typing import Any

import pytest

from score_model.arena._settings import ApiSwitches
from score_model.arena.api import create_token, revoke_token
from score_model.errors import UsageError
from tests.arena.api.test_solutions import form_of
from tests.arena.conftest import StartArena
from tests.arena.factories import entry


async def test_a_nonce_is_demanded_of_everything(start_arena: StartArena) -> None:
    """Without a nonce each route says that it wants one; with a fresh one it answers, with a used one it refuses."""
    arena = await start_arena([entry(1)], api=ApiSwitches(demands=("nonce",)))
    task = (await arena.call("POST", "/tasks", json={"title": "x", "nonce": "n1"})).json["id"]
    requests: list[tuple[str, str, Any]] = [
        ("GET", "/tasks", None),
        ("GET", f"/tasks/{task}", None),
        ("GET", f"/tasks/{task}/solutions", None),
        ("GET", "/v1/tasks/with-solutions", None),
        ("GET", "/v1/tasks/by-season?season=1", None),
        ("POST", "/tasks", {"title": "y"}),
        ("POST", f"/tasks/{task}/solutions", {"agent_id": "a"}),
        ("POST", f"/tasks/{task}/claim", {}),
    ]
    for place, (method, path, body) in enumerate(requests):
        bare = await arena.call(method, path, json=body)
        assert (bare.status, bare.code) == (400, "nonce_required")
        assert "nonce" in bare.json["detail"]
        for nonce, wanted in ((f"fresh-{place}", (200, 201)), ("n1", (409,)), (f"fresh-{place}", (409,))):
            if body is None:
                joint = "&" if "?" in path else "?"
                answer = await arena.call(method, f"{path}{joint}nonce={nonce}")
            else:
                answer = await arena.call(method, path, json={**body, "nonce": nonce})
            assert answer.status in wanted, (method, path, answer.body)
            assert answer.status != 409 or answer.code == "nonce_reused"
    assert (await arena.call("POST", f"/tasks/{task}/claim")).code == "nonce_required"


async def test_a_refused_request_keeps_its_nonce(start_arena: StartArena) -> None:
    """The nonce of a request that was refused, for whatever reason, is good for the next one."""
    arena = await start_arena(key="k", api=ApiSwitches(demands=("nonce",)))
    task = (await arena.call("POST", "/tasks", json={"title": "x", "nonce": "1"})).json["id"]
    assert (await arena.call("POST", f"/tasks/{task}/claim", json={"nonce": "2"})).status == 200
    refused: list[tuple[str, str, Any, int]] = [
        ("GET", "/tasks/none?nonce=n", None, 404),
        ("GET", "/tasks?page=0&nonce=n", None, 422),
        ("GET", "/v1/tasks/with-solutions?key=other&nonce=n", None, 403),
        ("POST", "/tasks", {"title": "", "nonce": "n"}, 422),
        ("POST", f"/tasks/{task}/claim", {"nonce": "n"}, 409),
        ("POST", "/tasks/none/solutions", {"agent_id": "a", "nonce": "n"}, 404),
    ]
    for method, path, body, status in refused:
        answer = await arena.call(method, path, json=body)
        assert (answer.status, answer.code != "nonce_reused") == (status, True), path
    assert (await arena.call("GET", "/tasks?nonce=n")).status == 200
    assert (await arena.call("GET", "/tasks?nonce=n")).code == "nonce_reused"


async def test_both_spellings_of_a_run_id(start_arena: StartArena) -> None:
    """`runId` in a body or a form is the `run_id` that the solution keeps."""
    arena = await start_arena(api=ApiSwitches(demands=("run_id",)))
    task = (await arena.call("POST", "/tasks", json={"title": "x", "runId": "r0"})).json["id"]
    path = f"/tasks/{task}/solutions"
    assert (await arena.call("POST", path, json={"agent_id": "a", "runId": "r1"})).status == 201
    assert (await arena.call("POST", path, data=form_of({"agent_id": "a"}, runId="r2"))).status == 201
    with arena.engine.begin() as connection:
        kept = connection.exec_driver_sql("SELECT run_id FROM solutions ORDER BY number").scalars().all()
    assert kept == ["r1", "r2"]


async def test_a_run_id_is_demanded(start_arena: StartArena) -> None:
    """A run id may come again and again, in either spelling; in a form it is a field of its own."""
    arena = await start_arena(api=ApiSwitches(demands=("run_id", "nonce")))
    bare = await arena.call("POST", "/tasks", json={"title": "x"})
    assert (bare.code, bare.json["detail"]) == ("run_id_required", "This deployment demands: run_id, nonce")
    given = {"title": "x", "run_id": "r", "nonce": "1"}
    task = (await arena.call("POST", "/tasks", json=given)).json["id"]
    assert (await arena.call("GET", "/tasks?runId=r&nonce=2")).status == 200
    path = f"/tasks/{task}/solutions"
    assert (await arena.call("POST", path, data=form_of({"agent_id": "a"}))).code == "run_id_required"
    fields = form_of({"agent_id": "a"}, run_id="r", nonce="3")
    assert (await arena.call("POST", path, data=fields)).status == 201
    inside = form_of({"agent_id": "a", "run_id": "r", "nonce": "4"})
    assert (await arena.call("POST", path, data=inside)).code == "run_id_required"
    empty = form_of({"agent_id": "a", "run_id": ""}, run_id="r", nonce="4")
    assert (await arena.call("POST", path, data=empty)).code == "invalid_body"
    for bad in ({"run_id": 7}, {"run_id": ""}, {"run_id": "x" * 201}, {"run_id": None}):
        answer = await arena.call("POST", path, json={"agent_id": "a", "nonce": "5", **bad})
        assert (answer.status, answer.code) == (400, "run_id_required")


async def test_unknown_switches_are_refused() -> None:
    """A switch that does not exist is the caller's mistake."""
    wrong: tuple[dict[str, Any], ...] = (
        {"paging": "sideways"},
        {"envelope": "rows"},
        {"demands": ("captcha",)},
        {"claim_ttl_s": 0},
        {"claim_ttl_s": float("nan")},
    )
    for chosen in wrong:
        with pytest.raises(UsageError):
            ApiSwitches(**chosen)


async def test_stored_tokens_guard_every_route(start_arena: StartArena) -> None:
    """From its first token on, without a restart, an arena demands one; a revoked one is worth nothing at once."""
    arena = await start_arena([entry(1)])
    task = await arena.create()
    paths = ("/tasks", f"/tasks/{task}", f"/tasks/{task}/solutions", "/solutions/x", "/solutions/x/screenshots/0")
    exports = ("/v1/tasks/with-solutions", "/v1/tasks/by-season?season=1")
    one, two = [create_token(arena.engine, arena.clock, name) for name in ("one", "two")]
    for path in (*paths, *exports):
        refused = await arena.call("GET", path)
        assert (refused.status, refused.code) == (401, "invalid_token")
        assert refused.headers["WWW-Authenticate"] == "Bearer"
        admitted = await arena.call("GET", path, {"Authorization": f"Bearer {one}"})
        assert admitted.status in (200, 404)
    for path in ("/tasks", f"/tasks/{task}/claim", f"/tasks/{task}/solutions"):
        assert (await arena.call("POST", path, data=b"not even JSON")).status == 401
    for wrong in (one[:-1], f"{one}x", "", "é" * 10, two.upper()):
        assert (await arena.call("GET", "/tasks", {"Authorization": f"Bearer {wrong}"})).status == 401
    revoke_token(arena.engine, "one")
    assert (await arena.call("GET", "/tasks", {"Authorization": f"Bearer {one}"})).status == 401
    assert (await arena.call("GET", "/tasks", {"Authorization": f"bearer {two}"})).status == 200
    async with arena.session.get(arena.urls.health_url) as health:
        assert health.status == 200


async def test_tokens_are_not_kept(start_arena: StartArena) -> None:
    """The database holds no token, only its digest; names are plain and used once."""
    arena = await start_arena()
    token = create_token(arena.engine, arena.clock, "agent-1")
    for name in ("agent-1", "", "a b", "x" * 65, "é", "-a"):
        with pytest.raises(UsageError):
            create_token(arena.engine, arena.clock, name)
    with pytest.raises(UsageError, match="nobody"):
        revoke_token(arena.engine, "nobody")
    arena.engine.dispose()
    kept = b"".join(path.read_bytes() for path in arena.database.parent.glob("arena.sqlite*"))
    assert b"agent-1" in kept
    assert token.encode() not in kept


async def test_a_host_for_others_never_opens_up(start_arena: StartArena) -> None:
    """Where other machines can reach the arena, revoking the last token lets nobody in."""
    arena = await start_arena(host="0.0.0.0", token="first")
    headers = {"Authorization": "Bearer first"}
    assert (await arena.call("GET", "/tasks", headers)).status == 200
    assert (await arena.call("GET", "/tasks")).status == 401
