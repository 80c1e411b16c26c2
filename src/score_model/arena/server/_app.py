"""The arena's API as one web application: the leaderboard export and the task API."""

from litestar import Response, get, route
from sqlalchemy import Engine

from score_model.arena._refusals import JSON_REFUSALS
from score_model.arena._settings import ArenaSettings, Clock
from score_model.arena._urls import HEALTH_PATH
from score_model.arena.api import (
    Admission,
    ApiContext,
    AttemptScorer,
    document_routes,
    export_routes,
    score_routes,
    solution_routes,
    task_routes,
)
from score_model.arena.export import PageReader
from score_model.web import AllowedHosts, WebApp


def allowed_hosts(settings: ArenaSettings) -> AllowedHosts:
    """Return the names that an arena's servers answer to; raises UsageError for what is no name of a host."""
    return AllowedHosts.with_names((*filter(None, (settings.host,)), *settings.allowed_hosts))


def arena_app(settings: ArenaSettings, engine: Engine, clock: Clock, scoring: AttemptScorer | None = None) -> WebApp:
    """The application over an open database; `scoring` is the settings' model, loaded, for `/api/score`.

    Raises UsageError if other machines can reach the settings' host, and neither they nor the database name a token;
    and for an allowed host that is no name of one.
    """
    hosts = allowed_hosts(settings)
    admission = Admission(settings, engine)
    api = ApiContext(settings, engine, clock, admission)
    reader = PageReader(engine)

    # First of all handlers: Litestar's own answer to OPTIONS names the methods of one of a path's handlers only.
    @route(["/api/tasks", "/api/tasks/{task_id:str}/solutions"], http_method="OPTIONS", status_code=204)
    async def options() -> Response[None]:
        return Response(None, status_code=204, headers={"Allow": "GET, OPTIONS, POST"})

    @get(HEALTH_PATH)
    async def health() -> dict[str, str]:
        return {"status": "ok"}

    return WebApp(
        [
            options,
            *export_routes(reader, admission),
            *task_routes(api),
            *solution_routes(api),
            *score_routes(api, scoring),
            *document_routes(settings),
            health,
        ],
        hosts=hosts,
        request_max_body_size=None,  # each route has limits of its own
        on_shutdown=[api.close, admission.close, reader.close],
        exception_handlers=JSON_REFUSALS,
    )
