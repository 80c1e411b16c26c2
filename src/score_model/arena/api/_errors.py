"""Refusals of the API. Every error answer is JSON: a `code` that stays, and a `detail` for people."""

import logging
from collections.abc import Mapping
from typing import Any

import msgspec
from litestar import Request, Response
from litestar.exceptions import HTTPException
from litestar.types import ExceptionHandlersMap
from sqlalchemy.exc import OperationalError

from score_model.arena._query import InvalidQueryError

JSON = "application/json"
_LOG = logging.getLogger(__name__)
_CODES = {
    400: "bad_request",
    404: "not_found",
    405: "method_not_allowed",
    413: "body_too_large",
    415: "unsupported_media_type",
}
_DETAILS = {404: "There is nothing here", 405: "This method is not allowed here"}


class ApiError(HTTPException):
    """A refusal with its status, code and detail."""

    def __init__(self, status: int, code: str, detail: str | list[dict[str, object]]) -> None:
        super().__init__(status_code=status)
        self.code = code
        self.answer = {"code": code, "detail": detail}

    def response(self) -> Response[bytes]:
        """The refusal as an answer."""
        headers = {"WWW-Authenticate": "Bearer"} if self.status_code == 401 else None
        return error_response(self.status_code, self.answer, headers)


def invalid_body(place: str, message: str) -> ApiError:
    """The refusal (422) of a body whose part at `place` (such as `artifacts.steps`) is not what it must be."""
    location = ["body", *place.split(".")] if place else ["body"]
    return ApiError(422, "invalid_body", [{"loc": location, "msg": message, "type": "value_error"}])


def error_response(status: int, answer: object, headers: Mapping[str, str] | None = None) -> Response[bytes]:
    """An error answer."""
    return Response(msgspec.json.encode(answer), status_code=status, media_type=JSON, headers=headers)


def _answer_refusal(_request: Request[Any, Any, Any], error: HTTPException) -> Response[bytes]:
    if isinstance(error, ApiError):
        return error.response()
    status = error.status_code
    if status >= 500:
        return _answer_bug(_request, error)
    code = _CODES.get(status, f"http_{status}")
    return error_response(status, {"code": code, "detail": _DETAILS.get(status, error.detail)}, error.headers)


def _answer_query(_request: Request[Any, Any, Any], error: InvalidQueryError) -> Response[bytes]:
    return error_response(422, {"code": "invalid_query", "detail": error.detail})


def _answer_storage(_request: Request[Any, Any, Any], error: OperationalError) -> Response[bytes]:
    _LOG.error("the database refused: %s", error.orig)
    detail = "The database can't do this now: it is busy, or its disk is full"
    return error_response(503, {"code": "storage_unavailable", "detail": detail}, {"Retry-After": "1"})


def _answer_bug(request: Request[Any, Any, Any], error: Exception) -> Response[bytes]:
    _LOG.error("%s %s failed", request.method, request.scope["path"], exc_info=error)
    return error_response(500, {"code": "internal_error", "detail": "The arena failed to answer; its log says why"})


EXCEPTION_HANDLERS: ExceptionHandlersMap = {
    InvalidQueryError: _answer_query,
    HTTPException: _answer_refusal,
    OperationalError: _answer_storage,
    Exception: _answer_bug,
}
