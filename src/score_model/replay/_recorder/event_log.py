"""What happened in the pages of a replay, action by action, within bounds that no page can exceed."""

import asyncio
import re
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

_OVERHEAD = 60  # bytes of an event besides its texts
_MORE = "…"

MASK = "***"
_WORDS = r"(?:passw|passphrase|pwd|secret|csrf|xsrf|token|authorization|api[_-]?key)"
# Names are at most so long, and a value that was cut off ends with the text: linear time on every text.
_NAME = rf"[\w.\[\]-]{{0,40}}{_WORDS}[\w.\[\]-]{{0,40}}"
_JSON = re.compile(rf'(?i)("{_NAME}"\s{{0,8}}:\s{{0,8}})(?:"(?:[^"\\]|\\.)*+"?|[^\s,{{}}\[\]"]++)')
_FORM = re.compile(rf"(?i)((?:^|[?&])(?:{_NAME})=)[^&#\s]++")
_PART = re.compile(rf'(?i)(name="{_NAME}"[^\r\n]{{0,200}}\r\n(?:[^\r\n]{{1,200}}\r\n){{0,4}}\r\n)[^\r\n]++')


@dataclass(frozen=True, slots=True, kw_only=True)
class RecorderCaps:
    """Bounds of what is recorded; what lies beyond is counted, not kept.

    Per action: `events` of all types, `events_of_type` of each, `event_bytes` of their texts, `bodies` of responses.
    Per event: `text_characters` of a message, `url_characters` of an address, `post_bytes` and `body_bytes` of what
    was sent and answered. Per page: `snapshot_bytes` of HTML. `pages` of a context are watched. Waits are in ms.
    """

    events: int = 1_000
    events_of_type: int = 200
    event_bytes: int = 512 << 10
    bodies: int = 30
    text_characters: int = 1_000
    url_characters: int = 2_000
    post_bytes: int = 4 << 10
    body_bytes: int = 32 << 10
    snapshot_bytes: int = 4 << 20
    pages: int = 16
    attach_ms: int = 3_000
    body_ms: int = 2_000
    snapshot_ms: int = 3_000
    target_ms: int = 1_000
    screenshot_ms: int = 2_000
    screenshot_quality: int = 60


@dataclass(eq=False)
class Event:
    """Something that happened: its documented name, seconds on the loop's clock, the page's number, what happened."""

    type: str
    at: float
    page: int | None
    data: dict[str, Any]


@dataclass
class EventLog:
    """The events since the last take; times are the event loop's."""

    caps: RecorderCaps
    _events: list[Event] = field(default_factory=list)
    _began: float = 0.0
    _index: int | None = None
    _earlier: int = 0  # events in the log that are the previous action's
    _previous: int | None = None
    _bytes: int = 0
    _kept: Counter[str] = field(default_factory=Counter)
    _dropped: Counter[str] = field(default_factory=Counter)
    _mutations: dict[int, Counter[str]] = field(default_factory=dict)

    def begin(self, action_index: int) -> None:
        """An action begins: times count from here."""
        self._previous, self._index = self._index, action_index
        self._earlier = len(self._events)
        self._began = asyncio.get_running_loop().time()

    def add(self, type_: str, page: int | None, data: dict[str, Any], *, by_script: bool = False) -> Event | None:
        """Keep an event; None where the bounds are reached and it is only counted.

        Those that a script caused in a user's place (`by_script`) have a quarter of the type's share, of their own.
        """
        size = _OVERHEAD + sum(len(value) for value in data.values() if isinstance(value, str))
        share, most = type_, self.caps.events_of_type
        if by_script:
            share, most = f"{type_} by script", most // 4
        full = len(self._events) >= self.caps.events or self._kept[share] >= most
        if full or self._bytes + size > self.caps.event_bytes:
            self._dropped[type_] += 1
            return None
        self._bytes += size
        self._kept[share] += 1
        event = Event(type_, asyncio.get_running_loop().time(), page, data)
        self._events.append(event)
        return event

    def drop(self, type_: str, count: int = 1) -> None:
        """Count events that were not kept."""
        self._dropped[type_] += count

    def extend(self, event: Event, **more: Any) -> None:
        """Add to an event that has not been taken yet, if the bounds allow; else what is missing is counted."""
        if event not in self._events:
            return
        size = sum(len(value) for value in more.values() if isinstance(value, str))
        if self._bytes + size > self.caps.event_bytes:
            self._dropped.update(more.keys())
            return
        self._bytes += size
        event.data.update(more)

    def count_mutations(self, page: int, counts: dict[str, int]) -> None:
        """Add to what changed in the documents of a page."""
        self._mutations.setdefault(page, Counter()).update(counts)

    def take(self) -> list[dict[str, Any]]:
        """What happened since the last take, in order, JSON-ready; the log is empty afterwards."""
        taken = [
            {"event_type": event.type, "ms": self._ms(event.at), "page": event.page, "data": event.data}
            | ({"after_action": self._previous} if place < self._earlier else {})
            for place, event in enumerate(self._events)
        ]
        now = self._ms(asyncio.get_running_loop().time())
        for page, counts in sorted(self._mutations.items()):
            taken.append({"event_type": "mutations", "ms": now, "page": page, "data": dict(sorted(counts.items()))})
        if self._dropped:
            dropped = dict(sorted(self._dropped.items()))
            taken.append({"event_type": "truncated", "ms": now, "page": None, "data": {"dropped": dropped}})
        self._events.clear()
        self._earlier = self._bytes = 0
        for counter in (self._kept, self._dropped, self._mutations):
            counter.clear()
        return taken

    def _ms(self, at: float) -> int:
        return round((at - self._began) * 1000)


def cut(text: str, most: int) -> str:
    """The text, of at most `most` characters: a longer one ends in an ellipsis."""
    return text if len(text) <= most else text[: most - 1] + _MORE


def mask_secrets(text: str) -> str:
    """The JSON, form or URL with `***` in place of the values of what is named like a password or a token."""
    text = _JSON.sub(rf'\1"{MASK}"', text)
    text = _FORM.sub(rf"\1{MASK}", text)
    return _PART.sub(rf"\1{MASK}", text)
