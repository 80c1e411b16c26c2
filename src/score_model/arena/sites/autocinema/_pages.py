"""What the site's addresses do. Each act and its event are one transaction; a refused form stores nothing."""

import secrets
from collections.abc import Callable
from typing import Any, Protocol

from litestar import Request, Response, get, post, route
from litestar.types import ControllerRouterHandler

from score_model.arena.sites import Item, Visit
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
from score_model.arena.sites.forms import Form
from score_model.arena.sites.request import Refusal, SiteEvent
from score_model.arena.sites.use_cases import (
    add_comment,
    add_item,
    delete_item,
    edit_item,
    edit_profile,
    filter_items,
    log_in,
    log_out,
    register,
    search,
    send_message,
    view,
)

_Request = Request[Any, Any, Any]
_Answer = Response[bytes]
_Settled = tuple[Outcome, SiteEvent | None]
_Act = Callable[[Visit, Form], SiteEvent | Refusal]
_ShowFilm = Callable[[Visit, Item, Form | None, Refusal | None], Outcome]
_Then = Callable[[SiteEvent], Moved]
_SESSION_BYTES = 24
_PLACE = "{number:str}"
_LOGIN_FIRST = Moved("login", notice="login-first")


class _Show(Protocol):
    """A page with a form: as it is opened or, with what was sent and why, as it is refused."""

    def __call__(self, visit: Visit, form: Form | None = None, refusal: Refusal | None = None) -> Outcome: ...


@get("/")
async def home(request: _Request) -> _Answer:
    """All films, or those that a search or else a filter finds."""
    asked = asked_of(request.query_params)

    def browse(visit: Visit) -> _Settled:
        if asked["search"]:
            found, event = search(visit, asked["search"])
            return home_page(visit, found, asked), event
        shown, filtered = filter_items(visit, asked["genre"], asked["year"])
        return home_page(visit, shown, asked), filtered

    if any(asked.values()):
        return await answers_of(request).act(request, browse)
    return await answers_of(request).look(request, lambda visit: browse(visit)[0])


@get(SPEC.paths["item"].format(id=_PLACE))
async def item(request: _Request) -> _Answer:
    """A film's page; opening it is an act."""
    number = _number(request.path_params["number"])

    def opening(visit: Visit) -> _Settled:
        done = view(visit, number)
        return _about(number, item_page)(visit), None if isinstance(done, Refusal) else done

    return await answers_of(request).act(request, opening)


@post(SPEC.paths["item"].format(id=_PLACE), status_code=200)
async def comment(request: _Request) -> _Answer:
    """A comment under a film."""
    number = _number(request.path_params["number"])

    def commenting(visit: Visit, form: Form) -> SiteEvent | Refusal:
        return add_comment(visit, number, form)

    return await _submitted(
        request, _about(number, item_page), commenting, lambda _: Moved("item", number, "commented")
    )


@get(SPEC.paths["login"])
async def login_form(request: _Request) -> _Answer:
    """The members' entrance."""
    return await answers_of(request).look(request, _plain("login"))


@post(SPEC.paths["login"], status_code=200)
async def login(request: _Request) -> _Answer:
    """A member signs in, with a new session each time."""
    session = secrets.token_urlsafe(_SESSION_BYTES)

    def entering(visit: Visit, form: Form) -> SiteEvent | Refusal:
        return log_in(visit, form, session)

    return await _submitted(request, _plain("login"), entering, lambda _: Moved("home", None, "login", session))


@route(SPEC.paths["logout"], http_method=["GET", "POST"], status_code=200)
async def logout(request: _Request) -> _Answer:
    """A member signs out; the link in the navigation does it, as on the real site."""
    session = answers_of(request).session_of(request)

    def leaving(visit: Visit) -> _Settled:
        done = log_out(visit, session)
        return (_LOGIN_FIRST, None) if isinstance(done, Refusal) else (Moved("home", None, "logout", ""), done)

    return await answers_of(request).act(request, leaving)


@get("/covers/{name:str}")
async def cover(request: _Request) -> _Answer:
    """A film's poster as SVG."""
    number, dot, suffix = request.path_params["name"].partition(".")

    def drawn(visit: Visit) -> str | Page:
        film = visit.item(_number(number)) if dot and suffix == "svg" else None
        return missing_page(visit) if film is None else cover_svg(film)

    return await answers_of(request).drawing(request, drawn)


def _form_routes(name: str, show: _Show, act: _Act, then: _Then) -> list[ControllerRouterHandler]:
    """GET of a form's page, and POST of the form to the same address."""

    @get(SPEC.paths[name])
    async def shown(request: _Request) -> _Answer:
        return await answers_of(request).look(request, show)

    @post(SPEC.paths[name], status_code=200)
    async def submitted(request: _Request) -> _Answer:
        return await _submitted(request, show, act, then)

    return [shown, submitted]


def _film_form_routes(
    name: str, show: _ShowFilm, act: Callable[[Visit, int, Form], SiteEvent | Refusal], then: _Then
) -> list[ControllerRouterHandler]:
    """The same for a form about a film, whose number is part of the address."""

    @get(SPEC.paths[name].format(id=_PLACE))
    async def shown(request: _Request) -> _Answer:
        return await answers_of(request).look(request, _about(_number(request.path_params["number"]), show))

    @post(SPEC.paths[name].format(id=_PLACE), status_code=200)
    async def submitted(request: _Request) -> _Answer:
        number = _number(request.path_params["number"])
        return await _submitted(request, _about(number, show), lambda visit, form: act(visit, number, form), then)

    return [shown, submitted]


async def _submitted(request: _Request, show: _Show, act: _Act, then: _Then) -> _Answer:
    """A form's act: the visitor moves on, or the form is shown again with what was wrong."""
    form = await form_of(request)

    def submitting(visit: Visit) -> _Settled:
        done = act(visit, form)
        return (show(visit, form, done), None) if isinstance(done, Refusal) else (then(done), done)

    return await answers_of(request).act(request, submitting)


def _about(number: int, show: _ShowFilm) -> _Show:
    """A page about the film with this number, or the page that says there is none."""

    def showing(visit: Visit, form: Form | None = None, refusal: Refusal | None = None) -> Outcome:
        film = visit.item(number)
        return missing_page(visit) if film is None else show(visit, film, form, refusal)

    return showing


def _plain(name: str) -> _Show:
    """The contact, login or register page."""

    def showing(visit: Visit, form: Form | None = None, refusal: Refusal | None = None) -> Page:
        return plain_page(visit, name, form, refusal)

    return showing


def _profile(visit: Visit, form: Form | None = None, refusal: Refusal | None = None) -> Outcome:
    """The profile of the member who is signed in; all others are sent to the login."""
    return profile_page(visit, visit.user, form, refusal) if visit.user else _LOGIN_FIRST


def _question(visit: Visit, film: Item, _form: Form | None, _refusal: Refusal | None) -> Page:
    """The question before a film is taken down."""
    return delete_page(visit, film)


def _number(text: str) -> int:
    """A film's number from a path; 0, which no film has, for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def _then(page: str, notice: str) -> _Then:
    return lambda _done: Moved(page, None, notice)


def _then_film(notice: str) -> _Then:
    return lambda done: Moved("item", done.data["id"], notice)


ROUTES: tuple[ControllerRouterHandler, ...] = (
    home,
    item,
    comment,
    login_form,
    login,
    logout,
    cover,
    *_form_routes("add", add_page, add_item, _then_film("added")),
    *_form_routes("contact", _plain("contact"), send_message, _then("contact", "sent")),
    *_form_routes("register", _plain("register"), register, _then("home", "registered")),
    *_form_routes("profile", _profile, edit_profile, _then("profile", "profile")),
    *_film_form_routes("edit", edit_page, edit_item, _then_film("edited")),
    *_film_form_routes(
        "delete",
        _question,
        lambda visit, number, _: delete_item(visit, number),
        lambda _: Moved("home", None, "deleted"),
    ),
)
