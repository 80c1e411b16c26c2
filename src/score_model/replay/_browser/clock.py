"""The page's clock: shifted by a constant, so that a replay begins when its solution was made (export contract, 6)."""

from score_model.replay._scripts import read_script
from score_model.replay._settings import ClockMode


def compute_clock_shift_ms(mode: ClockMode, created_us: int | None, now_us: int) -> int:
    """Milliseconds to add to the browser's time; 0 for the mode "now" and where the creation is unknown.

    Both instants are microseconds since 1970-01-01 UTC; `now_us` is when the replay starts.
    """
    if mode == "now" or created_us is None:
        return 0
    return (created_us - now_us) // 1000


def build_clock_script(shift_ms: int) -> str:
    """A script that shifts the time of every page and frame in which it runs first.

    Shifted are Date without arguments, Date.now, Date as a function, what Intl.DateTimeFormat formats when given no
    date, Temporal.Now where the browser has it, and, the other way round, the expiry dates of cookies that the page
    sets, which the browser compares with its own time. Dates that are parsed or built from numbers, timers and
    `performance` are as ever.
    An init script reaches frames (those without an address too) and popups, but no workers: time in a worker is the
    browser's own.
    """
    source = read_script("clock.js").strip().rstrip(";")
    return f"({source})({int(shift_ms)});"
