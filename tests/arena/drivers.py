"""A real Chromium for tests that use the demo websites as visitors do. A room's conftest re-exports `chromium`."""

import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from playwright.async_api import Browser, Error, async_playwright

_NAMES = ("chromium-headless-shell", "chromium", "google-chrome")
_ONLY_LOOPBACK = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1"


@asynccontextmanager
async def running_chromium() -> AsyncIterator[Browser | None]:
    """The browser that SCORE_MODEL_BROWSER names, one on PATH, or Playwright's own; None where none is installed.

    It reaches nothing but loopback.
    """
    path = os.environ.get("SCORE_MODEL_BROWSER") or next(filter(None, map(shutil.which, _NAMES)), None)
    async with async_playwright() as playwright:
        try:
            # Chromium's own sandbox does not work for root, which containers run as.
            browser = await playwright.chromium.launch(
                executable_path=path, args=[_ONLY_LOOPBACK], chromium_sandbox=os.geteuid() != 0
            )
        except Error as error:
            if path is not None or "Executable doesn't exist" not in error.message:
                raise
            yield None
            return
        try:
            yield browser
        finally:
            await browser.close()


@pytest.fixture
async def chromium() -> AsyncIterator[Browser]:
    """A Chromium of the test's own. Without one the test is skipped, but fails where `CI` is set."""
    async with running_chromium() as browser:
        if browser is None:
            missing = f"no Chromium: install one of {', '.join(_NAMES)}, or let SCORE_MODEL_BROWSER name one"
            if os.environ.get("CI"):
                pytest.fail(missing)
            pytest.skip(missing)
        yield browser
