"""Running web applications on the current event loop: sockets, uvicorn, a start and an end that leave nothing open."""

import asyncio
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

import uvicorn
from litestar import Litestar

from score_model.errors import UsageError
from score_model.web._protocol import BoundedHttpProtocol

_BACKLOG = 512
_READY_POLL_S = 0.005
_GRACE_S = 5  # for answers in flight when a server stops


class _Server(uvicorn.Server):
    """uvicorn that leaves the process, its signals and its exit code, to the caller."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        try:
            await super().startup(sockets)
        except SystemExit:  # would end the event loop there and then, and leave all else as it is
            raise RuntimeError("a web application failed to start; the log says why") from None


@asynccontextmanager
async def run_apps(
    *served: tuple[Litestar, socket.socket], protocol: type[BoundedHttpProtocol] = BoundedHttpProtocol
) -> AsyncIterator[None]:
    """Run applications, each on its listening socket, that start and stop together; answers in flight get 5 s.

    If one fails to start, all are stopped and its error is raised; the sockets are closed with the servers.
    """
    servers = [_Server(_config(app, protocol)) for app, _ in served]
    tasks = [
        asyncio.create_task(server.serve(sockets=[listener]))
        for server, (_, listener) in zip(servers, served, strict=True)
    ]
    try:
        for server, task in zip(servers, tasks, strict=True):
            await _wait_until_started(server, task)
        yield
    finally:
        for server in servers:
            server.should_exit = True
        await asyncio.wait(tasks)  # all of them, also if one has failed
    for task in tasks:
        task.result()


def _config(app: Litestar, protocol: type[BoundedHttpProtocol]) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        loop="none",
        http=protocol,
        ws="none",
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        backlog=_BACKLOG,
        timeout_graceful_shutdown=_GRACE_S,
    )


async def _wait_until_started(server: _Server, serving: asyncio.Task[None]) -> None:
    while not server.started:
        if serving.done():
            await serving
            raise RuntimeError("a server ended before it started")
        await asyncio.sleep(_READY_POLL_S)


@contextmanager
def open_listener(host: str, port: int, whose: str, advice: str) -> Iterator[socket.socket]:
    """Listen on an address, port 0 being a free one, until the block ends.

    Raises UsageError, which names `whose` port it is and, unless any would do, adds the advice.
    """
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listener = socket.socket(family, kind, protocol)
        try:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind(address)
            listener.listen(_BACKLOG)  # now, not when the server starts: of two servers only one gets so far
        except OSError:
            listener.close()
            raise
    except OSError as error:
        reason = f"{error.strerror or error}; {advice}" if port else str(error.strerror or error)
        raise UsageError(f"cannot listen on {host} port {port} for {whose}: {reason}") from None
    with listener:
        yield listener


def base_url_of(host: str, listener: socket.socket) -> str:
    """Return `http://host:port` of a listening socket, by the name that clients shall use."""
    port = listener.getsockname()[1]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
