"""One browser context of one replay: its pages, its traffic, what its fence refused."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field

from playwright.async_api import BrowserContext, Dialog, Download, Error, Frame, Page, Request, WebSocket

from score_model.errors import BrowserLostError
from score_model.replay._browser.fence import Fence, RefusalLog
from score_model.replay._browser.idle import IdleResult, IdleWatch
from score_model.replay._browser.traffic import Traffic
from score_model.replay._scripts import read_script
from score_model.replay._settings import ReplaySettings

_MOST_PAGES = 8
_ANSWER_S = 3
_BINDING = "__scoreModelRefused"
_NOT_A_SITE = "not one of the sites"


@dataclass(frozen=True, kw_only=True)
class BrowserEnvironment:
    """What the pages of a replay see around them.

    `headers` (the identity) go with every request. `timezone` is an IANA name, `locale` a language tag, `viewport`
    width and height in CSS px. `init_scripts` run in every frame before the page's own.
    """

    headers: Mapping[str, str] = field(default_factory=dict)
    timezone: str = "UTC"
    locale: str = "en-US"
    viewport: tuple[int, int] = (1280, 900)
    init_scripts: tuple[str, ...] = ()


class Session:
    """A fresh browser context with one blank page.

    Dialogs never block: they are dismissed, as the evaluator's Playwright does, except that a page may be left.
    """

    def __init__(self, context: BrowserContext, fence: Fence) -> None:
        self.context = context
        self.fence = fence
        self.refused = RefusalLog()
        self.held_keys: set[str] = set()
        self._crashed = False
        self._pages: list[Page] = []
        self._closing: set[asyncio.Task[None]] = set()
        self._traffic = Traffic(context)
        self._idle = IdleWatch(self._traffic, lambda: self.page)
        context.on("page", self._on_page)
        context.on("request", self._on_request)
        context.on("dialog", self._on_dialog)

    async def prepare(self, environment: BrowserEnvironment) -> None:
        """Install the scripts and open the first page."""
        await self.context.expose_binding(_BINDING, self._on_permission)
        await self.context.add_init_script(read_script("permissions.js"))
        for text in environment.init_scripts:
            await self.context.add_init_script(text)
        await self.context.new_page()

    @property
    def page(self) -> Page:
        """The page that actions act on: the one opened last that shows a site, else the first.

        Raises BrowserLostError when the browser or one of the pages died.
        """
        browser = self.context.browser
        if self._crashed or browser is None or not browser.is_connected():
            raise BrowserLostError("the page crashed" if self._crashed else "the browser died")
        self._pages = [page for page in self._pages if not page.is_closed()] or self._pages[:1]
        shown = [page for page in self._pages if page.url.startswith("http") and self.fence.allows(page.url)]
        return (shown or self._pages[:1])[-1]

    async def ready(self) -> Page:
        """The current page, or a new one where all were closed."""
        if self.page.is_closed():
            self._pages.clear()
            await self.context.new_page()
        return self.page

    async def probe(self) -> None:
        """Raises BrowserLostError where the browser or the page died, or the browser does not answer."""
        browser = self.page.context.browser
        try:
            async with asyncio.timeout(_ANSWER_S):
                if browser is not None:
                    await (await browser.new_browser_cdp_session()).detach()
        except (Error, TimeoutError):
            raise BrowserLostError("the browser does not answer") from None

    async def wait_until_idle(self, settings: ReplaySettings, budget_s: float) -> IdleResult:
        """Wait until the current page is at rest, at most `budget_s` seconds."""
        idle = await self._idle.wait(settings, budget_s)
        if idle.busy == "hung":
            await self.probe()
        await self.ready()
        return idle

    def _on_page(self, page: Page) -> None:
        if len([known for known in self._pages if not known.is_closed()]) >= _MOST_PAGES:
            self.refused.add("popup", page.url, f"more than {_MOST_PAGES} pages at a time")
            self._close(page)
            return
        self._pages.append(page)
        page.on("crash", self._on_crash)
        page.on("download", self._on_download)
        page.on("websocket", self._on_websocket)
        page.on("framenavigated", self._on_frame_navigated)

    def _on_crash(self, _page: Page) -> None:
        self._crashed = True

    def _on_request(self, request: Request) -> None:
        if self.fence.allows(request.url):
            return
        kind = request.resource_type
        if request.redirected_from is not None:
            kind = "redirect"
        elif request.is_navigation_request():
            kind = "navigation"
        self.refused.add(kind, request.url, _NOT_A_SITE)

    def _on_websocket(self, socket: WebSocket) -> None:
        if not self.fence.allows(socket.url):
            self.refused.add("websocket", socket.url, _NOT_A_SITE)

    def _on_frame_navigated(self, frame: Frame) -> None:
        url = frame.url
        if frame.parent_frame is None and url and not url.startswith(("http:", "https:", "about:", "chrome-error:")):
            self.refused.add("navigation", url, "not a page of a site")

    def _on_download(self, download: Download) -> None:
        self.refused.add("download", download.url, "downloads are refused")

    def _on_permission(self, _source: object, what: object = None, *_: object) -> None:
        self.refused.add("permission", str(what)[:40], "permissions are refused")

    async def _on_dialog(self, dialog: Dialog) -> None:
        try:
            await (dialog.accept() if dialog.type == "beforeunload" else dialog.dismiss())
        except Error:  # its page is gone, and the dialog with it
            return

    def _close(self, page: Page) -> None:
        task = asyncio.ensure_future(_close_page(page))
        self._closing.add(task)
        task.add_done_callback(self._closing.discard)


async def _close_page(page: Page) -> None:
    try:
        await page.close()
    except Error:  # it closed by itself
        return
