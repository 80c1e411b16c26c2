"""The leaderboard export as a web application (export contract, section 1)."""

import asyncio
import hmac
from collections.abc import Mapping
from typing import Any

from litestar import Litestar, Request, Response, get
from litestar.exceptions import HTTPException
from litestar.types import ControllerRouterHandler
from sqlalchemy import Engine

from score_model.arena._pages import PageReader
from score_model.arena._query import (
    InvalidQueryError,
    missing_parameter,
    parameters_of,
    read_export_query,
    read_season_query,
)
from score_model.arena._settings import BY_SEASON_PATH, EXPORT_PATH, HEALTH_PATH, ArenaSettings

_JSON = "application/json"


class _RefusedError(HTTPException):
    """A request without the right token or key."""

    def __init__(self, status: int, code: str, detail: str) -> None:
        super().__init__(detail, status_code=status)
        self.code = code


def export_app(settings: ArenaSettings, engine: Engine) -> Litestar:
    """The application over an open database; pages, each under a millisecond, are read on the event loop's thread."""
    reader = PageReader(engine)

    @get(EXPORT_PATH)
    async def with_solutions(request: Request[Any, Any, Any]) -> Response[bytes]:
        parameters = await _admitted(request, settings)
        filters, sort, paging = read_export_query(parameters)
        return Response(reader.export_page(filters, sort, paging), media_type=_JSON)

    @get(BY_SEASON_PATH)
    async def by_season(request: Request[Any, Any, Any]) -> Response[bytes]:
        parameters = await _admitted(request, settings)
        season, paging = read_season_query(parameters)
        return Response(reader.season_page(season, paging), media_type=_JSON)

    @get(HEALTH_PATH)
    async def health() -> dict[str, str]:
        return {"status": "ok"}

    handlers: list[ControllerRouterHandler] = [with_solutions, by_season, health]
    return Litestar(
        handlers,
        openapi_config=None,
        logging_config=None,
        on_shutdown=[reader.close],
        exception_handlers={InvalidQueryError: _answer_invalid, HTTPException: _answer_refused},
    )


async def _admitted(request: Request[Any, Any, Any], settings: ArenaSettings) -> Mapping[str, str]:
    """The query of a caller who may ask: token first (401), then key (422 without one, 403 with another)."""
    if settings.latency_ms:
        await asyncio.sleep(settings.latency_ms / 1000)
    if settings.token is not None:
        scheme, _, given = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not _same(given.strip(), settings.token):
            raise _RefusedError(401, "invalid_token", "A valid bearer token is required")
    parameters = parameters_of(request.scope["query_string"])
    if settings.key is not None:
        if "key" not in parameters:
            raise missing_parameter("key")
        if not _same(parameters["key"], settings.key):
            raise _RefusedError(403, "invalid_key", "The API key is not valid")
    return parameters


def _same(given: str, wanted: str) -> bool:
    return hmac.compare_digest(given.encode("utf-8", "surrogatepass"), wanted.encode())


def _answer_invalid(_request: Request[Any, Any, Any], error: InvalidQueryError) -> Response[dict[str, object]]:
    return Response({"code": "invalid_query", "detail": error.detail}, status_code=422, media_type=_JSON)


def _answer_refused(_request: Request[Any, Any, Any], error: HTTPException) -> Response[dict[str, object]]:
    code = error.code if isinstance(error, _RefusedError) else f"http_{error.status_code}"
    headers = {"WWW-Authenticate": "Bearer"} if error.status_code == 401 else None
    body: dict[str, object] = {"code": code, "detail": error.detail}
    return Response(body, status_code=error.status_code, headers=headers, media_type=_JSON)
