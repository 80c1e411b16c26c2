"""A site's own event service and its reset hook."""

import asyncio

import pytest

from score_model.arena.sites import Layout, SiteBackend, Visit
from score_model.arena.sites.autocinema import AUTOCINEMA
from score_model.arena.sites.request import Caller, SiteEvent
from score_model.arena.sites.store import Identity
from score_model.arena.sites.use_cases import add_comment, view
from tests.arena.events.conftest import NOW_US, Central, Service, headers_of

ALICE, BOB = Identity("7", "v1"), Identity("7", "v2")
LAYOUT = Layout("autocinema", 1)


async def _comment(backend: SiteBackend, identity: Identity, text: str) -> None:
    def act(visit: Visit) -> tuple[int, SiteEvent]:
        item = visit.items()[0]
        event = add_comment(visit, item.id, {"name": ["Ann"], "content": [text]})
        assert isinstance(event, SiteEvent)
        return item.id, event

    await backend.act_and_record(Caller(identity, LAYOUT, None, NOW_US), act)


async def _comments(backend: SiteBackend, identity: Identity) -> int:
    caller = Caller(identity, LAYOUT, None, NOW_US)
    return await backend.look(caller, lambda visit: sum(map(len, visit.state.comments.values())))


async def test_the_row_is_the_event(backend: SiteBackend, site: Service) -> None:
    """Each row is an event with its name, time, identity, data and user, as documented, newest first."""
    await _comment(backend, ALICE, "first")
    await _comment(backend, ALICE, "second")
    rows = (await site.ask("GET", "/events/list/", headers=headers_of(ALICE))).json
    assert [row["data"]["content"] for row in rows] == ["second", "first"]
    data = rows[1].pop("data")
    assert rows[1] == {
        "id": 1,
        "event_name": "ADD_COMMENT",
        "timestamp": "2025-11-15T16:00:00Z",
        "web_agent_id": "7",
        "validator_id": "v1",
        "user": None,
    }
    assert set(data) == {"name", "content", "comment_id", "created_at", "movie"}


async def test_identities_are_apart(backend: SiteBackend, site: Service) -> None:
    """Listing, resetting events and resetting the site reach one identity only; without headers it is the empty one."""
    for identity in (ALICE, BOB, Identity()):
        await _comment(backend, identity, str(identity))
    for identity in (ALICE, BOB, Identity()):
        rows = (await site.ask("GET", "/events/list/", headers=headers_of(identity))).json
        assert [row["data"]["content"] for row in rows] == [str(identity)]
    assert (await site.ask("POST", "/reset/")).status == 204
    assert (await site.ask("DELETE", "/events/reset/", headers=headers_of(ALICE))).json == {"deleted": 1}
    assert (await site.ask("GET", "/events/list/")).json == []
    assert len((await site.ask("GET", "/events/list/", headers=headers_of(BOB))).json) == 1
    assert [await _comments(backend, identity) for identity in (ALICE, BOB, Identity())] == [1, 1, 0]


async def test_resetting_events_leaves_the_world(backend: SiteBackend, site: Service) -> None:
    """DELETE /events/reset/ forgets the events alone; POST /reset/ forgets all that the visitor did."""
    await _comment(backend, ALICE, "kept")
    assert (await site.ask("DELETE", "/events/reset/", headers=headers_of(ALICE))).json == {"deleted": 1}
    assert (await site.ask("DELETE", "/events/reset", headers=headers_of(ALICE))).json == {"deleted": 0}
    assert await _comments(backend, ALICE) == 1
    answer = await site.ask("POST", "/reset", headers=headers_of(ALICE))
    assert (answer.status, answer.body) == (204, b"")
    assert await _comments(backend, ALICE) == 0


async def test_a_reset_reaches_the_central_service(central: Central, site: Service) -> None:
    """It takes the identity's events of this site there too: under the site's origin, and the one that was asked.

    Those of other identities and of other sites stay.
    """
    pages = (f"{site.origin}/movie/1/", AUTOCINEMA.origin, "http://localhost:8001")
    for page in pages:
        for identity in (ALICE, BOB):
            await central.save({"who": str(identity)}, identity.agent_id, identity.validator_id, page)
    assert (await site.ask("POST", "/reset/", headers=headers_of(ALICE))).status == 204
    left = {
        identity: [len(await central.events(identity.agent_id, identity.validator_id, page)) for page in pages]
        for identity in (ALICE, BOB)
    }
    assert left == {ALICE: [0, 0, 1], BOB: [1, 1, 1]}


async def test_a_reset_asked_of_no_host(central: Central, site: Service) -> None:
    """A host that no page can have is no reason to refuse a reset."""
    await central.save({"a": 1}, ALICE.agent_id, ALICE.validator_id, AUTOCINEMA.origin)
    answer = await site.ask("POST", "/reset/", headers=headers_of(ALICE) | {"Host": "localhost:99999"})
    assert answer.status == 204
    assert await central.events(ALICE.agent_id, ALICE.validator_id, AUTOCINEMA.origin) == []


@pytest.mark.parametrize("header", ["X-WebAgent-Id", "X-Validator-Id"])
async def test_an_absurd_identity_is_refused(site: Service, header: str) -> None:
    """A header that is too long to be kept whole is refused: cut short, two callers could become one."""
    for method, path in {"GET": "/events/list/", "DELETE": "/events/reset/", "POST": "/reset/"}.items():
        answer = await site.ask(method, path, headers={header: "7" * 201})
        assert answer.refusal == (400, "bad_request")
    assert (await site.ask("GET", "/events/list/", headers={header: "7" * 200})).status == 200


async def test_identities_beyond_ascii(backend: SiteBackend, site: Service) -> None:
    """A header in UTF-8 names the same identity as the text that the site stores."""
    identity = Identity("møller_7", "валидатор")
    await _comment(backend, identity, "hei")
    rows = (await site.ask("GET", "/events/list/", headers=headers_of(identity))).json
    assert [(row["web_agent_id"], row["validator_id"]) for row in rows] == [(identity.agent_id, identity.validator_id)]


async def test_concurrent_acts_of_one_identity(backend: SiteBackend, site: Service) -> None:
    """Of acts that happen at once none is lost: each changes the world once and leaves one event."""

    async def look() -> None:
        caller = Caller(ALICE, LAYOUT, None, NOW_US)

        def opened(visit: Visit) -> tuple[None, SiteEvent]:
            event = view(visit, visit.items()[0].id)
            assert isinstance(event, SiteEvent)
            return None, event

        await backend.act_and_record(caller, opened)

    await asyncio.gather(*(_comment(backend, ALICE, str(number)) for number in range(50)), *(look() for _ in range(50)))
    assert await _comments(backend, ALICE) == 50
    rows = (await site.ask("GET", "/events/list/", headers=headers_of(ALICE))).json
    comments = [row["data"] for row in rows if row["event_name"] == "ADD_COMMENT"]
    assert {comment["content"] for comment in comments} == {str(number) for number in range(50)}
    assert sorted(comment["comment_id"] for comment in comments) == list(range(1, 51))
    assert len(rows) == 100
