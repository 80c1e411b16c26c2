"""How patiently something that takes its time is asked about."""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from score_model.errors import UsageError


@dataclass(frozen=True, slots=True, kw_only=True)
class PollPolicy:
    """Wait `first_s` after the first look, then `factor` times longer each time up to `cap_s`; give up at `timeout_s`.

    All in seconds. Each wait is shortened at random by up to the share `jitter`, so that waiting clients do not ask in
    step. Raises UsageError for bounds that make no sense.
    """

    first_s: float = 1.0
    factor: float = 1.5
    cap_s: float = 15.0
    jitter: float = 0.2
    timeout_s: float = 600.0

    def __post_init__(self) -> None:
        if not (0 < self.first_s <= self.cap_s < float("inf") and 1 <= self.factor < float("inf")):
            raise UsageError("waits between looks must be above 0 and must not shrink")
        if not (0 <= self.jitter < 1 and 0 < self.timeout_s < float("inf")):
            raise UsageError("the time to wait for a verdict must be above 0 seconds")

    def waits_s(self, random: Random) -> Iterator[float]:
        """Yield the seconds to wait before the second look, the third, and so on, for ever."""
        wait = self.first_s
        while True:
            yield wait * (1 - self.jitter * random.random())
            wait = min(self.cap_s, wait * self.factor)
