"""What a website is: one record, which the arena serves, draws tasks for and lets agents answer (docs/extending.md)."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from random import Random
from typing import TYPE_CHECKING, Any, Literal

from score_model.arena._settings import Clock
from score_model.web import AllowedHosts, WebApp

if TYPE_CHECKING:
    from score_model.arena.sites.store import SiteStore

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
    """One website of the arena.

    `app` makes its web application from the store, the clock, the central event service's address and the names that it
    answers to. `port` is the one
    that recorded URLs name. `event_service` says where its backend events are read: at the site itself, or at the
    central service; `reset` is the path that puts it back to where it was. `events` names the backend event of each act
    that tasks are drawn for.

    The rest describes a catalog with forms, which pages, tasks and scripted agents share; a website of another kind
    leaves it out and brings its own `draw_task` (draw, spec, act, time in µs: a `tasks.GeneratedTask`) and `answer`
    (task, agent's profile, agent's number, seed: an `agents.ScriptedAnswer`).
    """

    name: str
    title: str
    port: int
    app: Callable[["SiteStore", Clock, str, AllowedHosts], WebApp]
    event_service: Literal["site", "central"]
    events: dict[str, str]
    reset: str = "/reset/"
    draw_task: Callable[[Random, "SiteSpec", str, int], Any] | None = None
    answer: Callable[[Any, Any, int, int], Any] | None = None
    client_rendered: bool = False  # pages are drawn late, stay where they are, and send forms by script
    noun: str = "item"
    creator: str = ""  # the field that names who made an item
    comment_target: str = ""  # the key under which a comment's event nests its item
    password: str = ""
    fields: tuple[Field, ...] = ()
    told_by: tuple[str, ...] = ()  # the fields by which tasks tell an item from others
    genres: tuple[str, ...] = ()
    paths: dict[str, str] = field(default_factory=dict)
    login_for: frozenset[str] = frozenset()  # acts that need a login

    @cached_property
    def field_names(self) -> tuple[str, ...]:
        """The item's fields, in the order of its form."""
        return tuple(one.name for one in self.fields)

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


CATALOG_PATHS = {
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
"""Paths of the pages that every website with a catalog has."""
