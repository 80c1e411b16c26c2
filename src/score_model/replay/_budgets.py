"""The budgets of one solution: what it may take of time, actions, bytes of pages and events."""

from collections.abc import Callable

from score_model.replay._settings import ReplaySettings

_MOST_ACTIONS = 9_999  # steps that a trace can hold


class Budgets:
    """What is left, and which budgets were hit.

    Time and actions end the replay. Bytes of pages and events only end what is recorded of it: the verdict does not
    depend on how much a page is worth keeping.
    """

    def __init__(self, settings: ReplaySettings, now: Callable[[], float]) -> None:
        """`now` is a clock in seconds; the time runs from here."""
        self._now = now
        self._ends = now() + settings.solution_budget_s
        self._actions = min(settings.max_actions or _MOST_ACTIONS, _MOST_ACTIONS)
        self._page_bytes = settings.snapshot_bytes_budget
        self._events = settings.events_budget
        self._hit: dict[str, None] = {}

    @property
    def hit(self) -> tuple[str, ...]:
        """The names of the budgets that were hit, in that order: time, actions, snapshot_bytes, events."""
        return tuple(self._hit)

    @property
    def left_s(self) -> float:
        """Seconds that are left, at least 0."""
        return max(0.0, self._ends - self._now())

    def allow_action(self, index: int) -> bool:
        """Whether the action with this index may be done."""
        if index >= self._actions:
            self._hit["actions"] = None
        elif self.left_s == 0:
            self._hit["time"] = None
        else:
            return True
        return False

    def allow_page(self) -> bool:
        """Whether another page may be recorded."""
        if self._page_bytes <= 0:
            self._hit["snapshot_bytes"] = None
        return self._page_bytes > 0

    def spend_page(self, html: str | None) -> None:
        """Count a page that was recorded."""
        if html is not None:
            self._page_bytes -= len(html) if html.isascii() else len(html.encode("utf-8", "surrogatepass"))

    def allow_events(self, count: int) -> int:
        """How many of so many further events may be recorded; they are counted."""
        allowed = min(count, self._events)
        self._events -= allowed
        if allowed < count:
            self._hit["events"] = None
        return allowed
