"""The film site as a web application."""

from importlib.resources import files
from typing import Any

from litestar import Request, Response, get
from litestar.datastructures import State
from litestar.types import ControllerRouterHandler

from score_model.arena._refusals import refusal_of
from score_model.arena._settings import Clock
from score_model.arena.sites import SiteBackend, SiteStore
from score_model.arena.sites.autocinema._answers import MOST_BODY_BYTES, SAFE_HEADERS, Answers
from score_model.arena.sites.autocinema._pages import ROUTES
from score_model.arena.sites.autocinema._site import AUTOCINEMA
from score_model.arena.sites.events import reset_route, site_event_routes
from score_model.web import LOOPBACK_HOSTS, AllowedHosts, WebApp

_STYLES = ("tokens.css", "frame.css", "cards.css", "film.css", "forms.css")
_KEPT = {"Cache-Control": "public, max-age=3600"}


def static_routes() -> list[ControllerRouterHandler]:
    """One stylesheet, made of the files in `static/`, and the icon."""
    static = files(__package__ or __name__).joinpath("static")
    style = b"\n".join(static.joinpath(name).read_bytes() for name in _STYLES)
    icon = static.joinpath("icon.svg").read_bytes()

    @get("/static/site.css")
    async def stylesheet() -> Response[bytes]:
        return Response(style, media_type="text/css", headers=_KEPT)

    @get(["/static/icon.svg", "/favicon.ico"])
    async def site_icon() -> Response[bytes]:
        return Response(icon, media_type="image/svg+xml", headers=_KEPT)

    return [stylesheet, site_icon]


def autocinema_app(store: SiteStore, clock: Clock, hosts: AllowedHosts = LOOPBACK_HOSTS) -> WebApp:
    """The site over an open store: its pages, its event service and its reset hook. `clock` dates acts and events."""
    backend = SiteBackend(AUTOCINEMA, store, clock)
    answers = Answers(backend)

    def answer_problem(request: Request[Any, Any, Any], error: Exception) -> Response[bytes]:
        return _safe(answers.problem(request, refusal_of(request, error)))

    return WebApp(
        [*ROUTES, *static_routes(), *site_event_routes(backend), reset_route(backend)],
        state=State({"answers": answers}),
        hosts=hosts,
        after_request=_safe,
        exception_handlers={Exception: answer_problem},
        request_max_body_size=MOST_BODY_BYTES,
    )


def _safe(response: Response[Any]) -> Response[Any]:
    response.headers.update(SAFE_HEADERS)
    return response
