"""How a site hands its events to the central service: fire and forget, but not without bounds."""

import asyncio
from contextlib import suppress
from types import TracebackType
from typing import Any, Self

import msgspec

from score_model.arena.sites.store import Identity
from score_model.client import AttemptFailedError, Transport
from score_model.errors import RemoteUnreachableError

_MOST_WAITING = 1000  # events
_TIMEOUT_S = 5.0
_DRAIN_S = 2.0
_KEEP_ALIVE_S = 2.0  # well below the service's own, or an event could be posted into a connection that it just closed


class EventForwarder:
    """Posts events to the central service from the background, one after the other, so that their order is kept.

    An async context: outside of it nothing is sent. An event is dropped if the queue is full, if the service does not
    take it within 5 s, or if it is still unsent 2 s after the context's end; `dropped` counts those.
    """

    def __init__(self, events_url: str) -> None:
        self._url = f"{events_url.rstrip('/')}/save_events/"
        self._waiting: asyncio.Queue[bytes] = asyncio.Queue(_MOST_WAITING)
        self._unsent = 0
        self._sending: asyncio.Task[None] | None = None
        self.dropped = 0

    async def __aenter__(self) -> Self:
        self._sending = asyncio.create_task(self._send_all())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._sending is not None
        sending, self._sending = self._sending, None
        try:
            await self.settle()
        finally:
            sending.cancel()
            await asyncio.wait((sending,))
            if not sending.cancelled():
                sending.result()
            self.dropped += self._unsent
            self._unsent = 0

    async def settle(self) -> None:
        """Wait until all events are sent, 2 s at most."""
        with suppress(TimeoutError):
            async with asyncio.timeout(_DRAIN_S):
                await self._waiting.join()

    def forward(self, origin: str, identity: Identity, event: dict[str, Any]) -> None:
        """Send an event, the `data` of its row (`event_name`, `data`, `user_id`, `timestamp`), some time soon."""
        body = {
            "web_agent_id": identity.agent_id,
            "web_url": origin,
            "validator_id": identity.validator_id,
            "data": event,
        }
        if self._sending is None or self._waiting.full():
            self.dropped += 1
            return
        self._waiting.put_nowait(msgspec.json.encode(body))
        self._unsent += 1

    async def _send_all(self) -> None:
        async with Transport(timeout_s=_TIMEOUT_S, keep_alive_s=_KEEP_ALIVE_S) as transport:
            while True:
                body = await self._waiting.get()
                if not await self._send(transport, body):
                    self.dropped += 1
                self._unsent -= 1
                self._waiting.task_done()

    async def _send(self, transport: Transport, body: bytes) -> bool:
        """Return whether the service took an event; it is sent once, for a second time would record it twice."""
        headers = {"Content-Type": "application/json"}
        try:
            reply = await transport.send("POST", self._url, data=body, headers=headers, max_body_bytes=0)
        except (AttemptFailedError, RemoteUnreachableError):
            return False
        return reply.status == 201
