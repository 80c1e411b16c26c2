"""The fake export itself, asked by a plain client that trusts nothing of ours."""

import json
from typing import Any

import aiohttp
import pytest

from tests.fakes.entries import entry_id, entry_ids, make_entries, make_entry
from tests.fakes.envelopes import DIALECTS, ITEM_KEYS, Envelope, decode_cursor, encode_cursor
from tests.fakes.faults import KINDS, Fault
from tests.fakes.leaderboard import FakeLeaderboard


async def ask(api: FakeLeaderboard, headers: dict[str, str] | None = None, **params: str) -> tuple[int, Any]:
    """Return status and JSON of one GET."""
    async with (
        aiohttp.ClientSession() as session,
        session.get(api.url, params=params, headers=headers, allow_redirects=False) as response,
    ):
        return response.status, json.loads(await response.read())


async def test_the_documented_answer() -> None:
    """Without switches the answer is the documented one: newest first, 50 rows, counted."""
    async with FakeLeaderboard(rows=make_entries(120)) as api:
        status, answer = await ask(api)
        _, last = await ask(api, page="3")
    assert status == 200
    assert answer["success"] is True
    assert {**answer["data"], "tasks": None} == {"tasks": None, "total": 120, "page": 1, "limit": 50, "totalPages": 3}
    assert entry_ids(answer["data"]["tasks"]) == entry_ids(make_entries(120)[:69:-1])
    assert len(last["data"]["tasks"]) == 20


@pytest.mark.parametrize("params", [{"limit": "501"}, {"limit": "0"}, {"page": "0"}, {"page": "x"}, {"limit": "-1"}])
async def test_bad_numbers_are_422(params: dict[str, str]) -> None:
    """Numbers out of range are refused in FastAPI's shape, which names the field."""
    async with FakeLeaderboard() as api:
        status, answer = await ask(api, None, **params)
    assert status == 422
    assert answer["detail"][0]["loc"] == ["query", *params]


async def test_credentials() -> None:
    """A bearer token and a key are demanded where configured."""
    async with FakeLeaderboard(bearer="t", key="k") as api:
        assert (await ask(api))[0] == 401
        good = {"Authorization": "Bearer t"}
        assert (await ask(api, good))[0] == 422
        assert (await ask(api, good, key="x"))[0] == 403
        assert (await ask(api, good, key="k"))[0] == 200


async def test_demands_are_stateful() -> None:
    """Each name is demanded in turn, and a nonce is good for one request."""
    async with FakeLeaderboard(demands=("nonce", "run_id")) as api:
        assert (await ask(api))[1] == {"code": "nonce_required", "message": "one more thing"}
        assert (await ask(api, nonce="1"))[1]["code"] == "run_id_required"
        assert (await ask(api, nonce="1", run_id="r"))[0] == 409
        assert (await ask(api, nonce="2", run_id="r"))[0] == 200


async def test_the_table_can_drift() -> None:
    """Rows can be inserted and deleted between requests, by hand or by a hook that sees each request."""

    def drift(api: FakeLeaderboard, number: int, params: dict[str, str]) -> None:
        if number == 2:
            assert params == {"limit": "3"}
            api.insert(make_entry(100))

    async with FakeLeaderboard(rows=make_entries(5), on_request=drift) as api:
        first = (await ask(api, limit="3"))[1]["data"]
        second = (await ask(api, limit="3"))[1]["data"]
        api.delete(entry_id(make_entry(100)))
        third = (await ask(api, limit="3"))[1]["data"]
    assert (first["total"], second["total"], third["total"]) == (5, 6, 5)
    assert second["tasks"][1:] == first["tasks"][:2]
    assert third == first


async def test_a_clamp_is_silent() -> None:
    """A capped limit gives fewer rows; the hints admit it or pretend otherwise."""
    async with FakeLeaderboard(rows=make_entries(9), clamp=2) as api:
        honest = (await ask(api, limit="6"))[1]["data"]
        api.says_asked_limit = True
        liar = (await ask(api, limit="6"))[1]["data"]
    assert (len(honest["tasks"]), honest["limit"], honest["totalPages"]) == (2, 2, 5)
    assert (len(liar["tasks"]), liar["limit"], liar["totalPages"]) == (2, 6, 2)


@pytest.mark.parametrize("dialect", DIALECTS)
async def test_each_dialect_says_its_own_hints(dialect: str) -> None:
    """The first of two pages names the second in its dialect, the second names none."""
    names = {
        "total_pages": {"total", "page", "limit", "totalPages"},
        "total": {"total"},
        "has_next": {"hasNext"},
        "nothing": set(),
        "next_url": {"next", "total"},
        "next_number": {"next"},
        "cursor": {"nextCursor"},
        "link": set(),
    }
    async with FakeLeaderboard(rows=make_entries(4), envelope=Envelope(dialect=dialect)) as api:
        first = (await ask(api, limit="2"))[1]["data"]
        last = (await ask(api, limit="2", page="2"))[1]["data"]
    assert set(first) - {"tasks"} == set(last) - {"tasks"} == names[dialect]
    if dialect.startswith("next"):
        assert first["next"]
        assert last["next"] is None
    if dialect == "cursor":
        assert decode_cursor(first["nextCursor"]) == 2
        assert last["nextCursor"] is None


@pytest.mark.parametrize("key", ITEM_KEYS)
async def test_rows_sit_under_the_chosen_key(key: str) -> None:
    """Flat, nested or bare."""
    async with FakeLeaderboard(rows=make_entries(2), envelope=Envelope(items_key=key)) as api:
        value = (await ask(api))[1]
    for part in key.split(".") if key else []:
        value = value[part]
    assert len(value) == 2


def test_cursors_are_opaque_and_checked() -> None:
    """A cursor holds characters that a URL must escape; anything else is recognised as foreign."""
    assert decode_cursor(encode_cursor(7)) == 7
    assert set("+/=") <= set(encode_cursor(7))
    assert decode_cursor("x") is None


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind not in ("hang", "dribble")])
async def test_every_fault_strikes_and_passes(kind: str) -> None:
    """Requests are answered badly while the fault lasts, well after it, and all are recorded."""
    # Not by number: this client may repeat a request by itself when its connection is reset.
    async with FakeLeaderboard(rows=make_entries(2), faults=lambda _: Fault(kind=kind, status=503)) as api:
        try:
            status, answer = await ask(api)
        except (aiohttp.ClientError, ValueError):
            status, answer = 0, None
        assert status != 200 or answer is None or answer["success"] is False or "next" in answer
        api.faults = {}
        assert (await ask(api))[1]["data"]["tasks"] == make_entries(2)[::-1]
    assert len(api.requests) >= 2


async def test_faults_can_be_scheduled_by_number() -> None:
    """Only the request with the scheduled number is answered badly."""
    async with FakeLeaderboard(faults={2: Fault(kind="status", status=404)}) as api:
        assert [(await ask(api))[0] for _ in range(3)] == [200, 404, 200]


async def test_hanging_and_dribbling_end_with_the_server() -> None:
    """A silent request is cut by the client's timeout, and the server still stops at once."""
    faults = {1: Fault(kind="hang"), 2: Fault(kind="dribble", seconds=5.0)}
    async with (
        FakeLeaderboard(rows=make_entries(2), faults=faults) as api,
        aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=0.1)) as session,
    ):
        for _ in range(2):
            with pytest.raises(TimeoutError):
                await _read(session, api.url)
    assert len(api.requests) == 2


async def _read(session: aiohttp.ClientSession, url: str) -> bytes:
    async with session.get(url) as response:
        return await response.read()
