"""What visitors do, and the events of it."""

from collections.abc import Callable, Sequence
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from score_model.arena.sites import SITES, Layout, SiteSpec, Visit
from score_model.arena.sites import use_cases as acts
from score_model.arena.sites.autobooks import AUTOBOOKS
from score_model.arena.sites.autocinema import AUTOCINEMA
from score_model.arena.sites.request import Refusal, SiteEvent
from score_model.arena.sites.spec import MOST_TEXT
from score_model.arena.sites.state import SiteState

NOW = "2025-11-15T16:00:00Z"
EACH_SITE = pytest.mark.parametrize("spec", SITES.values(), ids=SITES)
FILM_KEYS = {"id", "name", "desc", "year", "director", "cast", "duration", "rating", "genres", "img", "trailer_url"}
BOOK_KEYS = {"id", "name", "desc", "year", "author", "page_count", "rating", "price", "genres", "img", "trailer_url"}
DATES = {"created_at", "updated_at"}
GOOD: dict[str, str] = {
    "name": "Night Ferry",
    "director": "Ada Holm",
    "author": "Ada Holm",
    "cast": "A, B",
    "year": "1999",
    "duration": "101",
    "page_count": "222",
    "rating": "4.5",
    "price": "9.99",
    "genres": "Horror",
    "desc": "A ferry at night.",
    "trailer_url": "https://trailers.example/1",
    "email": "ann@mail.example",
    "subject": "Hello",
    "message": "How are you?",
    "content": "Good.",
    "username": "ann",
    "password": "secret",
    "password2": "secret",
    "first_name": "Ann",
    "favorite_genre": "Horror",
    "card": "4111 1111 1111 1111",
    "expiry": "12/30",
    "cvc": "123",
}


def form(**changes: str) -> dict[str, list[str]]:
    """Every field of every form, well filled in, with changes."""
    return {name: [text] for name, text in (GOOD | changes).items()}


def visit(spec: SiteSpec, state: SiteState | None = None, username: str | None = None, agent: str = "7") -> Visit:
    return Visit(spec, Layout(spec.name, 17), SiteState() if state is None else state, agent, NOW, username)


def member(spec: SiteSpec, state: SiteState | None = None) -> Visit:
    return visit(spec, state, "user7")


def done(result: SiteEvent | Refusal | None) -> SiteEvent:
    assert isinstance(result, SiteEvent), result
    return result


def shape(event: SiteEvent) -> tuple[str, set[str]]:
    return event.name, set(event.data)


def refused(result: SiteEvent | Refusal, status: int = 422) -> set[str]:
    assert isinstance(result, Refusal), result
    assert result.status == status
    assert all(result.problems.values())
    return set(result.problems)


@EACH_SITE
def test_events_carry_what_constraints_name(spec: SiteSpec) -> None:
    """Each act's event has the documented name and fields, at the documented depth."""
    item_keys = (FILM_KEYS if spec is AUTOCINEMA else BOOK_KEYS) | DATES
    suffix = "" if spec is AUTOCINEMA else "_BOOK"
    noun, about = spec.noun.upper(), {"id", "name", "year", spec.creator}
    here = member(spec)
    first = here.items()[0].id

    found, search = acts.search(here, "  the ")
    assert (search.name, search.data) == (f"SEARCH_{noun}", {"query": "the"})
    assert all("the" in item.fields["name"].lower() for item in found)

    _, filtered = acts.filter_items(here, "Horror", "1999")
    genre = {"id": spec.genre_id("Horror"), "name": "Horror"}
    assert (done(filtered).name, done(filtered).data) == (
        f"FILTER_{noun}",
        {"genre": genre, "year": 1999, "filters_applied": {"genre": True, "year": True}},
    )

    seen = done(acts.view(here, first))
    assert shape(seen) == (f"{noun}_DETAIL", item_keys)
    assert seen.user_id == 7
    assert all(genre.keys() == {"id", "name"} for genre in seen.data["genres"])

    made = done(acts.add_item(here, form()))
    owner = {"userId"}
    assert shape(made) == (f"ADD_{noun}", item_keys | owner)
    assert (made.data["id"], made.data["genres"], made.data["created_at"]) == (1001, [genre], NOW)

    edited = done(acts.edit_item(here, first, form(genres="")))
    assert shape(edited) == (f"EDIT_{noun}", item_keys | {"changed_fields", "previous_values"})
    assert set(edited.data["changed_fields"]) == set(spec.field_names)
    assert edited.data["previous_values"]["name"] == seen.data["name"]

    comment = done(acts.add_comment(here, first, form()))
    assert comment.name == f"ADD_COMMENT{suffix}"
    assert comment.data.keys() == {"name", "content", "comment_id", "created_at", spec.comment_target}
    assert comment.data[spec.comment_target].keys() == about

    deleted = done(acts.delete_item(here, first))
    assert shape(deleted) == (f"DELETE_{noun}", item_keys)

    contact = done(acts.send_message(here, form()))
    assert shape(contact) == (
        f"CONTACT{suffix}",
        {"id", "name", "email", "subject", "message", "created_at"},
    )


@EACH_SITE
def test_a_members_life(spec: SiteSpec) -> None:
    """Registering, signing in, editing the profile and signing out each leave their event and change who is there."""
    suffix = "" if spec is AUTOCINEMA else "_BOOK"
    here = visit(spec)
    registered = done(acts.register(here, form()))
    assert (registered.name, registered.data) == (
        f"REGISTRATION{suffix}",
        {"username": "ann", "email": "ann@mail.example"},
    )
    assert here.username is None
    assert refused(acts.register(here, form())) == {"username"}
    assert refused(acts.register(here, form(username="user12"))) == {"username"}
    assert refused(acts.log_in(here, form(password="wrong"), "cookie"), 401) == {""}
    login = done(acts.log_in(here, form(), "cookie"))
    assert (login.name, login.data, login.user_id) == (f"LOGIN{suffix}", {"username": "ann"}, registered.user_id)
    assert here.state.sessions == {"cookie": "ann"}
    profile = done(acts.edit_profile(here, form()))
    assert profile.name == f"EDIT_USER{suffix}"
    assert profile.data.keys() == {
        *("user_id", "username", "email", "first_name", "last_name", "bio", "location", "website"),
        *("favorite_genres", "previous_values"),
    }
    assert profile.data["favorite_genres"] == [{"id": spec.genre_id("Horror"), "name": "Horror"}]
    assert profile.data["previous_values"]["first_name"] == ""
    assert (user := here.user) is not None
    assert (user.first_name, user.password, user.email) == ("Ann", "secret", "ann@mail.example")
    logout = done(acts.log_out(here, "cookie"))
    assert (logout.name, logout.data, logout.user_id) == (f"LOGOUT{suffix}", {"username": "ann"}, registered.user_id)
    assert (here.user, here.state.sessions) == (None, {})
    refused(acts.log_out(here, "cookie"), 401)
    refused(acts.edit_profile(here, form()), 401)


def test_cart_and_purchase() -> None:
    """A book is bought once, as often as it lies in the member's own cart; the event has the book and the quantity."""
    here = member(AUTOBOOKS)
    one, other = (item.id for item in here.items()[:2])
    for book in (one, other, one):
        added = done(acts.add_to_cart(here, book))
        assert shape(added) == ("SHOPPING_CART", BOOK_KEYS | DATES)
    for wrong in (
        {"card": "4111"}, {"card": "4111 1111 1111 111x"}, {"card": "4" * 20}, {"card": "٤" * 16}, {"expiry": "13/30"},
        {"expiry": "00/30"}, {"expiry": "1/30"}, {"expiry": "12/2030"}, {"expiry": "1230"}, {"expiry": "never"},
        {"cvc": "12"}, {"cvc": "12345"}, {"cvc": "abc"}, {"cvc": "1 2 3"}, {"name": " "}, {"card": "", "cvc": "x"},
    ):  # fmt: skip
        assert refused(acts.purchase(here, one, form(**wrong))) == set(wrong), wrong
    bought = done(acts.purchase(here, one, form()))
    assert (bought.name, bought.data["quantity"]) == ("PURCHASE_BOOK", 2)
    assert bought.data.keys() == BOOK_KEYS | DATES | {"quantity"}
    assert here.state.carts == {"user7": [other]}
    refused(acts.purchase(here, one, form()), 404)
    refused(acts.purchase(visit(AUTOBOOKS, here.state, "user8"), other, form()), 404)
    assert b"4111" not in msgspec.json.encode(here.state)


@EACH_SITE
def test_what_needs_a_login(spec: SiteSpec) -> None:
    """Signed out, anybody may add, edit and delete films but not books; cart and profile are for members."""
    here = visit(spec)
    first = here.items()[0].id
    tried = (acts.add_item(here, form()), acts.edit_item(here, first, form()), acts.delete_item(here, first))
    if spec is AUTOCINEMA:
        assert all(done(result).user_id is None for result in tried)
    else:
        assert all(refused(result, 401) == {""} for result in tried)
        refused(acts.add_to_cart(here, first), 401)
        refused(acts.purchase(here, first, form()), 401)
        assert here.state == SiteState()


@EACH_SITE
def test_saving_without_a_change_changes_no_field(spec: SiteSpec) -> None:
    """An item's form that is sent back as it was shown is an edit without changed fields; one change is named alone."""
    for item in member(spec).items():
        shown = {
            name: [str(spec.genre_id(genre)) for genre in value] if name == "genres" else [str(value)]
            for name, value in item.fields.items()
        }
        assert done(acts.edit_item(member(spec), item.id, shown)).data["changed_fields"] == [], item.id
        changed = done(acts.edit_item(member(spec), item.id, shown | {"year": ["1900"]}))
        assert changed.data["changed_fields"] == ["year"]
        assert changed.data["previous_values"]["year"] == item.fields["year"]


@EACH_SITE
def test_filters(spec: SiteSpec) -> None:
    """Empty and unknown values filter nothing; without a filter there is no event."""
    here = visit(spec)
    everything = here.items()
    for genre, year in (("", ""), ("Nonsense", "19x9"), ("0", "99999"), ("٣", "١٩٩٩"), ("9" * 5000, "9" * 5000)):
        assert acts.filter_items(here, genre, year) == (everything, None)
    year = everything[0].fields["year"]
    found, event = acts.filter_items(here, "", f" {year} ")
    assert found == [item for item in everything if item.fields["year"] == year]
    assert done(event).data["genre"] is None
    name = everything[0].fields["genres"][0]
    found, event = acts.filter_items(here, name.upper(), "")
    assert found == [item for item in everything if name in item.fields["genres"]]
    assert done(event).data == {
        "genre": {"id": spec.genre_id(name), "name": name},
        "year": None,
        "filters_applied": {"genre": True, "year": False},
    }


@EACH_SITE
def test_acts_on_what_is_not_there(spec: SiteSpec) -> None:
    """An unknown, a huge and a deleted item can be neither seen nor changed."""
    here = member(spec)
    gone = here.items()[0].id
    acts.delete_item(here, gone)
    for item_id in (gone, 0, -1, 999, 10**30):
        refused(acts.view(here, item_id), 404)
        refused(acts.edit_item(here, item_id, form()), 404)
        refused(acts.delete_item(here, item_id), 404)
        refused(acts.add_comment(here, item_id, form()), 404)


def test_a_world_is_bounded() -> None:
    """One visitor keeps at most a thousand items, comments and members, and the newest thousand sessions."""
    here = visit(AUTOCINEMA)
    films = [item.id for item in here.items()]
    for number in range(1000):
        done(acts.add_item(here, form()))
        done(acts.add_comment(here, films[number % len(films)], form()))
        done(acts.register(here, form(username=f"ann{number}")))
    refused(acts.add_item(here, form()), 429)
    refused(acts.add_comment(here, films[0], form()), 429)
    refused(acts.register(here, form(username="ann1000")), 429)
    for number in range(1500):
        done(acts.log_in(here, form(username=f"ann{number % 1000}"), f"cookie {number}"))
    assert list(here.state.sessions) == [f"cookie {number}" for number in range(500, 1500)]


@EACH_SITE
def test_texts_have_one_limit(spec: SiteSpec) -> None:
    """Any free text may be as long as every other one, and not a character longer; a query is cut there."""
    here = member(spec)
    film = here.items()[0].id
    tried: dict[str, Callable[..., SiteEvent | Refusal]] = {
        "message": acts.send_message,
        "bio": acts.edit_profile,
        "desc": acts.add_item,
        "content": lambda here, sent: acts.add_comment(here, film, sent),
    }
    for name, act in tried.items():
        done(act(here, form(**{name: "x" * MOST_TEXT})))
        assert refused(act(here, form(**{name: "x" * (MOST_TEXT + 1)}))) == {name}
    assert acts.search(here, "x" * (MOST_TEXT + 1))[1].data == {"query": "x" * MOST_TEXT}


# Acts by what they take besides the visit: an item's number, a form, a text.
_HOSTILE = st.one_of(st.sampled_from(sorted(GOOD.values())), st.text(st.characters(), max_size=20), st.just("x" * 3000))
_FORMS = st.dictionaries(st.sampled_from(sorted(GOOD)), st.lists(_HOSTILE, max_size=2)).map(lambda odd: form() | odd)
_ITEMS = st.one_of(st.integers(1, 60), st.integers(1000, 1010), st.integers())
_STEPS: dict[str, tuple[Callable[..., Any], Sequence[st.SearchStrategy[Any]]]] = {
    "search": (acts.search, (_HOSTILE,)),
    "filter": (acts.filter_items, (_HOSTILE, _HOSTILE)),
    "detail": (acts.view, (_ITEMS,)),
    "add": (acts.add_item, (_FORMS,)),
    "edit": (acts.edit_item, (_ITEMS, _FORMS)),
    "delete": (acts.delete_item, (_ITEMS,)),
    "comment": (acts.add_comment, (_ITEMS, _FORMS)),
    "contact": (acts.send_message, (_FORMS,)),
    "register": (acts.register, (_FORMS,)),
    "login": (acts.log_in, (_FORMS, st.text(max_size=3))),
    "logout": (acts.log_out, (st.text(max_size=3),)),
    "profile": (acts.edit_profile, (_FORMS,)),
    "cart": (acts.add_to_cart, (_ITEMS,)),
    "purchase": (acts.purchase, (_ITEMS, _FORMS)),
}
_LOOKING = ("search", "filter", "detail")


@EACH_SITE
@given(data=st.data())
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_sequence_of_acts(spec: SiteSpec, data: st.DataObject) -> None:
    """Whatever visitors send in whatever order: an act gives its event and both can be stored, or changes nothing."""
    state = SiteState()
    username: str | None = None
    for act in data.draw(st.lists(st.sampled_from(sorted(spec.events)), max_size=15)):
        here = visit(spec, state, username)
        before = msgspec.json.encode(state)
        perform, arguments = _STEPS[act]
        result = perform(here, *(data.draw(argument) for argument in arguments))
        event = result[1] if isinstance(result, tuple) else result
        after = msgspec.json.encode(state)
        assert msgspec.json.decode(after, type=SiteState) == state
        if isinstance(event, SiteEvent):
            assert event.name == spec.events[act]
            assert msgspec.json.decode(msgspec.json.encode(event.data)) == event.data
        if not isinstance(event, SiteEvent) or act in _LOOKING:
            assert after == before
        username = here.username
