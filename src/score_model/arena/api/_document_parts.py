"""Parameters, bodies and list answers, as the OpenAPI document describes them."""

from collections.abc import Sequence
from typing import Any

from score_model.arena._query import DEFAULT_LIMIT, MAX_LIMIT, SORTS
from score_model.arena._settings import ApiSwitches, ArenaSettings, Demand
from score_model.arena.api._idempotency import HEADER, MAX_KEY
from score_model.arena.api._lists import CURSOR_MODES, DEFAULT_PAGE_SIZE, MAX_PAGE, MAX_PAGE_SIZE
from score_model.arena.api._screenshots import IMAGE_TYPES
from score_model.contract import TaskStatus

Schema = dict[str, Any]

_TEXT: Schema = {"type": "string", "maxLength": 500}
_UID: Schema = {"type": "integer", "minimum": 0, "maximum": 2**31 - 1}
_PERCENT: Schema = {"type": "number", "minimum": 0, "maximum": 100}
_COUNT: Schema = {"type": "integer", "minimum": 0}
_DEMANDED: Schema = {"type": "string", "minLength": 1, "maxLength": 200}


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


def idempotency_key() -> Schema:
    """The header that makes a POST safe to repeat."""
    schema = {"type": "string", "minLength": 1, "maxLength": MAX_KEY, "pattern": "^[ -~]+$"}
    description = "The same key never makes two: the same request is answered as before, another one refused with 422."
    return {"name": HEADER, "in": "header", "required": False, "description": description, "schema": schema}


def demanded(demands: Sequence[Demand]) -> list[Schema]:
    """What the deployment demands of the query of every GET."""
    return [query(demand, _DEMANDED, "Demanded by this deployment.", required=True) for demand in demands]


def list_parameters(switches: ApiSwitches) -> list[Schema]:
    """How a part of a list is asked for."""
    sizes = {"type": "integer", "minimum": 1, "maximum": MAX_PAGE_SIZE, "default": DEFAULT_PAGE_SIZE}
    pages = {"type": "integer", "minimum": 1, "maximum": MAX_PAGE, "default": 1}
    parameters = [query("page", pages, "Which page."), query("page_size", sizes, "Rows of a page.")]
    if switches.paging in CURSOR_MODES:
        parameters.append(query("cursor", {"type": "string"}, "What a page before gave; goes before `page`."))
    return parameters


def task_filters() -> list[Schema]:
    """Which tasks are asked for."""
    statuses = {"type": "string", "enum": [*(status.value for status in TaskStatus), ""]}
    return [
        query("status", statuses, "Where a task stands now; empty for any."),
        query("search", _TEXT, "A text in title or description, in either case."),
    ]


def export_parameters(settings: ArenaSettings) -> list[Schema]:
    """Filters, order and pages of the export."""
    names = "true, 1, yes, y, on, t, false, 0, no, n, off, f"
    boolean = {"type": "string", "enum": names.split(", ")}
    status = {"type": "string", "enum": ["completed", "failed", "pending", ""]}
    return [
        *_export_paging(settings),
        query("website", _TEXT, "Site that the start URL's port stands for."),
        query("useCase", _TEXT, "Use case, in either case."),
        query("minerUid", _UID, "UID of the miner."),
        query("success", boolean, "Whether the evaluation passed."),
        query("taskId", _TEXT, "Id of the task."),
        query("webVersion", _TEXT, "Version of the site."),
        query("agentId", _TEXT, "Id of the agent or of its run."),
        query("validatorId", _UID, "UID of the validator."),
        query("roundId", _TEXT, "Id of the round."),
        query("minScore", _PERCENT, "Least score, in percent."),
        query("maxScore", _PERCENT, "Greatest score, in percent."),
        query("status", status, "What the evaluation says of passed: true, false, neither."),
        query("sort", {"type": "string", "default": SORTS[0]}, f"One of {', '.join(SORTS)}; others mean the default."),
    ]


def season_parameters(settings: ArenaSettings) -> list[Schema]:
    """A season and its pages."""
    return [query("season", _UID, "Number of the season.", required=True), *_export_paging(settings)]


def _export_paging(settings: ArenaSettings) -> list[Schema]:
    limits = {"type": "integer", "minimum": 1, "maximum": MAX_LIMIT, "default": DEFAULT_LIMIT}
    pages = {"type": "integer", "minimum": 1, "maximum": 2**31 - 1, "default": 1}
    parameters = [query("page", pages, "Which page."), query("limit", limits, "Rows of a page.")]
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


def solution_body(switches: ApiSwitches) -> Schema:
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
