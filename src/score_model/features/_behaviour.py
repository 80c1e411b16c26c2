"""What a trace shows of an agent's behaviour, and nothing of what came of it.

A Behaviour has no place for verdicts, checks, tests, identities and instants: what is made from it cannot depend on
them. Pages are kept as counts and texts, not as HTML.
"""

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

import msgspec

from score_model.checks import BackendEvent, parse_event
from score_model.contract import Action, Observation, parse_action
from score_model.features._pages import Change, Page, PageReader
from score_model.traces import BrowserSnapshot, Trace, TraceFooter, TraceHeader, TraceRecord, TraceStep

_WRITES = frozenset(("POST", "PUT", "PATCH", "DELETE"))
_STATIC = frozenset(("image", "stylesheet", "script", "font", "media", "manifest", "texttrack", "ping"))
_STATIC_ENDINGS = (".ico", ".css", ".js", ".png", ".jpg", ".svg", ".woff", ".woff2", ".map")

_MOST_URL = 2_000
_NOT_FOUND = ("no element", "waiting for", "not found")
_BLOCKED = ("not visible", "not enabled", "not editable", "intercepts", "outside of the viewport", "not stable")


class Runtime(msgspec.Struct):
    """Counts of one action. Requests and responses are those for documents and data: files that pages load besides,
    such as pictures, say nothing of the work, and other hosts' are refused by some replays."""

    requests: int = 0
    writes: int = 0
    writes_accepted: int = 0
    writes_redirected: int = 0
    client_errors: int = 0
    server_errors: int = 0
    failed_requests: int = 0
    page_errors: int = 0
    console_errors: int = 0
    navigations: int = 0
    dialogs: int = 0
    popups: int = 0
    downloads: int = 0


def runtime_of(events: Iterable[Any]) -> Runtime:
    """The counts of one action's events. Events of unknown spelling are passed over; never raises."""
    counts = Runtime()
    methods: dict[str, str] = {}
    static: set[str] = set()
    for event in events:
        if not isinstance(event, dict):
            continue
        data = event.get("data")
        if not isinstance(data, dict):
            data = {}
        url, resource = data.get("url"), data.get("resource_type")
        if not isinstance(resource, str):
            resource = ""
        match event.get("event_type"):
            case "request" if isinstance(url, str):
                if resource in _STATIC:
                    static.add(url)
                else:
                    method = data.get("method")
                    methods[url] = method.upper() if isinstance(method, str) else "GET"
                    counts.requests += 1
                    counts.writes += methods[url] in _WRITES
            case "response" if isinstance(url, str):
                if url not in static and not _path(url).endswith(_STATIC_ENDINGS):
                    _answered(counts, methods.get(url), data.get("status"))
            case "requestfailed" if isinstance(url, str):
                counts.failed_requests += resource not in _STATIC
            case "pageerror" | "crash":
                counts.page_errors += 1
            case "console":
                counts.console_errors += data.get("type") == "error"
            case "navigation":
                counts.navigations += 1
            case "dialog":
                counts.dialogs += 1
            case "popup":
                counts.popups += 1
            case "download":
                counts.downloads += 1
    return counts


def _answered(counts: Runtime, method: str | None, status: Any) -> None:
    if isinstance(status, bool) or not isinstance(status, int):
        return
    counts.client_errors += 400 <= status < 500
    counts.server_errors += status >= 500
    if method in _WRITES:
        counts.writes_accepted += status < 400
        counts.writes_redirected += 300 <= status < 400


def _path(url: str) -> str:
    try:
        return urlsplit(url).path.lower()
    except ValueError:
        return ""


class Target(msgspec.Struct, frozen=True):
    """The element that an action was about, as it was before; None where the trace does not tell."""

    found: bool | None = None
    visible: bool | None = None
    enabled: bool | None = None
    tag: str | None = None
    role: str | None = None
    name: str | None = None
    text: str | None = None


class SeenStep(msgspec.Struct, frozen=True, kw_only=True):
    """One action and what it did. `seconds` it took; `events` are the backend events that it added.

    `failure` is None for a success, else "not_found", "blocked" or "other".
    """

    index: int
    action: Action
    success: bool | None
    failure: str | None
    seconds: float | None
    target: Target | None
    url: str | None
    before: Page | None
    after: Page | None
    change: Change | None
    runtime: Runtime
    events: tuple[BackendEvent, ...]


class Behaviour(msgspec.Struct, frozen=True):
    """The steps of a replay in their order, and the backend events that came after the last."""

    steps: tuple[SeenStep, ...] = ()
    late_events: tuple[BackendEvent, ...] = ()

    def events(self) -> list[BackendEvent]:
        """All backend events, oldest first."""
        return [event for step in self.steps for event in step.events] + list(self.late_events)


def behaviour_of(trace: Trace) -> Behaviour:
    """What a whole trace in memory shows."""
    footer = () if trace.footer is None else (trace.footer,)
    return behaviour_of_records((*trace.steps, *footer))


def behaviour_of_records(records: Iterable[TraceRecord]) -> Behaviour:
    """What a trace shows that is read record by record; holds the HTML of one step at a time."""
    reader = PageReader()
    steps: list[SeenStep] = []
    late: tuple[BackendEvent, ...] = ()
    seen = 0
    for record in records:
        match record:
            case TraceHeader():
                continue
            case TraceStep():
                rows = record.browser_snapshot.backend_events
                steps.append(_seen(record, reader, _parsed((rows or ())[seen:])))
                seen = max(seen, len(rows or ()))
            case TraceFooter():
                late = _parsed((record.backend_events or ())[seen:])
    return Behaviour(tuple(steps), late)


def prefix(observation: Observation, behaviour: Behaviour | None, k: int) -> tuple[Observation, Behaviour | None]:
    """An episode that ends after its first `k` actions: its features are those of one that ended there.

    The agent's own record (`trajectory`) tells of the whole episode and is left out of a shorter one.
    """
    if k < 0:
        raise ValueError(f"an episode has no first {k} actions")
    if k >= len(observation.actions):
        return observation, behaviour
    shorter = msgspec.structs.replace(observation, actions=observation.actions[:k], trajectory=None)
    if behaviour is None:
        return shorter, None
    return shorter, Behaviour(tuple(step for step in behaviour.steps if step.index < k))


def _seen(step: TraceStep, reader: PageReader, events: tuple[BackendEvent, ...]) -> SeenStep:
    shot: BrowserSnapshot = step.browser_snapshot
    before, after, change = reader.change(shot.prev_html, shot.current_html)
    failure = _failure(step.success, step.error)
    return SeenStep(
        index=step.action_index,
        action=parse_action(step.action),
        success=step.success,
        failure=failure,
        seconds=step.execution_time,
        target=_target(step, failure),
        url=None if shot.current_url is None else shot.current_url[:_MOST_URL],
        before=before,
        after=after,
        change=change,
        runtime=runtime_of(shot.js_events or ()),
        events=events,
    )


def _failure(success: bool | None, error: str | None) -> str | None:
    if success is not False:
        return None
    lower = (error or "").lower()
    if any(words in lower for words in _BLOCKED):
        return "blocked"
    return "not_found" if any(words in lower for words in _NOT_FOUND) else "other"


def _target(step: TraceStep, failure: str | None) -> Target | None:
    """As recorded; a trace that does not describe targets shows by the error whether there was one."""
    recorded: Any = step.extra.get("target")
    if not isinstance(recorded, dict):
        if "target" in step.extra or getattr(parse_action(step.action), "selector", None) is None:
            return None
        found = {True: True, False: False if failure == "not_found" else None, None: None}[step.success]
        return Target(found=found)
    return Target(
        found=_flag(recorded.get("found")),
        visible=_flag(recorded.get("visible")),
        enabled=_flag(recorded.get("enabled")),
        tag=_text(recorded.get("tag")),
        role=_text(recorded.get("role")),
        name=_text(recorded.get("name")),
        text=_text(recorded.get("text")),
    )


def _flag(value: Any) -> bool | None:
    return value if isinstance(value, bool) else None


def _text(value: Any) -> str | None:
    return value[:200] if isinstance(value, str) else None


def _parsed(rows: Iterable[Any]) -> tuple[BackendEvent, ...]:
    return tuple(event for row in rows if (event := parse_event(row)) is not None)
