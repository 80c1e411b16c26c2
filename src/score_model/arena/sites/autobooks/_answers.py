"""How the shop's server answers: headers that keep pages safe, JSON from the API, errors as JSON with a code."""

from typing import Any

import msgspec
from litestar import Request, Response
from litestar.exceptions import HTTPException

from score_model.arena.sites._acts import Refusal

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}
_JSON = "application/json"
_REFUSAL_CODES = {401: "unauthorized", 404: "not_found", 422: "invalid_form", 429: "too_many"}
_HTTP_CODES = {404: "not_found", 405: "method_not_allowed", 413: "body_too_large"}


class RefusedError(HTTPException):
    """A request that can't be served; `code` names the reason for programs."""

    def __init__(self, status: int, code: str, detail: str) -> None:
        super().__init__(detail, status_code=status)
        self.code = code


def json_answer(content: object, status: int = 200) -> Response[bytes]:
    """Any record as JSON that no cache keeps: what it says holds for one visitor at one moment."""
    headers = {"Cache-Control": "no-store"}
    return Response(msgspec.json.encode(content), status_code=status, media_type=_JSON, headers=headers)


def refused(refusal: Refusal) -> Response[bytes]:
    """An act that did not happen, with what is wrong by form field."""
    problems = refusal.problems
    detail = problems.get("") or "Please look at the marked fields."
    body = {"code": _REFUSAL_CODES.get(refusal.status, "refused"), "detail": detail, "problems": problems}
    return json_answer(body, refusal.status)


def answer_error(_request: Request[Any, Any, Any], error: HTTPException) -> Response[bytes]:
    """The exception handler of the whole application."""
    status = error.status_code
    code = error.code if isinstance(error, RefusedError) else _HTTP_CODES.get(status, f"http_{status}")
    return json_answer({"code": code, "detail": error.detail}, status)
