"""Where the time of a replay went."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager


class Timings:
    """Seconds by phase, on a clock that is passed in."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._began = now()
        self._phases: dict[str, float] = {}
        self.last = 0.0

    @property
    def total(self) -> float:
        """Seconds since the beginning."""
        return round(self._now() - self._began, 4)

    @contextmanager
    def phase(self, name: str) -> Iterator[None]:
        """Add the time of the block to the phase; it is also `last`."""
        began = self._now()
        try:
            yield
        finally:
            self.last = self._now() - began
            self._phases[name] = self._phases.get(name, 0.0) + self.last

    def seconds(self) -> dict[str, float]:
        """Seconds by phase, and `total`."""
        return {name: round(seconds, 4) for name, seconds in self._phases.items()} | {"total": self.total}
