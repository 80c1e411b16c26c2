"""The arena's fixtures, and an arena that nobody has switched anything on in."""

import pytest

from tests.arena.conftest import RunningArena, StartArena


@pytest.fixture
async def arena(start_arena: StartArena) -> RunningArena:
    """An arena as it comes, without rows."""
    return await start_arena()
