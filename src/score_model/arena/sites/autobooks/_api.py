"""The JSON API behind the pages. Every answer says who is signed in; an act's answer carries the event to post."""

import secrets
from collections.abc import Callable
from typing import Any

from litestar import Request, Response, get, post
from litestar.datastructures import Cookie
from litestar.types import ControllerRouterHandler

from score_model.arena.sites import SiteBackend, Visit
from score_model.arena.sites.autobooks._answers import json_answer, refused
from score_model.arena.sites.autobooks._boot import boot_data, event_data, member_data
from score_model.arena.sites.autobooks._pages import ITEM_PAGES, PAGES, Page, read_item_page, read_page
from score_model.arena.sites.autobooks._reading import item_number, posted_form
from score_model.arena.sites.forms import Form
from score_model.arena.sites.request import Refusal, SiteEvent
from score_model.arena.sites.use_cases import (
    add_comment,
    add_item,
    add_to_cart,
    delete_item,
    edit_item,
    edit_profile,
    log_in,
    log_out,
    purchase,
    register,
    send_message,
)
from score_model.web import RefusedError

_ACTS: dict[str, Callable[[Visit, Form], SiteEvent | Refusal]] = {
    "add": add_item,
    "contact": send_message,
    "register": register,
    "profile": edit_profile,
}
_ITEM_ACTS: dict[str, Callable[[Visit, int, Form], SiteEvent | Refusal]] = {
    "edit": edit_item,
    "delete": lambda visit, item_id, _form: delete_item(visit, item_id),
    "comment": add_comment,
    "cart": lambda visit, item_id, _form: add_to_cart(visit, item_id),
    "purchase": purchase,
}


def api_routes(backend: SiteBackend) -> list[ControllerRouterHandler]:
    """Boot record, page data (GET) and acts (POST)."""

    @get("/api/boot")
    async def boot(request: Request[Any, Any, Any]) -> Response[bytes]:
        return json_answer(await backend.look(backend.caller(request), boot_data))

    @get(["/api/pages/{page:str}", "/api/pages/{page:str}/{item:str}"])
    async def page_data(request: Request[Any, Any, Any]) -> Response[bytes]:
        read = _reader(request)
        caller = backend.caller(request)

        def reading(visit: Visit) -> tuple[Page | Refusal, dict[str, Any] | None]:
            return read(visit), member_data(visit)

        found, member = await backend.look(caller, reading)
        if isinstance(found, Refusal):
            return refused(found)
        event = event_data(found.event, caller.now)
        return json_answer({"page": found.content, "event": event, "member": member})

    @post(["/api/acts/{act:str}", "/api/acts/{act:str}/{item:str}"], status_code=200)
    async def act(request: Request[Any, Any, Any]) -> Response[bytes]:
        act, item = request.path_params["act"], request.path_params.get("item")
        caller = backend.caller(request)
        session = secrets.token_urlsafe(24) if act == "login" else caller.session or ""
        do = _actor(act, item, await posted_form(request), session)

        def acting(visit: Visit) -> tuple[SiteEvent | Refusal, dict[str, Any] | None]:
            return do(visit), member_data(visit)

        done, member = await backend.act(caller, acting)
        if isinstance(done, Refusal):
            return refused(done)
        answer = json_answer({"event": event_data(done, caller.now), "member": member})
        if act == "login":
            answer.set_cookie(Cookie(backend.session_cookie, value=session, httponly=True, samesite="lax"))
        elif act == "logout":
            answer.delete_cookie(backend.session_cookie)
        return answer

    return [boot, page_data, act]


def _reader(request: Request[Any, Any, Any]) -> Callable[[Visit], Page | Refusal]:
    page, item = request.path_params["page"], request.path_params.get("item")
    if item is None and page in PAGES:
        query = {name: str(request.query_params.get(name, "")) for name in ("search", "genre", "year")}
        return lambda visit: read_page(visit, page, query)
    if item is not None and page in ITEM_PAGES:
        item_id = item_number(item)
        return lambda visit: read_item_page(visit, page, item_id)
    raise RefusedError(404, "not_found", "There is no such page")


def _actor(act: str, item: str | None, form: Form, session: str) -> Callable[[Visit], SiteEvent | Refusal]:
    if item is None and act == "login":
        return lambda visit: log_in(visit, form, session)
    if item is None and act == "logout":
        return lambda visit: log_out(visit, session)
    if item is None and act in _ACTS:
        return lambda visit: _ACTS[act](visit, form)
    if item is not None and act in _ITEM_ACTS:
        item_id = item_number(item)
        return lambda visit: _ITEM_ACTS[act](visit, item_id, form)
    raise RefusedError(404, "not_found", "There is no such act")
