"""How any application of ours answers what it does not serve, and what goes wrong in it."""

import aiohttp
import pytest
from litestar import get

from score_model.web import RefusedError, WebApp, invalid_body
from tests.web.servers import running_app


@get("/broken")
async def broken() -> str:
    """Fails as nobody foresaw."""
    raise RuntimeError("a spring is loose")


@get("/refusing")
async def refusing() -> str:
    """Refuses, and says what to do."""
    raise RefusedError(503, "busy", "Try again", {"Retry-After": "1"})


@get("/invalid")
async def invalid() -> str:
    """Names the part of a body that is not what it must be."""
    raise invalid_body("artifacts.steps", "Input should be a list")


async def test_every_error_has_one_form(caplog: pytest.LogCaptureFixture) -> None:
    """Refusals, unknown routes and methods, and bugs are JSON with code and detail; a bug shows nothing of itself."""
    found = {}
    app = WebApp([broken, refusing, invalid])
    async with running_app(app) as origin, aiohttp.ClientSession() as session:
        for method, path in (
            ("GET", "/broken"),
            ("GET", "/refusing"),
            ("GET", "/invalid"),
            ("GET", "/"),
            ("PUT", "/invalid"),
        ):
            async with session.request(method, origin + path) as answer:
                assert answer.headers["Content-Type"] == "application/json"
                assert answer.headers["Cache-Control"] == "no-store"
                body = await answer.json()
                assert set(body) == {"code", "detail"}
                assert "spring" not in str(body)
                found[method, path] = answer.status, body["code"], answer.headers.get("Retry-After")
    assert found == {
        ("GET", "/broken"): (500, "internal_error", None),
        ("GET", "/refusing"): (503, "busy", "1"),
        ("GET", "/invalid"): (422, "invalid_body", None),
        ("GET", "/"): (404, "not_found", None),
        ("PUT", "/invalid"): (405, "method_not_allowed", None),
    }
    assert "GET /broken failed" in caplog.text
    assert "RuntimeError: a spring is loose" in caplog.text
