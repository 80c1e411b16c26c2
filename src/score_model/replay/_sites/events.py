"""Clients of both kinds of event service, and of the sites' reset hooks (export contract, section 5)."""

import asyncio
from collections.abc import Collection
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

import msgspec

from score_model.checks import BackendEvent, parse_event
from score_model.errors import ContractError, RemoteUnreachableError
from score_model.replay._identity import ReplayIdentity
from score_model.replay._sites.events_http import EventLimits, EventRequests
from score_model.replay._sites.site import Site

_POLLS = 4  # looks within the time that an event may still take
_SHORTEST_POLL_S = 0.02


@dataclass(frozen=True, slots=True)
class RecordedEvents:
    """What a service has recorded for one identity, oldest first.

    `rows` are the service's own objects, `events` what they hold. `dropped` counts rows that were left out: the oldest
    beyond the limit, and any that is no readable object.
    """

    rows: tuple[dict[str, Any], ...] = ()
    events: tuple[BackendEvent, ...] = ()
    dropped: int = 0


class EventSource:
    """The backend events of one site. Not for more than one event loop; as many identities at a time as one likes.

    Its methods raise RemoteUnreachableError where the site or the service gives no usable answer after every attempt,
    RemoteRefusedError where it refuses, and ContractError for an answer that is too large; each names the site.
    """

    def __init__(self, site: Site, requests: EventRequests) -> None:
        self.site = site
        self._requests = requests

    async def reset(self, identity: ReplayIdentity) -> None:
        """Put the site back, where it has a hook for that, and forget the identity's events."""
        site = self.site
        if site.reset is not None:
            await self._requests.send("POST", f"{site.url}{site.reset}", site.name, headers=identity.headers)
        if site.event_service == "central":
            await self._requests.send(
                "DELETE", f"{site.events_url}/reset_events/", self._central_name, params=self._asked(identity)
            )
        elif site.event_service == "site":
            await self._requests.send("DELETE", f"{site.url}/events/reset/", site.name, headers=identity.headers)

    async def events(self, identity: ReplayIdentity) -> RecordedEvents:
        """The events so far; none for a site that records none."""
        site = self.site
        if site.event_service == "none":
            return RecordedEvents()
        if site.event_service == "central":
            body = await self._requests.send(
                "GET", f"{site.events_url}/get_events/", self._central_name, params=self._asked(identity)
            )
            return _decoded(body, self._central_name, self._requests.limits.max_rows)
        body = await self._requests.send("GET", f"{site.url}/events/list/", site.name, headers=identity.headers)
        return _decoded(body, site.name, self._requests.limits.max_rows)

    @property
    def _central_name(self) -> str:
        return f"the event service of {self.site.name}"

    def _asked(self, identity: ReplayIdentity) -> dict[str, str]:
        """Pages post their events under the origin that the browser sees, which is the recorded one."""
        return {
            "web_url": self.site.recorded_origin,
            "web_agent_id": identity.agent_id,
            "validator_id": identity.validator_id,
        }


class EventSources:
    """The event sources of all sites over one HTTP session; an async context."""

    def __init__(self, limits: EventLimits | None = None) -> None:
        self._requests = EventRequests(limits or EventLimits())

    async def __aenter__(self) -> Self:
        await self._requests.open()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._requests.close()

    def of(self, site: Site) -> EventSource:
        """The source of a site."""
        return EventSource(site, self._requests)


async def await_late_events(
    source: EventSource,
    identity: ReplayIdentity,
    *,
    cap_ms: int,
    expected: Collection[str] = (),
) -> RecordedEvents:
    """The events after the last action, once no more are to come: to be called when the page has come to rest.

    Waits until none has arrived for the site's `late_events_ms` and at most `cap_ms` milliseconds in all. An event
    name in `expected` that has not been seen is waited for up to the cap. Raises as `EventSource.events` does.
    """
    now = asyncio.get_running_loop().time
    quiet_s, started = source.site.late_events_ms / 1000, now()
    poll_s = max(quiet_s / _POLLS, _SHORTEST_POLL_S)
    known = await source.events(identity)
    changed = started
    while quiet_s > 0:
        missing = set(expected).difference(event.name for event in known.events)
        ends = started + cap_ms / 1000
        if not missing:
            ends = min(ends, changed + quiet_s)
        if now() >= ends:
            break
        await asyncio.sleep(min(poll_s, max(0.0, ends - now())))
        seen = await source.events(identity)
        if seen.rows != known.rows:
            known, changed = seen, now()
    return known


def _decoded(body: bytes, whose: str, most: int) -> RecordedEvents:
    """The rows of an answer, which has the newest first; of too many the newest are kept."""
    try:
        raws = msgspec.json.decode(body, type=list[msgspec.Raw])
    except RecursionError:
        raise ContractError(f"{whose}: the list of events is nested too deeply") from None
    except (msgspec.MsgspecError, UnicodeError):
        raise RemoteUnreachableError(f"{whose}: what it answers is no list of events") from None
    rows: list[dict[str, Any]] = []
    dropped = max(0, len(raws) - most)
    for raw in reversed(raws[:most]):
        try:
            rows.append(msgspec.json.decode(raw, type=dict[str, Any]))
        except (msgspec.MsgspecError, UnicodeError, RecursionError):
            dropped += 1
    events = (parse_event(row) for row in rows)
    return RecordedEvents(tuple(rows), tuple(event for event in events if event is not None), dropped)
