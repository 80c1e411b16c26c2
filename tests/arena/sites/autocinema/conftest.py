"""Fixtures of the film site's tests."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.arena.drivers import chromium
from tests.arena.sites.autocinema.drivers import Cinema, Visitor, running_cinema

__all__ = ["chromium"]


@pytest.fixture
async def cinema(tmp_path: Path) -> AsyncIterator[Cinema]:
    """The film site, running."""
    async with running_cinema(tmp_path) as running:
        yield running


@pytest.fixture
async def visitor(cinema: Cinema) -> Visitor:
    """Somebody at the film site, at seed 1."""
    return await cinema.visitor()
