"""Origins of URLs, and the addresses that users give for sites."""

import re
from urllib.parse import urlsplit

from score_model.errors import UsageError

_DEFAULT_PORTS = {"http": 80, "https": 443}
_LONGEST_URL = 2_048
_HOST = re.compile(r"[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?|[0-9a-f:.]*:[0-9a-f:.]*")
_WANTED = "write http(s)://host[:port][/prefix]"
_PATH = re.compile(r"(?:/[A-Za-z0-9._~!$&'()*+=:%-]+)*/?")


def origin_of(url: str) -> str | None:
    """`scheme://host[:port]` of an absolute http(s) URL, or None for anything else.

    Scheme and host are in lower case and a default port is left out. Names are not resolved: `localhost` and
    `127.0.0.1` are different origins (export contract, section 5).
    """
    try:
        parts = urlsplit(url.strip())
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return None
    if parts.scheme not in _DEFAULT_PORTS or not _HOST.fullmatch(host) or port == 0:
        return None
    named = f"[{host}]" if ":" in host else host
    default = port is None or port == _DEFAULT_PORTS[parts.scheme]
    return f"{parts.scheme}://{named}" if default else f"{parts.scheme}://{named}:{port}"


def parse_address(text: object, whose: str) -> str:
    """`scheme://host[:port][/prefix]` of a server's address, without a trailing slash.

    Raises UsageError, which begins with `whose`, for anything but a plain http(s) URL.
    """
    if not isinstance(text, str) or not text.isprintable() or len(text) > _LONGEST_URL:
        raise UsageError(f"{whose}: {_WANTED}, not {str(text)[:80]!r}")
    if "@" in text:
        raise UsageError(f"{whose}: an address has no user name or password")  # and they are not repeated
    origin = origin_of(text)
    if origin is None:
        raise UsageError(f"{whose}: {_WANTED}, not {text[:80]!r}")
    parts = urlsplit(text.strip())
    if parts.query or parts.fragment or not _PATH.fullmatch(parts.path):
        raise UsageError(f"{whose}: an address has a plain path and no query: {text[:80]!r}")
    return origin + parts.path.rstrip("/")


def parse_origin(text: object, whose: str) -> str:
    """As `parse_address`, but without a prefix."""
    address = parse_address(text, whose)
    if address != origin_of(address):
        raise UsageError(f"{whose}: an origin has no path: {address[:80]!r}")
    return address
