"""Starting and stopping a whole arena."""

import asyncio
import json
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from score_model.arena import ArenaSettings, ArenaUrls, running_arena
from score_model.arena.sites import SITES, SiteStore, open_sites
from score_model.arena.sites.events import EVENTS_PORT
from score_model.arena.sites.store import Identity
from score_model.errors import UsageError

NOW_US = 1_763_222_400_000_000  # 2025-11-15T16:00:00Z
_SERVE = """
import asyncio, json, sys
from pathlib import Path
from score_model.arena import ArenaSettings, serve

def ready(urls):
    print(json.dumps(urls.as_dict()), flush=True)

asyncio.run(serve(ArenaSettings(database=Path(sys.argv[1])), lambda: 0, ready))
"""


def clock() -> int:
    return NOW_US


@pytest.fixture
def settings(tmp_path: Path) -> ArenaSettings:
    return ArenaSettings(database=tmp_path / "arena.sqlite")


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


@contextmanager
def serving(database: Path) -> Iterator[tuple[subprocess.Popen[str], dict[str, Any]]]:
    """An arena in a process of its own, and the line that it printed when it was ready."""
    process = subprocess.Popen(
        [sys.executable, "-c", _SERVE, database], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line, process.communicate()[1]
        yield process, json.loads(line)
    finally:
        process.kill()
        process.communicate()


def _taken(port: int) -> socket.socket:
    holder = socket.socket()
    holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        holder.bind(("127.0.0.1", port))
    except OSError:
        holder.close()
        raise
    holder.listen()
    return holder


async def _addresses_answer(urls: ArenaUrls, session: aiohttp.ClientSession) -> None:
    pages = [urls.health_url, f"{urls.events_url}/health", *(f"{origin}/" for origin in urls.site_urls.values())]
    for page in pages:
        async with session.get(page) as answer:
            assert answer.status == 200, page


async def test_everything_runs_on_ports_of_its_own(settings: ArenaSettings, session: aiohttp.ClientSession) -> None:
    """An arena answers at each address that it names, two arenas run side by side, and afterwards nothing listens."""
    other = replace(settings, database=settings.database.with_name("other.sqlite"))
    async with running_arena(settings, clock) as urls:
        assert set(urls.site_urls) == set(SITES)
        async with running_arena(other, clock) as others:
            addresses = [urls.base_url, urls.events_url, *urls.site_urls.values()]
            addresses += [others.base_url, others.events_url, *others.site_urls.values()]
            assert len(set(addresses)) == 8
            await _addresses_answer(others, session)
        await _addresses_answer(urls, session)
    for address in addresses:
        with pytest.raises(aiohttp.ClientConnectorError):
            await session.get(address)


async def test_an_arena_finds_its_state_again(settings: ArenaSettings, session: aiohttp.ClientSession) -> None:
    """Events outlive the arena; they lie in a file beside the database, which site traffic does not touch."""
    row = {"web_agent_id": "7", "web_url": "http://localhost:8001", "validator_id": "v", "data": {"a": 1}}
    async with running_arena(settings, clock) as urls:
        before = settings.database.read_bytes()
        async with session.post(f"{urls.events_url}/save_events/", json=row) as answer:
            assert answer.status == 201
        assert settings.database.read_bytes() == before
    async with running_arena(settings, clock) as urls:
        query = {name: value for name, value in row.items() if isinstance(value, str)}
        async with session.get(f"{urls.events_url}/get_events/", params=query) as answer:
            assert [stored["data"] for stored in await answer.json()] == [{"a": 1}]
    assert settings.sites_database.name == "arena.sites.sqlite"
    assert settings.sites_database.exists()


async def test_a_taken_port_is_named(settings: ArenaSettings) -> None:
    """A port that is in use ends the start in one line that says whose port it is and how to get others."""
    with _taken(0) as holder:
        port = holder.getsockname()[1]
        with pytest.raises(UsageError) as refused:
            async with running_arena(replace(settings, port=port), clock):
                pass
    assert str(refused.value) == (
        f"cannot listen on 127.0.0.1 port {port} for the API: Address already in use; --port 0 picks free ports for all"
    )


@pytest.mark.xdist_group("production ports")
async def test_a_taken_site_port_is_named(settings: ArenaSettings) -> None:
    """On production's ports each website and the event service is named by the port that it lacks."""
    owners = {EVENTS_PORT: "the event service"} | {spec.port: name for name, spec in SITES.items()}
    with ExitStack() as stack:
        try:
            holders = {port: stack.enter_context(_taken(port)) for port in owners}
        except OSError:
            pytest.skip("something else uses production's ports on this machine")
        for port, owner in owners.items():
            with pytest.raises(UsageError, match=f"port {port} for {owner}: .*--site-ports free"):
                async with running_arena(replace(settings, production_ports=True), clock):
                    pass
            holders[port].close()


async def test_a_start_that_fails_leaves_nothing_behind(settings: ArenaSettings) -> None:
    """After a start that a taken port ended, the same database can be served."""
    with _taken(0) as holder, pytest.raises(UsageError):
        async with running_arena(replace(settings, port=holder.getsockname()[1]), clock):
            pass
    async with running_arena(settings, clock):
        pass


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=lambda number: number.name)
def test_a_signal_ends_an_idle_arena(tmp_path: Path, number: signal.Signals) -> None:
    """SIGTERM and SIGINT end an arena with code 0 and without a word, also while browsers keep connections open."""
    with serving(tmp_path / "arena.sqlite") as (process, urls):
        port = int(urls["site_urls"]["autocinema"].rpartition(":")[2])
        with socket.create_connection(("127.0.0.1", port)) as idle:
            idle.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
            assert idle.recv(100).startswith(b"HTTP/1.1 200")
            process.send_signal(number)
            out, err = process.communicate(timeout=30)
    assert (process.returncode, out, err) == (0, "", "")


def test_answers_in_flight_are_given(tmp_path: Path) -> None:
    """A request that is half sent when SIGTERM comes is still answered, and what it stored is there afterwards."""
    row = b'{"web_agent_id": "7", "web_url": "http://localhost:8001", "validator_id": "v", "data": {"a": 1}}'
    head = (
        b"POST /save_events/ HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        b"Expect: 100-continue\r\nContent-Length: %d\r\n\r\n"
    )
    with serving(tmp_path / "arena.sqlite") as (process, urls):
        port = int(urls["events_url"].rpartition(":")[2])
        with socket.create_connection(("127.0.0.1", port)) as half:
            half.settimeout(30)
            half.sendall(head % len(row))
            assert half.recv(100).startswith(b"HTTP/1.1 100")  # the service waits for the body
            half.sendall(row[:20])
            process.send_signal(signal.SIGTERM)
            with pytest.raises(subprocess.TimeoutExpired):
                process.wait(0.8)
            half.sendall(row[20:])
            assert half.recv(100).startswith(b"HTTP/1.1 201")
        assert process.wait(30) == 0
    engine = open_sites(tmp_path / "arena.sites.sqlite")
    stored = SiteStore(engine).events("central:http://localhost:8001", Identity("7", "v"))
    assert [bytes(event.event) for event in stored] == [b'{"a":1}']
    engine.dispose()


async def test_a_kill_loses_no_acknowledged_event(tmp_path: Path, session: aiohttp.ClientSession) -> None:
    """Every event that an arena answered with 201 is there after a SIGKILL in the middle of more of them."""
    acknowledged: list[int] = []
    with serving(tmp_path / "arena.sqlite") as (process, urls):

        async def post() -> None:
            row = {"web_agent_id": "7", "web_url": "http://localhost:8001", "validator_id": "v", "data": {"a": 1}}
            while True:
                async with session.post(f"{urls['events_url']}/save_events/", json=row) as answer:
                    acknowledged.append((await answer.json())["id"])

        posting = [asyncio.create_task(post()) for _ in range(8)]
        while len(acknowledged) < 100:
            await asyncio.sleep(0.001)
        process.kill()
        for ended in await asyncio.gather(*posting, return_exceptions=True):
            assert isinstance(ended, aiohttp.ClientError)
    engine = open_sites(tmp_path / "arena.sites.sqlite")
    stored = SiteStore(engine).events("central:http://localhost:8001", Identity("7", "v"))
    assert set(acknowledged) <= {event.id for event in stored}
    assert len(set(acknowledged)) == len(acknowledged) >= 100
    engine.dispose()
