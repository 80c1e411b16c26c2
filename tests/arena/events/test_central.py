"""The central event service."""

import asyncio
import io
import json
from collections.abc import Callable
from typing import Any

import pytest

from score_model.arena.sites import SiteStore
from score_model.arena.sites.store import Identity
from tests.arena.events.conftest import PAGE, Central

EVENT = {"event_name": "SEARCH_BOOK", "data": {"query": "dune"}, "user_id": None, "timestamp": "2025-11-15T16:00:00Z"}

_ORIGINS = (
    ("http://localhost:8001/", "http://localhost:8001", True),
    ("http://localhost:8001/a?b#c", "HTTP://LOCALHOST:8001/x", True),
    ("http://user:pass@localhost:8001", "http://localhost:8001", True),
    ("http://localhost:80/a", "http://localhost", True),
    ("https://localhost:443/a", "https://localhost", True),
    (" http://[::1]:8001/a ", "http://[::1]:8001", True),
    ("http://localhost:8001", "http://127.0.0.1:8001", False),
    ("http://localhost:8001", "http://localhost:8000", False),
    ("http://localhost:443", "https://localhost:443", False),
    ("http://localhost", "https://localhost", False),
)


async def test_an_event_comes_back_as_documented(central: Central) -> None:
    """A post is answered with 201 and its row, which is then listed; of the page's URL only the origin is kept."""
    saved = await central.save(EVENT)
    row = {
        "id": 1,
        "web_agent_id": "7",
        "web_url": "http://localhost:8001",
        "validator_id": "v1",
        "data": EVENT,
        "created_at": "2025-11-15T16:00:00Z",
    }
    assert (saved.status, saved.json) == (201, row)
    assert await central.events() == [row]


async def test_newest_first(central: Central) -> None:
    """Events are listed from the newest to the oldest."""
    for number in range(5):
        await central.save({"number": number})
    assert [row["data"]["number"] for row in await central.events()] == [4, 3, 2, 1, 0]


async def test_events_belong_to_an_origin(central: Central) -> None:
    """A URL counts as its origin, in any spelling; names are not resolved, so `localhost` is not `127.0.0.1`."""
    for posted, asked, same in _ORIGINS:
        assert (await central.save(EVENT, web_url=posted)).status == 201, posted
        assert len(await central.events(web_url=asked)) == same, (posted, asked)
        await central.reset(web_url=posted)


async def test_identities_are_apart(central: Central) -> None:
    """Neither listing nor resetting reaches events of another agent, another validator or another site."""
    pairs = [("7", "v1"), ("7", "v2"), ("8", "v1"), ("", ""), ("7", ""), ("", "7"), ("7v", "1"), ("v1", "7")]
    for agent, validator in pairs:
        await central.save({"who": [agent, validator]}, agent, validator)
        await central.save({"elsewhere": True}, agent, validator, "http://localhost:8000/")
    for agent, validator in pairs:
        assert [row["data"] for row in await central.events(agent, validator)] == [{"who": [agent, validator]}]
    assert await central.reset("7", "v1") == 1
    for agent, validator in pairs[1:]:
        assert len(await central.events(agent, validator)) == 1
    assert len(await central.events("7", "v1", "http://localhost:8000")) == 1


async def test_reset_says_how_many(central: Central) -> None:
    """A reset answers the number of events that are gone, which is none the second time; ids are not given again."""
    for _ in range(3):
        await central.save(EVENT)
    assert await central.reset() == 3
    assert await central.reset() == 0
    assert await central.events() == []
    assert (await central.save(EVENT)).json["id"] == 4


async def test_slash_at_the_end_is_optional(central: Central) -> None:
    """Every path works with and without its last slash."""
    row = {"web_agent_id": "7", "web_url": PAGE, "validator_id": "v1", "data": {}}
    query = {"web_url": PAGE, "web_agent_id": "7", "validator_id": "v1"}
    for slash in ("", "/"):
        assert (await central.ask("POST", f"/save_events{slash}", json=row)).status == 201
        assert (await central.query("GET", f"/get_events{slash}", **query)).status == 200
        assert (await central.query("DELETE", f"/reset_events{slash}", **query)).status == 200
        assert (await central.ask("GET", f"/health{slash}")).json == {"status": "ok"}


async def test_concurrent_posts_are_all_kept(central: Central) -> None:
    """Of two hundred events that arrive at once each is stored once, under its own identity and with its own id."""

    async def save(number: int) -> int:
        row = (await central.save({"number": number}, agent=str(number % 4))).json
        assert row["data"] == {"number": number}
        return int(row["id"])

    ids = await asyncio.gather(*(save(number) for number in range(200)))
    assert sorted(ids) == list(range(1, 201))
    for agent in range(4):
        numbers = {row["data"]["number"] for row in await central.events(str(agent))}
        assert numbers == set(range(agent, 200, 4))


def _row(**changes: Any) -> bytes:
    row = {"web_agent_id": "7", "web_url": PAGE, "validator_id": "v1", "data": {"a": 1}} | changes
    return json.dumps({name: value for name, value in row.items() if value is not ...}).encode()


def _nested(depth: int) -> dict[str, Any]:
    """Objects and lists in one another, in turn."""
    data: Any = 1
    for level in range(depth - 1):
        data = [data] if level % 2 else {"a": data}
    return {"a": data}


_REFUSED = (
    (b"", (400, "invalid_json")),
    (b"not json", (400, "invalid_json")),
    (b'{"web_agent_id": "7"', (400, "invalid_json")),
    (b'{"web_agent_id": "\xff", "web_url": "http://a", "validator_id": "", "data": {}}', (400, "invalid_json")),
    (_row(data={"a": "\ud800"}), (422, "invalid_event")),
    (_row(data={"\udc00\ud800": 1}), (422, "invalid_event")),
    (_row(web_agent_id="\udfff"), (422, "invalid_event")),
    (_row(data={"event_name": "SEARCH\0"}), (422, "invalid_event")),
    (_row(data={"data": [{"a": ["\0"]}]}), (422, "invalid_event")),
    (_row(data={"data": {"\0": 1}}), (422, "invalid_event")),
    (_row(data={"a": 1 << 63}), (422, "invalid_event")),
    (_row(data={"a": [{"b": -(1 << 63) - 1}]}), (422, "invalid_event")),
    (_row(data={"a": 10**100}), (422, "invalid_event")),
    (_row(data=_nested(33)), (422, "invalid_event")),
    (_row(data=float("nan")), (400, "invalid_json")),
    (_row(data={"a": float("nan")}), (400, "invalid_json")),
    (_row(data={}).replace(b"{}", b'{"a":' * 100_000 + b"1" + b"}" * 100_000), (422, "invalid_event")),
    (_row(data={}).replace(b"{}", b'{"a": 1e999}'), (422, "invalid_event")),
    (_row(data={}).replace(b"{}", b'{"a": ' + b"9" * 5000 + b"}"), (422, "invalid_event")),
    (b"[]", (422, "invalid_event")),
    (b"null", (422, "invalid_event")),
    (_row(data=...), (422, "invalid_event")),
    (_row(data=None), (422, "invalid_event")),
    (_row(data=[]), (422, "invalid_event")),
    (_row(data="{}"), (422, "invalid_event")),
    (_row(web_agent_id=7), (422, "invalid_event")),
    (_row(web_agent_id=None), (422, "invalid_event")),
    (_row(validator_id=...), (422, "invalid_event")),
    (_row(web_url=...), (422, "invalid_event")),
    (_row(web_agent_id="7" * 201), (422, "invalid_identity")),
    (_row(validator_id="v" * 201), (422, "invalid_identity")),
    (_row(web_agent_id="7\0"), (422, "invalid_identity")),
    (_row(web_url=PAGE + "\0"), (422, "invalid_url")),
    (_row(web_url=""), (422, "invalid_url")),
    (_row(web_url="localhost:8001"), (422, "invalid_url")),
    (_row(web_url="/book/5"), (422, "invalid_url")),
    (_row(web_url="file:///etc/passwd"), (422, "invalid_url")),
    (_row(web_url="javascript:alert(1)"), (422, "invalid_url")),
    (_row(web_url="http://"), (422, "invalid_url")),
    (_row(web_url="http://:8001"), (422, "invalid_url")),
    (_row(web_url="http://localhost:99999"), (422, "invalid_url")),
    (_row(web_url="http://localhost:abc"), (422, "invalid_url")),
    (_row(web_url="http://[::1"), (422, "invalid_url")),
    (_row(web_url="http://a b/"), (422, "invalid_url")),
    (_row(web_url="http://" + "a" * 300), (422, "invalid_url")),
    (_row(web_url="http://a/" + "a" * 10_000), (422, "invalid_url")),
)


_JSON = {"Content-Type": "application/json"}


async def test_unusable_posts_are_refused(central: Central) -> None:
    """What some reader or database could not hold is refused with a 4xx in JSON, and nothing is stored."""
    for body, refusal in _REFUSED:
        assert (await central.ask("POST", "/save_events/", data=io.BytesIO(body), headers=_JSON)).refusal == refusal, (
            body[:100]
        )
    assert (await central.save(EVENT)).json["id"] == 1


async def test_a_body_has_at_most_one_mebibyte(central: Central) -> None:
    """A body of 1 MiB is taken; a byte more is refused, also where the length was not announced."""
    most = (1 << 20) - len(_row(data={"text": ""}))
    for length, status in {most: 201, most + 1: 413}.items():
        row = io.BytesIO(_row(data={"text": "x" * length}))
        assert (await central.ask("POST", "/save_events/", data=row, headers=_JSON)).status == status

    async def endless() -> Any:
        for _ in range(64):
            yield b" " * 65_536

    assert (await central.ask("POST", "/save_events/", data=endless(), headers=_JSON)).refusal == (
        413,
        "body_too_large",
    )


async def test_all_three_parameters_are_needed(central: Central) -> None:
    """A query that forgets a parameter is told so and reaches nobody's events."""
    query = {"web_url": PAGE, "web_agent_id": "", "validator_id": ""}
    await central.save(EVENT, "", "")
    for missing in query:
        given = {name: value for name, value in query.items() if name != missing}
        for method, path in {"GET": "/get_events/", "DELETE": "/reset_events/"}.items():
            answer = await central.query(method, path, **given)
            assert answer.refusal == (422, "missing_parameter")
            assert missing in answer.json["detail"]
    assert len(await central.events("", "")) == 1


async def test_hostile_queries_are_refused(central: Central) -> None:
    """Bytes that are no text, absurd ids and URLs in a query are refused with a 4xx or find nothing."""
    for query, status in {
        "web_url=%ff%fe&web_agent_id=7&validator_id=v": 422,
        "web_url=http://localhost:8001&web_agent_id=%ed%a0%80&validator_id=": 200,
        "web_url=http://localhost:8001&web_agent_id=7&validator_id=%00": 422,
        "web_url=http://localhost:8001/%00&web_agent_id=7&validator_id=v": 422,
        "web_url=http://localhost:8001&web_agent_id=" + "7" * 500 + "&validator_id=": 422,
        "web_url=http://localhost:8001&web_agent_id='%20OR%201=1--&validator_id='": 200,
    }.items():
        answer = await central.ask("GET", f"/get_events/?{query}")
        assert answer.status == status, query
        assert status != 200 or answer.json == []


async def test_other_paths_and_methods_are_refused_in_json(central: Central) -> None:
    """What the service does not have is a 404 or a 405, in JSON too."""
    assert (await central.ask("GET", "/")).refusal == (404, "not_found")
    assert (await central.ask("GET", "/save_events/")).refusal == (405, "method_not_allowed")
    assert (await central.ask("POST", "/get_events/")).refusal == (405, "method_not_allowed")


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"text": "emoji \U0001f600, quotes \"'`, </script>, \u2028, \x01"},
        {"big": 2**63 - 1, "small": -(2**63), "float": 0.1, "none": None, "true": True, "nested": {"a": [{"b": [1]}]}},
        _nested(32),
        {"": {"": ""}, "x" * 1000: "y" * 100_000},
    ],
)
async def test_data_survives_unchanged(central: Central, data: dict[str, Any]) -> None:
    """What is taken comes back equal to what was posted."""
    assert (await central.save(data, agent="a\x01b", validator="<ü>")).status == 201
    assert [row["data"] for row in await central.events("a\x01b", "<ü>")] == [data]


async def test_a_listing_is_bounded(central: Central, store: SiteStore, clock: Callable[[], int]) -> None:
    """A listing holds the newest 32 MiB of events and no more, however many there are."""
    identity = Identity("7", "v1")
    for number in range(40):
        event = json.dumps({"number": number, "text": "x" * 1_000_000}).encode()
        store.add_event("central:http://localhost:8001", identity, event, clock())
    numbers = [row["data"]["number"] for row in await central.events()]
    assert numbers == list(range(39, 39 - len(numbers), -1))
    assert 30 <= len(numbers) <= 33
