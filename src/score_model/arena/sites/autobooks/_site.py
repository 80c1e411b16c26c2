"""The book shop as the arena knows it."""

from score_model.arena._settings import Clock
from score_model.arena.sites.spec import CATALOG_PATHS, MOST_TEXT, Field, SiteSpec
from score_model.arena.sites.store import SiteStore
from score_model.web import AllowedHosts, WebApp


def _app(store: SiteStore, clock: Clock, events_url: str, hosts: AllowedHosts) -> WebApp:
    from score_model.arena.sites.autobooks._app import autobooks_app  # tasks and agents need none of its pages

    return autobooks_app(store, clock, events_url=events_url, hosts=hosts)


AUTOBOOKS = SiteSpec(
    name="autobooks",
    title="Autobooks",
    port=8001,
    app=_app,
    event_service="central",
    client_rendered=True,
    noun="book",
    creator="author",
    comment_target="book",
    password="PASSWORD",  # noqa: S106 - public: the tasks' texts name it
    fields=(
        Field("name", "text", high=120, required=True),
        Field("author", "text", high=120, required=True),
        Field("year", "integer", 1400, 2100, required=True),
        Field("page_count", "integer", 1, 5000, required=True),
        Field("rating", "decimal", 0, 5, required=True),
        Field("price", "decimal", 0, 1000),
        Field("genres", "genres", high=6),
        Field("desc", "long_text", high=MOST_TEXT),
        Field("trailer_url", "url", high=300),
    ),
    told_by=("name", "author", "year", "page_count", "rating", "price", "genres", "desc"),
    genres=(
        "Biography", "Children", "Classics", "Cooking", "Dystopian", "Fantasy", "Historical Fiction", "Horror", "Humor",
        "Memoir", "Mystery", "Psychology", "Romance", "Sci-Fi", "Science", "Self-Help", "Travel",
    ),
    events={
        "search": "SEARCH_BOOK",
        "filter": "FILTER_BOOK",
        "detail": "BOOK_DETAIL",
        "add": "ADD_BOOK",
        "edit": "EDIT_BOOK",
        "delete": "DELETE_BOOK",
        "comment": "ADD_COMMENT_BOOK",
        "contact": "CONTACT_BOOK",
        "register": "REGISTRATION_BOOK",
        "login": "LOGIN_BOOK",
        "logout": "LOGOUT_BOOK",
        "profile": "EDIT_USER_BOOK",
        "cart": "SHOPPING_CART",
        "purchase": "PURCHASE_BOOK",
    },
    paths=CATALOG_PATHS | {"item": "/book/{id}/", "cart": "/cart/", "checkout": "/checkout/{id}/"},
    login_for=frozenset(("profile", "add", "edit", "delete", "cart", "purchase")),
)  # fmt: skip
