"""Routes of tasks: list, get, create, claim."""

from uuid import uuid4

from litestar import Response, get, post
from litestar.params import FromPath
from litestar.types import ControllerRouterHandler
from sqlalchemy import Connection

from score_model.arena.api._bodies import convert, receive_json, receive_json_if_any
from score_model.arena.api._context import ApiContext, Incoming
from score_model.arena.api._idempotency import fingerprint
from score_model.arena.api._lists import FoundRows
from score_model.arena.api._records import ClaimedTask, NewClaim, NewTask, Task
from score_model.arena.api._tasks import (
    COLUMNS,
    TaskQuery,
    check_tests,
    claim_task,
    conditions,
    get_task,
    insert_task,
    task_of_row,
)
from score_model.arena.database.tables import tasks
from score_model.web import RefusedError, json_answer, read_query


def task_routes(api: ApiContext) -> list[ControllerRouterHandler]:
    """The handlers."""

    @get("/api/tasks")
    async def list_tasks(request: Incoming) -> Response[bytes]:
        async with api.enter(request) as parameters:
            query = read_query(parameters, TaskQuery)
            listed = ("tasks", query.status, query.search)
            span = api.lists.span_of(query, parameters, listed)
            now = api.clock()

            def find(connection: Connection) -> tuple[FoundRows, list[Task]]:
                where = conditions(query.status, query.search, now)
                found = api.lists.find(connection, tasks, COLUMNS, where, span)
                return found, [task_of_row(row, now) for row in found.rows]

            found, items = await api.read(find)
            return api.lists.answer(request, items, found, span, listed)

    @get("/api/tasks/{task_id:str}")
    async def show_task(request: Incoming, task_id: FromPath[str]) -> Response[bytes]:
        async with api.enter(request):
            return json_answer(api.look(lambda connection: get_task(connection, task_id, api.clock())))

    @post("/api/tasks")
    async def create_task(request: Incoming) -> Response[bytes]:
        async with api.enter_post(request, receive_json) as posted:
            new = convert(posted.received.content, NewTask)
            check_tests(new)
            print_ = fingerprint("create", new.title, new.description, new.inputs, new.metadata, new.tests)

            def make(connection: Connection, now: int) -> Task:
                return insert_task(connection, f"task_{uuid4().hex}", now, new)

            return await api.once(posted, print_, make)

    @post("/api/tasks/{task_id:str}/claim", status_code=200)
    async def claim(request: Incoming, task_id: FromPath[str]) -> Response[bytes]:
        lasts_us = int(api.switches.claim_ttl_s * 1_000_000)
        try:
            async with api.enter_post(request, receive_json_if_any) as posted:
                agent_id = convert(posted.received.content, NewClaim).agent_id
                print_ = fingerprint("claim", task_id, agent_id)

                def make(connection: Connection, now: int) -> ClaimedTask:
                    return claim_task(connection, task_id, agent_id, now, now + lasts_us)

                return await api.once(posted, print_, make, status=200)
        except RefusedError as refusal:  # most lose: an exception's way through Litestar would cost them double
            return refusal.response()

    return [list_tasks, show_task, create_task, claim]
