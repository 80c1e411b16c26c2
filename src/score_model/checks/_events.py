"""Backend events, out of the rows of both kinds of event service (export contract, section 5)."""

from typing import Any

import msgspec

_MAX_WRAPPERS = 3


class BackendEvent(msgspec.Struct, frozen=True):
    """What a site recorded of one act of its user."""

    name: str
    data: dict[str, Any]


def parse_event(raw: Any) -> BackendEvent | None:
    """The event of one row of an event service, or None if the row holds none. Never raises.

    A per-site row is the event itself; a central row holds it under `data`, once or twice. An event whose own `data`
    repeats its name around a further `data`, or holds nothing but a further `data`, is unwrapped to the fields inside.
    Where `data` is no object, the event has no fields.
    """
    for _ in range(_MAX_WRAPPERS):
        if not isinstance(raw, dict):
            return None
        name = raw.get("event_name")
        if isinstance(name, str) and name:
            return BackendEvent(name, _payload(raw.get("data"), name))
        raw = raw.get("data")
    return None


def _payload(data: Any, name: str) -> dict[str, Any]:
    fields: dict[str, Any] = data if isinstance(data, dict) else {}
    for _ in range(_MAX_WRAPPERS):
        inner = fields.get("data")
        if not isinstance(inner, dict) or not (fields.get("event_name") == name or len(fields) == 1):
            break
        fields = inner
    return fields
