"""What the export refuses, and how the refusals read."""

from dataclasses import replace
from pathlib import Path

import pytest

from score_model.arena import ArenaSettings, open_engine
from score_model.arena.api import create_token
from score_model.arena.server import arena_app
from score_model.errors import UsageError
from tests.arena.conftest import ManualClock, StartArena
from tests.arena.factories import entry

_HUGE = "9" * 400


_BAD = [
    ("limit=501", "limit", "less_than_equal"),
    ("limit=0", "limit", "greater_than_equal"),
    ("limit=-1", "limit", "greater_than_equal"),
    ("limit=ten", "limit", "int_parsing"),
    ("limit=", "limit", "int_parsing"),
    (f"limit={_HUGE}", "limit", "less_than_equal"),
    ("page=0", "page", "greater_than_equal"),
    (f"page={_HUGE}", "page", "less_than_equal"),
    ("page=1.5", "page", "int_parsing"),
    ("page=%D9%A1", "page", "int_parsing"),
    (f"minerUid={_HUGE}", "minerUid", "less_than_equal"),
    (f"validatorId=-{_HUGE}", "validatorId", "greater_than_equal"),
    ("minerUid=1%20OR%201=1", "minerUid", "int_parsing"),
    ("minerUid=1%00", "minerUid", "int_parsing"),
    ("success=maybe", "success", "bool_parsing"),
    ("success=", "success", "bool_parsing"),
    ("minScore=nan", "minScore", "finite_number"),
    ("maxScore=inf", "maxScore", "finite_number"),
    ("minScore=-1", "minScore", "greater_than_equal"),
    ("maxScore=100.5", "maxScore", "less_than_equal"),
    ("minScore=1e999", "minScore", "finite_number"),
    ("minScore=x", "minScore", "float_parsing"),
    ("status=done", "status", "literal_error"),
    ("website=a%00b", "website", "string_unicode"),
    ("taskId=%FF%FE", "taskId", "string_unicode"),
    ("useCase=%ED%A0%80", "useCase", "string_unicode"),
    (f"agentId={'x' * 501}", "agentId", "string_too_long"),
]


async def test_bad_values_answer_422(start_arena: StartArena) -> None:
    """A value outside the contract answers 422 in FastAPI's shape and names the parameter; never 500."""
    arena = await start_arena([entry(1)])
    for query, name, kind in _BAD:
        answer = await arena.get(query)
        assert answer.status == 422, query
        assert answer.json["code"] == "invalid_query"
        (problem,) = answer.json["detail"]
        assert (problem["loc"], problem["type"]) == (["query", name], kind), query
        assert problem["msg"]


async def test_sql_in_values_is_text(start_arena: StartArena) -> None:
    """Values are compared as text, whatever SQL they spell."""
    arena = await start_arena([entry(1)])
    for query in (
        "website='%20OR%201=1%20--",
        'useCase=";DROP%20TABLE%20entries;--',
        "taskId=%25",
        "sort=score;DROP",
        "roundId=%27",
        "agentId=*",
    ):
        answer = await arena.get(query)
        assert answer.status == 200, query
        assert answer.json["data"]["total"] == (1 if query.startswith("sort") else 0), query
    assert (await arena.get()).json["data"]["total"] == 1


async def test_all_problems_are_named(start_arena: StartArena) -> None:
    """One refusal names every parameter that is wrong; too many parameters are refused as such."""
    arena = await start_arena()
    problems = (await arena.get("limit=9999&page=0&success=x")).json["detail"]
    assert {problem["loc"][1] for problem in problems} == {"limit", "page", "success"}
    flood = await arena.get("&".join(f"p{number}=1" for number in range(200)))
    assert flood.status == 422
    missing = await arena.get(path="by-season")
    assert missing.status == 422
    assert missing.json["detail"] == [{"loc": ["query", "season"], "msg": "Field required", "type": "missing"}]


async def test_key_is_demanded(start_arena: StartArena) -> None:
    """With a key set: 422 without one, 403 with another, 200 with it; the health route needs none."""
    arena = await start_arena([entry(1)], key="k-é 1")
    missing = await arena.get()
    assert missing.status == 422
    assert missing.json["detail"] == [{"loc": ["query", "key"], "msg": "Field required", "type": "missing"}]
    wrong = await arena.get("key=nope")
    assert (wrong.status, wrong.json["code"]) == (403, "invalid_key")
    assert (await arena.get("key=k-%C3%A9%201")).status == 200
    assert (await arena.get("season=1", path="by-season")).status == 422
    async with arena.session.get(arena.urls.health_url) as health:
        assert health.status == 200


async def test_token_is_demanded(start_arena: StartArena) -> None:
    """With a token set, requests without it answer 401, whatever else they carry."""
    arena = await start_arena([entry(1)], token="secret")
    for headers in ({}, {"Authorization": "Bearer other"}, {"Authorization": "Basic secret"}, {"Authorization": "é"}):
        answer = await arena.get("limit=9999", **headers)
        assert (answer.status, answer.json["code"]) == (401, "invalid_token")
        assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert (await arena.get(Authorization="Bearer secret")).status == 200
    assert (await arena.get(Authorization="bearer secret")).status == 200


async def test_unneeded_secrets_are_ignored(start_arena: StartArena) -> None:
    """An arena that demands nothing ignores a key and a token."""
    arena = await start_arena([entry(1)])
    assert (await arena.get("key=x", Authorization="Bearer x")).status == 200


async def test_other_routes_answer_json(start_arena: StartArena) -> None:
    """Unknown routes and methods answer JSON with a code."""
    arena = await start_arena()
    unknown = await arena.get(path="nothing")
    assert (unknown.status, unknown.json["code"]) == (404, "not_found")
    async with arena.session.post(arena.urls.leaderboard_url) as response:
        assert response.status == 405
        assert (await response.json())["code"] == "method_not_allowed"


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.5", "example.org", ""])
def test_other_hosts_need_a_token(tmp_path: Path, host: str) -> None:
    """An arena for an address that others can reach does not start without a token, in its settings or its database."""
    settings = ArenaSettings(database=tmp_path / "arena.sqlite", host=host)
    engine = open_engine(settings.database)
    with pytest.raises(UsageError, match="token"):
        arena_app(settings, engine, ManualClock())
    assert arena_app(replace(settings, token="t"), engine, ManualClock())
    create_token(engine, ManualClock(), "agent")
    assert arena_app(settings, engine, ManualClock())
    engine.dispose()


def test_settings_keep_secrets_out_of_their_text() -> None:
    """The text of the settings shows neither key nor token."""
    text = repr(ArenaSettings(database=Path("a.sqlite"), key="hidden-key", token="hidden-token"))
    assert "hidden" not in text
