"""Starting and stopping servers: together, and leaving nothing open."""

import asyncio
import gc
import socket
import warnings
from contextlib import ExitStack

import pytest
from litestar import get

from score_model.errors import UsageError
from score_model.web._app import WebApp
from score_model.web._server import base_url_of, open_listener, run_apps


def _app(*, fails: bool = False, ended: list[str] | None = None) -> WebApp:
    @get("/")
    async def up() -> str:
        return "up"

    def start() -> None:
        if fails:
            raise RuntimeError("a spring is loose")

    def stop() -> None:
        if ended is not None:
            ended.append("stopped")

    return WebApp([up], on_startup=[start], on_shutdown=[stop])


@pytest.mark.parametrize("failing", [0, 1, 2])
async def test_a_start_that_fails_leaves_nothing_open(failing: int, caplog: pytest.LogCaptureFixture) -> None:
    """If one of several servers fails to start, the others stop, and neither sockets nor tasks are left."""
    ended: list[str] = []
    with warnings.catch_warnings(), ExitStack() as stack:
        warnings.simplefilter("error", ResourceWarning)
        listeners = [stack.enter_context(open_listener("127.0.0.1", 0, "a test", "")) for _ in range(3)]
        ports = [listener.getsockname()[1] for listener in listeners]
        apps = [_app(fails=place == failing, ended=ended) for place in range(3)]
        with pytest.raises(RuntimeError, match="failed to start"):
            async with run_apps(*zip(apps, listeners, strict=True)):
                pytest.fail("it started")
        stack.close()
        assert ended == ["stopped"] * 3
        assert "a spring is loose" in caplog.text
        assert asyncio.all_tasks() == {asyncio.current_task()}
        for port in ports:
            with pytest.raises(ConnectionRefusedError):
                socket.create_connection(("127.0.0.1", port))
        gc.collect()


async def test_a_block_that_fails_stops_all() -> None:
    """An error inside the block stops the servers and comes out as it is."""
    ended: list[str] = []
    with (
        open_listener("127.0.0.1", 0, "a test", "") as one,
        open_listener("127.0.0.1", 0, "a test", "") as other,
        pytest.raises(ZeroDivisionError),
    ):
        async with run_apps((_app(ended=ended), one), (_app(ended=ended), other)):
            raise ZeroDivisionError
    assert ended == ["stopped", "stopped"]
    assert asyncio.all_tasks() == {asyncio.current_task()}


def test_a_taken_port() -> None:
    """A port that is taken is named with whose it is, and no socket is left behind."""
    with warnings.catch_warnings():
        warnings.simplefilter("error", ResourceWarning)
        with open_listener("127.0.0.1", 0, "a test", "") as listener:
            port = listener.getsockname()[1]
            with (
                pytest.raises(UsageError, match=f"port {port} for another: .*; take 0"),
                open_listener("127.0.0.1", port, "another", "take 0"),
            ):
                pytest.fail("it listens")
        gc.collect()
        with open_listener("127.0.0.1", port, "another", "take 0"):
            pass


def test_base_urls() -> None:
    """An IPv6 address is written in brackets."""
    with open_listener("127.0.0.1", 0, "a test", "") as listener:
        port = listener.getsockname()[1]
        assert base_url_of("localhost", listener) == f"http://localhost:{port}"
        assert base_url_of("::1", listener) == f"http://[::1]:{port}"
