"""The websites that solutions were recorded on: the production sites, and what describes any other."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from score_model.contract.websites import WEBSITE_BY_PORT
from score_model.errors import UsageError
from score_model.plugins import list_plugins, load_plugin
from score_model.printable import one_line
from score_model.replay._sites.addresses import parse_address, parse_origin

EVENT_SERVICES = ("central", "site", "none")
"""The built-in event sources; plug-ins have others (docs/extending.md)."""

CENTRAL_EVENTS_URL = "http://localhost:8090"
_USUALLY_LATE_MS = 500
_LATE_MS = {"site": 0, "none": 0}
_LONGEST_LATE_MS = 60_000
_NAME = re.compile(r"[a-z0-9](?:[a-z0-9_-]{0,62}[a-z0-9])?")
_HOOK = re.compile(r"/[A-Za-z0-9._~/-]{0,200}")
_ALIASES = {"autostats": "autofinance"}  # port 8014 has had both names
_OWN_EVENTS = frozenset(("autobooks", "autocinema"))  # the Django sites of 2025


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """A website: what recorded URLs call it, where it runs, and where its backend events are (export contract, 5).

    `recorded_origin` is the origin that recorded URLs name, `url` the address that answers in its place: another host,
    scheme or path prefix. `event_service` is "central" (one service at `events_url` keeps the events of many sites),
    "site" (the site keeps its own), "none", or the name of a plug-in's event source. `reset` is the path of a hook that
    is posted to before each replay. `late_events_ms` is how long after a page has come to rest an event may still
    arrive: a site with events of its own records them while it answers, the central service hears of them later.
    """

    name: str
    recorded_origin: str
    url: str
    event_service: str = "central"
    events_url: str = CENTRAL_EVENTS_URL
    reset: str | None = None
    late_events_ms: int = _USUALLY_LATE_MS


def build_production_sites(events_url: str = CENTRAL_EVENTS_URL) -> dict[str, Site]:
    """The fifteen sites by name, each at its own port of this machine (export contract, section 5)."""
    return {name: _at_port(name, port, events_url) for port, name in WEBSITE_BY_PORT.items()}


def parse_site_name(name: object) -> str:
    """The name that a website goes by here. Raises UsageError if it can't be one."""
    folded = name.strip().lower() if isinstance(name, str) else ""
    if not _NAME.fullmatch(folded):
        raise UsageError(f"{str(name)[:80]!r} can't be a site's name: use letters, digits, '-' and '_'")
    return _ALIASES.get(folded, folded)


def parse_site(name: str, table: Any, whose: str, base: Site | None, events_url: str) -> Site:
    """The site of one table of settings, over `base` if the site is a production site or a plug-in's.

    The keys are `port` or `origin` (what recorded URLs say: http://localhost:<port>, or any other origin), `url` (where
    it runs, by default there), `event_service`, `events_url`, `reset`, `late_events_ms`. Raises UsageError, which
    begins with `whose`.
    """
    if not isinstance(table, Mapping):
        raise UsageError(f"{whose}: a table with {', '.join(_KEYS)} is needed")
    unknown = sorted(str(key) for key in table if key not in _KEYS)
    if unknown:
        raise UsageError(f"{whose}: {unknown[0][:80]!r} is not one of {', '.join(_KEYS)}")
    origin = _parse_recorded_origin(table, whose) or (base.recorded_origin if base else None)
    moved = base is not None and origin != base.recorded_origin
    default_url = base.url if base is not None and not moved else origin
    url = parse_address(table["url"], f"{whose}: url") if "url" in table else default_url
    if url is None:
        raise UsageError(f"{whose}: give the port or the origin that recorded URLs of {name} have")
    service = _parse_event_service(table, whose, base)
    if base is not None:
        events_url = base.events_url
    return Site(
        name=name,
        recorded_origin=origin or parse_origin(url, f"{whose}: give the port or the origin that recorded URLs have"),
        url=url,
        event_service=service,
        events_url=parse_address(table["events_url"], f"{whose}: events_url") if "events_url" in table else events_url,
        reset=_parse_hook(table, whose) if base is None or "reset" in table else base.reset,
        late_events_ms=_parse_late_ms(table, whose, service, base),
    )


def load_website(name: str, events_url: str) -> Site | None:
    """Return the site that a plug-in has under this name, None if none has.

    The plug-in's object is a Site, or a function without arguments that returns one. Raises UsageError, one line, if it
    can't be loaded or is none.
    """
    if not any(plugin.kind == "website" and plugin.name == name for plugin in list_plugins()):
        return None
    whose, made = f"the website {name!r} of a plug-in", load_plugin("website", name)
    if callable(made):
        try:
            made = made()
        except Exception as error:
            raise UsageError(f"{whose} can't be made: {one_line(f'{type(error).__name__}: {error}')}") from error
    if not isinstance(made, Site):
        raise UsageError(f"{whose} is no Site but {type(made).__name__}")
    table: dict[str, Any] = {"origin": made.recorded_origin, "url": made.url, "event_service": made.event_service}
    table |= {"events_url": made.events_url, "late_events_ms": made.late_events_ms}
    return parse_site(name, table if made.reset is None else table | {"reset": made.reset}, whose, None, events_url)


def _at_port(name: str, port: int, events_url: str) -> Site:
    origin = f"http://localhost:{port}"
    service = "site" if name in _OWN_EVENTS else "central"
    return Site(
        name=name,
        recorded_origin=origin,
        url=origin,
        event_service=service,
        events_url=events_url,
        late_events_ms=_LATE_MS.get(service, _USUALLY_LATE_MS),
    )


def _parse_recorded_origin(table: Mapping[str, Any], whose: str) -> str | None:
    if "port" in table and "origin" in table:
        raise UsageError(f"{whose}: port and origin say the same thing; give one of them")
    if "origin" in table:
        return parse_origin(table["origin"], f"{whose}: origin")
    if "port" in table:
        port = table["port"]
        if not isinstance(port, int) or isinstance(port, bool) or not 1 <= port <= 65_535:
            raise UsageError(f"{whose}: port must be a whole number between 1 and 65535, not {str(port)[:80]!r}")
        return parse_origin(f"http://localhost:{port}", whose)
    return None


def _parse_event_service(table: Mapping[str, Any], whose: str, base: Site | None) -> str:
    default = base.event_service if base else "none"
    chosen = table.get("event_service", "central" if "events_url" in table and base is None else default)
    if isinstance(chosen, str) and (chosen in EVENT_SERVICES or (base and chosen == base.event_service)):
        return chosen
    known = [*EVENT_SERVICES, *(plugin.name for plugin in list_plugins() if plugin.kind == "event_source")]
    if isinstance(chosen, str) and chosen in known:
        return chosen
    raise UsageError(f"{whose}: event_service must be one of {', '.join(known)}, not {str(chosen)[:80]!r}")


def _parse_hook(table: Mapping[str, Any], whose: str) -> str | None:
    hook = table.get("reset")
    if hook is None or (isinstance(hook, str) and _HOOK.fullmatch(hook) and "//" not in hook and ".." not in hook):
        return hook
    raise UsageError(f"{whose}: reset must be a path on the site such as /reset/, not {str(hook)[:80]!r}")


def _parse_late_ms(table: Mapping[str, Any], whose: str, service: str, base: Site | None) -> int:
    usual = _LATE_MS.get(service, _USUALLY_LATE_MS)
    if base is not None and service == base.event_service:
        usual = base.late_events_ms
    late = table.get("late_events_ms", usual)
    if isinstance(late, int) and not isinstance(late, bool) and 0 <= late <= _LONGEST_LATE_MS:
        return late
    raise UsageError(
        f"{whose}: late_events_ms must be a whole number between 0 and {_LONGEST_LATE_MS}, not {str(late)[:80]!r}"
    )


_KEYS = ("port", "origin", "url", "event_service", "events_url", "reset", "late_events_ms")
