"""One browser and one local site for the tests of a module that marks itself with its event loop."""

from collections.abc import AsyncIterator

import pytest_asyncio

from score_model.replay import BrowserPool
from tests.replay.drivers import Visit, visiting, visiting_pool
from tests.replay.fake_services import LocalSite


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shared_pool() -> AsyncIterator[tuple[BrowserPool, LocalSite]]:
    """A browser on a local site, for all tests of a module."""
    async with visiting_pool() as started:
        yield started


@pytest_asyncio.fixture(loop_scope="module")
async def visit(shared_pool: tuple[BrowserPool, LocalSite]) -> AsyncIterator[Visit]:
    """A fresh session in the module's browser. The module needs `pytest.mark.asyncio(loop_scope="module")`."""
    async with visiting(*shared_pool) as fresh:
        yield fresh
