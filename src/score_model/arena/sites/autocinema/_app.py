"""The film site as a web application."""

from typing import Any

from litestar import Request, Response
from litestar.datastructures import State

from score_model.arena._answers import refusal_of
from score_model.arena._settings import Clock
from score_model.arena._web import WebApp
from score_model.arena.events import reset_route, site_event_routes
from score_model.arena.sites import AUTOCINEMA, Desk, SiteStore, refuse_other_sites
from score_model.arena.sites.autocinema._answers import MOST_BODY_BYTES, SAFE_HEADERS, Answers
from score_model.arena.sites.autocinema._pages import ROUTES
from score_model.arena.sites.autocinema._static import static_routes


def autocinema_app(store: SiteStore, clock: Clock) -> WebApp:
    """The site over an open store: its pages, its event service and its reset hook. `clock` dates acts and events."""
    desk = Desk(AUTOCINEMA, store, clock)
    answers = Answers(desk)

    def answer_problem(request: Request[Any, Any, Any], error: Exception) -> Response[bytes]:
        return _safe(answers.problem(request, refusal_of(request, error)))

    return WebApp(
        [*ROUTES, *static_routes(), *site_event_routes(desk), reset_route(desk)],
        state=State({"answers": answers}),
        before_request=refuse_other_sites,
        after_request=_safe,
        exception_handlers={Exception: answer_problem},
        request_max_body_size=MOST_BODY_BYTES,
    )


def _safe(response: Response[Any]) -> Response[Any]:
    response.headers.update(SAFE_HEADERS)
    return response
