"""How a site hands its events to the central service."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from score_model.arena.sites.events import EventForwarder
from score_model.arena.sites.store import Identity
from tests.arena.events.conftest import Central

ORIGIN = "http://localhost:8001"
IDENTITY = Identity("7", "v1")


@asynccontextmanager
async def _silent_service() -> AsyncIterator[str]:
    """Takes connections and never answers."""

    async def hold(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while await reader.read(65_536):
            pass
        writer.close()

    server = await asyncio.start_server(hold, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"


async def test_events_arrive_in_their_order(central: Central) -> None:
    """What is forwarded is at the service, whole and in order, at the latest when the context has ended."""
    async with EventForwarder(central.origin) as forwarder:
        for number in range(100):
            forwarder.forward(ORIGIN, IDENTITY, {"event_name": "BOOK_DETAIL", "data": {"id": number}})
        forwarder.forward(ORIGIN, Identity(), {"event_name": "BOOK_DETAIL"})
    assert forwarder.dropped == 0
    rows = await central.events(web_url=ORIGIN)
    assert [row["data"]["data"]["id"] for row in rows] == list(range(99, -1, -1))
    assert len(await central.events("", "", ORIGIN)) == 1


async def test_nobody_waits_for_a_service_that_hangs() -> None:
    """Forwarding returns at once, what does not fit is counted, and the end takes no longer than about 2 s."""
    async with _silent_service() as url:
        started = time.monotonic()
        async with EventForwarder(url) as forwarder:
            for number in range(1500):
                forwarder.forward(ORIGIN, IDENTITY, {"number": number})
            assert time.monotonic() - started < 3
            assert forwarder.dropped == 500
        assert time.monotonic() - started < 10
    assert forwarder.dropped == 1500


async def test_a_service_that_is_away_costs_only_its_events(central: Central) -> None:
    """Events that nobody takes, or that the service refuses, are counted and nothing else happens."""
    async with _silent_service() as gone:
        pass
    async with EventForwarder(gone) as forwarder:
        forwarder.forward(ORIGIN, IDENTITY, {"number": 1})
        forwarder.forward(ORIGIN, IDENTITY, {"number": 2})
    assert forwarder.dropped == 2
    async with EventForwarder(central.origin) as forwarder:
        forwarder.forward("not a URL", IDENTITY, {"number": 1})
        forwarder.forward(ORIGIN, IDENTITY, {"number": 2})
    assert forwarder.dropped == 1
    assert [row["data"] for row in await central.events(web_url=ORIGIN)] == [{"number": 2}]


async def test_outside_its_context_nothing_is_sent(central: Central) -> None:
    """Before and after its context an event is dropped and counted, without an error."""
    forwarder = EventForwarder(central.origin)
    forwarder.forward(ORIGIN, IDENTITY, {})
    async with forwarder:
        pass
    forwarder.forward(ORIGIN, IDENTITY, {})
    assert forwarder.dropped == 2
    assert await central.events(web_url=ORIGIN) == []
