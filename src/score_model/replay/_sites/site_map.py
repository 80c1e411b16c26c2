"""Which sites a run knows, and where each of them runs."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from score_model.contract.urls import origin_of
from score_model.errors import ContractError, UsageError
from score_model.replay._sites.addresses import parse_address
from score_model.replay._sites.site import (
    CENTRAL_EVENTS_URL,
    Site,
    build_production_sites,
    load_website,
    parse_site,
    parse_site_name,
)

SETTINGS_TABLE = "replay.sites"
_WANTED = "write NAME=URL, such as autodrive=http://localhost:8012"


@dataclass(frozen=True, slots=True)
class SiteMap:
    """The sites of a run, in the order of their names, no two with the same recorded origin."""

    sites: tuple[Site, ...]

    def __post_init__(self) -> None:
        seen: dict[str, Site] = {}
        for site in self.sites:
            other = seen.setdefault(site.recorded_origin, site)
            if other is not site:
                raise UsageError(
                    f"the sites {other.name} and {site.name} are both recorded as {site.recorded_origin}: "
                    f"give one of them another port or origin in [{SETTINGS_TABLE}.{site.name}]"
                )

    @classmethod
    def build(
        cls,
        overrides: Sequence[str] = (),
        tables: Any = None,
        *,
        events_url: str = CENTRAL_EVENTS_URL,
    ) -> "SiteMap":
        """The production sites, changed and joined by what the user says of sites.

        `tables` are the tables `[replay.sites.NAME]` of score_model.toml by name, `overrides` the texts `NAME=URL` of
        `--site`, which win; both may name a plug-in's website, which only they bring in, and there `--site NAME` will
        do. A site that the user describes displaces a production site with the same recorded origin.
        Raises UsageError, one line, for whatever can't be meant, and for a plug-in that can't be used.
        """
        events_url = parse_address(events_url, "the event service")
        sites = build_production_sites(events_url)
        described: dict[str, Site] = {}
        if tables is not None and not isinstance(tables, Mapping):
            raise UsageError(f"[{SETTINGS_TABLE}] holds one table for each site, such as [{SETTINGS_TABLE}.shop]")
        for key, table in (tables or {}).items():
            name, whose = parse_site_name(key), f"[{SETTINGS_TABLE}.{str(key)[:80]}]"
            if name in described:
                raise UsageError(f"{whose}: the site {name} is described twice")
            base = sites.get(name) or load_website(name, events_url)
            described[name] = parse_site(name, table, whose, base, events_url)
        for name, url in _parse_overrides(overrides).items():
            known = described.get(name) or sites.get(name) or load_website(name, events_url)
            if url is None and (known is None or name in sites):
                raise UsageError(f"--site {name!r}: {_WANTED}")
            if known is None:
                raise UsageError(
                    f"--site {name}: no site has this name; describe it in [{SETTINGS_TABLE}.{name}] of "
                    f"score_model.toml, or use one of {', '.join(sorted({**sites, **described}))}"
                )
            described[name] = known if url is None else replace(known, url=url)
        taken = {site.recorded_origin for site in described.values()}
        kept = {name: site for name, site in sites.items() if site.recorded_origin not in taken}
        return cls(tuple(site for _, site in sorted({**kept, **described}.items())))

    def by_name(self, website: str) -> Site | None:
        """The site of a name as datasets have it."""
        try:
            name = parse_site_name(website)
        except UsageError:
            return None
        return next((site for site in self.sites if site.name == name), None)

    def by_url(self, url: str) -> Site | None:
        """The site that a recorded URL belongs to, by its origin."""
        origin = origin_of(url)
        return next((site for site in self.sites if site.recorded_origin == origin), None)

    def find(self, start_url: str | None, website: str | None) -> Site:
        """The site of a task: the one of its start URL or, if it has none, of its website's name.

        Raises ContractError, which says what to configure, if there is none.
        """
        if start_url and start_url.strip():
            site = self.by_url(start_url)
            if site is not None:
                return site
            origin = origin_of(start_url)
            if origin is None:
                raise ContractError(f"the start URL is no http(s) URL: {start_url[:80]!r}")
            named = self.by_name(website) if website else None
            whose = named.name if named else (website or "NAME")[:80]
            raise ContractError(f"no site is recorded as {origin}: give [{SETTINGS_TABLE}.{whose}] this origin")
        site = self.by_name(website) if website else None
        if site is None:
            raise ContractError(f"the task names no known site: website {(website or '')[:80]!r} and no start URL")
        return site

    def mapping(self, names: Iterable[str] | None = None) -> dict[str, str]:
        """Recorded origin → where it runs, of the sites of these names, or of all: what a browser may talk to."""
        wanted = None if names is None else set(names)
        return {site.recorded_origin: site.url for site in self.sites if wanted is None or site.name in wanted}


def _parse_overrides(overrides: Sequence[str]) -> dict[str, str | None]:
    """Return where each site of `--site` runs; None where only its name is given."""
    moves: dict[str, str | None] = {}
    for override in overrides:
        name, separator, url = override.partition("=")
        known = parse_site_name(name)
        if known in moves:
            raise UsageError(f"--site {known} is given twice")
        moves[known] = parse_address(url, f"--site {known}") if separator else None
    return moves
