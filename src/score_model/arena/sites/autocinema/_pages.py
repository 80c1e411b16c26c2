"""What the site's addresses do. Each act and its event are one transaction; a refused form stores nothing."""

import secrets
from collections.abc import Callable
from typing import Any

from litestar import Request, Response, get, post, route
from litestar.types import ControllerRouterHandler

from score_model.arena.sites import Item, Refusal, SiteEvent, Visit
from score_model.arena.sites import _acts as acts
from score_model.arena.sites._forms import Form
from score_model.arena.sites.autocinema._answers import answers_of, form_of
from score_model.arena.sites.autocinema._covers import cover_svg
from score_model.arena.sites.autocinema._views import (
    SPEC,
    Moved,
    Outcome,
    Page,
    add_page,
    asked_of,
    delete_page,
    edit_page,
    home_page,
    item_page,
    missing_page,
    plain_page,
    profile_page,
)

_Request = Request[Any, Any, Any]
_Answer = Response[bytes]
_Settled = tuple[Outcome, SiteEvent | None]
_SESSION_BYTES = 24
_PLACE = "{item_id:str}"


@get("/")
async def home(request: _Request) -> _Answer:
    """All films, or those that a search or else a filter finds."""
    asked = asked_of(request.query_params)

    def browse(visit: Visit) -> _Settled:
        if asked["search"]:
            found, event = acts.search(visit, asked["search"])
            return home_page(visit, found, asked), event
        shown, filtered = acts.filter_items(visit, asked["genre"], asked["year"])
        return home_page(visit, shown, asked), filtered

    if any(asked.values()):
        return await answers_of(request).act(request, browse)
    return await answers_of(request).look(request, lambda visit: browse(visit)[0])


@get(SPEC.paths["item"].format(id=_PLACE))
async def item(request: _Request) -> _Answer:
    """A film's page; opening it is an act."""

    def opening(visit: Visit, film: Item) -> _Settled:
        return _settled(acts.view(visit, film.id), item_page(visit, film), lambda _: missing_page(visit))

    return await answers_of(request).act(request, _about(request, opening))


@post(SPEC.paths["item"].format(id=_PLACE), status_code=200)
async def comment(request: _Request) -> _Answer:
    """A comment under a film."""
    form = await form_of(request)

    def commenting(visit: Visit, film: Item) -> _Settled:
        done = acts.add_comment(visit, film.id, form)
        return _settled(
            done, Moved("item", film.id, "commented"), lambda refusal: item_page(visit, film, form, refusal)
        )

    return await answers_of(request).act(request, _about(request, commenting))


@get(SPEC.paths["add"])
async def add_form(request: _Request) -> _Answer:
    """The form for a new film."""
    return await answers_of(request).look(request, add_page)


@post(SPEC.paths["add"], status_code=200)
async def add(request: _Request) -> _Answer:
    """A new film."""
    form = await form_of(request)

    def adding(visit: Visit) -> _Settled:
        done = acts.add_item(visit, form)
        number = None if isinstance(done, Refusal) else done.data["id"]
        return _settled(done, Moved("item", number, "added"), lambda refusal: add_page(visit, form, refusal))

    return await answers_of(request).act(request, adding)


@get(SPEC.paths["edit"].format(id=_PLACE))
async def edit_form(request: _Request) -> _Answer:
    """A film's form with its present values."""
    return await answers_of(request).look(request, _shown(request, edit_page))


@post(SPEC.paths["edit"].format(id=_PLACE), status_code=200)
async def edit(request: _Request) -> _Answer:
    """A film's new values."""
    form = await form_of(request)

    def editing(visit: Visit, film: Item) -> _Settled:
        done = acts.edit_item(visit, film.id, form)
        return _settled(done, Moved("item", film.id, "edited"), lambda refusal: edit_page(visit, film, form, refusal))

    return await answers_of(request).act(request, _about(request, editing))


@get(SPEC.paths["delete"].format(id=_PLACE))
async def delete_question(request: _Request) -> _Answer:
    """The question before a film is taken down."""
    return await answers_of(request).look(request, _shown(request, delete_page))


@post(SPEC.paths["delete"].format(id=_PLACE), status_code=200)
async def delete(request: _Request) -> _Answer:
    """A film is taken down."""
    await form_of(request)

    def deleting(visit: Visit, film: Item) -> _Settled:
        done = acts.delete_item(visit, film.id)
        return _settled(done, Moved("home", notice="deleted"), lambda _: missing_page(visit))

    return await answers_of(request).act(request, _about(request, deleting))


@get(SPEC.paths["contact"])
async def contact_form(request: _Request) -> _Answer:
    """The contact form."""
    return await answers_of(request).look(request, lambda visit: plain_page(visit, "contact"))


@post(SPEC.paths["contact"], status_code=200)
async def contact(request: _Request) -> _Answer:
    """A message to the cinema."""
    return await _submitted(request, "contact", acts.send_message, Moved("contact", notice="sent"))


@get(SPEC.paths["register"])
async def register_form(request: _Request) -> _Answer:
    """The form for new members."""
    return await answers_of(request).look(request, lambda visit: plain_page(visit, "register"))


@post(SPEC.paths["register"], status_code=200)
async def register(request: _Request) -> _Answer:
    """A new member, who is not signed in by this."""
    return await _submitted(request, "register", acts.register, Moved("home", notice="registered"))


@get(SPEC.paths["login"])
async def login_form(request: _Request) -> _Answer:
    """The members' entrance."""
    return await answers_of(request).look(request, lambda visit: plain_page(visit, "login"))


@post(SPEC.paths["login"], status_code=200)
async def login(request: _Request) -> _Answer:
    """A member signs in, with a new session each time."""
    session = secrets.token_urlsafe(_SESSION_BYTES)
    moved = Moved("home", notice="login", session=session)
    return await _submitted(request, "login", lambda visit, form: acts.log_in(visit, form, session), moved)


@route(SPEC.paths["logout"], http_method=["GET", "POST"], status_code=200)
async def logout(request: _Request) -> _Answer:
    """A member signs out; the link in the navigation does it, as on the real site."""
    session = answers_of(request).session_of(request)

    def leaving(visit: Visit) -> _Settled:
        return _settled(acts.log_out(visit, session), Moved("home", notice="logout", session=""), _login_first)

    return await answers_of(request).act(request, leaving)


@get(SPEC.paths["profile"])
async def profile_form(request: _Request) -> _Answer:
    """The member's profile, for members only."""

    def showing(visit: Visit) -> Outcome:
        return profile_page(visit, visit.user) if visit.user else _LOGIN_FIRST

    return await answers_of(request).look(request, showing)


@post(SPEC.paths["profile"], status_code=200)
async def profile(request: _Request) -> _Answer:
    """The member's new profile."""
    form = await form_of(request)

    def saving(visit: Visit) -> _Settled:
        done = acts.edit_profile(visit, form)

        def refused(refusal: Refusal) -> Outcome:
            return profile_page(visit, visit.user, form, refusal) if visit.user else _LOGIN_FIRST

        return _settled(done, Moved("profile", notice="profile"), refused)

    return await answers_of(request).act(request, saving)


@get("/covers/{name:str}")
async def cover(request: _Request) -> _Answer:
    """A film's poster as SVG."""
    number, dot, suffix = request.path_params["name"].partition(".")

    def drawn(visit: Visit) -> str | Page:
        film = _item(visit, number) if dot and suffix == "svg" else None
        return missing_page(visit) if film is None else cover_svg(film)

    return await answers_of(request).drawing(request, drawn)


ROUTES: tuple[ControllerRouterHandler, ...] = (
    home,
    item,
    comment,
    add_form,
    add,
    edit_form,
    edit,
    delete_question,
    delete,
    contact_form,
    contact,
    register_form,
    register,
    login_form,
    login,
    logout,
    profile_form,
    profile,
    cover,
)
_LOGIN_FIRST = Moved("login", notice="login-first")


async def _submitted(
    request: _Request,
    name: str,
    act: Callable[[Visit, Form], SiteEvent | Refusal],
    moved: Moved,
) -> _Answer:
    """One of the plain forms: done, or shown again with what was wrong."""
    form = await form_of(request)

    def submitting(visit: Visit) -> _Settled:
        return _settled(act(visit, form), moved, lambda refusal: plain_page(visit, name, form, refusal))

    return await answers_of(request).act(request, submitting)


def _settled(done: SiteEvent | Refusal, then: Outcome, refused: Callable[[Refusal], Outcome]) -> _Settled:
    """An act's outcome with its event, or what its refusal shows and no event."""
    return (refused(done), None) if isinstance(done, Refusal) else (then, done)


def _login_first(_refusal: Refusal) -> Outcome:
    return _LOGIN_FIRST


def _about(request: _Request, act: Callable[[Visit, Item], _Settled]) -> Callable[[Visit], _Settled]:
    """An act on the film with this number, or the page that says there is none."""

    def acting(visit: Visit) -> _Settled:
        film = _item(visit, request.path_params["item_id"])
        return (missing_page(visit), None) if film is None else act(visit, film)

    return acting


def _shown(request: _Request, page: Callable[[Visit, Item], Page]) -> Callable[[Visit], Page]:
    """A page about the film with this number, or the page that says there is none."""

    def showing(visit: Visit) -> Page:
        film = _item(visit, request.path_params["item_id"])
        return missing_page(visit) if film is None else page(visit, film)

    return showing


def _item(visit: Visit, item_id: str) -> Item | None:
    plain = item_id.isascii() and item_id.isdigit() and len(item_id) < 10
    return visit.item(int(item_id)) if plain else None
