"""What each dialect makes of a page's hints; and lists read to their end over real HTTP, never in a circle."""

import asyncio
import json
import logging
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from score_model.client import ListPage, PageRequest, Secret, detect_dialect, read_list
from score_model.client._pagination import (
    CursorPages,
    Dialect,
    LinkHeaderPages,
    NextLinkPages,
    NumberedPages,
    next_link,
)
from score_model.errors import CircularListError, RemoteError, RemoteRefusedError, RemoteUnreachableError
from tests.client.factories import quick_session
from tests.fakes.entries import entry_ids, make_entries
from tests.fakes.envelopes import DIALECTS, ITEM_KEYS, Envelope
from tests.fakes.faults import Fault
from tests.fakes.leaderboard import FakeLeaderboard
from tests.fakes.table import select

FIRST = PageRequest(path="/tasks", params={"page": "1", "limit": "2", "status": "open"}, number=1)
ROWS = [msgspec.Raw(b"1"), msgspec.Raw(b"2")]
URL = "http://api.example/tasks?page=1&limit=2"


def page(rows: int = 2, offered: str = "", **hints: Any) -> ListPage:
    """Return a page with the first rows of `ROWS`; what is hinted counts as offered."""
    names = frozenset([*hints, *offered.split()])
    return ListPage(items=ROWS[:rows], url=URL, offered=names, **hints)


@pytest.mark.parametrize(
    ("first", "dialect"),
    [
        (page(), NumberedPages(2)),
        (page(total=9), NumberedPages(2)),
        (page(total=2), NumberedPages(2)),
        (page(has_next=True), NumberedPages(2)),
        (page(next=2), NextLinkPages()),
        (page(next="/x"), NextLinkPages()),
        (page(next="/x", total=9, has_next=True), NextLinkPages()),
        (page(link_next="/x", total=9), LinkHeaderPages()),
        (page(next_cursor="c", next="/x", link_next="/y", total=9), CursorPages()),
        (page(next_cursor="c", has_next=False), CursorPages()),
        (page(next_cursor="c", has_next=False, next="/x"), NextLinkPages()),
        (page(offered="next_cursor"), CursorPages()),
        (page(offered="next"), NextLinkPages()),
        (page(offered="link"), LinkHeaderPages()),
        (page(offered="next", total=9), NumberedPages(2)),
        (page(offered="next_cursor link", has_next=True), NumberedPages(2)),
    ],
)
def test_the_first_page_shows_the_dialect(first: ListPage, dialect: Dialect) -> None:
    """Cursors before links before numbers; a null that ends the list ends it only if no number says otherwise."""
    assert detect_dialect(first, FIRST) == dialect


def test_a_cursor_replaces_the_page_number() -> None:
    """The other parameters stay, the page number goes."""
    following = CursorPages().next_request(FIRST, page(next_cursor="a+b/="))
    assert following == PageRequest(
        path="/tasks", params={"limit": "2", "status": "open", "cursor": "a+b/="}, cursor="a+b/="
    )


def test_a_promised_page_without_a_cursor_is_an_error() -> None:
    """`has_next: true` with no cursor is not taken for the end."""
    with pytest.raises(RemoteUnreachableError, match="gives no cursor"):
        CursorPages().next_request(FIRST, page(has_next=True))


def test_a_next_number_replaces_the_page_number() -> None:
    """The other parameters stay."""
    following = NextLinkPages().next_request(FIRST, page(next=5))
    assert following == PageRequest(path="/tasks", params={**FIRST.params, "page": "5"}, number=5)


@pytest.mark.parametrize(("dialect", "hint"), [(NextLinkPages(), "next"), (LinkHeaderPages(), "link_next")])
def test_a_next_url_is_followed_as_it_is(dialect: Dialect, hint: str) -> None:
    """Its query is complete, so nothing of the request is added; number and cursor are read from it."""
    following = dialect.next_request(FIRST, page(2, "", **{hint: "?page=7&cursor=a%2Bb"}))
    assert following == PageRequest(path="http://api.example/tasks?page=7&cursor=a%2Bb", number=7, cursor="a+b")
    with pytest.raises(RemoteRefusedError, match="another origin"):
        dialect.next_request(FIRST, page(2, "", **{hint: "http://evil.example/tasks"}))


@pytest.mark.parametrize(
    ("rows", "hints", "more"),
    [
        (2, {}, True),
        (1, {}, True),
        (0, {}, False),
        (2, {"total": 2}, False),
        (2, {"total": 3}, True),
        (0, {"total": 3}, False),
        (2, {"total_pages": 1}, False),
        (2, {"total_pages": 2}, True),
        (2, {"total_pages": 1, "total": 3}, True),
        (2, {"has_next": False}, False),
        (2, {"has_next": False, "total": 3}, True),
        (2, {"has_next": True, "total": 2}, True),
        (0, {"has_next": True}, False),
    ],
)
def test_numbers_count_on_until_nothing_says_more(rows: int, hints: dict[str, Any], more: bool) -> None:
    """One hint that there is more outweighs the others; no rows is always the end; no hint at all goes on."""
    following = NumberedPages(2).next_request(FIRST, page(rows, "", **hints))
    assert (following is not None) == more
    if following is not None:
        assert following.number == 2
        assert following.params["page"] == "2"


@given(
    total=st.integers(0, 60),
    size=st.integers(1, 12),
    number=st.integers(1, 70),
    known=st.booleans(),
    limit=st.integers(1, 500),
)
def test_a_total_never_ends_a_list_early(total: int, size: int, number: int, known: bool, limit: int) -> None:
    """Whatever limit was asked for or is echoed, the total ends the list only when all rows were passed."""
    before = min((number - 1) * size, total)
    count = min(size, total - before)
    last = ListPage(items=[msgspec.Raw(b"1")] * count, total=total, limit=limit)
    if before + count < total:
        request = PageRequest(path="/tasks", number=number)
        assert NumberedPages(size if known else None).next_request(request, last)


@pytest.mark.parametrize(
    ("header", "target"),
    [
        ('<https://a/x?page=2>; rel="next"', "https://a/x?page=2"),
        ("<?page=2>;rel=next", "?page=2"),
        ('<a,b;c>; title="x; rel=prev"; rel="last NEXT"', "a,b;c"),
        ('<1>; rel="prev", <2>; rel="next", <3>; rel="last"', "2"),
        ('<1>; rel="prev"', None),
        ('<1>; rel="nextish"', None),
        ("<1>", None),
        ("", None),
        ("<<<>>>;;;rel=next", ""),
    ],
)
def test_the_link_header_is_read(header: str, target: str | None) -> None:
    """Quoted or not, among other relations, with commas in the URL."""
    if "title" in header:
        header = header.replace("x; rel=prev", "x")
    assert next_link(header) == target


@given(st.text())
def test_no_link_header_breaks_the_reader(header: str) -> None:
    """Any text is a target or none."""
    assert next_link(header) is None or isinstance(next_link(header), str)


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


async def test_rows_come_before_the_error_that_follows_them() -> None:
    """A page whose `next` leaves the origin is given before the list ends with the refusal."""
    body = b'{"items": [1, 2], "next": "http://evil.example/list"}'
    fault = Fault(kind="status", status=200, body=body)
    async with FakeLeaderboard(faults=lambda _: fault) as api, quick_session(api.origin) as session:
        pages = read_list(session, PageRequest(path="/list"))
        page = await anext(pages)
        with pytest.raises(RemoteRefusedError, match="another origin"):
            await anext(pages)
    assert [bytes(item) for item in page.items] == [b"1", b"2"]


@pytest.mark.parametrize("hint", ['"next": "?page=1"', '"next": 1', '"next_cursor": "same"'])
async def test_a_circle_ends_with_an_error(hint: str) -> None:
    """A next that was read before is never read again."""

    def circle(recorded: Any) -> Fault:
        row = recorded.number  # other rows each time, so that only the link gives the circle away
        return Fault(kind="status", status=200, body=f'{{"items": [{row}], {hint}}}'.encode())

    async with FakeLeaderboard(faults=circle) as api, quick_session(api.origin) as session:
        with pytest.raises(CircularListError, match="goes in a circle"):
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
