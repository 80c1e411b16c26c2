"""What each dialect makes of a page's hints, without a network."""

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from score_model.client import (
    CursorPages,
    Dialect,
    LinkHeaderPages,
    ListPage,
    NextLinkPages,
    NumberedPages,
    PageRequest,
    detect_dialect,
)
from score_model.client._pagination import next_link, says_more
from score_model.errors import RemoteRefusedError, RemoteUnreachableError

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
        assert says_more(last, number, size if known else None)


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
