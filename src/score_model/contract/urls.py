"""Origins of URLs (export contract, section 5)."""

import re
from urllib.parse import urlsplit

from score_model.errors import ContractError

DEFAULT_PORTS = {"http": 80, "https": 443}

_LONGEST_HOST = 253  # of a name in the DNS
_HOST = re.compile(r"[a-z0-9_-][a-z0-9._-]*|[0-9a-f:.]*:[0-9a-f:.]*(?:%[a-z0-9._~-]+)?")
_BEYOND_HOST = re.compile(r"[\s/\\?#@]")


def read_origin(url: str) -> str:
    """Return `scheme://host[:port]` of an absolute http(s) URL.

    Scheme and host are in lower case and a default port is left out. Names are not resolved: `localhost` and
    `127.0.0.1` are different origins. A host is spelled as browsers send it: a name beyond ASCII is in punycode.
    Raises ContractError, with a reason that does not repeat the URL, for anything else.
    """
    try:
        parts = urlsplit(url.strip())
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise ContractError("not a URL") from None
    if parts.scheme not in DEFAULT_PORTS:
        raise ContractError("a URL that starts with http:// or https:// is needed")
    if len(host) > _LONGEST_HOST or not _HOST.fullmatch(host) or port == 0:
        raise ContractError("the URL names no host")
    named = f"[{host}]" if ":" in host else host
    default = port is None or port == DEFAULT_PORTS[parts.scheme]
    return f"{parts.scheme}://{named}" if default else f"{parts.scheme}://{named}:{port}"


def origin_of(url: str) -> str | None:
    """Return the origin as `read_origin` spells it, or None for what is no absolute http(s) URL."""
    try:
        return read_origin(url)
    except ContractError:
        return None


def origins_of_host(host: str) -> frozenset[str]:
    """Return the origins that a request's `Host` header can mean, one for each scheme; none for what is no host."""
    if _BEYOND_HOST.search(host):
        return frozenset()
    origins = (origin_of(f"{scheme}://{host}") for scheme in DEFAULT_PORTS)
    return frozenset(origin for origin in origins if origin is not None)
