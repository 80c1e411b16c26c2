"""The data of each page: what `GET /api/pages/…` answers. Reading a page changes nothing."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from score_model.arena.sites import Visit
from score_model.arena.sites.request import LOGIN_FIRST, Refusal, SiteEvent
from score_model.arena.sites.use_cases import filter_items, search, view

MEMBERS_ONLY = frozenset(("add", "edit", "delete", "profile", "cart", "checkout"))
_NOT_FOUND = Refusal({"": "There is no such book."}, 404)

Query = Mapping[str, str]


@dataclass(frozen=True)
class Page:
    """What a page shows, and the event of having opened it."""

    content: dict[str, Any]
    event: SiteEvent | None = None


def read_page(visit: Visit, page: str, query: Query) -> Page | Refusal:
    """A page that stands for itself, one of `PAGES`."""
    return LOGIN_FIRST if _closed(visit, page) else PAGES[page](visit, query)


def read_item_page(visit: Visit, page: str, item_id: int) -> Page | Refusal:
    """A page about one book, one of `ITEM_PAGES`."""
    return LOGIN_FIRST if _closed(visit, page) else ITEM_PAGES[page](visit, item_id)


def _closed(visit: Visit, page: str) -> bool:
    return page in MEMBERS_ONLY and visit.user is None


def _home(visit: Visit, query: Query) -> Page:
    """The catalogue, or what a search or a filter leaves of it; a search that asks for nothing is none."""
    asked = {name: query.get(name, "").strip() for name in ("search", "genre", "year")}
    items, event = visit.items(), None
    years = sorted({item.fields["year"] for item in items}, reverse=True)
    if asked["search"]:
        items, event = search(visit, asked["search"])
    elif asked["genre"] or asked["year"]:
        items, event = filter_items(visit, asked["genre"], asked["year"])
    found = None if event is None else {"act": "search" if asked["search"] else "filter", **event.data}
    return Page({"items": [item.payload(visit.spec) for item in items], "years": years, "found": found}, event)


def _add(_visit: Visit, _query: Query) -> Page:
    return Page({})


def _profile(visit: Visit, _query: Query) -> Page:
    user = visit.user
    assert user is not None
    shown = msgspec.to_builtins(user)
    del shown["password"]
    genres = [visit.spec.genre_id(name) for name in user.favorite_genres]
    return Page({"user": shown | {"favorite_genre": genres[0] if genres else ""}})


def _cart(visit: Visit, _query: Query) -> Page:
    cart = _cart_of(visit)
    items = {item.id: item for item in visit.items()}
    lines = [
        {"item": items[item_id].payload(visit.spec), "quantity": cart.count(item_id)}
        for item_id in dict.fromkeys(cart)
        if item_id in items
    ]
    return Page({"lines": lines})


def _item(visit: Visit, item_id: int) -> Page | Refusal:
    item, event = visit.item(item_id), view(visit, item_id)
    if item is None or isinstance(event, Refusal):
        return _NOT_FOUND
    comments = visit.state.comments.get(item_id, [])
    return Page({"item": item.payload(visit.spec), "comments": msgspec.to_builtins(comments)}, event)


def _change(visit: Visit, item_id: int) -> Page | Refusal:
    """The page that asks how to change a book, or whether to delete it."""
    item = visit.item(item_id)
    return _NOT_FOUND if item is None else Page({"item": item.payload(visit.spec)})


def _checkout(visit: Visit, item_id: int) -> Page | Refusal:
    item, quantity = visit.item(item_id), _cart_of(visit).count(item_id)
    if item is None or not quantity:
        return _NOT_FOUND
    return Page({"item": item.payload(visit.spec), "quantity": quantity})


def _cart_of(visit: Visit) -> list[int]:
    return visit.state.carts.get(visit.username or "", [])


PAGES: dict[str, Callable[[Visit, Query], Page]] = {
    "home": _home,
    "add": _add,
    "profile": _profile,
    "cart": _cart,
}
ITEM_PAGES: dict[str, Callable[[Visit, int], Page | Refusal]] = {
    "item": _item,
    "edit": _change,
    "delete": _change,
    "checkout": _checkout,
}
