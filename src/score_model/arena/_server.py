"""Running an arena: inside this process, or until a signal."""

import asyncio
import signal
import socket
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager

import uvicorn

from score_model.arena._export import export_app
from score_model.arena._settings import ArenaSettings, ArenaUrls
from score_model.arena._storage import open_engine
from score_model.errors import UsageError

_BACKLOG = 512
_READY_POLL_S = 0.005
_GRACE_S = 5  # for answers in flight when the arena stops


class _Server(uvicorn.Server):
    """uvicorn that leaves the process's signals to its caller."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@asynccontextmanager
async def running_arena(settings: ArenaSettings) -> AsyncIterator[ArenaUrls]:
    """An arena on the current event loop; inside the block it accepts requests, after it all is closed.

    Raises UsageError if the address or the database can't be used.
    """
    engine = open_engine(settings.database)
    try:
        listener = _listen(settings.host, settings.port)
        try:
            config = uvicorn.Config(
                export_app(settings, engine),
                loop="none",
                ws="none",
                lifespan="on",
                log_config=None,
                access_log=False,
                server_header=False,
                proxy_headers=False,
                backlog=_BACKLOG,
                timeout_graceful_shutdown=_GRACE_S,
            )
            server = _Server(config)
            serving = asyncio.create_task(server.serve(sockets=[listener]))
            try:
                await _started(server, serving)
                yield ArenaUrls(_base_url(settings.host, listener.getsockname()[1]))
            finally:
                server.should_exit = True
                await serving
        finally:
            listener.close()
    finally:
        engine.dispose()


async def serve(settings: ArenaSettings, ready: Callable[[ArenaUrls], None]) -> None:
    """Run an arena until SIGTERM or SIGINT; calls `ready` once, when it accepts requests."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    signals = (signal.SIGTERM, signal.SIGINT)
    for number in signals:
        loop.add_signal_handler(number, stop.set)
    try:
        async with running_arena(settings) as urls:
            ready(urls)
            await stop.wait()
    finally:
        for number in signals:
            loop.remove_signal_handler(number)


async def _started(server: _Server, serving: asyncio.Task[None]) -> None:
    while not server.started:
        if serving.done():
            await serving
            raise RuntimeError("the arena's server ended before it started")
        await asyncio.sleep(_READY_POLL_S)


def _listen(host: str, port: int) -> socket.socket:
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listener = socket.socket(family, kind, protocol)
        try:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind(address)
        except OSError:
            listener.close()
            raise
    except OSError as error:
        raise UsageError(f"cannot listen on {host} port {port}: {error.strerror or error}") from None
    return listener


def _base_url(host: str, port: int) -> str:
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
