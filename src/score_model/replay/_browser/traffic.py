"""The requests of a browser context that are under way: what a page that comes to rest waits for."""

import asyncio

from playwright.async_api import BrowserContext, Error, Frame, Page, Request

_NEVER_WAITED_FOR = frozenset({"eventsource", "media", "websocket", "texttrack", "manifest"})
_MOST_BACKGROUND = 256
_RECENT_S = 0.4


class Traffic:
    """Requests under way, and when something last happened; times are the event loop's, in seconds.

    A request that outlasts a whole rest (long polling, a stream) is background from then on, and so are later ones for
    the same path: they are waited for once, not at every action.
    """

    def __init__(self, context: BrowserContext) -> None:
        self._clock = asyncio.get_running_loop().time
        self._pending: set[Request] = set()
        self._ended: dict[str, float] = {}
        self._background: set[str] = set()
        self._page_asked_for = False
        self._changed = asyncio.Event()
        self.last_event = self.last_commit = self._clock()
        context.on("request", self._on_request)
        context.on("requestfinished", self._on_request_end)
        context.on("requestfailed", self._on_request_end)
        context.on("page", self.watch)

    def watch(self, page: Page) -> None:
        """Follow the navigations of a page."""
        page.on("framenavigated", self._on_frame_navigated)
        page.on("close", self._on_page_close)

    @property
    def idle(self) -> bool:
        """Whether no request is under way that is waited for."""
        return not self._pending

    @property
    def navigating(self) -> bool:
        """Whether the document of a page is being fetched."""
        return any(_is_page(request) for request in self._pending)

    async def change(self, timeout_s: float) -> None:
        """Return when a request begins or ends or a page navigates, at the latest after `timeout_s`."""
        self._changed.clear()
        try:
            async with asyncio.timeout(max(timeout_s, 0)):
                await self._changed.wait()
        except TimeoutError:
            return

    def give_up(self) -> None:
        """Take what is under way, and the paths that were asked for a moment ago, for background."""
        recent = self._clock() - _RECENT_S
        paths = [_path(request) for request in self._pending if not request.is_navigation_request()]
        paths += [path for path, ended in self._ended.items() if ended > recent]
        for path in paths:
            if len(self._background) < _MOST_BACKGROUND:
                self._background.add(path)
        self._pending.clear()

    def _on_request(self, request: Request) -> None:
        if request.resource_type in _NEVER_WAITED_FOR or not request.url.startswith("http"):
            return
        if _path(request) in self._background and not request.is_navigation_request():
            return
        self._pending.add(request)
        self._page_asked_for = self._page_asked_for or _is_page(request)
        self._notify()

    def _on_request_end(self, request: Request) -> None:
        if request not in self._pending:
            return
        self._pending.remove(request)
        if len(self._ended) >= _MOST_BACKGROUND:
            self._ended.clear()
        if not request.is_navigation_request():
            self._ended[_path(request)] = self._clock()
        self._notify()

    def _on_frame_navigated(self, frame: Frame) -> None:
        if frame.parent_frame is not None:
            return
        if self._page_asked_for:  # else the address changed within the document
            self._page_asked_for = False
            self.last_commit = self._clock()
            # Chromium does not report the end of everything that a document leaves behind.
            self._pending = {request for request in self._pending if not _is_left_behind(request, frame)}
        self._notify()

    def _on_page_close(self, page: Page) -> None:
        self._pending = {request for request in self._pending if not _is_of(request, page)}
        self._notify()

    def _notify(self) -> None:
        self.last_event = self._clock()
        self._changed.set()


def _path(request: Request) -> str:
    return f"{request.method} {request.url.partition('?')[0]}"


def _is_page(request: Request) -> bool:
    if not request.is_navigation_request():
        return False
    try:
        return request.frame.parent_frame is None
    except Error:  # a page so new that it has no frame yet
        return True


def _is_left_behind(request: Request, frame: Frame) -> bool:
    """Whether a request is of the document that was in the frame until now, and not one that outlives it."""
    if request.is_navigation_request() or request.resource_type == "ping":
        return False
    try:
        return request.frame == frame
    except Error:  # a worker's
        return False


def _is_of(request: Request, page: Page) -> bool:
    try:
        return request.frame.page == page
    except Error:  # a worker's, or of a page so new that it has no frame yet
        return False
