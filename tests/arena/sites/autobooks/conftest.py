"""A running book shop with its central event service, and visitors of it.

All tests of this folder share one event loop and one browser, for starting one takes longer than most of them; each has
a shop of its own.
"""

import os
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser

from score_model.arena.sites import SiteStore, open_sites
from score_model.arena.sites.autobooks._app import autobooks_app
from score_model.arena.sites.events import central_app
from tests.arena.drivers import running_chromium
from tests.arena.sites.autobooks.drivers import Reader, Shop, reader_of
from tests.web.servers import running_app

OpenReader = Callable[..., Awaitable[Reader]]


def pytest_collection_modifyitems(items: Sequence[pytest.Item]) -> None:
    """Runs the asynchronous tests of this folder on one loop."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents and pytest_asyncio.is_async_test(item):
            item.add_marker(pytest.mark.asyncio(loop_scope="package"), append=False)


def clock() -> int:
    """µs since the epoch."""
    return time.time_ns() // 1000


@pytest_asyncio.fixture(loop_scope="package")
async def shop(tmp_path: Path) -> AsyncIterator[Shop]:
    """A shop and a central service that share nothing with other tests."""
    async with AsyncExitStack() as stack:
        engine = open_sites(tmp_path / "sites.sqlite")
        stack.callback(engine.dispose)
        store = SiteStore(engine)
        events_url = await stack.enter_async_context(running_app(central_app(store, clock)))
        site_url = await stack.enter_async_context(running_app(autobooks_app(store, clock, events_url=events_url)))
        # The name that recorded URLs use; cookies of one host are shared by all of its ports.
        site = Shop(site_url.replace("127.0.0.1", "localhost"), events_url)
        stack.push_async_callback(site.close)
        yield site


@pytest_asyncio.fixture(scope="package", loop_scope="package")
async def browser() -> AsyncIterator[Browser]:
    """A Chromium. Without one the tests are skipped, but fail where `CI` is set."""
    async with running_chromium() as found:
        if found is None:
            give_up = pytest.fail if os.environ.get("CI") else pytest.skip
            give_up("no Chromium: install one, or let SCORE_MODEL_BROWSER name one")
        yield found


@pytest_asyncio.fixture(loop_scope="package")
async def open_reader(shop: Shop, browser: Browser) -> AsyncIterator[OpenReader]:
    """Opens browser contexts in the shop; a script's error on any of their pages fails the test."""
    readers: list[Reader] = []

    async def opened(agent_id: str = "reader", seed: int = 17, **options: Any) -> Reader:
        readers.append(await reader_of(shop, browser, agent_id, seed, **options))
        return readers[-1]

    yield opened
    for reader in readers:
        await reader.page.context.close()
    assert [reader.errors for reader in readers] == [[] for _ in readers]
