"""A solution as the body of its submission: a JSON object or, when it is large, a form with screenshots as files."""

import base64
import binascii
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote_to_bytes

import msgspec

from score_model.client._request_body import Body, FormPart, MultipartBody
from score_model.contract.task_api import SolutionRequest
from score_model.errors import UsageError

MULTIPART_ABOVE_BYTES = 1024 * 1024

_DATA_URL = re.compile(r"data:image/([a-z0-9][a-z0-9.+-]{0,60})((?:;[a-z0-9.-]+=[^;,\s]*)*)(;base64)?,", re.IGNORECASE)
_PERCENT_TEXT = re.compile(r"(?:[\x21\x22\x24\x26-\x7e]|%[0-9a-fA-F]{2})*")
_FILE_ENDINGS = {"jpeg": "jpg", "svg+xml": "svg"}
_SIGNATURES = (
    (re.compile(rb"\x89PNG\r\n\x1a\n"), "png"),
    (re.compile(rb"\xff\xd8\xff"), "jpeg"),
    (re.compile(rb"GIF8[79]a"), "gif"),
    (re.compile(rb"RIFF.{4}WEBP", re.DOTALL), "webp"),
)


def encode_solution(solution: SolutionRequest | Mapping[str, object], *, multipart_above_bytes: int) -> Body:
    """Return the body of a submission.

    A JSON object of more than `multipart_above_bytes` becomes a form: a part `solution` (the JSON object but for
    its screenshots) and a file part `screenshots` for each of them. Raises UsageError for a screenshot that is no
    image's data URL, naming which one, in either form; and for what can't be written as JSON.
    """
    try:
        given = solution if isinstance(solution, SolutionRequest) else dict(solution)
        body: dict[str, Any] = msgspec.to_builtins(given, str_keys=True)
        text = msgspec.json.encode(body)
    except (TypeError, ValueError, RecursionError) as error:
        raise UsageError(f"the solution can't be written as JSON: {error}") from None
    artifacts = body.get("artifacts")
    artifacts = artifacts if isinstance(artifacts, dict) else {}
    screenshots = artifacts.get("screenshots")
    if screenshots is not None and not isinstance(screenshots, list):
        raise UsageError("artifacts.screenshots must be a list of data URLs")
    images = [
        parse_image_url(url if isinstance(url, str) else "", f"artifacts.screenshots[{index}]")
        for index, url in enumerate(screenshots or ())
    ]
    if len(text) <= multipart_above_bytes:
        return body
    if images:
        body["artifacts"] = {name: value for name, value in artifacts.items() if name != "screenshots"}
    files = [
        FormPart(
            name="screenshots",
            content_type=image.media_type,
            data=image.data,
            file_name=f"screenshot_{index}.{image.file_ending}",
        )
        for index, image in enumerate(images)
    ]
    return MultipartBody(
        (FormPart(name="solution", content_type="application/json", data=msgspec.json.encode(body)), *files)
    )


@dataclass(frozen=True, slots=True)
class Image:
    """An image's bytes and the part of its media type behind `image/`."""

    subtype: str
    data: bytes

    @property
    def media_type(self) -> str:
        """The media type, without parameters."""
        return f"image/{self.subtype}"

    @property
    def file_ending(self) -> str:
        """What a file of this type ends in, such as `png`."""
        ending = _FILE_ENDINGS.get(self.subtype, self.subtype)
        return ending if ending.isalnum() else "bin"

    def data_url(self) -> str:
        """Return the image as a data URL."""
        return f"data:{self.media_type};base64,{base64.b64encode(self.data).decode()}"


def parse_image_url(text: str, name: str) -> Image:
    """Return the image in a data URL; raises UsageError, naming it as `name`, for anything else."""
    head = _DATA_URL.match(text)
    if head is None:
        raise UsageError(f"{name} is not an image's data URL; it must begin like data:image/png;base64,")
    subtype, _, is_base64 = head.groups()
    content = text[head.end() :]
    if is_base64:
        try:
            data = base64.b64decode(content, validate=True)
        except (binascii.Error, ValueError):
            raise UsageError(f"{name} holds malformed base64") from None
    elif _PERCENT_TEXT.fullmatch(content):
        data = unquote_to_bytes(content)
    else:
        raise UsageError(f"{name} holds characters that a data URL must escape")
    if not data:
        raise UsageError(f"{name} is empty")
    return Image(subtype.lower(), data)


def recognise_image(data: bytes, name: str) -> Image:
    """Return the image that a file holds, by its first bytes; raises UsageError if it is none of the usual kinds."""
    for signature, subtype in _SIGNATURES:
        if signature.match(data):
            return Image(subtype, data)
    raise UsageError(f"{name} is not a PNG, JPEG, GIF or WebP image")
