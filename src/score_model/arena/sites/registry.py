"""Which websites there are: the arena's own, and those that plug-ins bring."""

from collections.abc import Iterable

from score_model.arena.sites.autobooks import AUTOBOOKS
from score_model.arena.sites.autocinema import AUTOCINEMA
from score_model.arena.sites.spec import SiteSpec
from score_model.errors import UsageError
from score_model.plugins import load_plugin

SITES = {spec.name: spec for spec in (AUTOCINEMA, AUTOBOOKS)}


def find_site(name: str) -> SiteSpec:
    """Return the website of that name: one of the arena's own, else the plug-in `arena_website.<name>`.

    Raises UsageError if there is none, or if the plug-in is no SiteSpec of that name.
    """
    if name in SITES:
        return SITES[name]
    spec = load_plugin("arena_website", name, built_in=SITES)
    if not isinstance(spec, SiteSpec) or spec.name != name:
        raise UsageError(f"the arena website {name!r} is no SiteSpec of that name")
    return spec


def all_sites(names: Iterable[str] = ()) -> list[SiteSpec]:
    """Return the arena's own websites, and then the plug-ins' of these names. Raises UsageError as `find_site` does."""
    return list((SITES | {name: find_site(name) for name in names}).values())
