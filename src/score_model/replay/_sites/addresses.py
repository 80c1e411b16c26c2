"""The addresses that users give for sites."""

import re
from urllib.parse import urlsplit

from score_model.contract.urls import origin_of
from score_model.errors import UsageError

_LONGEST_URL = 2_048
_WANTED = "write http(s)://host[:port][/prefix]"
_PATH = re.compile(r"(?:/[A-Za-z0-9._~!$&'()*+=:%-]+)*/?")


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
