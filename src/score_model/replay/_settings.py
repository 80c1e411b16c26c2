"""How a replay is done: patience, budgets, and the world that the browser pretends to be in."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

from score_model.errors import UsageError

ClockMode = Literal["recorded", "now"]

_TIMEZONE = re.compile(r"[A-Za-z][A-Za-z0-9_+-]*(?:/[A-Za-z0-9_+-]+){0,2}")
_LOCALE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3}")
_LONGEST_NAME = 64
_MOST_PARALLEL = 64
_LONGEST_MS = 600_000
_LONGEST_SOLUTION_S = 3_600.0
_MOST_PIXELS = 8_192


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplaySettings:
    """Everything that a replay is told besides its sites. Raises UsageError for values that make no sense.

    `parallel` solutions are replayed at a time, in a browser that is replaced after `recycle_after` of them. An element
    is waited for `element_timeout_ms`, a navigation `navigation_timeout_ms`. After an action the page is at rest once
    nothing has moved for `idle_quiet_ms`, and is taken to be after `idle_cap_ms`; backend events that are still on
    their way after the last action are waited for up to `late_events_ms`.

    Budgets of one solution: `solution_budget_s` seconds, `max_actions` actions (None: all), `snapshot_bytes_budget`
    bytes of pages, `events_budget` events of the pages.

    `clock` "recorded" makes the page's time begin at the solution's creation. `timezone` is an IANA name, `viewport`
    width and height in CSS px. `browser` is an executable, None looks for one.
    """

    parallel: int = 2
    recycle_after: int = 50
    element_timeout_ms: int = 2_000
    navigation_timeout_ms: int = 10_000
    idle_quiet_ms: int = 120
    idle_cap_ms: int = 3_000
    late_events_ms: int = 1_500
    solution_budget_s: float = 60.0
    max_actions: int | None = None
    snapshot_bytes_budget: int = 64 << 20
    events_budget: int = 20_000
    clock: ClockMode = "recorded"
    timezone: str = "UTC"
    locale: str = "en-US"
    viewport: tuple[int, int] = (1280, 900)
    screenshots: bool = False
    uncompressed: bool = False
    browser: Path | None = None

    def __post_init__(self) -> None:
        if not 1 <= self.parallel <= _MOST_PARALLEL:
            raise UsageError(f"--parallel must be between 1 and {_MOST_PARALLEL}: {self.parallel}")
        if self.max_actions is not None and self.max_actions < 1:
            raise UsageError(f"--max-actions must be at least 1: {self.max_actions}")
        if self.clock not in get_args(ClockMode):
            raise UsageError(f"--clock must be one of {', '.join(get_args(ClockMode))}: {self.clock!r}")
        # Whether the zone exists only the browser knows: not every system has a list of them.
        if len(self.timezone) > _LONGEST_NAME or not _TIMEZONE.fullmatch(self.timezone):
            raise UsageError(f"--timezone must be an IANA name such as Europe/Berlin: {self.timezone[:80]!r}")
        if len(self.locale) > _LONGEST_NAME or not _LOCALE.fullmatch(self.locale):
            raise UsageError(f"the locale must be a language tag such as en-US: {self.locale[:80]!r}")
        self._check_waits()
        self._check_budgets()

    def _check_waits(self) -> None:
        for name in ("element_timeout_ms", "navigation_timeout_ms", "idle_quiet_ms", "idle_cap_ms"):
            if not 1 <= getattr(self, name) <= _LONGEST_MS:
                raise UsageError(f"{name} must be between 1 and {_LONGEST_MS} ms: {getattr(self, name)}")
        if not 0 <= self.late_events_ms <= _LONGEST_MS:
            raise UsageError(f"late_events_ms must be between 0 and {_LONGEST_MS} ms: {self.late_events_ms}")
        if self.idle_quiet_ms > self.idle_cap_ms:
            raise UsageError(f"idle_quiet_ms ({self.idle_quiet_ms}) must not exceed idle_cap_ms ({self.idle_cap_ms})")

    def _check_budgets(self) -> None:
        if not 0 < self.solution_budget_s <= _LONGEST_SOLUTION_S:
            raise UsageError(
                f"solution_budget_s must be above 0 and at most {_LONGEST_SOLUTION_S:g} s: {self.solution_budget_s}"
            )
        for name in ("recycle_after", "snapshot_bytes_budget", "events_budget"):
            if getattr(self, name) < 1:
                raise UsageError(f"{name} must be at least 1: {getattr(self, name)}")
        if not all(1 <= pixels <= _MOST_PIXELS for pixels in self.viewport):
            raise UsageError(f"a viewport is between 1 and {_MOST_PIXELS} px wide and high: {self.viewport}")
