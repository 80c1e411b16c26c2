"""Bodies and requests that nobody should send, on every route that takes one."""

import json
import sqlite3

import pytest
from sqlalchemy import event

from score_model.arena._settings import ApiSwitches
from tests.arena.api.images import data_url, png
from tests.arena.conftest import RunningArena, StartArena

_KIND = {"Content-Type": "application/json"}
_DEEP = b'{"title":"x","inputs":' + b'{"a":' * 64 + b"1" + b"}" * 64 + b"}"
_BODIES = (
    (b"", 400, "invalid_json"),
    (b"{", 400, "invalid_json"),
    (b"nonsense", 400, "invalid_json"),
    (b'{"title": NaN}', 400, "invalid_json"),
    (b'{"title": 1e999}', 400, "invalid_json"),
    (b'{"title": "\xff"}', 400, "invalid_json"),
    (b"\xef\xbb\xbf{}", 400, "invalid_json"),
    (b'{"title": "\\ud800"}', 400, "invalid_json"),
    (b'{"title": "\\ud800\\u0041 and more"}', 400, "invalid_json"),
    (b"[]", 422, "invalid_body"),
    (b"null", 422, "invalid_body"),
    (b'"text"', 422, "invalid_body"),
    (b"[" * 100_000, 422, "invalid_body"),
    (_DEEP, 422, "invalid_body"),
    (b'{"title":"x","agent_id":"x","inputs":{"n":9223372036854775808}}', 422, "invalid_body"),
    (b'{"title":"x","agent_id":"x","inputs":{"n":-9223372036854775809}}', 422, "invalid_body"),
    (b'{"title":"x","agent_id":"x","inputs":{"n":1' + b"0" * 5000 + b"}}", 400, "invalid_json"),
    (b'{"title":"x","agent_id":"x","inputs":{"\\u0000":1}}', 422, "invalid_body"),
    (b'{"title":"x\\u0000","agent_id":"x\\u0000"}', 422, "invalid_body"),
)


async def test_hostile_bodies(arena: RunningArena) -> None:
    """Broken, deep, huge and unstorable JSON is refused with a code by every route that takes JSON; never 500."""
    task = await arena.create()
    for path in ("/tasks", f"/tasks/{task}/solutions", f"/tasks/{task}/claim"):
        for body, status, code in _BODIES:
            if path.endswith("/claim") and not body:
                continue
            answer = await arena.call("POST", path, _KIND, data=body)
            assert (answer.status, answer.code) == (status, code), (path, body[:60])
    assert (await arena.call("GET", "/tasks")).json["total"] == 1


async def test_what_just_fits(arena: RunningArena) -> None:
    """Values at the limits come back as they were sent."""
    inputs = {"low": -(2**63), "high": 2**63 - 1, "float": 1.5e308, "text": "\x01 🎬 \u2028", "": []}
    task = await arena.create("x" * 500, inputs=inputs)
    assert (await arena.call("GET", f"/tasks/{task}")).json["inputs"] == inputs
    assert (await arena.call("POST", "/tasks", _KIND, data=_DEEP.replace(b'{"a":', b"", 2)[:-2])).status == 201


async def test_other_content_types_are_refused(arena: RunningArena) -> None:
    """A body that does not say that it is JSON answers 415: a page in a browser can't write without being asked."""
    task = await arena.create()
    body = json.dumps({"title": "x", "agent_id": "x"}).encode()
    for path in ("/tasks", f"/tasks/{task}/solutions", f"/tasks/{task}/claim"):
        for kind in ("text/plain", "application/x-www-form-urlencoded", "application/jsonp", "", "application/xml"):
            answer = await arena.call("POST", path, {"Content-Type": kind}, data=body)
            assert (answer.status, answer.code) == (415, "unsupported_media_type")
        same = await arena.call("POST", path, {"Content-Type": "Application/JSON; charset=utf-8"}, data=body)
        assert same.status in (200, 201)


async def test_errors_are_json_everywhere(arena: RunningArena) -> None:
    """Unknown paths and methods answer JSON with a code, on the task API and beside it."""
    for path in ("", "/", "/nothing", "/tasks/a/b/c", "/v1", "/../../etc/passwd"):
        answer = await arena.call("GET", path)
        assert (answer.status, answer.code) == (404, "not_found"), path
    for method, path in (
        ("PUT", "/tasks"),
        ("DELETE", "/tasks/x"),
        ("GET", "/tasks/x/claim"),
        ("PATCH", "/solutions/x"),
    ):
        answer = await arena.call(method, path)
        assert (answer.status, answer.code) == (405, "method_not_allowed")
        assert "OPTIONS" in answer.headers["Allow"]
    for path in ("/tasks", "/tasks/x/solutions"):
        assert (await arena.call("OPTIONS", path)).headers["Allow"] == "GET, OPTIONS, POST"


async def test_a_flood_of_parameters(arena: RunningArena) -> None:
    """More than a hundred parameters are refused."""
    answer = await arena.call("GET", "/tasks?" + "&".join(f"p{number}=1" for number in range(200)))
    assert (answer.status, answer.code) == (422, "invalid_query")


async def test_a_full_disk_is_no_crash(arena: RunningArena, caplog: pytest.LogCaptureFixture) -> None:
    """A database that can't grow answers 503 with a code, keeps nothing of what failed, and works when it can again."""
    task = await arena.create()
    image = png() + bytes(200_000)
    body = {"agent_id": "a", "artifacts": {"screenshots": [data_url(image)]}}

    def fill(connection: sqlite3.Connection, _record: object) -> None:
        (pages,) = connection.execute("PRAGMA page_count").fetchone()
        connection.execute(f"PRAGMA max_page_count={pages + 2}").close()

    arena.engine.dispose()
    event.listen(arena.engine, "connect", fill)
    answer = await arena.call("POST", f"/tasks/{task}/solutions", json=body)
    assert (answer.status, answer.code) == (503, "storage_unavailable")
    assert "full" in caplog.text
    event.remove(arena.engine, "connect", fill)
    arena.engine.dispose()
    assert (await arena.call("GET", f"/tasks/{task}/solutions")).json["total"] == 0
    assert (await arena.call("POST", f"/tasks/{task}/solutions", json=body)).status == 201


async def test_a_bug_shows_nothing(arena: RunningArena, caplog: pytest.LogCaptureFixture) -> None:
    """What the arena did not foresee answers 500 with a code and no detail, and its log says what happened."""
    solution = await arena.submit(await arena.create())
    with arena.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE solutions SET request = x'7b'")
    answer = await arena.call("GET", f"/solutions/{solution}")
    assert (answer.status, answer.code) == (500, "internal_error")
    assert "Decode" not in answer.body.decode()
    assert f"GET /api/solutions/{solution} failed" in caplog.text
    assert "DecodeError" in caplog.text


async def test_a_strange_host(start_arena: StartArena) -> None:
    """A Host header that names no host is not echoed: what follows is then told relative to the server."""
    arena = await start_arena(api=ApiSwitches(paging="next_url"))
    for _ in range(2):
        await arena.create()
    for host in ('">', "user@evil", "a:99999999", "x" * 300, "é"):
        answer = await arena.call("GET", "/tasks?page_size=1", {"Host": host})
        assert answer.status in (200, 400)
        if answer.status == 200:
            url = answer.json["next"]
            assert url.startswith(("/api/tasks?page_size=1&cursor=", "http://a:99999999/api/tasks?"))
