"""What the arena's applications refuse a request with that ended in an error: the database's troubles are 503."""

import logging
from typing import Any

from litestar import Request, Response
from litestar.types import ExceptionHandlersMap
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionError

from score_model.web import RefusedError
from score_model.web import refusal_of as refusal_of_any

_LOG = logging.getLogger("score_model.arena")


def refusal_of(request: Request[Any, Any, Any], error: Exception) -> RefusedError:
    """Return what a request is refused with that ended in `error`."""
    if not isinstance(error, OperationalError | NoConnectionError):
        return refusal_of_any(request, error)
    reason = getattr(error, "orig", error)
    _LOG.error("%s %s: the database refused: %s", request.method, request.scope["path"], reason)
    detail = "The database can't do this now: it is busy, or its disk is full"
    return RefusedError(503, "storage_unavailable", detail, {"Retry-After": "1"})


def _answer(request: Request[Any, Any, Any], error: Exception) -> Response[bytes]:
    return refusal_of(request, error).response()


JSON_REFUSALS: ExceptionHandlersMap = {Exception: _answer}
