"""Running an arena: inside this process, or until a signal. Four servers share one event loop."""

import asyncio
import signal
import socket
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager, contextmanager, nullcontext
from pathlib import Path

import uvicorn
from litestar import Litestar

from score_model.arena._settings import ArenaSettings, Clock
from score_model.arena._urls import ArenaUrls, SiteUrls
from score_model.arena.api import Scoring
from score_model.arena.database.engine import open_engine
from score_model.arena.server._app import arena_app
from score_model.arena.sites import SITES, SiteStore, open_sites
from score_model.arena.sites.autobooks import autobooks_app
from score_model.arena.sites.autocinema import autocinema_app
from score_model.arena.sites.events import EVENTS_PORT, central_app
from score_model.errors import UsageError

_LOOPBACK = "127.0.0.1"
_BACKLOG = 512
_READY_POLL_S = 0.005
_GRACE_S = 5  # for answers in flight when the arena stops
_OTHER_PORTS = "--port 0 picks free ports for all"
_OTHER_SITE_PORTS = "--site-ports free picks free ports for the websites and the event service"


class _Server(uvicorn.Server):
    """uvicorn that leaves the process's signals to its caller."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@asynccontextmanager
async def running_arena(settings: ArenaSettings, clock: Clock) -> AsyncIterator[ArenaUrls]:
    """An arena on the current event loop; inside the block it accepts requests, after it all is closed.

    Raises UsageError if an address, a database or the model can't be used. On the way out, answers in flight get 5 s.
    """
    # Before anybody is listened to.
    scoring = None if settings.model is None else Scoring.load(settings.model, settings.allow_plugin)
    async with AsyncExitStack() as stack:
        engine = open_engine(settings.database)
        stack.callback(engine.dispose)
        listener = stack.enter_context(_listening(settings.host, settings.port, "the API", _OTHER_PORTS))
        sites = await stack.enter_async_context(
            running_sites(settings.sites_database, clock, production_ports=settings.production_ports)
        )
        await stack.enter_async_context(_running((arena_app(settings, engine, clock, scoring), listener)))
        yield ArenaUrls(
            base_url=_base_url(settings.host, listener), events_url=sites.events_url, site_urls=sites.site_urls
        )


@asynccontextmanager
async def running_sites(database: Path, clock: Clock, *, production_ports: bool = False) -> AsyncIterator[SiteUrls]:
    """The websites and the event service alone, on the current event loop and on free ports unless production's.

    `database` is where they keep worlds and events. Raises UsageError if it or an address can't be used.
    """
    async with AsyncExitStack() as stack:
        sites = open_sites(database)
        stack.callback(sites.dispose)
        store = SiteStore(sites)

        def listen(port: int, whose: str) -> socket.socket:
            return stack.enter_context(_listening(_LOOPBACK, port if production_ports else 0, whose, _OTHER_SITE_PORTS))

        events = listen(EVENTS_PORT, "the event service")
        listeners = {name: listen(spec.port, name) for name, spec in SITES.items()}
        # The event service starts before the sites and outlives them: what a stopping site still sends is kept.
        await stack.enter_async_context(_running((central_app(store, clock), events)))
        await stack.enter_async_context(
            _running(
                (autocinema_app(store, clock), listeners["autocinema"]),
                (autobooks_app(store, clock, events_url=_base_url(_LOOPBACK, events)), listeners["autobooks"]),
            )
        )
        yield SiteUrls(
            events_url=_base_url("localhost", events),
            site_urls={name: _base_url("localhost", listener) for name, listener in listeners.items()},
        )


async def serve(
    settings: ArenaSettings,
    clock: Clock,
    ready: Callable[[ArenaUrls], None],
    beside: AbstractAsyncContextManager[object] | None = None,
) -> None:
    """Run an arena until SIGTERM or SIGINT; calls `ready` once, when it accepts requests.

    `beside` is entered before that, and left before the arena stops.
    """
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    signals = (signal.SIGTERM, signal.SIGINT)
    for number in signals:
        loop.add_signal_handler(number, stop.set)
    try:
        async with running_arena(settings, clock) as urls, beside or nullcontext():
            ready(urls)
            await stop.wait()
    finally:
        for number in signals:
            loop.remove_signal_handler(number)


@asynccontextmanager
async def _running(*served: tuple[Litestar, socket.socket]) -> AsyncIterator[None]:
    """Applications, each on its socket, that start and stop together."""
    servers = [_Server(_config(app)) for app, _ in served]
    tasks = [
        asyncio.create_task(server.serve(sockets=[listener]))
        for server, (_, listener) in zip(servers, served, strict=True)
    ]
    try:
        for server, task in zip(servers, tasks, strict=True):
            await _started(server, task)
        yield
    finally:
        for server in servers:
            server.should_exit = True
        await asyncio.gather(*tasks)


def _config(app: Litestar) -> uvicorn.Config:
    return uvicorn.Config(
        app,
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


async def _started(server: _Server, serving: asyncio.Task[None]) -> None:
    while not server.started:
        if serving.done():
            await serving
            raise RuntimeError("the arena's server ended before it started")
        await asyncio.sleep(_READY_POLL_S)


@contextmanager
def _listening(host: str, port: int, whose: str, advice: str) -> Iterator[socket.socket]:
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listener = socket.socket(family, kind, protocol)
        try:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind(address)
            listener.listen(_BACKLOG)  # now, not when the server starts: of two arenas only one gets so far
        except OSError:
            listener.close()
            raise
    except OSError as error:
        reason = f"{error.strerror or error}; {advice}" if port else str(error.strerror or error)
        raise UsageError(f"cannot listen on {host} port {port} for {whose}: {reason}") from None
    with listener:
        yield listener


def _base_url(host: str, listener: socket.socket) -> str:
    port = listener.getsockname()[1]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
