"""Plug-ins: objects of other distributions, found by name in the entry-point group `score_model` (docs/extending.md).

An entry point is named `<kind>.<name>`, such as `estimator.nearest`. Finding one reads package metadata only; its code
is imported when its name is asked for, never before.
"""

from collections.abc import Iterable, Sequence
from importlib.metadata import EntryPoint, entry_points
from typing import Literal

import msgspec

from score_model.errors import UsageError

PluginKind = Literal["arena_website", "estimator", "event_source", "website"]
_GROUP = "score_model"


class Plugin(msgspec.Struct, frozen=True):
    """An installed plug-in: its kind and name, and the distribution and version that it came with."""

    kind: str
    name: str
    distribution: str
    version: str


def list_plugins() -> list[Plugin]:
    """Return all installed plug-ins by kind and name, none of them imported; those of an unknown kind too."""
    found = []
    for point in _entry_points():
        kind, _, name = point.name.partition(".")
        owner = point.dist
        found.append(Plugin(kind, name, owner.name if owner else "", owner.version if owner else ""))
    return sorted(found, key=lambda plugin: (plugin.kind, plugin.name, plugin.distribution))


def load_plugin(kind: PluginKind, name: str, *, built_in: Iterable[str] = ()) -> object:
    """Import the plug-in of that kind and name and return its object.

    `built_in` are the names that need no plug-in, for the message where there is none of this name. Raises UsageError,
    one line, if there is none or more than one, or if importing it fails in any way.
    """
    points = [point for point in _entry_points() if point.name == f"{kind}.{name}"]
    what = kind.replace("_", " ")
    if not points:
        known = sorted({*built_in, *(plugin.name for plugin in list_plugins() if plugin.kind == kind)})
        raise UsageError(f"there is no {what} {name!r}" + (f": one of {', '.join(known)}" if known else ""))
    if len(points) > 1:
        owners = sorted(point.dist.name for point in points if point.dist)
        raise UsageError(f"the {what} {name!r} is in more than one distribution: {', '.join(owners)}")
    try:
        return points[0].load()
    except Exception as error:
        owner = points[0].dist.name if points[0].dist else "unknown"
        text = " ".join(str(error).split())[:200]
        raise UsageError(f"the {what} {name!r} of {owner} can't be loaded: {type(error).__name__}: {text}") from error


def _entry_points() -> Sequence[EntryPoint]:
    return [point for point in entry_points(group=_GROUP) if point.name.partition(".")[2]]
