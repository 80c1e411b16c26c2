"""What the two websites are made of: their fields, use cases, paths and rules, as data that pages and agents share."""

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

Kind = Literal["text", "long_text", "integer", "decimal", "genres", "url"]
MOST_TEXT = 2000  # characters of any text that a visitor sends


@dataclass(frozen=True)
class Field:
    """One field of an item: its name in forms and events, its kind, and the range (or length) that forms accept."""

    name: str
    kind: Kind
    low: float = 0
    high: float = MOST_TEXT
    required: bool = False


@dataclass(frozen=True, kw_only=True)
class SiteSpec:
    """One website. `events` names the backend event of each act; `login_for` are the acts that need a login."""

    name: str
    title: str
    port: int
    noun: str
    creator: str  # the field that names who made an item
    comment_target: str  # the key under which a comment's event nests its item
    password: str
    fields: tuple[Field, ...]
    genres: tuple[str, ...]
    events: dict[str, str]
    paths: dict[str, str]
    login_for: frozenset[str] = frozenset()

    @cached_property
    def field_names(self) -> tuple[str, ...]:
        """The item's fields, in the order of its form."""
        return tuple(field.name for field in self.fields)

    @property
    def origin(self) -> str:
        """The origin that recorded URLs name."""
        return f"http://localhost:{self.port}"

    def path(self, page: str, item_id: int | None = None) -> str:
        """The path of a page, such as `item` or `login`; pages about one item need its id."""
        return self.paths[page].format(id=item_id)

    def genre_id(self, name: str) -> int:
        """The number, from 1, that stands for a genre in forms and URLs."""
        return self.genres.index(name) + 1


_COMMON_PATHS = {
    "home": "/",
    "add": "/add/",
    "edit": "/update/{id}/",
    "delete": "/delete/{id}/",
    "contact": "/contact/",
    "login": "/login/",
    "logout": "/logout/",
    "register": "/register/",
    "profile": "/profile/",
}

AUTOCINEMA = SiteSpec(
    name="autocinema",
    title="Autocinema",
    port=8000,
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
    paths=_COMMON_PATHS | {"item": "/movie/{id}/"},
    login_for=frozenset(("profile",)),
)  # fmt: skip

AUTOBOOKS = SiteSpec(
    name="autobooks",
    title="Autobooks",
    port=8001,
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
    paths=_COMMON_PATHS | {"item": "/book/{id}/", "cart": "/cart/", "checkout": "/checkout/{id}/"},
    login_for=frozenset(("profile", "add", "edit", "delete", "cart", "purchase")),
)  # fmt: skip

SITES = {spec.name: spec for spec in (AUTOCINEMA, AUTOBOOKS)}
