"""Addresses of a running arena."""

from collections.abc import Mapping
from dataclasses import dataclass

API_PATH = "/api"
EXPORT_PATH = "/api/v1/tasks/with-solutions"
BY_SEASON_PATH = "/api/v1/tasks/by-season"
HEALTH_PATH = "/health"


@dataclass(frozen=True, kw_only=True)
class SiteUrls:
    """Addresses of running websites: each one's origin by its name, and the central event service."""

    events_url: str
    site_urls: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class ArenaUrls(SiteUrls):
    """Addresses of a running arena."""

    base_url: str

    @property
    def api_url(self) -> str:
        """Base of the task API, as `AUTOPPIA_PROD_BASE_URL` wants it."""
        return self.base_url + API_PATH

    @property
    def leaderboard_url(self) -> str:
        """The leaderboard export's endpoint."""
        return self.base_url + EXPORT_PATH

    @property
    def by_season_url(self) -> str:
        """The endpoint that lists tasks without solutions."""
        return self.base_url + BY_SEASON_PATH

    @property
    def health_url(self) -> str:
        """Answers 200 while the arena is up."""
        return self.base_url + HEALTH_PATH

    def as_dict(self) -> dict[str, object]:
        """All addresses, for the ready line."""
        return {
            "base_url": self.base_url,
            "api_url": self.api_url,
            "leaderboard_url": self.leaderboard_url,
            "by_season_url": self.by_season_url,
            "health_url": self.health_url,
            "events_url": self.events_url,
            "site_urls": dict(self.site_urls),
        }
