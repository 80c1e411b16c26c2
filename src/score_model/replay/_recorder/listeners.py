"""What the browser reports of the pages of a context, as events of the log."""

import asyncio
import re
from typing import Any

from playwright.async_api import BrowserContext, ConsoleMessage, Download, Error, Page, Request, Response, WebError

from score_model.replay._recorder.event_log import Event, EventLog, RecorderCaps, cut, masked

_MOST_OPEN = 1_000  # requests under way that are remembered
_BODIES_AT_A_TIME = 4
_PLACE = re.compile(r"(https?://[^\s()]{1,1000}:\d+:\d+)\)?$", re.MULTILINE)
_FLOOD = 2  # times what is kept of the console: beyond it is not listened to until the next action
_MOST_READ = 4  # times what is kept: larger bodies are not even read


class NetworkListener:
    """Requests, responses with JSON bodies, failures. Headers, which hold identity and credentials, are not."""

    def __init__(self, context: BrowserContext, log: EventLog, caps: RecorderCaps, pages: dict[Page, int]) -> None:
        self._log = log
        self._caps = caps
        self._pages = pages
        self._json: dict[Request, tuple[Response, Event]] = {}
        self._reading: set[asyncio.Task[None]] = set()
        self._slots = asyncio.Semaphore(_BODIES_AT_A_TIME)
        self._bodies = 0
        context.on("request", self._on_request)
        context.on("response", self._on_response)
        context.on("requestfinished", self._on_request_finished)
        context.on("requestfailed", self._on_request_failed)

    def begin(self) -> None:
        """An action begins, and with it a new allowance of bodies."""
        self._bodies = 0

    @property
    def reading(self) -> set[asyncio.Task[None]]:
        """The bodies that are being read."""
        return self._reading

    def _on_request(self, request: Request) -> None:
        data = self._describe_request(request)
        if request.redirected_from is not None:
            data["redirected_from"] = self._url(request.redirected_from.url)
        sent = request.post_data_buffer
        if sent is not None:
            data["post_data"] = self._text(sent, self._caps.post_bytes)
            data["post_bytes"] = len(sent)
        self._log.add("request", self._page(request), data)

    def _on_response(self, response: Response) -> None:
        kind = response.headers.get("content-type", "")[:100]
        data = {"status": response.status, "url": self._url(response.url), "ok": response.ok, "content_type": kind}
        event = self._log.add("response", self._page(response.request), data)
        is_json = kind.partition(";")[0].strip().lower().endswith(("/json", "+json"))
        if event is not None and is_json and len(self._json) < _MOST_OPEN:
            self._json[response.request] = (response, event)

    def _on_request_finished(self, request: Request) -> None:
        response, event = self._json.pop(request, (None, None))
        if response is None or event is None:
            return
        if self._bodies >= self._caps.bodies:
            self._log.drop("body")
            return
        self._bodies += 1
        task = asyncio.ensure_future(self._read(request, response, event))
        self._reading.add(task)
        task.add_done_callback(self._reading.discard)

    def _on_request_failed(self, request: Request) -> None:
        self._json.pop(request, None)
        reason = (request.failure or "")[:200]
        self._log.add("requestfailed", self._page(request), {**self._describe_request(request), "error": reason})

    async def _read(self, request: Request, response: Response, event: Event) -> None:
        """Add the body to the event, if it comes in time and the browser still has it."""
        try:
            async with self._slots, asyncio.timeout(self._caps.body_ms / 1000):
                size = (await request.sizes())["responseBodySize"]
                if size > _MOST_READ * self._caps.body_bytes:
                    self._log.extend(event, body_bytes=size)
                    return
                body = await response.body()
        except (Error, TimeoutError):
            return  # the page has gone on
        self._log.extend(event, body=self._text(body, self._caps.body_bytes), body_bytes=len(body))

    def _describe_request(self, request: Request) -> dict[str, Any]:
        return {
            "method": request.method[:20],
            "url": self._url(request.url),
            "resource_type": request.resource_type,
        }

    def _url(self, url: str) -> str:
        return masked(cut(url, self._caps.url_characters))

    def _text(self, content: bytes, most: int) -> str:
        text = content[:most].decode("utf-8", "replace")
        return masked(text) + ("…" if len(content) > most else "")

    def _page(self, request: Request) -> int | None:
        try:
            return self._pages.get(request.frame.page)
        except Error:  # a worker's, or a page's that is too new
            return None


class PageListener:
    """What Playwright, DevTools and the script in the pages tell of pages."""

    def __init__(self, context: BrowserContext, log: EventLog, caps: RecorderCaps, pages: dict[Page, int]) -> None:
        self._context = context
        self._log = log
        self._caps = caps
        self._pages = pages
        self._messages = 0
        self._hears_console = False
        context.on("weberror", self._on_web_error)
        self.begin()

    def begin(self) -> None:
        """An action begins: the console is listened to, until it says more than is kept."""
        self._messages = 0
        if not self._hears_console:
            self._hears_console = True
            self._context.on("console", self._on_console)

    def opened(self, page: Page) -> None:
        """A page appeared: all but the first are popups."""
        index = self._pages[page]
        if index > 0:
            self._log.add("popup", index, {"url": self._url(page.url)})
        page.on("download", lambda download: self._on_download(index, download))
        page.on("crash", lambda _page: self._record_end(index, "crash"))
        page.on("close", lambda _page: self._record_end(index, "close"))

    def told(self, page: int, name: str, told: dict[str, Any]) -> None:
        """Record what a probe tells."""
        match name:
            case "dialog":
                default = told.get("defaultPrompt", "")
                data = {"type": told["type"], "message": self._cut(told["message"]), "default": self._cut(default)}
                self._log.add("dialog", page, data)
            case "document":
                url, how = told["url"] + told.get("urlFragment", ""), "document"
                if "unreachableUrl" in told:  # the browser shows a page of its own instead
                    url, how = told["unreachableUrl"], "error"
                self._log.add("navigation", page, {"url": self._url(url), "how": how})
            case "history":
                self._log.add("navigation", page, {"url": self._url(told["url"]), "how": told["how"]})
            case "mutations":
                del told["kind"]
                self._log.count_mutations(page, told)
            case "dropped":
                self._log.drop(told["of"], told["count"])
            case "dom":
                del told["kind"]
                self._log.add("dom", page, told, by_script=not told["trusted"])
            case _:
                raise AssertionError(f"the recorder's script tells no {name}")

    def _on_console(self, message: ConsoleMessage) -> None:
        page = self._pages.get(message.page) if message.page is not None else None
        self._log.add("console", page, {"type": message.type, "text": self._cut(message.text)})
        self._messages += 1
        if self._messages == _FLOOD * self._caps.events_of_type and self._hears_console:
            self._hears_console = False
            self._context.remove_listener("console", self._on_console)

    def _on_web_error(self, error: WebError) -> None:
        page = self._pages.get(error.page) if error.page is not None else None
        data = {"message": self._cut(error.error.message.partition("\n")[0])}
        name, place = error.error.name, _PLACE.search(error.error.stack or "")
        if name:
            data["name"] = self._cut(name)
        if place is not None:
            data["place"] = self._url(place[1])
        self._log.add("pageerror", page, data)

    def _record_end(self, page: int, how: str) -> None:
        self._log.add(how, page, {})

    def _on_download(self, page: int, download: Download) -> None:
        data = {"url": self._url(download.url), "filename": self._cut(download.suggested_filename)}
        self._log.add("download", page, data)

    def _cut(self, text: str) -> str:
        return cut(text, self._caps.text_characters)

    def _url(self, url: str) -> str:
        return masked(cut(url, self._caps.url_characters))
