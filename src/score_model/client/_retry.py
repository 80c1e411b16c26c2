"""The retry policy of everything that talks HTTP: what is sent again, how often, and after how long."""

import logging
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import TypeVar

import stamina

from score_model.errors import UsageError

T = TypeVar("T")

RETRY_AFTER_CAP_S = 60.0
"""The longest `Retry-After` that is waited for by default; a longer one ends the request."""

# Overload and failures that a later attempt can outlast; every other status from 500 up joins them.
RETRIED_STATUSES = frozenset({408, 425, 429})
# Answers by which a server says that it has not begun to process the request: even a POST may be sent again.
UNPROCESSED_STATUSES = frozenset({425, 429, 503})
_SECONDS = re.compile(r"[0-9]+(?:\.[0-9]*)?")
_LONGEST_SECONDS_TEXT = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryPolicy:
    """How often and how patiently a request is sent again; all times in seconds.

    Attempt n + 1 follows after `min(wait_max_s, wait_initial_s * 2 ** (n - 1) + jitter)`, or after the `Retry-After`
    that the server asked for, if that is at most `max_retry_after_s`; a longer one ends the request.
    """

    attempts: int = 6
    wait_initial_s: float = 0.25
    wait_max_s: float = 15.0
    wait_jitter_s: float = 0.5
    max_retry_after_s: float = RETRY_AFTER_CAP_S

    def __post_init__(self) -> None:
        if self.attempts < 1:
            raise UsageError("a request needs at least 1 attempt")
        if min(self.wait_initial_s, self.wait_max_s, self.wait_jitter_s, self.max_retry_after_s) < 0:
            raise UsageError("waits between attempts must not be negative")


class AttemptFailedError(Exception):
    """One attempt failed in a way that another may not; the text is redacted and says what was seen.

    `reason` is the cause alone, for a message that names the server itself. `retry_after_s` is what the server asked
    for; `unsent` means that the server can't have processed the request.
    """

    def __init__(
        self, seen: str, *, reason: str | None = None, retry_after_s: float | None = None, unsent: bool = False
    ) -> None:
        super().__init__(seen)
        self.reason = seen if reason is None else reason
        self.retry_after_s = retry_after_s
        self.unsent = unsent


async def retry(attempt: Callable[[int], Awaitable[T]], policy: RetryPolicy, *, repeatable: bool = True) -> T:
    """Return what `attempt` returns, which is called with its number from 1 on until it succeeds or `policy` ends it.

    Only AttemptFailedError leads to another attempt; the last one is raised. `repeatable` says whether the request may
    be processed twice; if not, only unprocessed ones are repeated.
    """
    logging.getLogger("stamina").addFilter(_QUIET_STAMINA)
    async for stamina_attempt in stamina.retry_context(
        on=_WaitBeforeRetry(policy, repeatable=repeatable),
        attempts=policy.attempts,
        timeout=None,  # bounded by attempts, each of which is bounded by its own timeout and max_retry_after_s
        wait_initial=policy.wait_initial_s,
        wait_max=policy.wait_max_s,
        wait_jitter=policy.wait_jitter_s,
    ):
        with stamina_attempt:
            return await attempt(stamina_attempt.num)
    raise AssertionError("stamina ends with a result or with the last attempt's error")


def is_retried(status: int) -> bool:
    """Return whether a status is worth another attempt: 408, 425, 429 and every 5xx."""
    return status in RETRIED_STATUSES or status >= 500


def parse_retry_after(value: str | None, *, now: float) -> float | None:
    """Return the seconds that a `Retry-After` header asks to wait, or None if it is absent or unreadable.

    Both forms of RFC 9110, section 10.2.3: seconds, or an HTTP date, which is compared with `now` (seconds since the
    epoch). A date in the past is 0; a number of absurd length is infinite.
    """
    if value is None:
        return None
    text = value.strip()
    if text.isascii() and _SECONDS.fullmatch(text):
        return float(text) if len(text) <= _LONGEST_SECONDS_TEXT else float("inf")
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    try:
        return max(0.0, moment.timestamp() - now)
    except (ValueError, OverflowError):
        return None


class _WaitBeforeRetry:
    """stamina's hook: whether an error is worth another attempt, and the wait where the server named one."""

    def __init__(self, policy: RetryPolicy, *, repeatable: bool) -> None:
        self._policy = policy
        self._repeatable = repeatable

    def __call__(self, error: Exception) -> bool | float:
        """Return False to give up, True for the usual backoff, or seconds to wait."""
        if not isinstance(error, AttemptFailedError) or not (self._repeatable or error.unsent):
            return False
        asked = error.retry_after_s
        if not asked:
            return True
        return False if asked > self._policy.max_retry_after_s else asked


class _OwnRetriesFilter(logging.Filter):
    """Drops stamina's own record of our retries: the session logs each one itself, with its request and reason.

    Other code in the process that uses stamina keeps its records.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        """Return whether the record is somebody else's."""
        return not str(getattr(record, "stamina.caused_by", "")).startswith(AttemptFailedError.__name__)


_QUIET_STAMINA = _OwnRetriesFilter()
