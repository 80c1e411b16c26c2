"""Routes of solutions: submit, list, get, and their screenshots."""

import asyncio
import hashlib
from uuid import uuid4

from litestar import Response, get, post
from litestar.params import FromPath
from litestar.types import ControllerRouterHandler
from sqlalchemy import Connection

from score_model.arena.api._context import ApiContext, Incoming
from score_model.arena.api._idempotency import fingerprint
from score_model.arena.api._lists import FoundRows, ListQuery
from score_model.arena.api._multipart import receive_solution, submission_of
from score_model.arena.api._records import MAX_SCREENSHOTS, Solution
from score_model.arena.api._screenshots import get_image
from score_model.arena.api._solutions import COLUMNS, get_solution, insert_solution, solution_of_row
from score_model.arena.api._tasks import get_task
from score_model.arena.database.tables import solutions
from score_model.web import RefusedError, json_answer, read_query

# An image came from an agent: a browser must show it as an image and as nothing else.
_IMAGE_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; sandbox; frame-ancestors 'none'",
    "Cache-Control": "private, max-age=86400, immutable",
}
_PLACES = frozenset(str(place) for place in range(MAX_SCREENSHOTS))


def solution_routes(api: ApiContext) -> list[ControllerRouterHandler]:
    """The handlers."""

    @post("/api/tasks/{task_id:str}/solutions")
    async def submit(request: Incoming, task_id: FromPath[str]) -> Response[bytes]:
        async with api.enter_post(request, receive_solution) as posted:
            given = await asyncio.to_thread(submission_of, posted.received)
            images = [hashlib.sha256(image.data).hexdigest() for image in given.images]
            print_ = fingerprint("submit", task_id, given.agent_id, given.stored, images)

            def make(connection: Connection, now: int) -> Solution:
                return insert_solution(connection, f"sol_{uuid4().hex}", task_id, now, given)

            return await api.once(posted, print_, make)

    @get("/api/tasks/{task_id:str}/solutions")
    async def list_solutions(request: Incoming, task_id: FromPath[str]) -> Response[bytes]:
        async with api.enter(request) as parameters:
            listed = ("solutions", task_id)
            span = api.lists.span_of(read_query(parameters, ListQuery), parameters, listed)
            now = api.clock()

            def find(connection: Connection) -> tuple[FoundRows, list[Solution]]:
                get_task(connection, task_id, now)
                found = api.lists.find(connection, solutions, COLUMNS, [solutions.c.task_id == task_id], span)
                return found, [solution_of_row(row, now) for row in found.rows]

            found, items = await api.read(find)
            return api.lists.answer(request, items, found, span, listed)

    @get("/api/solutions/{solution_id:str}")
    async def show_solution(request: Incoming, solution_id: FromPath[str]) -> Response[bytes]:
        async with api.enter(request):
            return json_answer(await api.read(lambda connection: get_solution(connection, solution_id, api.clock())))

    @get("/api/solutions/{solution_id:str}/screenshots/{place:str}")
    async def show_screenshot(request: Incoming, solution_id: FromPath[str], place: FromPath[str]) -> Response[bytes]:
        async with api.enter(request):
            image = None
            if place in _PLACES:
                image = await api.read(lambda connection: get_image(connection, solution_id, int(place)))
            if image is None:
                raise RefusedError(404, "screenshot_not_found", "There is no screenshot of this number")
            return Response(image.data, media_type=image.media_type, headers=_IMAGE_HEADERS)

    return [submit, list_solutions, show_solution, show_screenshot]
