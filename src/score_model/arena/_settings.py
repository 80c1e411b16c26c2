"""Settings and addresses of an arena."""

from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path

from score_model.errors import UsageError

EXPORT_PATH = "/api/v1/tasks/with-solutions"
BY_SEASON_PATH = "/api/v1/tasks/by-season"
HEALTH_PATH = "/health"


@dataclass(frozen=True, kw_only=True)
class ArenaSettings:
    """Where an arena keeps its rows and whom it serves.

    `port` 0 picks a free one. `key` is demanded as the query parameter `key`, `token` as a bearer token; None demands
    nothing. `latency_ms` is waited before each answer of the export, to stand in for a distant server.
    Raises UsageError for a host that other machines can reach while no token is demanded.
    """

    database: Path
    host: str = "127.0.0.1"
    port: int = 0
    key: str | None = field(default=None, repr=False)
    token: str | None = field(default=None, repr=False)
    latency_ms: float = 0.0

    def __post_init__(self) -> None:
        if not 0 <= self.port <= 65535:
            raise UsageError(f"port must be between 0 and 65535: {self.port}")
        if not 0 <= self.latency_ms <= 60_000:
            raise UsageError(f"latency must be between 0 and 60000 ms: {self.latency_ms}")
        if not self.token and not is_loopback(self.host):
            raise UsageError(
                f"{self.host!r} can be reached from other machines: demand a bearer token "
                "(set SCORE_MODEL_ARENA_TOKEN), or use --host 127.0.0.1"
            )


def is_loopback(host: str) -> bool:
    """Whether `host` is `localhost` or a loopback address; other names are not, whatever they resolve to."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


@dataclass(frozen=True)
class ArenaUrls:
    """Addresses of a running arena."""

    base_url: str

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

    def as_dict(self) -> dict[str, str]:
        """All addresses, for the ready line."""
        return {
            "base_url": self.base_url,
            "leaderboard_url": self.leaderboard_url,
            "by_season_url": self.by_season_url,
            "health_url": self.health_url,
        }
