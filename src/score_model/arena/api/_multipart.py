"""Reading a solution's form (RFC 7578), each part within its limit."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import msgspec
from litestar import Request
from multipart import (  # type: ignore[import-untyped] # ships no type information; comes with Litestar
    MultipartError,
    MultipartSegment,
    ParserLimitReached,
    PushMultipartParser,
)

from score_model.arena.api._bodies import (
    MAX_JSON_BYTES,
    Received,
    check_text,
    convert,
    decode_object,
    read_chunks,
    receive_json,
    too_large,
)
from score_model.arena.api._records import MAX_SCREENSHOTS, NewSolution
from score_model.arena.api._screenshots import MAX_IMAGE_BYTES, image_of_bytes, image_of_url
from score_model.arena.api._solutions import Submission
from score_model.web import RefusedError, invalid_body

MAX_FORM_BYTES = 64 * 2**20
_MAX_PARTS = MAX_SCREENSHOTS + 10
_MAX_FIELD_BYTES = 1024
_LIMITS = {"solution": MAX_JSON_BYTES, "screenshots": MAX_IMAGE_BYTES}
_FIELDS = ("nonce", "run_id", "runId")
_SPELLED = {"runId": "run_id"}

MULTIPART = "multipart/form-data"


@dataclass
class Form:
    """The parts of a form that mean something here; `solution` is JSON still."""

    solution: bytes
    fields: dict[str, str] = field(default_factory=dict)
    screenshots: list[bytes] = field(default_factory=list)


class _Parts:
    """Collects the parts of a form while its body comes in; parts of other names are passed over."""

    def __init__(self, boundary: str) -> None:
        self._parser = PushMultipartParser(boundary, max_segment_count=_MAX_PARTS)
        self._name = ""
        self._data = bytearray()

    def feed(self, chunk: bytes) -> Iterator[tuple[str, bytes]]:
        """Name and data of each part that the chunk completes; an empty chunk ends the form."""
        for event in self._parser.parse(chunk):
            if isinstance(event, MultipartSegment):
                self._name = event.name
                self._data = bytearray()
            elif event is None:
                yield self._name, bytes(self._data)
            elif self._name in _LIMITS or self._name in _FIELDS:
                self._data += event
                limit = _LIMITS.get(self._name, _MAX_FIELD_BYTES)
                if len(self._data) > limit:
                    raise too_large(limit)


async def read_form(request: Request[Any, Any, Any]) -> Form:
    """The form that a request carries.

    Raises RefusedError: 400 for what is no form, 413 beyond 64 MiB or a part's limit, 422 for too many parts or
    without the part `solution`.
    """
    _, options = request.content_type
    solution: bytes | None = None
    form = Form(b"")
    try:
        parts = _Parts(options.get("boundary", ""))
        async for chunk in read_chunks(request, MAX_FORM_BYTES):
            for name, data in parts.feed(chunk):
                if name == "solution":
                    if solution is not None:
                        raise invalid_body("solution", "At most one part of this name")
                    solution = data
                elif name == "screenshots":
                    form.screenshots.append(data)
                elif name in _FIELDS:
                    form.fields.setdefault(_SPELLED.get(name, name), _text(name, data))
    except ParserLimitReached:
        raise invalid_body("", f"At most {_MAX_PARTS} parts, with short headers") from None
    except MultipartError as error:
        raise RefusedError(400, "invalid_form", f"The body is no multipart form: {error}") from None
    if solution is None:
        raise invalid_body("solution", "Field required")
    form.solution = solution
    return form


def _text(name: str, data: bytes) -> str:
    try:
        text = data.decode()
    except UnicodeDecodeError:
        raise RefusedError(400, "invalid_form", f"The field {name} is not UTF-8") from None
    check_text(text)
    return text


async def receive_solution(request: Request[Any, Any, Any]) -> Received:
    """The body of a request; raises RefusedError for a bad one.

    A form has a part `solution` (application/json: the request without its screenshots), file parts `screenshots`, and
    maybe `nonce` and `run_id`.
    """
    content_type, _ = request.content_type
    if content_type != MULTIPART:
        return await receive_json(request)
    form = await read_form(request)
    return Received(await asyncio.to_thread(decode_object, form.solution), form.fields, form.screenshots)


def submission_of(received: Received) -> Submission:
    """The solution that was received; raises RefusedError for what does not fit or is no image."""
    request = convert(received.content, NewSolution)
    if received.fields:
        request = convert({**received.content, **received.fields}, NewSolution)
    urls = (request.artifacts.screenshots if request.artifacts else None) or ()
    images = [image_of_url(url, place) for place, url in enumerate(urls)]
    images += [image_of_bytes(data, f"screenshots.{place}") for place, data in enumerate(received.files)]
    if len(images) > MAX_SCREENSHOTS:
        raise invalid_body("screenshots", f"At most {MAX_SCREENSHOTS} screenshots")
    return Submission(_without_screenshots(request), images)


def _without_screenshots(request: NewSolution) -> NewSolution:
    if request.artifacts is None:
        return request
    return msgspec.structs.replace(request, artifacts=msgspec.structs.replace(request.artifacts, screenshots=None))
