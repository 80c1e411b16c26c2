"""What a POST carries over the wire: a JSON object, or a form with files."""

import io
from collections.abc import Mapping
from dataclasses import dataclass

import aiohttp
import msgspec

_JSON = "application/json"
_TEXT = "text/plain; charset=utf-8"


@dataclass(frozen=True, slots=True, kw_only=True)
class FormPart:
    """One part of a form; with a `file_name` it is a file."""

    name: str
    content_type: str
    data: bytes
    file_name: str | None = None


@dataclass(frozen=True, slots=True)
class MultipartBody:
    """A multipart/form-data body (RFC 7578); what a server demands on top becomes further fields."""

    parts: tuple[FormPart, ...]


Body = Mapping[str, object] | MultipartBody


def encode_body(body: Body, demanded: Mapping[str, str]) -> tuple[aiohttp.Payload, str]:
    """Return what to write for `body` plus the `demanded` values, good for one request, and its content type."""
    if not isinstance(body, MultipartBody):
        return _payload(msgspec.json.encode({**body, **demanded}), _JSON), _JSON
    fields = [FormPart(name=name, content_type=_TEXT, data=value.encode()) for name, value in demanded.items()]
    form = aiohttp.MultipartWriter("form-data")
    for part in (*body.parts, *fields):
        payload = _payload(part.data, part.content_type)
        if part.file_name is None:
            payload.set_content_disposition("form-data", name=part.name)
        else:
            payload.set_content_disposition("form-data", name=part.name, filename=part.file_name)
        form.append_payload(payload)
    return form, form.headers["Content-Type"]


def _payload(data: bytes, content_type: str) -> aiohttp.Payload:
    # As a stream: aiohttp writes it in pieces, so that a large one does not hold up the event loop.
    return aiohttp.BytesIOPayload(io.BytesIO(data), content_type=content_type)
