"""When a request is sent again, and after how long."""

import logging
import re
from datetime import UTC
from email.utils import parsedate_to_datetime

from score_model.client._settings import RetryPolicy

# Overload and failures that a later attempt can outlast; every other status from 500 up joins them.
RETRIED_STATUSES = frozenset({408, 425, 429})
# Answers by which a server says that it has not begun to process the request: even a POST may be sent again.
UNPROCESSED_STATUSES = frozenset({425, 429, 503})
_SECONDS = re.compile(r"[0-9]+(?:\.[0-9]*)?")
_LONGEST_SECONDS_TEXT = 12


class AttemptFailedError(Exception):
    """One attempt failed in a way that another may not; the text is redacted and says what was seen.

    `retry_after_s` is what the server asked for; `unsent` means that the server can't have processed the request.
    """

    def __init__(self, seen: str, *, retry_after_s: float | None = None, unsent: bool = False) -> None:
        super().__init__(seen)
        self.seen = seen
        self.retry_after_s = retry_after_s
        self.unsent = unsent


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


class WaitBeforeRetry:
    """stamina's hook: whether an error is worth another attempt, and the wait where the server named one."""

    def __init__(self, policy: RetryPolicy, *, repeatable: bool) -> None:
        """`repeatable` says whether the request may be processed twice; if not, only unprocessed ones are repeated."""
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


class OwnRetriesFilter(logging.Filter):
    """Drops stamina's own record of our retries: the session logs each one itself, with its request and reason.

    Other code in the process that uses stamina keeps its records.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        """Return whether the record is somebody else's."""
        return not str(getattr(record, "stamina.caused_by", "")).startswith(AttemptFailedError.__name__)


QUIET_STAMINA = OwnRetriesFilter()
