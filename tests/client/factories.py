"""Sessions for tests: as in production, but with waits of milliseconds and a clock that stands still."""

from typing import Any

import msgspec

from score_model.client import ApiSession, ClientSettings, RetryPolicy

NOW = 1_763_000_000.0
QUICK = RetryPolicy(attempts=3, wait_initial_s=0.001, wait_max_s=0.002, wait_jitter_s=0.001, max_retry_after_s=2.0)


def quick_session(base_url: str, **changes: Any) -> ApiSession:
    """Return a session with quick retries, no rate cap and a clock that shows `NOW`."""
    settings = {"retry": QUICK, "max_requests_per_second": 0.0, "timeout_s": 5.0, **changes}
    return ApiSession(ClientSettings(base_url=base_url, **settings), clock=lambda: NOW)


def decode_json(body: bytes) -> Any:
    """Return any JSON value."""
    return msgspec.json.decode(body)
