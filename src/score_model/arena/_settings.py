"""Settings of an arena."""

from collections.abc import Callable
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path
from typing import Literal, get_args

from score_model.errors import UsageError

Clock = Callable[[], int]  # µs since the epoch
Demand = Literal["nonce", "run_id"]
PagingMode = Literal["page", "cursor", "next_url", "next_page", "link", "total", "bare"]
Envelope = Literal["results", "items", "data", "tasks", "data.results", "data.items", "data.data", "data.tasks"]
_LONGEST_CLAIM_S = 86_400 * 365


@dataclass(frozen=True, kw_only=True)
class ApiSwitches:
    """What this deployment's API does, of what deployments do (export contract, section 2).

    `demands` names what every request must carry: a `nonce` that was not used before, a `run_id`. `paging` is how a
    list of the task API says how it goes on; page numbers are always accepted, cursors where they are offered
    (`cursor`, `next_url`). `envelope` is the field that a list's rows come under. A claim holds for `claim_ttl_s`
    seconds. Raises UsageError for a value that is not known.
    """

    demands: tuple[Demand, ...] = ()
    paging: PagingMode = "cursor"
    envelope: Envelope = "results"
    claim_ttl_s: float = 900.0

    def __post_init__(self) -> None:
        for chosen, kind in (
            (self.paging, PagingMode),
            (self.envelope, Envelope),
            *((d, Demand) for d in self.demands),
        ):
            if chosen not in get_args(kind):
                raise UsageError(f"{chosen!r} is not one of {', '.join(get_args(kind))}")
        if not 0 < self.claim_ttl_s <= _LONGEST_CLAIM_S:
            raise UsageError(f"a claim lasts more than 0 and at most {_LONGEST_CLAIM_S} seconds: {self.claim_ttl_s}")


@dataclass(frozen=True, kw_only=True)
class ArenaSettings:
    """Where an arena keeps its rows and whom it serves.

    `port` 0 picks a free one. The websites and the event service listen on loopback, whatever `host` says: on
    production's ports if `production_ports`, else on free ones. `key` is demanded by the export as the query parameter
    `key`, `token` as a bearer token by the whole API; the tokens in the database are as good. Without any, nothing is
    demanded on loopback, and an arena for other machines does not start. `latency_ms` is waited before each answer of
    the API, to stand in for a distant server. `model` is a folder that `score-model train` wrote, for `/api/score`.
    `websites` names those of plug-ins that are served beside the arena's own. All servers answer to loopback's names,
    to `host` and to `allowed_hosts`, which are names without a port.
    """

    database: Path
    host: str = "127.0.0.1"
    port: int = 0
    key: str | None = field(default=None, repr=False)
    token: str | None = field(default=None, repr=False)
    latency_ms: float = 0.0
    production_ports: bool = False
    api: ApiSwitches = ApiSwitches()
    model: Path | None = None
    websites: tuple[str, ...] = ()
    allowed_hosts: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not 0 <= self.port <= 65535:
            raise UsageError(f"port must be between 0 and 65535: {self.port}")
        if not 0 <= self.latency_ms <= 60_000:
            raise UsageError(f"latency must be between 0 and 60000 ms: {self.latency_ms}")

    @property
    def sites_database(self) -> Path:
        """Where the websites keep state and events: a file beside the database, so that browsing leaves it alone."""
        return self.database.with_name(f"{self.database.stem}.sites.sqlite")


def is_loopback(host: str) -> bool:
    """Whether `host` is `localhost` or a loopback address; other names are not, whatever they resolve to."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
