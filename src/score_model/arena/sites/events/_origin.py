"""The origin of a page's URL, under which the central event service keeps its events."""

from urllib.parse import urlsplit

from score_model.arena.sites.events._payload import NOT_TEXT

_DEFAULT_PORTS = {"http": 80, "https": 443}
_MOST_URL = 8192
_MOST_HOST = 253  # of a name in the DNS


def origin_of(web_url: str) -> str:
    """`scheme://host[:port]` of an absolute URL: scheme and host in lower case, a default port left out.

    Names are not resolved: `localhost` and `127.0.0.1` are different origins (export contract, section 5).
    Raises ValueError, with words for an answer, if it is no http(s) URL.
    """
    text = web_url.strip()
    if NOT_TEXT.search(text):
        raise ValueError("a URL has neither NUL nor half a character")
    if len(text) > _MOST_URL:
        raise ValueError(f"at most {_MOST_URL} characters")
    try:
        parts = urlsplit(text)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise ValueError("not a URL") from None
    if parts.scheme not in _DEFAULT_PORTS:
        raise ValueError("a URL that starts with http:// or https:// is needed")
    if not host or len(host) > _MOST_HOST or not host.isprintable() or any(mark in host for mark in " \\<>\"'%"):
        raise ValueError("the URL names no host")
    named = f"[{host}]" if ":" in host else host
    return (
        f"{parts.scheme}://{named}"
        if port in (None, _DEFAULT_PORTS[parts.scheme])
        else f"{parts.scheme}://{named}:{port}"
    )


def central_source(origin: str) -> str:
    """The store's name for the central service's events of an origin."""
    return f"central:{origin}"
