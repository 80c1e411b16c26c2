"""The OpenAPI document of the arena's API, with the records as msgspec describes them.

It is put together here and not by Litestar, which knows one body type for a route and no switches. Tests hold it
against the routes and, with schemathesis, against their answers.
"""

from collections.abc import Sequence
from typing import Any

import msgspec
from litestar import Response, get
from litestar.types import ControllerRouterHandler

from score_model.arena._settings import ApiSwitches, ArenaSettings, Demand
from score_model.arena._urls import BY_SEASON_PATH, EXPORT_PATH, HEALTH_PATH
from score_model.arena.api import _records as records
from score_model.arena.api._idempotency import HEADER, MAX_KEY
from score_model.arena.api._lists import CURSOR_MODES, ListQuery
from score_model.arena.api._screenshots import IMAGE_TYPES
from score_model.arena.api._tasks import TaskQuery
from score_model.arena.export import ExportQuery, Paging, SeasonQuery
from score_model.web import query_parameters

Schema = dict[str, Any]

_COUNT: Schema = {"type": "integer", "minimum": 0}
_DEMANDED: Schema = {"type": "string", "minLength": 1, "maxLength": 200}

_RECORDS = (
    records.NewTask, records.NewClaim, records.NewSolution, records.Task, records.TaskDetail, records.ClaimedTask,
    records.Solution, records.SolutionDetail, records.Error, records.NewScore, records.NewScores, records.Score,
    records.Scores,
)  # fmt: skip
_ERRORS = {
    400: "The request can't be read, or lacks what this deployment demands.",
    401: "There is no valid bearer token.",
    403: "The API key is not valid, the server has another name, or a page of another site wants to change something.",
    404: "There is no such thing.",
    409: "The task is claimed or done, or a nonce was used before.",
    408: "The headers or the body took too long to come.",
    413: "The body or a part of it is too large.",
    415: "The body is of another content type.",
    422: "A parameter or a field is not what it must be.",
    431: "The target and the headers are too large.",
    503: "The database can't do this now.",
}


def reference(name: str) -> Schema:
    """A schema that is described once, under `components`."""
    return {"$ref": f"#/components/schemas/{name}"}


def query(name: str, schema: Schema, description: str, *, required: bool = False) -> Schema:
    """A parameter of the query."""
    return {"name": name, "in": "query", "required": required, "description": description, "schema": schema}


def path(name: str, description: str) -> Schema:
    """A part of the path."""
    schema = {"type": "string", "minLength": 1}
    return {"name": name, "in": "path", "required": True, "description": description, "schema": schema}


_TASK = path("task_id", "Id of a task.")

_SOLUTION = path("solution_id", "Id of a solution.")


def idempotency_key() -> Schema:
    """The header that makes a POST safe to repeat."""
    schema = {"type": "string", "minLength": 1, "maxLength": MAX_KEY, "pattern": "^[ -~]+$"}
    description = "The same key never makes two: the same request is answered as before, another one refused with 422."
    return {"name": HEADER, "in": "header", "required": False, "description": description, "schema": schema}


def demanded(demands: Sequence[Demand]) -> list[Schema]:
    """What the deployment demands of the query of every GET."""
    return [query(demand, _DEMANDED, "Demanded by this deployment.", required=True) for demand in demands]


def list_parameters(kind: type[ListQuery], switches: ApiSwitches) -> list[Schema]:
    """Which rows of a list are asked for, and which part of them."""
    parameters = query_parameters(kind)
    if switches.paging in CURSOR_MODES:
        parameters.append(query("cursor", {"type": "string"}, "What a page before gave; goes before `page`."))
    return parameters


def export_parameters(kind: type[Paging], settings: ArenaSettings) -> list[Schema]:
    """Filters, order and pages of the export, and its key."""
    parameters = query_parameters(kind)
    if settings.key is not None:
        parameters.append(query("key", {"type": "string"}, "API key.", required=True))
    return parameters


def list_schema(switches: ApiSwitches, item: str) -> Schema:
    """A list of `item`, with the deployment's envelope and hints."""
    outer, _, name = switches.envelope.rpartition(".")
    hints: dict[str, Schema] = {}
    match switches.paging:
        case "page":
            page = {"type": "integer", "minimum": 1}
            hints = {"total": _COUNT, "page": page, "page_size": page, "has_next": {"type": "boolean"}}
        case "cursor":
            hints = {"total": _COUNT, "page_size": _COUNT, "next_cursor": {"type": ["string", "null"]}}
        case "next_url":
            hints = {"next": {"type": ["string", "null"], "description": "URL of what follows."}}
        case "next_page":
            hints = {"next": {"type": ["integer", "null"], "description": "Number of the next page."}}
        case "total":
            hints = {"total": _COUNT}
    schema = _record({name: {"type": "array", "items": reference(item)}, **hints})
    return _record({outer: schema}) if outer else schema


def export_schema(item: Schema) -> Schema:
    """A page of the export."""
    hints = dict.fromkeys(("total", "page", "limit", "totalPages"), _COUNT)
    data = _record({"tasks": {"type": "array", "items": item}, **hints})
    return _record({"success": {"const": True}, "data": data})


def entry_schema() -> Schema:
    """An entry of the export, as it was given: production has moved its fields, and will again."""
    anything: Schema = {"type": ["object", "null"]}
    parts = {"task": {"type": "object"}, "solution": anything, "evaluation": anything, "agentRun": anything}
    return {"type": "object", "properties": parts, "required": ["task"]}


def json_body(name: str, *others: str, required: bool = True) -> Schema:
    """A body of JSON: a record of that name, or of one of the others."""
    schema = {"anyOf": [reference(each) for each in (name, *others)]} if others else reference(name)
    return {"required": required, "content": {"application/json": {"schema": schema}}}


def solution_content(switches: ApiSwitches) -> Schema:
    """A solution as JSON, or as a form with its screenshots as files."""
    properties: dict[str, Schema] = {
        "solution": reference("FormSolution"),
        "screenshots": {"type": "array", "items": {"type": "string", "contentMediaType": "image/*"}},
        **dict.fromkeys(("nonce", "run_id"), _DEMANDED),
    }
    form = {
        "schema": {"type": "object", "properties": properties, "required": ["solution", *switches.demands]},
        "encoding": {
            "solution": {"contentType": "application/json"},
            "screenshots": {"contentType": ", ".join(IMAGE_TYPES)},
        },
    }
    body = json_body("NewSolution")
    body["content"]["multipart/form-data"] = form
    return body


def _record(properties: dict[str, Schema]) -> Schema:
    return {"type": "object", "properties": properties, "required": list(properties)}


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
    key = idempotency_key()
    task, solution = reference("Task"), reference("Solution")
    optional = not switches.demands
    return {
        "/api/tasks": {
            "get": _operation(
                "listTasks",
                "Tasks, newest first.",
                _ok(list_schema(switches, "Task")),
                parameters=[*list_parameters(TaskQuery, switches), *asked],
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
                parameters=[_TASK, *list_parameters(ListQuery, switches), *asked],
                errors=(400, 404, 409, 422),
            ),
            "post": _operation(
                "submitSolution",
                "Hand in a solution; it waits for evaluation.",
                _ok(solution, status=201),
                parameters=[_TASK, key],
                body=solution_content(switches),
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
                parameters=[*export_parameters(ExportQuery, settings), *asked],
                errors=(400, 403, 409, 422),
            ),
        },
        BY_SEASON_PATH: {
            "get": _operation(
                "exportSeason",
                "A season's tasks, without solutions.",
                _ok(export_schema({"type": "object"})),
                parameters=[*export_parameters(SeasonQuery, settings), *asked],
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
    refusals = {str(status): _refusal(status) for status in sorted({401, 403, 408, 431, 503, *errors})}
    operation: dict[str, Any] = {"operationId": name, "summary": summary, "parameters": list(parameters)}
    if body is not None:
        operation["requestBody"] = body
    return operation | {"responses": answers | refusals}


def _ok(schema: Schema, status: int = 200) -> Schema:
    return {str(status): {"description": "The answer.", "content": {"application/json": {"schema": schema}}}}


def _refusal(status: int) -> Schema:
    return {"description": _ERRORS[status], "content": {"application/json": {"schema": reference("Error")}}}
