"""A replayer for tests, with the browser that the machine has."""

import os
import shutil
import time
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from score_model.errors import UsageError
from score_model.replay import Replayer, ReplaySettings, SiteMap


def clock_us() -> int:
    return time.time_ns() // 1000


@asynccontextmanager
async def running_replayer(
    sites: SiteMap, settings: ReplaySettings, websites: Collection[str], **chosen: Any
) -> AsyncIterator[Replayer]:
    """A replayer on these sites. Without a browser the test is skipped, but fails where `CI` is set."""
    named = os.environ.get("SCORE_MODEL_BROWSER")
    browser = Path(shutil.which(named) or named) if named else None
    replayer = Replayer(sites, replace(settings, browser=browser), clock_us=clock_us, websites=websites, **chosen)
    try:
        await replayer.__aenter__()
    except UsageError as error:
        (pytest.fail if os.environ.get("CI") else pytest.skip)(str(error))
    try:
        yield replayer
    finally:
        await replayer.__aexit__(None, None, None)
