"""Lists are read to their end over real HTTP, whatever the dialect, and never in a circle."""

import asyncio
import json
import logging
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from score_model.client import PageRequest, Secret, read_list
from score_model.errors import RemoteError, RemoteUnreachableError
from tests.client.sessions import quick_session
from tests.fakes.entries import entry_ids, make_entries
from tests.fakes.envelopes import DIALECTS, ITEM_KEYS, Envelope
from tests.fakes.faults import Fault
from tests.fakes.leaderboard import FakeLeaderboard
from tests.fakes.table import select

ENTRIES = make_entries(60)


async def read_ids(api: FakeLeaderboard, limit: int | None, **changes: Any) -> list[str]:
    """Return the ids of all rows that a list gives."""
    params = {} if limit is None else {"limit": str(limit)}
    ids: list[str] = []
    async with quick_session(api.origin, **changes) as session:
        async for page in read_list(session, PageRequest(path="/list", params=params)):
            ids.extend(entry_ids(json.loads(bytes(item)) for item in page.items))
    return ids


@settings(max_examples=120, deadline=None)
@given(
    dialect=st.sampled_from(DIALECTS),
    items_key=st.sampled_from(ITEM_KEYS),
    camel=st.booleans(),
    beside=st.booleans(),
    rows=st.integers(0, 60),
    limit=st.none() | st.integers(1, 70),
    clamp=st.none() | st.integers(1, 20),
    pretends=st.booleans(),
)
def test_every_list_is_read_once_and_in_order(
    dialect: str,
    items_key: str,
    camel: bool,
    beside: bool,
    rows: int,
    limit: int | None,
    clamp: int | None,
    pretends: bool,
) -> None:
    """Every dialect × table size × page size gives every row exactly once, in order, even if the server caps the limit
    silently and its hints pretend that it did not."""

    async def read() -> list[str]:
        envelope = Envelope(dialect=dialect, items_key=items_key, camel=camel, hints_beside_items=beside)
        api = FakeLeaderboard(rows=ENTRIES[:rows], envelope=envelope, clamp=clamp, says_asked_limit=pretends)
        async with api:
            return await read_ids(api, limit)

    assert asyncio.run(read()) == entry_ids(select(ENTRIES[:rows], {}))


@pytest.mark.parametrize("dialect", [name for name in DIALECTS if name != "nothing"])
async def test_a_list_that_says_its_end_costs_no_extra_request(dialect: str) -> None:
    """Six rows in pages of two are three requests, unless nothing at all tells the end."""
    async with FakeLeaderboard(rows=make_entries(6), envelope=Envelope(dialect=dialect)) as api:
        assert len(await read_ids(api, 2)) == 6
    assert len(api.requests) == 3


@pytest.mark.parametrize("dialect", DIALECTS)
async def test_credentials_and_filters_reach_every_page(dialect: str) -> None:
    """However the next page is named, the key, the token and the limit go along; a key the server echoes isn't kept."""
    secrets = {"bearer_token": Secret("t"), "api_key": Secret("k")}
    api = FakeLeaderboard(rows=make_entries(5), envelope=Envelope(dialect=dialect), bearer="t", key="k")
    async with api, quick_session(api.origin, **secrets) as session:
        pages = [page async for page in read_list(session, PageRequest(path="/list", params={"limit": "2"}))]
    assert sum(len(page.items) for page in pages) == 5
    assert {request.params["limit"] for request in api.requests} == {"2"}
    assert not any("key=k" in f"{page.url} {page.next} {page.link_next}" for page in pages)


async def test_faults_between_pages_are_outlasted() -> None:
    """A fault on each second request changes nothing about the rows."""

    def every_second(recorded: Any) -> Fault | None:
        return Fault(kind="truncated") if recorded.number % 2 else None

    async with FakeLeaderboard(rows=make_entries(9), faults=every_second) as api:
        assert await read_ids(api, 2) == entry_ids(select(make_entries(9), {}))


@pytest.mark.parametrize("dialect", ["nothing", "total", "has_next"])
async def test_a_server_that_ignores_the_page_is_found_out(dialect: str) -> None:
    """The same full page again is an error that says so, not an endless list."""
    api = FakeLeaderboard(rows=make_entries(9), envelope=Envelope(dialect=dialect), ignores_page=True)
    async with api:
        with pytest.raises(RemoteUnreachableError, match="repeats itself: page 2 holds the same 3 rows"):
            await read_ids(api, 3)
    assert len(api.requests) == 2


async def test_a_whole_list_that_comes_twice_is_its_end(caplog: pytest.LogCaptureFixture) -> None:
    """A server without paging gives all its rows to every request: with room left in the page that was the list."""
    api = FakeLeaderboard(rows=make_entries(9), envelope=Envelope(dialect="nothing", items_key=""), ignores_page=True)
    with caplog.at_level(logging.WARNING):
        async with api:
            assert len(await read_ids(api, 50)) == 9
    assert "ignores page numbers" in caplog.text


@pytest.mark.parametrize("hint", ['"next": "?page=1"', '"next": 1', '"next_cursor": "same"'])
async def test_a_circle_ends_with_an_error(hint: str) -> None:
    """A next that was read before is never read again."""

    def circle(recorded: Any) -> Fault:
        row = recorded.number  # other rows each time, so that only the link gives the circle away
        return Fault(kind="status", status=200, body=f'{{"items": [{row}], {hint}}}'.encode())

    async with FakeLeaderboard(faults=circle) as api, quick_session(api.origin) as session:
        with pytest.raises(RemoteUnreachableError, match="goes in a circle"):
            [page async for page in read_list(session, PageRequest(path="/list", params={"page": "1"}))]
    assert len(api.requests) <= 3


async def test_empty_pages_for_ever_end_with_an_error() -> None:
    """A server that always names one more cursor but gives no rows is given up."""

    def empty(recorded: Any) -> Fault:
        return Fault(kind="status", status=200, body=f'{{"items": [], "next_cursor": "{recorded.number}"}}'.encode())

    async with FakeLeaderboard(faults=empty) as api, quick_session(api.origin) as session:
        with pytest.raises(RemoteUnreachableError, match="100 empty pages"):
            [page async for page in read_list(session, PageRequest(path="/list"))]


async def test_an_empty_page_before_a_cursor_is_not_the_end() -> None:
    """Filtered pages may be empty; the cursor decides."""
    bodies = {1: b'{"items": [1], "next_cursor": "a"}', 2: b'{"items": [], "next_cursor": "b"}', 3: b'{"items": [2]}'}
    faults = {number: Fault(kind="status", status=200, body=body) for number, body in bodies.items()}
    async with FakeLeaderboard(faults=faults) as api, quick_session(api.origin) as session:
        pages = [page async for page in read_list(session, PageRequest(path="/list"))]
    assert [bytes(item) for page in pages for item in page.items] == [b"1", b"2"]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.binary(max_size=40) | st.sampled_from([b'{"items": [1], "next": ', b'{"data": {"tasks": [']), max_size=4
    )
)
def test_hostile_lists_end_with_a_named_error(parts: list[bytes]) -> None:
    """Whatever bytes a server sends as a page, reading ends with rows or with an error of ours."""

    async def read() -> None:
        api = FakeLeaderboard(faults=lambda _: Fault(kind="status", status=200, body=b"".join(parts)))
        async with api, quick_session(api.origin) as session:
            async for page in read_list(session, PageRequest(path="/list")):
                assert page.items is not None

    try:
        asyncio.run(read())
    except RemoteError:
        return
