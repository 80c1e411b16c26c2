"""Submitting a solution: counted once whatever happens on the way, as JSON or, when it is large, as a form."""

import base64
import json
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from score_model.client import ProductionClient
from score_model.client._submission import Image, parse_image_url, recognise_image
from score_model.contract.task_api import Artifacts, SolutionRequest
from score_model.errors import RemoteRefusedError, RemoteUnreachableError, UsageError
from tests.client.factories import quick_session
from tests.fakes.faults import Fault
from tests.fakes.task_api import FakeTaskApi

PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 3
JPEG = b"\xff\xd8\xff" + b"\r\n--boundary--\r\n" * 20
STEPS = [{"action": "click", "selector": "#buy"}]
TASK = {"id": "task_1", "title": "t", "status": "open"}


def api_with_a_task(**settings: Any) -> FakeTaskApi:
    """A task API with one open task."""
    return FakeTaskApi(tasks=[dict(TASK)], **settings)


def data_url(media_type: str, data: bytes) -> str:
    """A base64 data URL."""
    return f"data:{media_type};base64,{base64.b64encode(data).decode()}"


WITH_SCREENSHOTS = SolutionRequest(
    agent_id="miner_77",
    artifacts=Artifacts(steps=STEPS, screenshots=[data_url("image/png", PNG), data_url("image/jpeg", JPEG)]),
    answer={"fields": {"email": "a@b.com"}},
)


@pytest.mark.parametrize(
    "fault",
    [Fault(kind="status", status=status) for status in (500, 503, 504)]
    + [Fault(kind=kind) for kind in ("reset", "truncated", "html", "empty")],
    ids=lambda fault: f"{fault.kind}-{fault.status}",
)
@pytest.mark.parametrize("above", [0, 10**6], ids=["multipart", "json"])
async def test_a_repeated_submission_counts_once(fault: Fault, above: int) -> None:
    """Whatever cuts off the answer, the submission is sent again under the same key and exists once."""
    async with api_with_a_task(faults={1: fault, 2: fault}) as api, quick_session(api.url) as session:
        client = ProductionClient(session, multipart_above_bytes=above)
        submitted = await client.submit("task_1", WITH_SCREENSHOTS)
        await client.submit("task_1", WITH_SCREENSHOTS)
    keys = [request.headers["Idempotency-Key"] for request in api.requests]
    assert submitted.record.id == "sol_1"
    assert len(api.requests) == 4
    assert keys[0] == keys[1] == keys[2] != keys[3]
    assert list(api.solutions) == ["sol_1", "sol_2"]


async def test_a_given_key_is_sent_and_a_lasting_fault_ends() -> None:
    """The caller's own key is used, and every attempt is made before giving up."""
    fault = Fault(kind="status", status=502)
    async with api_with_a_task(faults=lambda _: fault) as api, quick_session(api.url) as session:
        with pytest.raises(RemoteUnreachableError, match="after 3 attempts: HTTP 502"):
            await ProductionClient(session).submit("task_1", WITH_SCREENSHOTS, idempotency_key="my key 1")
    assert {request.headers["Idempotency-Key"] for request in api.requests} == {"my key 1"}
    assert len(api.requests) == 3


async def test_a_small_solution_is_json() -> None:
    """Up to the threshold the request is one JSON object, with its screenshots as they were given."""
    async with api_with_a_task() as api, quick_session(api.url) as session:
        await ProductionClient(session).submit("task_1", WITH_SCREENSHOTS)
    [request] = api.requests
    assert request.headers["Content-Type"] == "application/json"
    assert request.parts == []
    assert request.fields["artifacts"]["screenshots"] == [data_url("image/png", PNG), data_url("image/jpeg", JPEG)]


async def test_a_large_solution_is_a_form() -> None:
    """Above the threshold the JSON goes into one part, and each screenshot's bytes, with their type, into a file."""
    async with api_with_a_task() as api, quick_session(api.url) as session:
        await ProductionClient(session, multipart_above_bytes=1000).submit("task_1", WITH_SCREENSHOTS)
        small = SolutionRequest(agent_id="a", artifacts=Artifacts(logs="x" * 2000))
        await ProductionClient(session, multipart_above_bytes=1000).submit("task_1", small)
    first, second = api.requests
    assert first.headers["Content-Type"].startswith("multipart/form-data; boundary=")
    solution, *files = first.parts
    assert (solution.name, solution.content_type, solution.file_name) == ("solution", "application/json", None)
    assert json.loads(solution.data) == {
        "agent_id": "miner_77",
        "artifacts": {"steps": STEPS},
        "answer": {"fields": {"email": "a@b.com"}},
    }
    assert [(file.name, file.content_type, file.file_name, file.data) for file in files] == [
        ("screenshots", "image/png", "screenshot_0.png", PNG),
        ("screenshots", "image/jpeg", "screenshot_1.jpg", JPEG),
    ]
    assert [part.name for part in second.parts] == ["solution"]
    assert json.loads(second.parts[0].data)["artifacts"] == {"logs": "x" * 2000}


async def test_the_default_threshold_is_one_mebibyte() -> None:
    """A request of a little less than 1 MiB is JSON, one of a little more a form."""
    async with api_with_a_task() as api, quick_session(api.url) as session:
        for size in (1024 * 1024 - 100, 1024 * 1024):
            await ProductionClient(session).submit("task_1", {"agent_id": "a", "artifacts": {"logs": "x" * size}})
    assert [bool(request.parts) for request in api.requests] == [False, True]


@pytest.mark.parametrize("shape", ["code", "error.code", "detail"])
@pytest.mark.parametrize("above", [0, 10**6], ids=["multipart", "json"])
async def test_demands_are_answered_once_in_the_body(shape: str, above: int) -> None:
    """Nonce and run id go into the form's fields or the JSON object, each once, under the same key, not in the URL."""
    async with (
        api_with_a_task(demands=("nonce", "run_id"), demand_shape=shape) as api,
        quick_session(api.url, run_id="run-7") as session,
    ):
        client = ProductionClient(session, multipart_above_bytes=above)
        assert (await client.submit("task_1", WITH_SCREENSHOTS)).record.id == "sol_1"
    names = [sorted({"nonce", "run_id"} & set(request.fields)) for request in api.requests]
    assert names == [[], ["nonce"], ["nonce", "run_id"]]
    assert api.requests[2].fields["run_id"] == "run-7"
    assert api.requests[1].fields["nonce"] != api.requests[2].fields["nonce"]
    assert len({request.headers["Idempotency-Key"] for request in api.requests}) == 1
    assert all(request.params == {} for request in api.requests)
    if above == 0:
        assert [part.name for part in api.requests[2].parts] == [
            *("solution", "screenshots", "screenshots"),
            *("nonce", "run_id"),
        ]


async def test_fields_that_we_do_not_know_are_sent() -> None:
    """A mapping goes out as it is, so that a newer deployment's fields can be used; its caller's copy stays whole."""
    given_one = {"agent_id": "a", "artifacts": {"har": {"v": 1}, "screenshots": [data_url("image/png", PNG)]}, "x": 1.5}
    async with api_with_a_task() as api, quick_session(api.url) as session:
        await ProductionClient(session).submit("task_1", given_one)
        await ProductionClient(session, multipart_above_bytes=0).submit("task_1", given_one)
    assert api.requests[0].fields == given_one
    sent = json.loads(api.requests[1].parts[0].data)
    assert sent == {"agent_id": "a", "artifacts": {"har": {"v": 1}}, "x": 1.5}
    assert "screenshots" in given_one["artifacts"]  # type: ignore[operator]


async def test_a_refusal_is_told() -> None:
    """What the server says of a solution is passed on, with its status."""
    async with api_with_a_task() as api, quick_session(api.url) as session:
        with pytest.raises(RemoteRefusedError, match=r"HTTP 422: agent_id: field required \(invalid\)"):
            await ProductionClient(session).submit("task_1", {"agent_id": ""})
    assert len(api.requests) == 1


@pytest.mark.parametrize(
    "broken",
    [
        "",
        "https://host/s.png",
        "data:image/png;base64",
        "data:image/png;base64,",
        "data:image/png;base64,abc",
        "data:image/png;base64,ab c=",
        "data:image/png;base64,ab-_",
        "data:text/html;base64,PGI+",
        "data:image/png\r\nX: y;base64,aaaa",
        "data:image/svg+xml,<svg a b>",
        "data:image/svg+xml,%zz",
        "data:,",
        7,
        None,
    ],
)
@pytest.mark.parametrize("above", [0, 10**6], ids=["multipart", "json"])
async def test_a_malformed_screenshot_is_named(broken: object, above: int) -> None:
    """A screenshot that is no image's data URL is a usage error that says which one, and nothing is sent."""
    solution = {"agent_id": "a", "artifacts": {"screenshots": [data_url("image/png", PNG), broken]}}
    async with api_with_a_task() as api, quick_session(api.url) as session:
        client = ProductionClient(session, multipart_above_bytes=above)
        with pytest.raises(UsageError, match=r"^artifacts\.screenshots\[1\] "):
            await client.submit("task_1", solution)
        with pytest.raises(UsageError, match="must be a list"):
            await client.submit("task_1", {"agent_id": "a", "artifacts": {"screenshots": "one"}})
        with pytest.raises(UsageError, match="can't be written as JSON"):
            await client.submit("task_1", {"agent_id": object()})
    assert api.requests == []


@given(st.binary(min_size=1), st.sampled_from(["png", "jpeg", "webp", "svg+xml", "x-icon", "avif"]))
def test_data_urls_are_read_back(data: bytes, subtype: str) -> None:
    """What was written as a data URL, in base64 or percent-encoded, comes back byte for byte."""
    image = Image(subtype, data)
    assert parse_image_url(image.data_url(), "it") == image
    assert parse_image_url(f"data:image/{subtype.upper()};a=b,{quote(data)}", "it") == image
    assert parse_image_url(f"DATA:image/{subtype};charset=utf-8;BASE64,{data_url('', data)[13:]}", "it") == image


@given(st.text())
def test_no_text_breaks_the_data_url_reader(text: str) -> None:
    """Any text is an image or a usage error, and a file name from it holds nothing but letters and digits."""
    for url in (text, f"data:image/{text}", f"data:image/png;base64,{text}"):
        try:
            image = parse_image_url(url, "it")
        except UsageError:
            continue
        assert image.file_ending.isascii()
        assert image.file_ending.isalnum()


def test_images_are_recognised_by_their_bytes() -> None:
    """A file's type follows from its beginning, not from its name."""
    riff = b"RIFF\x10\x00\x00\x00WEBPVP8 "
    found = [recognise_image(data, "f").media_type for data in (PNG, JPEG, b"GIF89a...", riff)]
    assert found == ["image/png", "image/jpeg", "image/gif", "image/webp"]
    for other in (b"", b"<svg/>", b"RIFF\x10\x00\x00\x00WAVE"):
        with pytest.raises(UsageError, match="f is not a PNG, JPEG, GIF or WebP image"):
            recognise_image(other, "f")
