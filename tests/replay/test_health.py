"""The health check of sites: what counts as an answer, how long it is believed, how long it is tried."""

import asyncio
import socket
import time
from collections.abc import AsyncIterator

import pytest
from aiohttp import web

from score_model.errors import RemoteUnreachableError
from score_model.replay._sites.health import SiteHealth
from score_model.replay._sites.site import Site
from tests.replay.fake_services import LocalSite, local_site


@pytest.fixture
async def odd() -> AsyncIterator[LocalSite]:
    async with local_site() as running:
        yield running


def shop(url: str) -> Site:
    return Site(name="shop", recorded_origin="http://localhost:9000", url=url)


def answering(odd: LocalSite, *statuses: int) -> None:
    """The first page answers these statuses in turn, the last of them for ever; redirects lead to it again."""
    waiting = list(statuses)

    async def answer(_request: web.Request) -> web.Response:
        status = waiting.pop(0) if len(waiting) > 1 else waiting[0]
        return web.Response(status=status, headers={"Location": "/", "Retry-After": "3600"})

    odd.add("/", answer)


@pytest.mark.parametrize("status", [200, 302, 404, 429, 500])
async def test_a_site_that_answers_is_up(odd: LocalSite, status: int) -> None:
    """Whatever it answers, once, without following it; and it is not asked again at once."""
    answering(odd, status)
    async with SiteHealth() as health:
        await health.check(shop(odd.url))
        await health.check(shop(odd.url))
    assert odd.paths() == ["/"]


async def test_a_body_that_never_ends_is_not_waited_for(odd: LocalSite) -> None:
    """The headers say that somebody answers."""

    async def stall(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        await asyncio.sleep(60)
        return response

    odd.add("/", stall)
    started = time.monotonic()
    async with SiteHealth() as health:
        await health.check(shop(odd.url))
    assert time.monotonic() - started < 5


async def test_a_hiccup_is_outlasted(odd: LocalSite) -> None:
    """Two bad answers, then a good one; a `Retry-After` is not waited for: the time is part of a replay's budget."""
    answering(odd, 503, 502, 200)
    started = time.monotonic()
    async with SiteHealth() as health:
        await health.check(shop(odd.url))
    assert 0.9 <= time.monotonic() - started < 5
    assert len(odd.seen) == 3


async def test_a_gateway_before_a_dead_site_is_no_answer(odd: LocalSite) -> None:
    """After three attempts one line says what was seen and what to do; the next check asks again."""
    answering(odd, 504)
    async with SiteHealth() as health:
        for _ in range(2):
            with pytest.raises(RemoteUnreachableError, match=r"^shop is down: .* \(it answers 504\); .*--site shop="):
                await health.check(shop(odd.url))
    assert len(odd.seen) == 6


async def test_nobody_listens() -> None:
    """The reason is the system's, in a few words."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}"
        async with SiteHealth() as health:
            with pytest.raises(RemoteUnreachableError, match=rf"nothing answers at {url} \(Connection refused\)"):
                await health.check(shop(url))
