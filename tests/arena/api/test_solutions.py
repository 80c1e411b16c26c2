"""Solutions over real HTTP: handed in as JSON and as forms, with screenshots, shown and listed."""

import io
import json
from typing import Any

import aiohttp
import pytest

from tests.arena.api.images import JPEG, WEBP, data_url, png
from tests.arena.conftest import Answer, RunningArena

_REQUEST: dict[str, Any] = {
    "agent_id": "miner_77",
    "artifacts": {"steps": [{"action": "click", "selector": "#buy"}], "logs": "…"},
    "answer": {"fields": {"email": "a@b.com"}},
    "runtime": {"browser": "chromium", "time_ms": 18342},
}


def form_of(solution: object, *screenshots: bytes, **fields: str) -> aiohttp.FormData:
    """A solution as a form."""
    form = aiohttp.FormData()
    form.add_field("solution", io.BytesIO(json.dumps(solution).encode()), content_type="application/json")
    for place, image in enumerate(screenshots):
        form.add_field("screenshots", io.BytesIO(image), filename=f"{place}.png", content_type="image/png")
    for name, value in fields.items():
        form.add_field(name, value)
    form._is_multipart = True
    return form


async def _submit(arena: RunningArena, task: str, **sent: Any) -> Answer:
    return await arena.call("POST", f"/tasks/{task}/solutions", **sent)


async def _shown(arena: RunningArena, solution: str) -> dict[str, Any]:
    answer = await arena.call("GET", f"/solutions/{solution}")
    assert answer.status == 200, answer.body
    shown: dict[str, Any] = answer.json
    return shown


async def test_a_solution_comes_back_as_documented(arena: RunningArena) -> None:
    """The answer to a submission has the documented fields and no others; the solution itself shows what was given."""
    task = await arena.create()
    answer = await _submit(arena, task, json=_REQUEST)
    assert answer.status == 201
    solution = answer.json
    assert solution == {
        "id": solution["id"],
        "task_id": task,
        "status": "pending",
        "score": None,
        "verdict": None,
        "created_at": "2025-11-07T16:00:00Z",
    }
    assert await _shown(arena, solution["id"]) == {**solution, **_REQUEST}
    assert (await arena.call("GET", f"/tasks/{task}/solutions")).json["results"] == [solution]
    smallest = await arena.submit(task, "a")
    shown = await _shown(arena, smallest)
    assert (shown["artifacts"], shown["answer"], shown["runtime"]) == (None, None, None)


async def test_several_agents_answer_one_task(arena: RunningArena) -> None:
    """A task takes many solutions, listed newest first in pages; they leave its status as it is."""
    task = await arena.create()
    made = [await arena.submit(task, f"miner_{number}") for number in range(3)]
    await arena.submit(await arena.create())
    page = (await arena.call("GET", f"/tasks/{task}/solutions?page_size=2")).json
    assert [item["id"] for item in page["results"]] == [made[2], made[1]]
    assert page["total"] == 3
    assert (await arena.call("GET", f"/tasks/{task}")).json["status"] == "open"


@pytest.mark.parametrize("way", ["json", "form"])
async def test_screenshots_are_kept_apart(arena: RunningArena, way: str) -> None:
    """Data URLs and file parts become images of their own, served as what their bytes are, and as nothing else."""
    task = await arena.create()
    images = [png(3), JPEG, WEBP]
    if way == "json":
        artifacts = {**_REQUEST["artifacts"], "screenshots": [data_url(image) for image in images]}
        answer = await _submit(arena, task, json={**_REQUEST, "artifacts": artifacts})
    else:
        answer = await _submit(arena, task, data=form_of(_REQUEST, *images))
    shown = await _shown(arena, answer.json["id"])
    urls = shown["artifacts"].pop("screenshots")
    assert urls == [f"/api/solutions/{shown['id']}/screenshots/{place}" for place in range(3)]
    assert shown["artifacts"] == _REQUEST["artifacts"]
    for url, image, kind in zip(urls, images, ("png", "jpeg", "webp"), strict=True):
        served = await arena.call("GET", url.removeprefix("/api"))
        assert (served.status, served.body) == (200, image)
        assert served.headers["Content-Type"] == f"image/{kind}"
        assert served.headers["X-Content-Type-Options"] == "nosniff"
        assert served.headers["Content-Security-Policy"].startswith("default-src 'none'; sandbox")
    for wrong in ("3", "-1", "00", "01", "+1", "00x", "%EF%BC%91", "999", "%00"):
        answer = await arena.call("GET", f"/solutions/{shown['id']}/screenshots/{wrong}")
        assert (answer.status, answer.code) == (404, "screenshot_not_found")


_NO_IMAGES = (
    "https://example.org/a.png",
    "data:image/png,abc",
    "data:image/png;base64,%%%",
    "data:image/png;base64,",
    data_url(b"<svg onload=alert(1)>", "image/svg+xml"),
    data_url(b"<html>"),
    data_url(b"RIFF0000WAVE"),
    7,
)


async def test_what_is_no_image_is_refused(arena: RunningArena) -> None:
    """A screenshot that is no PNG, JPEG or WebP by its bytes is refused, whatever it calls itself, and not stored."""
    task = await arena.create()
    for screenshot in _NO_IMAGES:
        answer = await _submit(arena, task, json={"agent_id": "a", "artifacts": {"screenshots": [screenshot]}})
        assert (answer.status, answer.code) == (422, "invalid_body"), screenshot
    assert (await arena.call("GET", f"/tasks/{task}/solutions")).json["total"] == 0


_BAD: tuple[dict[str, Any], ...] = (
    {},
    {"agent_id": None},
    {"agent_id": ""},
    {"agent_id": "x" * 201},
    {"agent_id": "a", "artifacts": []},
    {"agent_id": "a", "artifacts": {"steps": [1]}},
    {"agent_id": "a", "artifacts": {"logs": 1}},
    {"agent_id": "a", "artifacts": {"screenshots": [data_url(png())] * 51}},
    {"agent_id": "a", "runtime": []},
    {"agent_id": "a", "answer": 2**63},
    {"agent_id": "a", "answer": {"text": "\0"}},
)


async def test_bad_solutions_are_refused(arena: RunningArena) -> None:
    """A solution that breaks the schema answers 422, as JSON and as a form."""
    task = await arena.create()
    for body in _BAD:
        assert (await _submit(arena, task, json=body)).code == "invalid_body", body
        assert (await _submit(arena, task, data=form_of(body))).code == "invalid_body", body


async def test_bad_forms_are_refused(arena: RunningArena) -> None:
    """A form without a solution, with two, with too many parts, or cut short is refused."""
    task = await arena.create()

    async def code(**sent: Any) -> tuple[int, str]:
        answer = await _submit(arena, task, **sent)
        return answer.status, answer.code

    without = aiohttp.FormData()
    without.add_field("screenshots", png(), filename="a.png")
    assert await code(data=without) == (422, "invalid_body")
    twice = form_of({"agent_id": "a"})
    twice.add_field("solution", json.dumps({"agent_id": "b"}), content_type="application/json")
    assert await code(data=twice) == (422, "invalid_body")
    assert await code(data=form_of({"agent_id": "a"}, *[png()] * 51)) == (422, "invalid_body")
    assert await code(data=form_of({"agent_id": "a"}, *[png()] * 70)) == (422, "invalid_body")
    assert await code(data=form_of({"agent_id": "a"}, b"<svg>")) == (422, "invalid_body")
    assert await code(data=form_of([1])) == (422, "invalid_body")
    assert await code(data=form_of({"agent_id": "a"}, run_id="r\0")) == (422, "invalid_body")
    long_name = aiohttp.FormData()
    long_name.add_field("x" * 9000, "y", filename="z")
    assert await code(data=long_name) == (422, "invalid_body")
    kind = {"Content-Type": "multipart/form-data; boundary=xyz"}
    part = b'--xyz\r\nContent-Disposition: form-data; name="solution"\r\n\r\n'
    for torn in (
        b"",
        b"abc",
        part,
        part + b'{"agent_id":"a"}',
        part + b'{"agent_id":"a"}\r\n--xyz',
        b"--xyz\r\nno\r\n",
    ):
        assert await code(data=torn, headers=kind) == (400, "invalid_form"), torn
    assert await code(data=part + b'{"agent\r\n--xyz--\r\n', headers=kind) == (400, "invalid_json")
    whole = part + b'{"agent_id":"a"}\r\n--xyz--\r\n'
    assert await code(data=whole, headers={"Content-Type": "multipart/form-data"}) == (400, "invalid_form")
    assert (await _submit(arena, task, data=whole, headers=kind)).status == 201


async def test_sizes_are_limited(arena: RunningArena) -> None:
    """JSON beyond 4 MiB, a screenshot beyond 8 MiB, and a form beyond 64 MiB answer 413, told beforehand or counted."""
    task = await arena.create()
    solution = {"agent_id": "a"}

    async def chunks(data: bytes) -> Any:
        for start in range(0, len(data), 2**20):
            yield data[start : start + 2**20]

    logs = json.dumps({**solution, "artifacts": {"logs": "x" * 4 * 2**20}}).encode()
    kind = {"Content-Type": "application/json"}
    image = png() + bytes(8 * 2**20)
    for sent in (
        {"data": io.BytesIO(logs), "headers": kind},
        {"data": chunks(logs), "headers": kind},
        {"data": form_of(json.loads(logs))},
        {"data": form_of(solution, image)},
        {"data": form_of(solution, *[image[: 8 * 2**20]] * 9)},
    ):
        answer = await _submit(arena, task, **sent)
        assert (answer.status, answer.code) == (413, "body_too_large")
    assert (await _submit(arena, task, data=form_of(solution, image[: 8 * 2**20]))).status == 201
    assert (await arena.call("POST", "/tasks", data=io.BytesIO(logs), headers=kind)).code == "body_too_large"
    assert (
        await arena.call("POST", f"/tasks/{task}/claim", data=io.BytesIO(logs), headers=kind)
    ).code == "body_too_large"


async def test_unknown_solutions_are_404(arena: RunningArena) -> None:
    """There is no solution where there is none, whatever the id looks like."""
    for unknown in ("nope", "%00", "x" * 4000, "%F0%9F%8E%AC"):
        answer = await arena.call("GET", f"/solutions/{unknown}")
        assert (answer.status, answer.code) == (404, "solution_not_found")
        assert (await arena.call("GET", f"/solutions/{unknown}/screenshots/0")).code == "screenshot_not_found"
