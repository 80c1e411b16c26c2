"""Requests to sites and event services: bounded, tried again briefly, and with errors that name whom they concern."""

from collections.abc import Mapping
from dataclasses import dataclass

from score_model.client import AttemptFailedError, RetryPolicy, Transport, retry
from score_model.errors import ContractError, RemoteRefusedError, RemoteUnreachableError, UsageError

# Replays have budgets of time: a `Retry-After` is not waited for here.
_RETRY = RetryPolicy(attempts=3, wait_initial_s=0.1, wait_max_s=0.2, wait_jitter_s=0)
_SHOWN = 160  # characters of what a server says


@dataclass(frozen=True, slots=True, kw_only=True)
class EventLimits:
    """Bounds of one exchange.

    `timeout_s` is of one attempt, `max_bytes` of one answer's body, unpacked; `max_rows` rows of it are kept.
    """

    timeout_s: float = 5.0
    retry: RetryPolicy = _RETRY
    max_bytes: int = 40 << 20
    max_rows: int = 10_000

    def __post_init__(self) -> None:
        if self.timeout_s <= 0:
            raise UsageError("event services need a timeout above 0")
        if self.max_bytes < 1 or self.max_rows < 1:
            raise UsageError("event services need room for at least 1 byte and 1 row")


class EventRequests:
    """One HTTP session. Everything sent may be sent twice: reading, deleting, and putting a site back."""

    def __init__(self, limits: EventLimits) -> None:
        self.limits = limits
        self._transport = Transport(timeout_s=limits.timeout_s)

    async def open(self) -> None:
        """Open the session on the current event loop."""
        await self._transport.__aenter__()

    async def close(self) -> None:
        """Close it."""
        await self._transport.__aexit__(None, None, None)

    async def send(
        self,
        method: str,
        url: str,
        whose: str,
        *,
        headers: Mapping[str, str] | None = None,
        params: Mapping[str, str] | None = None,
    ) -> bytes:
        """Return the body of the answer 2xx. Redirects are not followed: they would carry the identity elsewhere.

        Raises RemoteUnreachableError, RemoteRefusedError or ContractError (the body is too large), naming `whose`.
        """
        limits, asked = self.limits, f"{method} {url}"

        async def attempt(_number: int) -> bytes:
            try:
                reply = await self._transport.send(
                    method, url, params=params, headers=headers, max_body_bytes=limits.max_bytes
                )
            except AttemptFailedError as error:
                raise AttemptFailedError(f"does not answer {asked} ({error.reason})") from None
            except RemoteUnreachableError as error:
                raise RemoteUnreachableError(f"{whose} does not answer {asked} ({error})") from None
            if reply.is_retried:
                raise AttemptFailedError(f"answers {asked} with {reply.status}")
            if not reply.is_success:
                said = _printable(reply.body)
                text = f"{whose} answers {asked} with {reply.status}{f': {said}' if said else ''}"
                raise RemoteRefusedError(text, status=reply.status)
            if reply.cut:
                raise ContractError(f"{whose}: the list of events has over {limits.max_bytes:,} bytes")
            return reply.body

        try:
            return await retry(attempt, limits.retry)
        except AttemptFailedError as error:
            raise RemoteUnreachableError(f"{whose} {error}, {limits.retry.attempts} times") from None


def _printable(body: bytes) -> str:
    text = body.decode("utf-8", "replace")[:_SHOWN]
    return "".join(character if character.isprintable() else " " for character in text).strip()
