"""How our servers answer: JSON, and one shape for every refusal (`code` stays, `detail` is for people)."""

import logging
from collections.abc import Mapping
from typing import Any

import msgspec
from litestar import Request, Response
from litestar.exceptions import HTTPException

JSON = "application/json"
_LOG = logging.getLogger("score_model.arena")
_CODES = {
    400: "bad_request",
    404: "not_found",
    405: "method_not_allowed",
    413: "body_too_large",
    415: "unsupported_media_type",
}
_DETAILS = {404: "There is nothing here", 405: "This method is not allowed here"}


class RefusedError(HTTPException):
    """A request that is not served; `code` names the reason for programs."""

    def __init__(
        self,
        status: int,
        code: str,
        detail: str | list[dict[str, object]],
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(status_code=status, headers=dict(headers or {}))
        self.code = code
        self.answer = {"code": code, "detail": detail}

    def response(self) -> Response[bytes]:
        """The refusal as an answer."""
        return json_answer(self.answer, self.status_code, {"Cache-Control": "no-store", **(self.headers or {})})


def json_answer(content: object, status: int = 200, headers: Mapping[str, str] | None = None) -> Response[bytes]:
    """Any record, or a list of them, as JSON."""
    return Response(msgspec.json.encode(content), status_code=status, media_type=JSON, headers=headers)


def invalid_body(place: str, message: str) -> RefusedError:
    """The refusal (422) of a body whose part at `place` (such as `artifacts.steps`) is not what it must be."""
    location = ["body", *place.split(".")] if place else ["body"]
    return RefusedError(422, "invalid_body", [{"loc": location, "msg": message, "type": "value_error"}])


def refusal_of(request: Request[Any, Any, Any], error: Exception) -> RefusedError:
    """What a request is refused with that ended in `error`; what nobody foresaw goes to the log, with its traceback."""
    match error:
        case RefusedError():
            return error
        case HTTPException() if error.status_code < 500:
            status = error.status_code
            detail = _DETAILS.get(status, error.detail)
            return RefusedError(status, _CODES.get(status, f"http_{status}"), detail, error.headers)
    _LOG.error("%s %s failed", request.method, request.scope["path"], exc_info=error)
    return RefusedError(500, "internal_error", "The arena failed to answer; its log says why")
