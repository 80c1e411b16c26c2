"""Requests to sites and event services: bounded, tried again briefly, and with errors that name whom they concern."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass

import aiohttp
from aiohttp.http_exceptions import HttpProcessingError

from score_model.errors import ContractError, RemoteRefusedError, RemoteUnreachableError, UsageError

_TRANSPORT_ERRORS = (aiohttp.ClientError, HttpProcessingError, TimeoutError, OSError)
_RETRIED = frozenset((408, 425, 429))
_SHOWN = 160  # characters of what a server says
_LONGEST_REFUSAL = 64 << 10


@dataclass(frozen=True, slots=True, kw_only=True)
class EventLimits:
    """Bounds of one exchange. A request is sent up to `attempts` times, `wait_s` apart, then twice that, and so on.

    `timeout_s` is of one attempt, `max_bytes` of one answer's body, unpacked; `max_rows` rows of it are kept.
    """

    timeout_s: float = 5.0
    attempts: int = 3
    wait_s: float = 0.1
    max_bytes: int = 40 << 20
    max_rows: int = 10_000

    def __post_init__(self) -> None:
        if not (self.timeout_s > 0 and self.attempts >= 1 and self.wait_s >= 0):
            raise UsageError("event services need a timeout above 0 and at least 1 attempt")
        if self.max_bytes < 1 or self.max_rows < 1:
            raise UsageError("event services need room for at least 1 byte and 1 row")


class EventRequests:
    """One HTTP session. Everything sent may be sent twice: reading, deleting, and putting a site back."""

    def __init__(self, limits: EventLimits) -> None:
        self.limits = limits
        self._session: aiohttp.ClientSession | None = None

    async def open(self) -> None:
        """Open the session on the current event loop."""
        self._session = aiohttp.ClientSession(
            cookie_jar=aiohttp.DummyCookieJar(),
            timeout=aiohttp.ClientTimeout(total=self.limits.timeout_s),
        )

    async def close(self) -> None:
        """Close it."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def send(
        self,
        method: str,
        url: str,
        whose: str,
        *,
        headers: Mapping[str, str] | None = None,
        params: Mapping[str, str] | None = None,
    ) -> bytes:
        """The body of the answer 2xx. Redirects are not followed: they would carry the identity elsewhere.

        Raises RemoteUnreachableError, RemoteRefusedError or ContractError (the body is too large), naming `whose`.
        """
        limits, seen = self.limits, ""
        for attempt in range(limits.attempts):
            if attempt:
                await asyncio.sleep(limits.wait_s * 2 ** (attempt - 1))
            try:
                status, body = await self._exchange(method, url, whose, headers, params)
            except _TRANSPORT_ERRORS as error:
                seen = f"does not answer {method} {url} ({_reason(error, limits.timeout_s)})"
                continue
            if 200 <= status < 300:
                return body
            seen = f"answers {method} {url} with {status}"
            if status < 500 and status not in _RETRIED:
                said = "".join(c if c.isprintable() else " " for c in body.decode("utf-8", "replace")[:_SHOWN]).strip()
                raise RemoteRefusedError(f"{whose} {seen}{f': {said}' if said else ''}", status=status)
        raise RemoteUnreachableError(f"{whose} {seen}, {limits.attempts} times")

    async def _exchange(
        self,
        method: str,
        url: str,
        whose: str,
        headers: Mapping[str, str] | None,
        params: Mapping[str, str] | None,
    ) -> tuple[int, bytes]:
        assert self._session is not None, "event sources are used inside their context"
        body = bytearray()
        async with self._session.request(
            method, url, headers=headers, params=params, allow_redirects=False
        ) as response:
            useful = 200 <= response.status < 300
            async for chunk in response.content.iter_any():
                body += chunk
                if len(body) > (self.limits.max_bytes if useful else _LONGEST_REFUSAL):
                    if useful:
                        raise ContractError(f"{whose}: the list of events has over {self.limits.max_bytes:,} bytes")
                    break
            return response.status, bytes(body)


def _reason(error: BaseException, timeout_s: float) -> str:
    if isinstance(error, aiohttp.ClientConnectorError):
        return error.os_error.strerror or "unknown host"
    if isinstance(error, TimeoutError):
        return f"not within {timeout_s:g} s"
    return "the connection broke" if isinstance(error, OSError | aiohttp.ClientError) else "not HTTP"
