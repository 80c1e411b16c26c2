"""Reading what pages post: bounded JSON, and only as forms of other sites can't send it."""

from typing import Any, TypeVar

import msgspec
from litestar import Request

from score_model.arena.sites.forms import Form
from score_model.web import RefusedError

MOST_BODY = 65_536  # bytes; what browsers allow a keepalive request to carry, too
_MOST_DIGITS = 9

T = TypeVar("T")

_FORM = msgspec.json.Decoder(dict[str, str | list[str]])


async def posted(request: Request[Any, Any, Any], decoder: msgspec.json.Decoder[T]) -> T:
    """The request's body. Raises RefusedError: 415 if it is not sent as JSON, 400 and 422."""
    if request.content_type[0] != "application/json":
        # Other sites can only send this type after asking for leave, which is never given: their forms can't act here.
        raise RefusedError(415, "json_only", "Send application/json")
    body = await request.body()
    try:
        return decoder.decode(body)
    except msgspec.ValidationError as error:
        raise RefusedError(422, "invalid_body", str(error)) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise RefusedError(400, "invalid_json", "The body is not usable JSON") from None


async def posted_form(request: Request[Any, Any, Any]) -> Form:
    """A form's values by field name; one value may come bare, several as a list."""
    values = await posted(request, _FORM)
    return {name: [value] if isinstance(value, str) else value for name, value in values.items()}


def item_number(text: str) -> int:
    """A book's number from a path. Raises RefusedError 404 for anything else."""
    if not (text.isascii() and text.isdigit()) or len(text) > _MOST_DIGITS:
        raise RefusedError(404, "not_found", "There is no such book")
    return int(text)
