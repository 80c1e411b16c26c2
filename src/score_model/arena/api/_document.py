"""The OpenAPI document of the arena's API, with the records as msgspec describes them.

It is put together here and not by Litestar, which knows one body type for a route and no switches. Tests hold it
against the routes and, with schemathesis, against their answers.
"""

from collections.abc import Sequence
from typing import Any

import msgspec
from litestar import Response, get
from litestar.types import ControllerRouterHandler

from score_model.arena._settings import ArenaSettings
from score_model.arena._urls import BY_SEASON_PATH, EXPORT_PATH, HEALTH_PATH
from score_model.arena.api import _records as records
from score_model.arena.api._document_parts import (
    Schema,
    demanded,
    entry_schema,
    export_parameters,
    export_schema,
    idempotency_key,
    json_body,
    list_parameters,
    list_schema,
    path,
    reference,
    season_parameters,
    solution_body,
    task_filters,
)
from score_model.arena.api._screenshots import IMAGE_TYPES

_RECORDS = (
    records.NewTask, records.NewClaim, records.NewSolution, records.Task, records.TaskDetail, records.ClaimedTask,
    records.Solution, records.SolutionDetail, records.Error, records.NewScore, records.NewScores, records.Score,
    records.Scores,
)  # fmt: skip
_ERRORS = {
    400: "The request can't be read, or lacks what this deployment demands.",
    401: "There is no valid bearer token.",
    403: "The API key is not valid.",
    404: "There is no such thing.",
    409: "The task is claimed or done, or a nonce was used before.",
    408: "The body took too long to come.",
    413: "The body or a part of it is too large.",
    415: "The body is of another content type.",
    422: "A parameter or a field is not what it must be.",
    503: "The database can't do this now.",
}
_TASK = path("task_id", "Id of a task.")
_SOLUTION = path("solution_id", "Id of a solution.")


def document_routes(settings: ArenaSettings) -> list[ControllerRouterHandler]:
    """The handlers that answer with the document."""
    document = msgspec.json.encode(openapi_document(settings))

    @get(["/schema", "/schema/openapi.json"])
    async def schema() -> Response[bytes]:
        return Response(document, media_type="application/json")

    return [schema]


def openapi_document(settings: ArenaSettings) -> Schema:
    """The document (OpenAPI 3.1) of an arena with these settings."""
    _, components = msgspec.json.schema_components(_RECORDS, ref_template="#/components/schemas/{name}")
    components["FormSolution"] = dict(components["NewSolution"])  # a form has fields of its own for what is demanded
    for name in ("NewTask", "NewClaim", "NewSolution", "NewScore", "NewScores"):
        components[name]["required"] = [*components[name].get("required", ()), *settings.api.demands]
    components["Entry"] = entry_schema()
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Arena",
            "version": "1",
            "description": "A local production: task API and leaderboard export. Texts must not hold NUL characters or "
            "halves of surrogate pairs, integers fit 64 bits, and JSON nests at most 64 deep.",
        },
        "servers": [{"url": "/"}],
        "security": [{}, {"bearer": []}],
        "paths": _paths(settings),
        "components": {
            "schemas": dict(sorted(components.items())),
            "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer"}},
        },
    }


def _paths(settings: ArenaSettings) -> Schema:
    switches = settings.api
    asked = demanded(switches.demands)
    lists = list_parameters(switches)
    key = idempotency_key()
    task, solution = reference("Task"), reference("Solution")
    optional = not switches.demands
    return {
        "/api/tasks": {
            "get": _operation(
                "listTasks",
                "Tasks, newest first.",
                _ok(list_schema(switches, "Task")),
                parameters=[*task_filters(), *lists, *asked],
                errors=(400, 409, 422),
            ),
            "post": _operation(
                "createTask",
                "Make a task.",
                _ok(task, status=201),
                parameters=[key],
                body=json_body("NewTask"),
                errors=(400, 408, 409, 413, 415, 422),
            ),
        },
        "/api/tasks/{task_id}": {
            "get": _operation(
                "getTask",
                "A task; its claim while one holds.",
                _ok(reference("TaskDetail")),
                parameters=[_TASK, *asked],
                errors=(400, 404, 409, 422),
            ),
        },
        "/api/tasks/{task_id}/claim": {
            "post": _operation(
                "claimTask",
                "Claim an open task; of many who try, one gets it.",
                _ok(reference("ClaimedTask")),
                parameters=[_TASK, key],
                body=json_body("NewClaim", required=not optional),
                errors=(400, 404, 408, 409, 413, 415, 422),
            ),
        },
        "/api/tasks/{task_id}/solutions": {
            "get": _operation(
                "listSolutions",
                "A task's solutions, newest first.",
                _ok(list_schema(switches, "Solution")),
                parameters=[_TASK, *lists, *asked],
                errors=(400, 404, 409, 422),
            ),
            "post": _operation(
                "submitSolution",
                "Hand in a solution; it waits for evaluation.",
                _ok(solution, status=201),
                parameters=[_TASK, key],
                body=solution_body(switches),
                errors=(400, 404, 408, 409, 413, 415, 422),
            ),
        },
        "/api/solutions/{solution_id}": {
            "get": _operation(
                "getSolution",
                "A solution; score, verdict and checks once it is evaluated.",
                _ok(reference("SolutionDetail")),
                parameters=[_SOLUTION, *asked],
                errors=(400, 404, 409, 422),
            ),
        },
        "/api/solutions/{solution_id}/screenshots/{place}": {
            "get": _operation(
                "getScreenshot",
                "A screenshot by its place, from 0.",
                {"200": {"description": "The image.", "content": {kind: {} for kind in IMAGE_TYPES}}},
                parameters=[_SOLUTION, path("place", "Place in the list, from 0."), *asked],
                errors=(400, 404, 409, 422),
            ),
        },
        "/api/score": {
            "post": _operation(
                "score",
                "How likely answers are to pass; 404 where the arena has no model. Nothing is kept.",
                _ok({"anyOf": [reference("Score"), reference("Scores")]}),
                body=json_body("NewScore", "NewScores"),
                errors=(400, 404, 408, 409, 413, 415, 422),
            ),
        },
        EXPORT_PATH: {
            "get": _operation(
                "exportTasks",
                "The leaderboard export: tasks with their solutions and evaluations.",
                _ok(export_schema(reference("Entry"))),
                parameters=[*export_parameters(settings), *asked],
                errors=(400, 403, 409, 422),
            ),
        },
        BY_SEASON_PATH: {
            "get": _operation(
                "exportSeason",
                "A season's tasks, without solutions.",
                _ok(export_schema({"type": "object"})),
                parameters=[*season_parameters(settings), *asked],
                errors=(400, 403, 409, 422),
            ),
        },
        HEALTH_PATH: {
            "get": {
                "operationId": "health",
                "summary": "Whether the arena is up.",
                "security": [{}],
                "responses": _ok({"type": "object", "properties": {"status": {"const": "ok"}}, "required": ["status"]}),
            },
        },
    }


def _operation(
    name: str,
    summary: str,
    answers: Schema,
    *,
    parameters: Sequence[Schema] = (),
    body: Schema | None = None,
    errors: Sequence[int] = (),
) -> Schema:
    refusals = {str(status): _refusal(status) for status in sorted({401, 503, *errors})}
    operation: dict[str, Any] = {"operationId": name, "summary": summary, "parameters": list(parameters)}
    if body is not None:
        operation["requestBody"] = body
    return operation | {"responses": answers | refusals}


def _ok(schema: Schema, status: int = 200) -> Schema:
    return {str(status): {"description": "The answer.", "content": {"application/json": {"schema": schema}}}}


def _refusal(status: int) -> Schema:
    return {"description": _ERRORS[status], "content": {"application/json": {"schema": reference("Error")}}}
