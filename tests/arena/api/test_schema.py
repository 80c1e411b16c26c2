"""The OpenAPI document: complete, and true of every answer that schemathesis can provoke."""

import subprocess
import sys
from pathlib import Path
from typing import Any, get_args

import pytest

from score_model.arena import ArenaSettings, open_engine
from score_model.arena._settings import ApiSwitches, Envelope, PagingMode
from score_model.arena.server import arena_app
from tests.arena.conftest import ManualClock, RunningArena, StartArena
from tests.arena.processes import post, serving

_NOT_DESCRIBED = {"/schema", "/schema/openapi.json"}


async def _document(arena: RunningArena, path: str = "/schema") -> dict[str, Any]:
    async with arena.session.get(arena.urls.base_url + path) as response:
        assert response.status == 200
        assert response.headers["Content-Type"] == "application/json"
        document: dict[str, Any] = await response.json()
        return document


def _references(value: Any) -> set[str]:
    if isinstance(value, list):
        return set().union(*map(_references, value))
    if not isinstance(value, dict):
        return set()
    own = {value["$ref"]} if isinstance(value.get("$ref"), str) else set()
    return own.union(*map(_references, value.values()))


async def test_every_route_is_described(start_arena: StartArena, tmp_path: Path) -> None:
    """The document names every route and method of the application and no others, and what it refers to is there."""
    document = await _document(await start_arena())
    engine = open_engine(tmp_path / "other.sqlite")
    app = arena_app(ArenaSettings(database=tmp_path / "other.sqlite"), engine, ManualClock())
    engine.dispose()
    routes = {
        (str(route.path_format), method.lower())
        for route in app.routes
        for method in getattr(route, "methods", ())
        if method != "OPTIONS"
    }
    described = {(path, method) for path, item in document["paths"].items() for method in item}
    assert described == {(path, method) for path, method in routes if path not in _NOT_DESCRIBED}
    schemas = {f"#/components/schemas/{name}" for name in document["components"]["schemas"]}
    assert _references(document) <= schemas
    names = [operation["operationId"] for item in document["paths"].values() for operation in item.values()]
    assert len(set(names)) == len(names)


async def test_the_document_needs_no_token(start_arena: StartArena) -> None:
    """The document is served at both paths, without a token, and holds no secret."""
    arena = await start_arena(token="hidden-token", key="hidden-key")
    document = await _document(arena)
    assert document == await _document(arena, "/schema/openapi.json")
    assert "hidden" not in str(document)
    export = document["paths"]["/api/v1/tasks/with-solutions"]["get"]["parameters"]
    assert {"minerUid", "success", "minScore", "sort", "page", "limit", "key"} <= {item["name"] for item in export}
    assert document["components"]["securitySchemes"] == {"bearer": {"type": "http", "scheme": "bearer"}}


def _run(cwd: Path, url: str, examples: int, *flags: str) -> None:
    """Runs schemathesis with every check but one: JSON Schema can't say which texts and integers a database holds."""
    command = [
        sys.executable, "-m", "schemathesis.cli", "run", f"{url}/schema", "--no-color", "--seed", "1",
        "--generation-deterministic", "--max-examples", str(examples),
        "--exclude-checks", "positive_data_acceptance", "--request-timeout", "20", *flags,
    ]  # fmt: skip
    finished = subprocess.run(command, cwd=cwd, capture_output=True, text=True)
    assert finished.returncode == 0, finished.stdout[-8000:] + finished.stderr[-2000:]


def _fill(api: str, demanded: dict[str, str], **headers: str) -> None:
    _, task = post(f"{api}/tasks", {"title": "A task", **demanded}, **headers)
    status, _ = post(f"{api}/tasks/{task['id']}/solutions", {"agent_id": "a", **demanded}, **headers)
    assert status == 201


def test_schemathesis_finds_nothing(tmp_path: Path) -> None:
    """No generated request gets a 5xx or an answer that the document does not describe."""
    with serving("--data-dir", tmp_path) as (_, urls):
        _fill(urls["api_url"], {})
        _run(tmp_path, urls["base_url"], 12)


@pytest.mark.slow
@pytest.mark.parametrize("paging", get_args(PagingMode))
def test_schemathesis_finds_nothing_in_a_long_run(tmp_path: Path, paging: str) -> None:
    """The same, longer, for each way that lists go on, with a demand, an envelope and a token."""
    flags = ("--paging", paging, "--envelope", "data.items", "--demand", "run_id")
    with serving("--data-dir", tmp_path, *flags, SCORE_MODEL_ARENA_TOKEN="t") as (_, urls):
        _fill(urls["api_url"], {"run_id": "r"}, Authorization="Bearer t")
        _run(tmp_path, urls["base_url"], 200, "--header", "Authorization: Bearer t")


@pytest.mark.parametrize(
    ("paging", "envelope"), list(zip([*get_args(PagingMode), "cursor"], get_args(Envelope), strict=True))
)
async def test_lists_are_described_as_they_are(start_arena: StartArena, paging: PagingMode, envelope: Envelope) -> None:
    """For every way of paging and every envelope the document names exactly the fields that a list has."""
    arena = await start_arena(api=ApiSwitches(paging=paging, envelope=envelope))
    document = await _document(arena)
    described = document["paths"]["/api/tasks"]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    answer = (await arena.call("GET", "/tasks")).json
    if "." in envelope:
        assert described["required"] == list(answer) == ["data"]
        described, answer = described["properties"]["data"], answer["data"]
    assert described["required"] == list(answer) == list(described["properties"])
