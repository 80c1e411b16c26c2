"""The book shop as one web application."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from hashlib import blake2b
from importlib.resources import files
from typing import Any

from litestar import Litestar, Request, Response, get
from litestar.datastructures import Cookie, MutableScopeHeaders
from litestar.types import ControllerRouterHandler, Message, Scope

from score_model.arena._refusals import JSON_REFUSALS
from score_model.arena._settings import Clock
from score_model.arena.sites import Item, SiteBackend, SiteSpec, SiteStore, Visit
from score_model.arena.sites.autobooks._answers import HEADERS
from score_model.arena.sites.autobooks._api import api_routes
from score_model.arena.sites.autobooks._covers import cover_svg
from score_model.arena.sites.autobooks._log import log_route
from score_model.arena.sites.autobooks._reading import MOST_BODY, item_number
from score_model.arena.sites.autobooks._site import AUTOBOOKS
from score_model.arena.sites.events import EventForwarder, reset_route
from score_model.arena.sites.layout import seed_of
from score_model.web import LOOPBACK_HOSTS, AllowedHosts, RefusedError, WebApp

_TYPES = {
    "css": "text/css",
    "html": "text/html",
    "js": "text/javascript",
    "svg": "image/svg+xml",
}


@dataclass(frozen=True)
class Asset:
    """A file's bytes, media type and entity tag."""

    body: bytes
    media_type: str
    etag: str


def shell() -> Asset:
    """The one HTML page that all paths share."""
    return _asset("shell.html", files(__package__).joinpath("shell.html").read_bytes())


def static_files() -> dict[str, Asset]:
    """What lies under `/static/`, by file name; nothing else can be asked for."""
    folder = files(__package__).joinpath("static")
    return {entry.name: _asset(entry.name, entry.read_bytes()) for entry in folder.iterdir() if _suffix(entry.name)}


def _suffix(name: str) -> str | None:
    suffix = name.rpartition(".")[2]
    return suffix if suffix in _TYPES else None


def _asset(name: str, body: bytes) -> Asset:
    suffix = _suffix(name)
    assert suffix is not None
    return Asset(body, _TYPES[suffix], f'"{blake2b(body, digest_size=12).hexdigest()}"')


def autobooks_app(store: SiteStore, clock: Clock, *, events_url: str, hosts: AllowedHosts = LOOPBACK_HOSTS) -> WebApp:
    """The shop over an open store; during its lifespan its events go on to the central service at `events_url`."""
    backend = SiteBackend(AUTOBOOKS, store, clock)
    forwarder = EventForwarder(events_url)

    @asynccontextmanager
    async def forwarding(_app: Litestar) -> AsyncIterator[None]:
        async with forwarder:
            yield

    return WebApp(
        [*api_routes(backend), log_route(backend, forwarder), reset_route(backend, forwarder), *_file_routes(backend)],
        lifespan=[forwarding],
        request_max_body_size=MOST_BODY,
        hosts=hosts,
        before_send=[_add_headers],
        exception_handlers=JSON_REFUSALS,
    )


def _file_routes(backend: SiteBackend) -> list[ControllerRouterHandler]:
    """The shell under every page's path, the static files, and the covers."""
    page, known, statics = shell(), _page_paths(backend.spec), static_files()

    @get(["/", "/{path:path}"])
    async def any_page(request: Request[Any, Any, Any]) -> Response[bytes]:
        path = request.path_params.get("path", "/")
        if path.startswith(("/api/", "/static/", "/covers/")):
            raise RefusedError(404, "not_found", "There is nothing here")
        status = 200 if known.fullmatch(path.rstrip("/") + "/") else 404
        answer = Response(
            page.body, status_code=status, media_type=page.media_type, headers={"Cache-Control": "no-cache"}
        )
        seed = seed_of(request.query_params.get("seed"))
        if seed is not None:
            answer.set_cookie(Cookie(backend.seed_cookie, value=str(seed), httponly=True, samesite="lax"))
        return answer

    @get("/static/{name:str}")
    async def static_file(request: Request[Any, Any, Any]) -> Response[bytes]:
        name = request.path_params["name"]
        if name not in statics:
            raise RefusedError(404, "not_found", "There is no such file")
        return _fresh(request, statics[name])

    @get("/covers/{name:str}")
    async def cover(request: Request[Any, Any, Any]) -> Response[str]:
        name = request.path_params["name"]
        item_id = item_number(name.removesuffix(".svg") if name.endswith(".svg") else "")

        def found(visit: Visit) -> Item | None:
            return visit.item(item_id)

        item = await backend.look(backend.caller(request), found)
        if item is None:
            raise RefusedError(404, "not_found", "There is no such book")
        # Pages ask for a cover by the time of its book's last change, so it may be kept for a while.
        headers = {"Cache-Control": "private, max-age=600"}
        return Response(cover_svg(item), media_type="image/svg+xml", headers=headers)

    return [any_page, static_file, cover]


def _fresh(request: Request[Any, Any, Any], asset: Asset) -> Response[bytes]:
    headers = {"Cache-Control": "no-cache", "ETag": asset.etag}
    if request.headers.get("if-none-match") == asset.etag:
        return Response(b"", status_code=304, media_type=asset.media_type, headers=headers)
    return Response(asset.body, media_type=asset.media_type, headers=headers)


def _page_paths(spec: SiteSpec) -> re.Pattern[str]:
    paths = (re.escape(path).replace(r"\{id\}", "[0-9]{1,9}") for path in spec.paths.values())
    return re.compile("|".join(paths))


async def _add_headers(message: Message, _scope: Scope) -> None:
    """Every answer has them, refusals too."""
    if message["type"] == "http.response.start":
        headers = MutableScopeHeaders.from_message(message)
        for name, value in HEADERS.items():
            headers[name] = value
