"""The pages of the site as values: which template, and what it shows. Nothing here speaks HTTP."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any
from urllib.parse import urlencode

from score_model.arena.sites import Item, Layout, Visit
from score_model.arena.sites.autocinema._form_views import (
    FormView,
    genre_options,
    item_form,
    item_values,
    plain_form,
    profile_values,
)
from score_model.arena.sites.autocinema._look import Look, look_of
from score_model.arena.sites.autocinema._site import AUTOCINEMA
from score_model.arena.sites.forms import Form, clean, genre_named
from score_model.arena.sites.request import Refusal
from score_model.arena.sites.spec import MOST_TEXT
from score_model.arena.sites.state import User

SPEC = AUTOCINEMA
NOTICES = {
    "added": "The film is on the programme.",
    "edited": "Your changes are saved.",
    "deleted": "The film is off the programme.",
    "commented": "Thank you, your comment is up.",
    "sent": "Thank you for your message. We will write back soon.",
    "registered": "Your account is ready. You can sign in now.",
    "login": "You are signed in. Enjoy the show.",
    "logout": "You are signed out. See you soon.",
    "profile": "Your profile is saved.",
    "login-first": "Please sign in first.",
}
_MOST_IN_HEADING = 60  # characters of a query


@dataclass(frozen=True)
class Page:
    """One page to render. `user` is the member who is signed in; `known` is False where nobody looked."""

    template: str
    look: Look
    current: str
    title: str
    parts: dict[str, Any] = field(default_factory=dict)
    user: User | None = None
    known: bool = True
    status: int = 200
    refused: bool = False  # a form that is shown again with what was wrong

    @property
    def navigation(self) -> list[tuple[str, str]]:
        """Logical name and path of each link on every page, in the layout's order."""
        member = ["profile", "logout"] if self.user else ["login", "register"]
        names = ["home", "add", "contact", *(member if self.known else ())]
        return [(name, self.url(name)) for name in self.look.layout.shuffled("navigation", names)]

    def url(self, page: str, item_id: int | None = None) -> str:
        """A link within the site; it carries the seed."""
        return site_url(self.look.layout, page, item_id)

    def cover(self, item: Item) -> str:
        """Where the item's poster is; an edited item has a new address, so that no cache shows the old one."""
        drawn = repr((item.fields["name"], item.fields["genres"], item.fields["director"]))
        version = blake2b(drawn.encode("utf-8", "replace"), digest_size=4).hexdigest()
        return f"/covers/{item.id}.svg?{urlencode({'seed': self.look.layout.seed, 'v': version})}"


@dataclass(frozen=True)
class Moved:
    """The visitor is sent to another page, to be told a notice there, one of `NOTICES`.

    `session` is the new session, `""` for none.
    """

    page: str
    item_id: int | None = None
    notice: str | None = None
    session: str | None = None


Outcome = Page | Moved


def site_url(layout: Layout, page: str, item_id: int | None = None) -> str:
    """A path of the site with the layout's seed."""
    return f"{SPEC.path(page, item_id)}?seed={layout.seed}"


def home_page(visit: Visit, shown: Sequence[Item], asked: dict[str, str]) -> Page:
    """The films that a search or a filter left, or all of them."""
    years = sorted({item.fields["year"] for item in visit.items()}, reverse=True)
    searched = bool(asked["search"])
    genre, year = ("", "") if searched else (asked["genre"], asked["year"])
    parts = {
        "films": list(shown),
        "query": asked["search"],
        "genre": genre,
        "year": year,
        "genres": genre_options(SPEC),
        "years": [str(number) for number in years],
        "narrowed": searched or bool(genre or year),
        "display": visit.items()[:6],
    }
    return _page(visit, "home.html", "home", _home_title(visit, parts), parts)


def _home_title(visit: Visit, parts: dict[str, Any]) -> str:
    """The front page's heading; it names what was searched, or what filters the films."""
    look = look_of(visit.layout)
    if parts["query"]:
        return look.words("found.search").format(query=_shortened(parts["query"]))
    name = genre_named(SPEC, parts["genre"]) if parts["genre"] else None
    filters = [text for text in (name, parts["year"] if parts["year"] in parts["years"] else "") if text]
    return look.words("found.filter").format(filters=", ".join(filters)) if filters else look.words("home")


def _shortened(text: str) -> str:
    return text if len(text) <= _MOST_IN_HEADING else f"{text[: _MOST_IN_HEADING - 1]}…"


def asked_of(query: Any) -> dict[str, str]:
    """What a home page's query asks for: texts of search, genre and year, empty where nothing was asked."""
    return {name: clean(query.get(name, ""))[:MOST_TEXT] for name in ("search", "genre", "year")}


def item_page(visit: Visit, item: Item, form: Form | None = None, refusal: Refusal | None = None) -> Page:
    """A film with its comments; a refused comment keeps what was written."""
    parts = {
        "film": item,
        "comments": list(reversed(visit.state.comments.get(item.id, []))),
        "form": plain_form(SPEC, visit.layout, "comment", form or {}, refusal),
    }
    return _page(visit, "item.html", "item", str(item.fields["name"]), parts, refusal)


def add_page(visit: Visit, form: Form | None = None, refusal: Refusal | None = None) -> Page:
    """The form for a new film."""
    return _form_page(visit, "add", item_form(SPEC, visit.layout, form or {}, refusal), refusal)


def edit_page(visit: Visit, item: Item, form: Form | None = None, refusal: Refusal | None = None) -> Page:
    """A film's form with its present values, or with those that were refused."""
    values = item_values(SPEC, item) if form is None else form
    return _form_page(visit, "edit", item_form(SPEC, visit.layout, values, refusal), refusal, item)


def delete_page(visit: Visit, item: Item) -> Page:
    """The question before a film is taken down."""
    return _page(visit, "delete.html", "delete", look_of(visit.layout).words("delete"), {"film": item})


def plain_page(visit: Visit, name: str, form: Form | None = None, refusal: Refusal | None = None) -> Page:
    """The contact, login or register form."""
    return _form_page(visit, name, plain_form(SPEC, visit.layout, name, form or {}, refusal), refusal)


def profile_page(visit: Visit, user: User, form: Form | None = None, refusal: Refusal | None = None) -> Page:
    """The profile of the member who is signed in."""
    values = profile_values(SPEC, user) if form is None else form
    return _form_page(visit, "profile", plain_form(SPEC, visit.layout, "profile", values, refusal), refusal)


def missing_page(visit: Visit) -> Page:
    """The page for a film that is not there."""
    parts = {"code": 404, "text": "This film is not on the programme. It may have been taken down."}
    return Page("problem.html", look_of(visit.layout), "problem", "No such film", parts, visit.user, status=404)


def problem_page(layout: Layout, status: int, title: str, text: str) -> Page:
    """The page for a request that came no further than the door."""
    parts = {"code": status, "text": text}
    return Page("problem.html", look_of(layout), "problem", title, parts, known=False, status=status)


def _form_page(visit: Visit, current: str, form: FormView, refusal: Refusal | None, item: Item | None = None) -> Page:
    title = look_of(visit.layout).words(current)
    return _page(visit, "form.html", current, title, {"form": form, "film": item}, refusal)


def _page(
    visit: Visit, template: str, current: str, title: str, parts: dict[str, Any], refusal: Refusal | None = None
) -> Page:
    status = refusal.status if refusal else 200
    refused = refusal is not None
    return Page(template, look_of(visit.layout), current, title, parts, visit.user, status=status, refused=refused)
