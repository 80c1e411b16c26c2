"""What the browser reported while an action was done, as counts: both spellings of runtime events."""

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

import msgspec

_WRITES = frozenset(("POST", "PUT", "PATCH", "DELETE"))
_STATIC = frozenset(("image", "stylesheet", "script", "font", "media", "manifest", "texttrack", "ping"))
_STATIC_ENDINGS = (".ico", ".css", ".js", ".png", ".jpg", ".svg", ".woff", ".woff2", ".map")


class Runtime(msgspec.Struct):
    """Counts of one action. Requests and responses are those for documents and data: files that pages load besides,
    such as pictures, say nothing of the work, and other hosts' are refused by some replays."""

    requests: int = 0
    writes: int = 0
    writes_accepted: int = 0
    writes_redirected: int = 0
    client_errors: int = 0
    server_errors: int = 0
    failed_requests: int = 0
    page_errors: int = 0
    console_errors: int = 0
    navigations: int = 0
    dialogs: int = 0
    popups: int = 0
    downloads: int = 0


def runtime_of(events: Iterable[Any]) -> Runtime:
    """The counts of one action's events. Events of unknown spelling are passed over; never raises."""
    counts = Runtime()
    methods: dict[str, str] = {}
    static: set[str] = set()
    for event in events:
        if not isinstance(event, dict):
            continue
        data = event.get("data")
        if not isinstance(data, dict):
            data = {}
        url, resource = data.get("url"), data.get("resource_type")
        if not isinstance(resource, str):
            resource = ""
        match event.get("event_type"):
            case "request" if isinstance(url, str):
                if resource in _STATIC:
                    static.add(url)
                else:
                    method = data.get("method")
                    methods[url] = method.upper() if isinstance(method, str) else "GET"
                    counts.requests += 1
                    counts.writes += methods[url] in _WRITES
            case "response" if isinstance(url, str):
                if url not in static and not _path(url).endswith(_STATIC_ENDINGS):
                    _answered(counts, methods.get(url), data.get("status"))
            case "requestfailed" if isinstance(url, str):
                counts.failed_requests += resource not in _STATIC
            case "pageerror" | "crash":
                counts.page_errors += 1
            case "console":
                counts.console_errors += data.get("type") == "error"
            case "navigation":
                counts.navigations += 1
            case "dialog":
                counts.dialogs += 1
            case "popup":
                counts.popups += 1
            case "download":
                counts.downloads += 1
    return counts


def _answered(counts: Runtime, method: str | None, status: Any) -> None:
    if isinstance(status, bool) or not isinstance(status, int):
        return
    counts.client_errors += 400 <= status < 500
    counts.server_errors += status >= 500
    if method in _WRITES:
        counts.writes_accepted += status < 400
        counts.writes_redirected += 300 <= status < 400


def _path(url: str) -> str:
    try:
        return urlsplit(url).path.lower()
    except ValueError:
        return ""
