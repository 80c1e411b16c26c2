"""What a submitted solution looks like on the wire: one JSON object, or a form once it is large."""

from collections.abc import Mapping
from typing import Any

import msgspec

from score_model.client._bodies import Body, FormPart, MultipartBody
from score_model.client._data_urls import parse_image_url
from score_model.contract import SolutionRequest
from score_model.errors import UsageError

MULTIPART_ABOVE_BYTES = 1024 * 1024


def solution_body(solution: SolutionRequest | Mapping[str, object], *, multipart_above_bytes: int) -> Body:
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
