"""How the shop's server answers: headers that keep pages safe, and JSON that no cache keeps."""

from litestar import Response

from score_model import web
from score_model.arena.sites.request import Refusal

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}
_REFUSAL_CODES = {401: "unauthorized", 404: "not_found", 422: "invalid_form", 429: "too_many"}


def json_answer(content: object, status: int = 200) -> Response[bytes]:
    """Any record as JSON that no cache keeps: what it says holds for one visitor at one moment."""
    return web.json_answer(content, status, {"Cache-Control": "no-store"})


def refused(refusal: Refusal) -> Response[bytes]:
    """An act that did not happen, with what is wrong by form field."""
    problems = refusal.problems
    detail = problems.get("") or "Please look at the marked fields."
    body = {"code": _REFUSAL_CODES.get(refusal.status, "refused"), "detail": detail, "problems": problems}
    return json_answer(body, refusal.status)
