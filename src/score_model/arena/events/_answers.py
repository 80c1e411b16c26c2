"""How the event services answer: JSON, errors too."""

from typing import Any

import msgspec
from litestar import Request, Response
from litestar.exceptions import HTTPException
from litestar.types import ExceptionHandlersMap

_JSON = "application/json"
_CODES = {400: "bad_request", 404: "not_found", 405: "method_not_allowed", 413: "body_too_large"}


class RefusedError(HTTPException):
    """A request that can't be served; `code` names the reason for programs."""

    def __init__(self, status: int, code: str, detail: str) -> None:
        super().__init__(detail, status_code=status)
        self.code = code


def json_answer(content: object, status: int = 200) -> Response[bytes]:
    """Any record, or a list of them, as JSON."""
    return Response(msgspec.json.encode(content), status_code=status, media_type=_JSON)


def _answer_refused(_request: Request[Any, Any, Any], error: HTTPException) -> Response[bytes]:
    status = error.status_code
    code = error.code if isinstance(error, RefusedError) else _CODES.get(status, f"http_{status}")
    return json_answer({"code": code, "detail": error.detail}, status)


JSON_REFUSALS: ExceptionHandlersMap = {HTTPException: _answer_refused}
