"""Event sources: where the backend events of sites are read (export contract, section 5; docs/extending.md)."""

import asyncio
from collections.abc import Callable, Collection, Coroutine, Iterable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Protocol, Self

import msgspec

from score_model.checks import BackendEvent, parse_event
from score_model.errors import ContractError, RemoteError, RemoteUnreachableError, UsageError
from score_model.plugins import load_plugin
from score_model.printable import one_line
from score_model.replay._identity import ReplayIdentity
from score_model.replay._sites.events_http import EventLimits, EventRequests
from score_model.replay._sites.site import Site

_POLLS = 4  # looks within the time that an event may still take
_SHORTEST_POLL_S = 0.02


@dataclass(frozen=True, slots=True)
class RecordedEvents:
    """What a source has recorded for one identity, oldest first.

    `rows` are the source's own objects, `events` what they hold. `dropped` counts rows that were left out: the oldest
    beyond the limit, and any that is no readable object.
    """

    rows: tuple[dict[str, Any], ...] = ()
    events: tuple[BackendEvent, ...] = ()
    dropped: int = 0

    @classmethod
    def from_rows(cls, rows: Iterable[Mapping[str, Any]], dropped: int = 0) -> "RecordedEvents":
        """Return the events of rows, oldest first: objects with `event_name` and `data`, ready for JSON."""
        kept = tuple(dict(row) for row in rows)
        events = (parse_event(row) for row in kept)
        return cls(kept, tuple(event for event in events if event is not None), dropped)


class EventSource(Protocol):
    """Where backend events are read, for all sites whose `event_service` names it; an async context.

    One object serves a whole run, on one event loop, for many identities at a time. What goes wrong is a RemoteError
    (the service does not answer, or refuses) or a ContractError (what it has is too much for one solution).
    """

    async def __aenter__(self) -> Self: ...

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None, /
    ) -> bool | None: ...

    async def reset(self, site: Site, identity: ReplayIdentity) -> None:
        """Forget the events of an identity, which is about to begin. The site's own hook has been called."""
        ...

    async def events(self, site: Site, identity: ReplayIdentity) -> RecordedEvents:
        """Return the events of an identity so far."""
        ...


class _HttpEventSource:
    """What the built-in sources share: bounded requests."""

    def __init__(self, limits: EventLimits) -> None:
        self._requests = EventRequests(limits)

    async def __aenter__(self) -> Self:
        await self._requests.open()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._requests.close()

    def _decode(self, body: bytes, whose: str) -> RecordedEvents:
        """Return the rows of an answer, which has the newest first; of too many the newest are kept."""
        try:
            raws = msgspec.json.decode(body, type=list[msgspec.Raw])
        except RecursionError:
            raise ContractError(f"{whose}: the list of events is nested too deeply") from None
        except (msgspec.MsgspecError, UnicodeError):
            raise RemoteUnreachableError(f"{whose}: what it answers is no list of events") from None
        most = self._requests.limits.max_rows
        rows: list[dict[str, Any]] = []
        dropped = max(0, len(raws) - most)
        for raw in reversed(raws[:most]):
            try:
                rows.append(msgspec.json.decode(raw, type=dict[str, Any]))
            except (msgspec.MsgspecError, UnicodeError, RecursionError):
                dropped += 1
        return RecordedEvents.from_rows(rows, dropped)


class CentralEventSource(_HttpEventSource):
    """`central`: one service, at the site's `events_url`, keeps the events of many sites."""

    async def reset(self, site: Site, identity: ReplayIdentity) -> None:
        """Delete the identity's events of this site."""
        params = _central_query(site, identity)
        await self._requests.send("DELETE", f"{site.events_url}/reset_events/", _name_service(site), params=params)

    async def events(self, site: Site, identity: ReplayIdentity) -> RecordedEvents:
        """Return the identity's events of this site."""
        whose, params = _name_service(site), _central_query(site, identity)
        return self._decode(
            await self._requests.send("GET", f"{site.events_url}/get_events/", whose, params=params), whose
        )


class PerSiteEventSource(_HttpEventSource):
    """`site`: the site keeps its own events."""

    async def reset(self, site: Site, identity: ReplayIdentity) -> None:
        """Delete the identity's events."""
        await self._requests.send("DELETE", f"{site.url}/events/reset/", site.name, headers=identity.headers)

    async def events(self, site: Site, identity: ReplayIdentity) -> RecordedEvents:
        """Return the identity's events."""
        body = await self._requests.send("GET", f"{site.url}/events/list/", site.name, headers=identity.headers)
        return self._decode(body, site.name)


class NoEventSource(_HttpEventSource):
    """`none`: the site records none."""

    async def reset(self, site: Site, identity: ReplayIdentity) -> None:
        """Do nothing."""

    async def events(self, site: Site, identity: ReplayIdentity) -> RecordedEvents:
        """Return none."""
        return RecordedEvents()


_BUILT_IN: dict[str, Callable[[EventLimits], EventSource]] = {
    "central": CentralEventSource,
    "site": PerSiteEventSource,
    "none": NoEventSource,
}


def _name_service(site: Site) -> str:
    return f"the event service of {site.name}"


def _central_query(site: Site, identity: ReplayIdentity) -> dict[str, str]:
    """Pages post their events under the origin that the browser sees, which is the recorded one."""
    return {
        "web_url": site.recorded_origin,
        "web_agent_id": identity.agent_id,
        "validator_id": identity.validator_id,
    }


class PluginEventSource:
    """A plug-in's event source, held to the protocol: bounded in time and size, and its faults are a service's.

    Whatever it raises, and an answer that is none or takes too long, is a RemoteUnreachableError of one line.
    """

    def __init__(self, name: str, limits: EventLimits) -> None:
        """Load it. Raises UsageError, one line, if there is none of this name or it can't be made."""
        make = load_plugin("event_source", name)
        self._name = name
        self._limits = limits
        self._source: Any = None
        try:
            self._context: Any = make()  # type: ignore[operator] # what can't be called is no source, as below
        except Exception as error:
            raise UsageError(f"the event source {name!r} can't be made: {_shown(error)}") from error
        self._require(self._context, "__aenter__", "__aexit__")

    async def __aenter__(self) -> Self:
        try:
            self._source = await self._bounded("does not open", lambda: self._context.__aenter__())
        except RemoteError as error:
            raise UsageError(str(error)) from error
        self._require(self._source, "reset", "events")
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            await self._bounded("does not close", lambda: self._context.__aexit__(kind, error, trace))
        except (RemoteError, ContractError):  # all its events have been read
            return

    async def reset(self, site: Site, identity: ReplayIdentity) -> None:
        """Forget the identity's events."""
        await self._bounded(f"does not reset {site.name}", lambda: self._source.reset(site, identity))

    async def events(self, site: Site, identity: ReplayIdentity) -> RecordedEvents:
        """Return the identity's events, as JSON has them; of too many the newest are kept."""
        what = f"gives no events of {site.name}"
        found = await self._bounded(what, lambda: self._source.events(site, identity))
        if not isinstance(found, RecordedEvents):
            raise self._fault(what, f"but {type(found).__name__}: RecordedEvents are needed")
        try:
            body = msgspec.json.encode(found.rows[-self._limits.max_rows :])
            rows = msgspec.json.decode(body, type=list[dict[str, Any]])
            dropped = int(found.dropped) + len(found.rows) - len(rows)
        except (msgspec.MsgspecError, TypeError, ValueError, OverflowError, RecursionError) as error:
            raise self._fault(what, f"that JSON can hold ({_shown(error)})") from error
        if len(body) > self._limits.max_bytes:
            raise ContractError(f"the event source {self._name!r}: over {self._limits.max_bytes:,} bytes of events")
        return RecordedEvents.from_rows(rows, dropped)

    async def _bounded(self, what: str, call: Callable[[], Coroutine[Any, Any, Any]]) -> Any:
        """Await the call, no longer than a built-in source may take for all of its attempts."""

        async def run() -> Any:
            return await call()

        limit_s = self._limits.timeout_s * self._limits.retry.attempts
        task = asyncio.ensure_future(run())
        try:
            await asyncio.wait([task], timeout=limit_s)
        finally:
            task.cancel()  # it is not waited for: what ignores this holds nobody up
            task.add_done_callback(lambda ended: ended.cancelled() or ended.exception())
        if not task.done():
            raise self._fault(what, f"within {limit_s:g} s")
        if task.cancelled():
            raise self._fault(what, "(it cancelled itself)")
        try:
            return task.result()
        except (RemoteError, ContractError):
            raise
        except Exception as error:
            raise self._fault(what, f"({_shown(error)})") from error

    def _require(self, part: object, *methods: str) -> None:
        missing = [method for method in methods if not callable(getattr(part, method, None))]
        if missing:
            raise UsageError(f"the event source {self._name!r} is none: it has no {' and no '.join(missing)}")

    def _fault(self, what: str, why: str) -> RemoteUnreachableError:
        return RemoteUnreachableError(f"the event source {self._name!r} {what} {why}")


def _shown(error: Exception) -> str:
    return one_line(f"{type(error).__name__}: {error}")


class SiteEvents:
    """The backend events of one site: its source, and its reset hook."""

    def __init__(self, site: Site, source: EventSource, hooks: EventRequests) -> None:
        self.site = site
        self._source = source
        self._hooks = hooks

    async def reset(self, identity: ReplayIdentity) -> None:
        """Put the site back, where it has a hook for that, and forget the identity's events.

        Raises RemoteUnreachableError where the site or the source gives no usable answer after every attempt, and
        RemoteRefusedError where it refuses; each names the site or the source.
        """
        site = self.site
        if site.reset is not None:
            await self._hooks.send("POST", f"{site.url}{site.reset}", site.name, headers=identity.headers)
        await self._source.reset(site, identity)

    async def events(self, identity: ReplayIdentity) -> RecordedEvents:
        """Return the events so far. Raises as `reset` does, and ContractError for an answer that is too large."""
        return await self._source.events(self.site, identity)


class EventSources:
    """The event sources of a run, each opened when a site first needs it; an async context."""

    def __init__(self, limits: EventLimits | None = None) -> None:
        self._limits = limits or EventLimits()
        self._hooks = EventRequests(self._limits)
        self._stack = AsyncExitStack()
        self._open: dict[str, EventSource] = {}
        self._opening = asyncio.Lock()

    async def __aenter__(self) -> Self:
        await self._hooks.open()
        self._stack.push_async_callback(self._hooks.close)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._stack.aclose()

    async def of(self, site: Site) -> SiteEvents:
        """Return the events of a site. Raises UsageError, one line, if its source is a plug-in that can't be used."""
        service = site.event_service
        async with self._opening:
            if service not in self._open:
                built_in = _BUILT_IN.get(service)
                source = built_in(self._limits) if built_in else PluginEventSource(service, self._limits)
                self._open[service] = await self._stack.enter_async_context(source)
        return SiteEvents(site, self._open[service], self._hooks)


async def await_late_events(
    source: SiteEvents,
    identity: ReplayIdentity,
    *,
    cap_ms: int,
    expected: Collection[str] = (),
) -> RecordedEvents:
    """The events after the last action, once no more are to come: to be called when the page has come to rest.

    Waits until none has arrived for the site's `late_events_ms` and at most `cap_ms` milliseconds in all. An event
    name in `expected` that has not been seen is waited for up to the cap. Raises as `SiteEvents.events` does.
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
