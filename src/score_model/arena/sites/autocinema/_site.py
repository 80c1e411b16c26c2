"""The film site as the arena knows it."""

from score_model.arena._settings import Clock
from score_model.arena.sites.spec import CATALOG_PATHS, MOST_TEXT, Field, SiteSpec
from score_model.arena.sites.store import SiteStore
from score_model.web import AllowedHosts, WebApp


def _app(store: SiteStore, clock: Clock, _events_url: str, hosts: AllowedHosts) -> WebApp:
    from score_model.arena.sites.autocinema._app import autocinema_app  # tasks and agents need none of its pages

    return autocinema_app(store, clock, hosts)


AUTOCINEMA = SiteSpec(
    name="autocinema",
    title="Autocinema",
    port=8000,
    app=_app,
    event_service="site",
    noun="film",
    creator="director",
    comment_target="movie",
    password="password123",  # noqa: S106 - public: the tasks' texts name it
    fields=(
        Field("name", "text", high=120, required=True),
        Field("director", "text", high=120, required=True),
        Field("cast", "text", high=300),
        Field("year", "integer", 1888, 2100, required=True),
        Field("duration", "integer", 1, 1000, required=True),
        Field("rating", "decimal", 0, 5, required=True),
        Field("genres", "genres", high=6),
        Field("desc", "long_text", high=MOST_TEXT),
        Field("trailer_url", "url", high=300),
    ),
    told_by=("name", "director", "year", "duration", "rating", "genres", "desc", "cast"),
    genres=(
        "Action", "Adventure", "Animation", "Comedy", "Crime", "Drama", "Fantasy", "History", "Horror", "Musical",
        "Mystery", "Romance", "Sci-Fi", "Thriller",
    ),
    events={
        "search": "SEARCH_FILM",
        "filter": "FILTER_FILM",
        "detail": "FILM_DETAIL",
        "add": "ADD_FILM",
        "edit": "EDIT_FILM",
        "delete": "DELETE_FILM",
        "comment": "ADD_COMMENT",
        "contact": "CONTACT",
        "register": "REGISTRATION",
        "login": "LOGIN",
        "logout": "LOGOUT",
        "profile": "EDIT_USER",
    },
    paths=CATALOG_PATHS | {"item": "/movie/{id}/"},
    login_for=frozenset(("profile",)),
)  # fmt: skip
