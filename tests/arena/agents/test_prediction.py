"""The model of browser and websites that predicts events: the rules of the pages."""

from typing import Any

import pytest

from score_model.arena.agents import predict
from score_model.arena.sites import Layout, SiteSpec, catalog_of
from score_model.arena.sites.autobooks import AUTOBOOKS
from score_model.arena.sites.autocinema import AUTOCINEMA

SEED = 17


def go(spec: SiteSpec, path: str) -> dict[str, Any]:
    joint = "&" if "?" in path else "?"
    return {"type": "navigate", "attributes": {"url": f"{spec.origin}{path}{joint}seed={SEED}"}}


def where(spec: SiteSpec, name: str, item_id: int | None = None) -> dict[str, Any]:
    value = Layout(spec.name, SEED).element_id(name, item_id)
    return {"type": "attributeValueSelector", "attribute": "id", "value": value}


def click(spec: SiteSpec, name: str, item_id: int | None = None) -> dict[str, Any]:
    return {"type": "click", "attributes": {"selector": where(spec, name, item_id)}}


def fill(spec: SiteSpec, name: str, text: str) -> dict[str, Any]:
    return {"type": "input", "attributes": {"text": text, "selector": where(spec, name)}}


def choose(spec: SiteSpec, name: str, text: str) -> dict[str, Any]:
    return {"type": "selectdropdownoption", "attributes": {"text": text, "selector": where(spec, name)}}


def log_in(spec: SiteSpec, username: str = "user<web_agent_id>") -> list[dict[str, Any]]:
    return [
        go(spec, "/login/"),
        fill(spec, "login.username", username),
        fill(spec, "login.password", spec.password),
        click(spec, "login.submit"),
    ]


def names(spec: SiteSpec, *actions: dict[str, Any]) -> list[str]:
    return [event.name for event in predict(spec, actions, "77")]


def shown(spec: SiteSpec) -> int:
    """An item on show."""
    return catalog_of(Layout(spec.name, SEED))[0].id


def test_members_acts_need_a_login() -> None:
    """On autobooks, what is for members leads to the login page; on autocinema anybody may edit."""
    book, film = shown(AUTOBOOKS), shown(AUTOCINEMA)
    deleting = [go(AUTOBOOKS, f"/delete/{book}/"), click(AUTOBOOKS, "delete.confirm")]
    assert names(AUTOBOOKS, *deleting) == []
    assert names(AUTOBOOKS, *log_in(AUTOBOOKS), *deleting) == ["LOGIN_BOOK", "DELETE_BOOK"]
    assert names(AUTOCINEMA, go(AUTOCINEMA, f"/delete/{film}"), click(AUTOCINEMA, "delete.confirm")) == ["DELETE_FILM"]


def test_placeholders_stand_for_the_agent() -> None:
    """`<web_agent_id>` in a typed text is the agent's number; a stranger's name is refused."""
    events = predict(AUTOCINEMA, log_in(AUTOCINEMA), "77")
    assert [event.data for event in events] == [{"username": "user77"}]
    assert names(AUTOCINEMA, *log_in(AUTOCINEMA, "nobody")) == []


def test_comments_show_where_they_were_written() -> None:
    """autocinema opens the page again to show a comment, autobooks does not."""
    for spec, expected in (
        (AUTOCINEMA, ["FILM_DETAIL", "ADD_COMMENT", "FILM_DETAIL"]),
        (AUTOBOOKS, ["BOOK_DETAIL", "ADD_COMMENT_BOOK"]),
    ):
        page = spec.path("item", shown(spec))
        said = [fill(spec, "comment.name", "A"), fill(spec, "comment.content", "B"), click(spec, "comment.submit")]
        assert names(spec, go(spec, page), *said) == expected
        assert names(spec, go(spec, page), said[0], said[2]) == expected[:1]


@pytest.mark.parametrize("spec", [AUTOCINEMA, AUTOBOOKS])
def test_searching_and_filtering(spec: SiteSpec) -> None:
    """Forms and addresses both search and filter; what asks for nothing is no event."""
    search, narrow = spec.events["search"], spec.events["filter"]
    enter = {"type": "input", "attributes": {"keys": "Enter"}}
    assert names(spec, go(spec, "/"), fill(spec, "search.query", "x"), click(spec, "search.submit")) == [search]
    assert names(spec, go(spec, "/"), fill(spec, "search.query", "x"), enter) == [search]
    assert names(spec, go(spec, "/"), click(spec, "search.submit"), click(spec, "filter.submit")) == []
    assert names(spec, go(spec, "/?search=x"), go(spec, "/?genre=2&year="), go(spec, "/?genre=&year=")) == [
        search,
        narrow,
    ]
    genre = spec.genres[3]
    filtered = [go(spec, "/"), choose(spec, "filter.genre", genre.lower()), click(spec, "filter.submit")]
    assert predict(spec, filtered, "1")[0].data["genre"]["name"] == genre
    assert names(spec, go(spec, "/"), choose(spec, "filter.year", "1234"), click(spec, "filter.submit")) == []


@pytest.mark.parametrize("spec", [AUTOCINEMA, AUTOBOOKS])
def test_a_failing_action_changes_nothing(spec: SiteSpec) -> None:
    """Elements that are not there, pages that are not there and other sites' addresses leave no event."""
    missing = {"type": "click", "attributes": {"selector": {"type": "xpathSelector", "value": "//div[1]"}}}
    elsewhere = {"type": "navigate", "attributes": {"url": "http://localhost:8002/?search=x"}}
    assert (
        names(spec, click(spec, "login.submit"), go(spec, "/nowhere/"), missing, elsewhere, {"type": "hologram"}) == []
    )
    assert names(spec, go(spec, spec.path("item", 9999))) == []


def test_going_back_opens_the_page_before() -> None:
    """History leads back to the page before, which is opened again."""
    page = AUTOCINEMA.path("item", shown(AUTOCINEMA))
    back = {"type": "navigate", "attributes": {"url": None, "go_back": True}}
    assert names(AUTOCINEMA, go(AUTOCINEMA, page), go(AUTOCINEMA, "/contact/"), back) == ["FILM_DETAIL"] * 2
    assert names(AUTOCINEMA, back) == []


def test_buying_books() -> None:
    """A purchase takes what the cart holds; without a cart there is no checkout."""
    book = shown(AUTOBOOKS)
    paying = [
        fill(AUTOBOOKS, "checkout.name", "A"),
        fill(AUTOBOOKS, "checkout.card", "1234 5678 9012 3456"),
        fill(AUTOBOOKS, "checkout.expiry", "01/30"),
        fill(AUTOBOOKS, "checkout.cvc", "123"),
        click(AUTOBOOKS, "checkout.submit"),
    ]
    put = [go(AUTOBOOKS, f"/book/{book}/"), click(AUTOBOOKS, "cart.add", book), click(AUTOBOOKS, "cart.add", book)]
    to_pay = [go(AUTOBOOKS, "/cart/"), click(AUTOBOOKS, "cart.buy", book)]
    events = predict(AUTOBOOKS, [*log_in(AUTOBOOKS), *put, *to_pay, *paying], "77")
    assert [event.name for event in events[-2:]] == ["SHOPPING_CART", "PURCHASE_BOOK"]
    assert events[-1].data["quantity"] == 2
    assert names(AUTOBOOKS, *log_in(AUTOBOOKS), go(AUTOBOOKS, f"/checkout/{book}/"), *paying) == ["LOGIN_BOOK"]


def test_logging_out() -> None:
    """The link signs out once; signed out there is nothing to sign out of."""
    for spec in (AUTOCINEMA, AUTOBOOKS):
        out = [click(spec, "nav.logout"), go(spec, "/logout/")]
        assert names(spec, *log_in(spec), *out) == [spec.events["login"], spec.events["logout"]]
