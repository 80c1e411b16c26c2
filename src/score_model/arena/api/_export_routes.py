"""The leaderboard export as routes (export contract, section 1)."""

from typing import Any

from litestar import Request, Response, get
from litestar.types import ControllerRouterHandler

from score_model.arena._urls import BY_SEASON_PATH, EXPORT_PATH
from score_model.arena.api import Admission
from score_model.arena.export import PageReader, SeasonQuery, read_export_query
from score_model.web import read_query

_JSON = "application/json"


def export_routes(reader: PageReader, admission: Admission) -> list[ControllerRouterHandler]:
    """The handlers; pages, each under a millisecond, are read on the event loop's thread."""

    @get(EXPORT_PATH)
    async def with_solutions(request: Request[Any, Any, Any]) -> Response[bytes]:
        async with admission.enter(request) as parameters:
            admission.check_key(parameters)
            return Response(reader.export_page(read_export_query(parameters)), media_type=_JSON)

    @get(BY_SEASON_PATH)
    async def by_season(request: Request[Any, Any, Any]) -> Response[bytes]:
        async with admission.enter(request) as parameters:
            admission.check_key(parameters)
            return Response(reader.season_page(read_query(parameters, SeasonQuery)), media_type=_JSON)

    return [with_solutions, by_season]
