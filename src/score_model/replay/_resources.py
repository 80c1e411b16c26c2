"""What every replay of a run is done with."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from score_model.replay._browser.pool import BrowserPool
from score_model.replay._settings import ReplaySettings
from score_model.replay._sites.events import EventSources
from score_model.replay._sites.health import SiteHealth

ClockUs = Callable[[], int]
"""Microseconds since 1970-01-01 UTC."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayResources:
    """A browser, the event services, and what is known of the sites.

    `sites` leads from recorded origins to where the sites run, as the browser was told.
    """

    pool: BrowserPool
    sources: EventSources
    health: SiteHealth
    settings: ReplaySettings
    sites: Mapping[str, str]
    clock_us: ClockUs
