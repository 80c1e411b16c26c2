"""Reading a request's JSON: its type, its size, its depth, and the values that the database can't hold."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import msgspec
from litestar import Request

from score_model.web import RefusedError, invalid_body, refuse_other_than_json

MAX_JSON_BYTES = 4 * 2**20
MAX_DEPTH = 64
_INT64 = 2**63
_DECODED_AT_ONCE = 64 * 2**10  # bytes that are decoded without leaving the event loop
T = TypeVar("T")


@dataclass(frozen=True)
class Received:
    """A body as it was read: its JSON, and of a form its other fields and its files."""

    content: dict[str, Any]
    fields: dict[str, str] | None = None
    files: Sequence[bytes] = ()

    @property
    def demanded(self) -> Mapping[str, object]:
        """Where a nonce or a run id must be: a form has fields for them."""
        return self.content if self.fields is None else self.fields


async def receive_json(request: Request[Any, Any, Any]) -> Received:
    """A body of JSON; raises RefusedError as `read_json` does."""
    return Received(await read_json(request))


async def receive_json_if_any(request: Request[Any, Any, Any]) -> Received:
    """A body of JSON, or none, which stands for an empty object."""
    return Received(await read_json(request, required=False))


async def read_json(request: Request[Any, Any, Any], *, required: bool = True) -> dict[str, Any]:
    """The object that a request carries; an empty one for an empty body, if none is required.

    Raises RefusedError: 415 for another content type, 413 beyond 4 MiB, 400 for no JSON, 422 for what is no object,
    nests deeper than 64, or holds integers beyond 64 bits, NUL characters or halves of surrogate pairs.
    """
    body = b"".join([chunk async for chunk in read_chunks(request, MAX_JSON_BYTES)])
    if not body and not required:
        return {}
    refuse_other_than_json(request)
    if len(body) <= _DECODED_AT_ONCE:
        return decode_object(body)
    return await asyncio.to_thread(decode_object, body)


async def read_chunks(request: Request[Any, Any, Any], limit: int) -> AsyncIterator[bytes]:
    """The body as it comes in; raises RefusedError 413 if it has more than `limit` bytes, told or counted."""
    told = request.content_length
    if told is not None and told > limit:
        raise too_large(limit)
    size = 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > limit:
            raise too_large(limit)
        yield chunk


def too_large(limit: int) -> RefusedError:
    """The refusal of a body, or a part of one, that is longer than `limit` bytes."""
    return RefusedError(413, "body_too_large", f"At most {limit} bytes")


def decode_object(body: bytes) -> dict[str, Any]:
    """The JSON object of a body, its `runId` as `run_id`. Raises RefusedError 400 or 422, as `read_json` says."""
    try:
        value = msgspec.json.decode(body)
    except RecursionError:
        raise invalid_body("", f"Nested deeper than {MAX_DEPTH}") from None
    except UnicodeDecodeError:
        raise RefusedError(400, "invalid_json", "The body is not UTF-8") from None
    except msgspec.DecodeError as error:
        raise RefusedError(400, "invalid_json", f"The body is no JSON: {error}") from None
    if not isinstance(value, dict):
        raise invalid_body("", "Input should be an object")
    _check_values(value)
    if "runId" in value:
        value.setdefault("run_id", value.pop("runId"))
    return value


def convert(value: dict[str, Any], kind: type[T]) -> T:
    """The record of a decoded body; raises RefusedError 422 that names the field which does not fit."""
    try:
        return msgspec.convert(value, kind)
    except msgspec.ValidationError as error:
        message, _, place = str(error).partition(" - at `$.")
        raise invalid_body(place.rstrip("`"), message) from None


def _check_values(top: dict[str, Any]) -> None:
    waiting: list[tuple[Any, int]] = [(top, 1)]
    while waiting:
        value, depth = waiting.pop()
        if isinstance(value, str):
            check_text(value)
        elif isinstance(value, dict | list):
            if depth > MAX_DEPTH:
                raise invalid_body("", f"Nested deeper than {MAX_DEPTH}")
            if isinstance(value, dict):
                waiting.extend((key, depth) for key in value)
                value = value.values()
            waiting.extend((item, depth + 1) for item in value)
        elif isinstance(value, int) and not -_INT64 <= value < _INT64:
            raise invalid_body("", "An integer has more than 64 bits")


def check_text(text: str) -> None:
    """Raises RefusedError 422 for a text that the database can't hold."""
    if "\0" in text:
        raise invalid_body("", "A text holds a NUL character")
    try:
        text.encode()
    except UnicodeEncodeError:
        raise invalid_body("", "A text holds half of a surrogate pair") from None
