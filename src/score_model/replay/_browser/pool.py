"""Browsers: one warm headless shell that gives every replay a fresh context; replaced when it is old, dead or hung."""

import asyncio
import os
import shutil
import signal
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from playwright.async_api import Browser, BrowserContext, Error, Playwright, async_playwright

from score_model.errors import BrowserLostError, UsageError
from score_model.replay._browser.fence import Fence, serve_assets
from score_model.replay._browser.gateway import run_gateways
from score_model.replay._browser.selector_engine import register_target_engine
from score_model.replay._browser.session import BrowserEnvironment, Session
from score_model.replay._text import one_line

_NAMES = ("chromium-headless-shell", "chromium", "google-chrome")
_ARGUMENTS = (
    "--no-proxy-server",  # a proxy would resolve names where the fence can't see it
    "--deny-permission-prompts",
    "--disable-quic",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--js-flags=--max-old-space-size=1024",  # MiB: a page that wants more crashes instead of the machine
)
_LAUNCH_S = 30
_CONTEXT_S = 15
_CLOSE_S = 8


def find_browser(named: Path | None, downloaded: str) -> str:
    """The browser that is named, else Playwright's own download, else Debian's or Google's on the PATH.

    Raises UsageError when there is none.
    """
    if named is not None:
        path = shutil.which(str(named))  # a path, or a name on the PATH
        if path is None:
            raise UsageError(f"there is no browser at {named}")
        return path
    if Path(downloaded).is_file():
        return downloaded
    found = next((path for name in _NAMES if (path := shutil.which(name))), None)
    if found is None:
        raise UsageError(
            f"no browser found: install one of {', '.join(_NAMES)}, or name one with SCORE_MODEL_BROWSER=/path/to/it"
        )
    return found


@dataclass(eq=False)
class _RunningBrowser:
    """A browser and the driver process that it hangs on."""

    playwright: Playwright
    browser: Browser
    pid: int
    opened: int = 0
    in_use: int = 0
    spent: bool = False

    def kill(self) -> None:
        """End the browser and its children at once; the driver collects it."""
        self.spent = True
        with suppress(ProcessLookupError):
            if os.getpgid(self.pid) == self.pid:
                os.killpg(self.pid, signal.SIGKILL)
            else:
                os.kill(self.pid, signal.SIGKILL)


class BrowserPool:
    """Hands out sessions in a warm browser that reaches nothing but the given sites.

    A browser that is dead, hung or has given `recycle_after` sessions is replaced for the next one; those that are
    still in it end first, unless it hangs. Nothing is left running when the pool is left.
    """

    def __init__(
        self,
        sites: Mapping[str, str],
        *,
        executable: Path | None = None,
        recycle_after: int = 50,
        assets: Path | None = None,
    ) -> None:
        """`sites` leads from recorded origins to where the sites run.

        `assets` is a folder of external files, `<host>/<path>`, that pages may load; without it they are refused.
        """
        self.fence = Fence(sites)
        self.version = ""
        self._executable = executable
        self._recycle_after = recycle_after
        self._assets = assets.resolve() if assets is not None else None
        self._current: _RunningBrowser | None = None
        self._all: set[_RunningBrowser] = set()
        self._launching = asyncio.Lock()
        self._stack = AsyncExitStack()
        self._rules = ""

    async def __aenter__(self) -> Self:
        ports = await self._stack.enter_async_context(run_gateways(self.fence.rewritten))
        self._rules = self.fence.resolver_rules(ports)
        try:
            await self._get_browser()
        except BaseException:
            await self._stack.aclose()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        for running in list(self._all):
            await self._end(running)
        await self._stack.aclose()

    @property
    def pid(self) -> int | None:
        """The process id of the browser that gives the next session, if one runs."""
        return self._current.pid if self._current is not None else None

    @asynccontextmanager
    async def session(self, environment: BrowserEnvironment) -> AsyncIterator[Session]:
        """A fresh context with a blank page, closed afterwards.

        Raises BrowserLostError where no browser gives one, and at its end where the browser no longer answers.
        """
        running, session = await self._open_session(environment)
        try:
            yield session
        except BaseException:
            with suppress(BrowserLostError):  # what went wrong before says more
                await self._close_context(running, session.context)
            raise
        await self._close_context(running, session.context)

    async def _open_session(self, environment: BrowserEnvironment) -> tuple[_RunningBrowser, Session]:
        for _ in range(2):  # the first may turn out to be dead
            running = await self._get_browser()
            running.opened += 1
            running.in_use += 1
            try:
                async with asyncio.timeout(_CONTEXT_S):
                    return running, await self._context(running.browser, environment)
            except (Error, TimeoutError) as error:
                last = error
                running.in_use -= 1
                running.kill()
                await self._end(running)
            except BaseException:
                running.in_use -= 1
                raise
        raise BrowserLostError(f"the browser gives no page: {one_line(str(last))}")

    async def _context(self, browser: Browser, environment: BrowserEnvironment) -> Session:
        context = await self._new_context(browser, environment)
        session = Session(context, self.fence)
        try:
            if self._assets is not None:
                await serve_assets(self._assets, context, self.fence)
            await session.prepare(environment)
        except BaseException as error:
            with suppress(Error, TimeoutError):
                async with asyncio.timeout(_CLOSE_S):
                    await context.close()
            if isinstance(error, Error) and "Invalid timezone" in error.message:
                raise UsageError(f"the browser knows no time zone {one_line(environment.timezone)!r}") from None
            raise
        return session

    async def _new_context(self, browser: Browser, environment: BrowserEnvironment) -> BrowserContext:
        width, height = environment.viewport
        opening = asyncio.ensure_future(
            browser.new_context(
                accept_downloads=False,
                extra_http_headers=dict(environment.headers),
                locale=environment.locale,
                service_workers="block",
                timezone_id=environment.timezone,
                viewport={"width": width, "height": height},
            )
        )
        try:
            return await asyncio.shield(opening)
        except asyncio.CancelledError:  # the browser makes it all the same
            with suppress(Error, TimeoutError):
                async with asyncio.timeout(_CLOSE_S):
                    await (await opening).close()
            raise

    async def _close_context(self, running: _RunningBrowser, context: BrowserContext) -> None:
        hung = False
        try:
            async with asyncio.timeout(_CLOSE_S):
                await context.close()
        except TimeoutError:
            hung = True
        except Error:  # the browser died; the replay has noticed
            running.spent = True
        finally:
            running.in_use -= 1
            if hung:
                running.kill()
            if (running.spent and running.in_use == 0) or not running.browser.is_connected():
                await self._end(running)
        if hung:
            raise BrowserLostError("the browser hangs")

    async def _get_browser(self) -> _RunningBrowser:
        async with self._launching:
            running = self._current
            if running is not None and not running.spent and running.browser.is_connected():
                if running.opened < self._recycle_after:
                    return running
                running.spent = True
                if running.in_use == 0:
                    await self._end(running)
            self._current = await self._launch()
            return self._current

    async def _launch(self) -> _RunningBrowser:
        try:
            playwright = await async_playwright().start()
        except Exception as error:  # noqa: BLE001 (of no common class: the pipe to a driver that has ended)
            why = "Playwright's driver does not start; is the library libatomic1 installed?"
            raise UsageError(f"{why} ({one_line(str(error))})") from None
        try:
            path = find_browser(self._executable, playwright.chromium.executable_path)
            await register_target_engine(playwright)
            browser = await playwright.chromium.launch(
                executable_path=path,
                args=[*_ARGUMENTS, f"--host-resolver-rules={self._rules}"],
                # Chromium's own sandbox does not work for root, which containers run as.
                chromium_sandbox=os.geteuid() != 0,
                handle_sigint=False,
                handle_sigterm=False,
                handle_sighup=False,
                timeout=_LAUNCH_S * 1000,
            )
            probe = await browser.new_browser_cdp_session()
            processes = (await probe.send("SystemInfo.getProcessInfo"))["processInfo"]
            await probe.detach()
        except Error as error:
            await playwright.stop()
            raise BrowserLostError(f"the browser does not start: {one_line(error.message)}") from None
        except BaseException:
            await playwright.stop()
            raise
        self.version = browser.version
        pid = next(int(process["id"]) for process in processes if process["type"] == "browser")
        running = _RunningBrowser(playwright, browser, pid)
        self._all.add(running)
        return running

    async def _end(self, running: _RunningBrowser) -> None:
        """Close a browser, by force where it does not answer, and its driver."""
        if running not in self._all:
            return
        self._all.discard(running)
        running.spent = True
        try:
            async with asyncio.timeout(_CLOSE_S):
                await running.browser.close()
        except (Error, TimeoutError):
            running.kill()
        with suppress(Error, TimeoutError):
            async with asyncio.timeout(_CLOSE_S):
                await running.playwright.stop()
