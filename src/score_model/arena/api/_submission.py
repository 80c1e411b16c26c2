"""Reading a submitted solution: a JSON object, or a form with the screenshots as files."""

import asyncio
from typing import Any

import msgspec
from litestar import Request

from score_model.arena._answers import invalid_body
from score_model.arena.api._bodies import Received, convert, decode_object, receive_json
from score_model.arena.api._multipart import read_form
from score_model.arena.api._records import MAX_SCREENSHOTS, NewSolution
from score_model.arena.api._screenshots import image_of_bytes, image_of_url
from score_model.arena.api._solutions import Submission

MULTIPART = "multipart/form-data"


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
