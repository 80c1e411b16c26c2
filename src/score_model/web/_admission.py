"""Who may ask a server of ours: by which name it is called, and which page a browser asks for.

A page of another site can reach servers on loopback in two ways. It can send them what browsers send without asking
(forms, simple requests): the browser then says so in `Origin` and `Sec-Fetch-Site`, which scripts can't set. Or its own
name can be made to resolve to loopback (DNS rebinding): then the request is of its own origin for the browser, and only
`Host` tells.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import IPv6Address, ip_address
from typing import Any, Self

from litestar import Request
from litestar.types import HTTPScope

from score_model.errors import UsageError
from score_model.web._errors import JSON, RefusedError

_AUTHORITY = re.compile(rb"(\[[0-9a-f:.]{2,45}\]|[a-z0-9_.-]{1,254})(?::([0-9]{0,5}))?", re.IGNORECASE)
_LONGEST_AUTHORITY = 300  # bytes; longer ones aren't kept in a cache
_LOOPBACK = frozenset(("localhost", "127.0.0.1", "::1"))
_READING = frozenset(("GET", "HEAD", "OPTIONS"))
_WILDCARDS = frozenset(("0.0.0.0", "::"))  # noqa: S104 - names to compare with, nothing to listen on
_OWN_PAGES = frozenset((b"same-origin", b"none"))
_DEFAULT_PORTS = {b"http": 80, b"https": 443}


@dataclass(frozen=True)
class AllowedHosts:
    """The names that a server answers to, whatever the port: those of loopback, and others that it is given.

    An address that stands for all of a machine's (`0.0.0.0`, `::`) allows every literal address, for no page can make
    one resolve to another place, but no name.
    """

    names: frozenset[str] = _LOOPBACK
    every_address: bool = False

    @classmethod
    def with_names(cls, names: Iterable[str]) -> Self:
        """Return loopback's names and these; raises UsageError for what is no name or address of a host."""
        parsed = frozenset(map(_parse_name, names))
        return cls(_LOOPBACK | parsed, every_address=not parsed.isdisjoint(_WILDCARDS))

    def allow(self, name: str) -> bool:
        """Whether a server may be called by this name, as `Host` has it: in lower case, without brackets or port."""
        return name in self.names or (self.every_address and _is_address(name))


LOOPBACK_HOSTS = AllowedHosts()


def admit_request(scope: HTTPScope, hosts: AllowedHosts) -> None:
    """Let a request in, or raise RefusedError: 400 or 403 for its `Host`, 403 for a page of another site that acts.

    A request that changes something (any method but GET, HEAD and OPTIONS) and says where it comes from must come from
    a page of the server's own, by the name that the server is called by: behind a resolver or a proxy that is not its
    address. One that says nothing comes from a program. `Origin: null` says nothing more than `Sec-Fetch-Site`: pages
    that send no referrer send it to their own server, too.
    """
    called: list[bytes] = []
    origins: list[bytes] = []
    relations: list[bytes] = []
    for name, value in scope["headers"]:
        if name == b"host":
            called.append(value)
        elif name == b"origin":
            origins.append(value)
        elif name == b"sec-fetch-site":
            relations.append(value)
    _check_host(called, scope, hosts)
    if scope["method"] in _READING or not (origins or relations):
        return
    foreign = any(relation not in _OWN_PAGES for relation in relations)
    if foreign or not all(_is_own(origin, called, judged=bool(relations)) for origin in origins):
        raise RefusedError(403, "other_site", "Only pages of this site may act here")


def refuse_other_than_json(request: Request[Any, Any, Any]) -> None:
    """Raise RefusedError 415 unless the body is sent as JSON, which browsers send for no other site's page unasked."""
    if request.content_type[0] != JSON:
        raise RefusedError(415, "unsupported_media_type", f"The body must be {JSON}")


def _check_host(called: list[bytes], scope: HTTPScope, hosts: AllowedHosts) -> None:
    if not called and scope["http_version"] == "1.0":
        return  # no browser sends that
    parsed = _parse_authority(called[0]) if len(called) == 1 else None
    if parsed is None:
        raise RefusedError(400, "invalid_host", "A request names one host")
    if not hosts.allow(parsed[0]):
        raise RefusedError(403, "unknown_host", "This server has another name (--allowed-host NAME gives it one more)")


def _is_own(origin: bytes, called: list[bytes], *, judged: bool) -> bool:
    """Whether an origin is that of the host that is called; what is called has been checked."""
    if origin == b"null":
        return judged
    scheme, separator, authority = origin.partition(b"://")
    default = _DEFAULT_PORTS.get(scheme.lower())
    if not called or not separator or default is None:
        return False
    own, given = _parse_authority(called[0]), _parse_authority(authority)
    return own is not None and given is not None and (own[0], own[1] or default) == (given[0], given[1] or default)


def _parse_authority(authority: bytes) -> tuple[str, int | None] | None:
    """Return name and port of `name[:port]`, or None for anything else."""
    return _parse_short_authority(authority) if len(authority) <= _LONGEST_AUTHORITY else None


@lru_cache(maxsize=256)
def _parse_short_authority(authority: bytes) -> tuple[str, int | None] | None:
    matched = _AUTHORITY.fullmatch(authority)
    if matched is None:
        return None
    name = matched[1].decode().lower()
    if name.startswith("["):
        try:
            name = str(IPv6Address(name[1:-1]))
        except ValueError:
            return None
    return name.removesuffix("."), int(matched[2]) if matched[2] else None


def _parse_name(name: str) -> str:
    bare = name.strip().partition("%")[0]  # a zone is the machine's own affair, `Host` has none
    parsed = _parse_authority((f"[{bare}]" if bare.count(":") > 1 and bare[0] != "[" else bare).encode())
    if parsed is None or parsed[1] is not None:
        raise UsageError(f"not the name of a host: {name[:80]!r}; write it without scheme and port")
    return parsed[0]


def _is_address(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True
