"""Running an arena: inside this process, or until a signal. Four servers share one event loop."""

import asyncio
import signal
import socket
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager, nullcontext
from pathlib import Path

from score_model.arena._settings import ArenaSettings, Clock
from score_model.arena._urls import ArenaUrls, SiteUrls
from score_model.arena.api import Scoring
from score_model.arena.database.engine import open_engine
from score_model.arena.server._app import allowed_hosts, arena_app
from score_model.arena.sites import SITES, SiteSpec, SiteStore, all_sites, open_sites
from score_model.arena.sites.events import EVENTS_PORT, central_app
from score_model.web import LOOPBACK_HOSTS, AllowedHosts, base_url_of, open_listener, run_apps

_LOOPBACK = "127.0.0.1"
_OTHER_PORTS = "--port 0 picks free ports for all"
_OTHER_SITE_PORTS = "--site-ports free picks free ports for the websites and the event service"


@asynccontextmanager
async def running_arena(settings: ArenaSettings, clock: Clock) -> AsyncIterator[ArenaUrls]:
    """An arena on the current event loop; inside the block it accepts requests, after it all is closed.

    Raises UsageError if an address, an allowed host, a database or the model can't be used. On the way out, answers in
    flight get 5 s.
    """
    hosts = allowed_hosts(settings)
    scoring = None if settings.model is None else Scoring.load(settings.model)  # before anybody is listened to
    async with AsyncExitStack() as stack:
        engine = open_engine(settings.database)
        stack.callback(engine.dispose)
        listener = stack.enter_context(open_listener(settings.host, settings.port, "the API", _OTHER_PORTS))
        sites = await stack.enter_async_context(
            running_sites(
                settings.sites_database,
                clock,
                production_ports=settings.production_ports,
                specs=all_sites(settings.websites),
                hosts=hosts,
            )
        )
        await stack.enter_async_context(run_apps((arena_app(settings, engine, clock, scoring), listener)))
        yield ArenaUrls(
            base_url=base_url_of(settings.host, listener), events_url=sites.events_url, site_urls=sites.site_urls
        )


@asynccontextmanager
async def running_sites(
    database: Path,
    clock: Clock,
    *,
    production_ports: bool = False,
    specs: Sequence[SiteSpec] = tuple(SITES.values()),
    hosts: AllowedHosts = LOOPBACK_HOSTS,
) -> AsyncIterator[SiteUrls]:
    """The websites `specs` and the event service alone, on this event loop and on free ports unless production's.

    `database` is where they keep states and events, `hosts` are the names that they answer to. Raises UsageError if the
    database or an address can't be used.
    """
    async with AsyncExitStack() as stack:
        sites = open_sites(database)
        stack.callback(sites.dispose)
        store = SiteStore(sites)

        def listen(port: int, whose: str) -> socket.socket:
            return stack.enter_context(
                open_listener(_LOOPBACK, port if production_ports else 0, whose, _OTHER_SITE_PORTS)
            )

        events = listen(EVENTS_PORT, "the event service")
        listeners = {spec.name: listen(spec.port, spec.name) for spec in specs}
        # The event service starts before the sites and outlives them: what a stopping site still sends is kept.
        await stack.enter_async_context(run_apps((central_app(store, clock, hosts), events)))
        events_url = base_url_of(_LOOPBACK, events)
        apps = [(spec.app(store, clock, events_url, hosts), listeners[spec.name]) for spec in specs]
        await stack.enter_async_context(run_apps(*apps))
        yield SiteUrls(
            events_url=base_url_of("localhost", events),
            site_urls={name: base_url_of("localhost", listener) for name, listener in listeners.items()},
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
