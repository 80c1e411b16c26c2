"""The fence: the only sites that a replay talks to, and the record of everything else that was tried.

The browser's resolver rules enforce it: a recorded origin leads to where its site runs, and no other name or address,
literal ones included, resolves. What was tried is recorded from the browser's own events.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

from playwright.async_api import BrowserContext, Route

from score_model.contract.urls import DEFAULT_PORTS, origin_of
from score_model.printable import make_printable, one_line
from score_model.replay._sites.addresses import parse_address, parse_origin

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
_STRIPPED = "".join(map(chr, range(0x21)))  # control characters and the space, which browsers strip from the ends
_DROPPED = str.maketrans("", "", "\t\n\r")  # and those that they drop anywhere
_MOST_REFUSALS = 100
_LONGEST_URL = 500

_EXTERNAL = re.compile(r"^https?://")


@dataclass(frozen=True)
class Refusal:
    """Something that the fence refused.

    `kind`: navigation, redirect, popup, websocket, download, permission, or Playwright's name of a subresource
    (script, image, fetch, …). `url` is cut at 500 characters; for a permission it names what was asked for.
    """

    kind: str
    url: str
    reason: str


@dataclass
class RefusalLog:
    """What one replay was refused: each thing once, in order, at most 100; `dropped` counts those beyond."""

    refusals: list[Refusal] = field(default_factory=list)
    dropped: int = 0
    _seen: set[Refusal] = field(default_factory=set)

    def add(self, kind: str, url: str, reason: str) -> None:
        """Record a refusal."""
        short = url if len(url) <= _LONGEST_URL else url[: _LONGEST_URL - 1] + "…"
        refusal = Refusal(kind, make_printable(short), one_line(reason))
        if refusal in self._seen:
            return
        if len(self.refusals) >= _MOST_REFUSALS:
            self.dropped += 1
            return
        self._seen.add(refusal)
        self.refusals.append(refusal)


class Fence:
    """The sites that a replay may talk to."""

    def __init__(self, sites: Mapping[str, str]) -> None:
        """`sites` leads from each recorded origin (`http://localhost:8012`) to the URL where that site runs.

        Raises UsageError for an address that is none.
        """
        self._sites = {
            parse_origin(recorded, "a site's recorded origin"): parse_address(actual, f"the site {recorded}")
            for recorded, actual in sorted(sites.items())
        }

    @property
    def rewritten(self) -> dict[str, str]:
        """The sites that run under another scheme or below a path: a resolver can't lead there, a gateway can."""
        return {
            origin: actual
            for origin, actual in self._sites.items()
            if origin_of(actual) != actual or urlsplit(origin).scheme != urlsplit(actual).scheme
        }

    def resolver_rules(self, gateways: Mapping[str, int]) -> str:
        """The value of the browser's `--host-resolver-rules`; `gateways` are the loopback ports of rewritten sites."""
        rules = []
        for origin, actual in self._sites.items():
            target = f"127.0.0.1:{gateways[origin]}" if origin in gateways else _host_and_port(actual)
            rules.append(f"MAP {_host_and_port(origin)} {target}")
        return ", ".join([*rules, "MAP * ~NOTFOUND"])

    def allows(self, url: str) -> bool:
        """Whether a URL is of one of the sites, web sockets included; what a page made itself (data:, blob:) is."""
        if url.startswith(("data:", "blob:", "about:")):
            return True
        # ws://host is of http://host, and wss: of https:.
        return origin_of(f"http{url[2:]}" if url.startswith(("ws:", "wss:")) else url) in self._sites

    def destination(self, url: str, base: str) -> tuple[str, str | None]:
        """Where a navigation to `url` from the page `base` goes, and why it is refused, or None if it is not.

        Only http(s) addresses of the sites are not refused. Read as browsers read: white space and line breaks inside
        are dropped, and a backslash is a slash.
        """
        given = url.strip(_STRIPPED).translate(_DROPPED)
        scheme = _SCHEME.match(given)
        if scheme is not None and scheme[1].lower() not in DEFAULT_PORTS:
            return given, f"only http and https addresses are opened, not {scheme[1].lower()}:"
        try:
            full = urljoin(base if origin_of(base) else "", given.replace("\\", "/"))
        except ValueError:
            return given, "no address"
        origin = origin_of(full)
        if origin is None:
            return given, "no address"
        return full, None if origin in self._sites else "not one of the sites"


def _host_and_port(address: str) -> str:
    parts = urlsplit(address)
    host = parts.hostname or ""
    return f"{f'[{host}]' if ':' in host else host}:{parts.port or DEFAULT_PORTS[parts.scheme]}"


async def serve_assets(folder: Path, context: BrowserContext, fence: Fence) -> None:
    """Answer requests beyond the fence with files of the resolved `folder`; what it lacks is refused."""

    async def answer(route: Route) -> None:
        url = route.request.url
        path = None if fence.allows(url) or route.request.is_navigation_request() else _file(folder, url)
        if path is None:
            await route.continue_()
        else:
            await route.fulfill(path=path, headers={"Access-Control-Allow-Origin": "*"})

    await context.route(_EXTERNAL, answer)


def _file(root: Path, url: str) -> Path | None:
    """The file for a URL, None where the folder holds none."""
    parts = urlsplit(url)
    try:
        path = (root / (parts.hostname or "") / unquote(parts.path).lstrip("/")).resolve()
        return path if parts.hostname and path.is_relative_to(root / parts.hostname) and path.is_file() else None
    except (OSError, ValueError):  # a name that no file can have
        return None
