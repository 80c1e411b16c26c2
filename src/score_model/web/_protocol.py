"""HTTP/1.1 as uvicorn speaks it with httptools, which bound neither the size of a request's head nor its time."""

import asyncio
from typing import Any, ClassVar

import msgspec
from httptools import HttpParserError
from uvicorn.config import Config
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol
from uvicorn.server import ServerState

from score_model.web._errors import JSON, RefusedError

_EACH_HEADER = 32  # bytes that a header counts beside its own, as in HTTP/2: many empty ones take memory, too
_TOO_LARGE = RefusedError(431, "headers_too_large", "The request's target and headers are too large")
_TOO_SLOW = RefusedError(408, "headers_too_slow", "The headers took too long to come")


class BoundedHttpProtocol(HttpToolsProtocol):
    """One connection, with bounds on a request's head (target and headers) and on connections that ask nothing.

    A head of more than `most_head_bytes` is answered with 431, one that is not complete `head_wait_s` after it began
    with 408, both in JSON as `RefusedError` has it, and the connection is closed. A connection that sends no request is
    closed after the same time; between two requests uvicorn's own, shorter time holds.
    """

    most_head_bytes: ClassVar[int] = 64 * 2**10
    head_wait_s: ClassVar[float] = 10.0
    linger_s: ClassVar[float] = 1.0  # for the client to read why it is refused: closing at once could take it away

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self._in_head = False
        self._head_bytes = 0  # of the current request, trailers too
        self._held_bytes = 0  # that the parser may hold: those that came since it last handed something over
        self._timer: asyncio.TimerHandle | None = None
        self._refusal: RefusedError | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Wait for the first request, but not for ever."""
        super().connection_made(transport)
        self._start_timer()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop waiting."""
        self._stop_timer()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Parse what came, or throw it away if the client is refused already."""
        if self._refusal is not None:
            return
        self._held_bytes += len(data)
        super().data_received(data)
        if self._held_bytes > self.most_head_bytes:
            self._refuse(_TOO_LARGE)
        elif self._timer is None and self._is_idle():
            self._start_timer()

    def on_message_begin(self) -> None:
        """A request begins: it has a time of its own."""
        super().on_message_begin()
        self._stop_timer()
        self._in_head = True
        self._head_bytes = self._held_bytes = 0

    def on_url(self, url: bytes) -> None:
        """A piece of the target."""
        self._count(len(url))
        super().on_url(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        """One header. What comes behind the body is counted and dropped: the request has been admitted by its head."""
        self._count(len(name) + len(value) + _EACH_HEADER)
        if self._in_head:
            super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """The head is there. A target that names a host wins over the header `Host` (RFC 9112, section 3.2.2)."""
        self._in_head = False
        self._stop_timer()
        _, separator, rest = self.url.partition(b"://")
        if separator and not self.url.startswith(b"/"):
            host = rest.partition(b"?")[0].partition(b"/")[0]
            self.headers[:] = [(b"host", host), *(header for header in self.headers if header[0] != b"host")]
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """A piece of the body."""
        self._held_bytes = 0
        super().on_body(body)

    def on_response_complete(self) -> None:
        """Answer what was refused meanwhile: a request that was sent behind others waits for their answers."""
        super().on_response_complete()
        if self._refusal is not None and self._is_idle() and not self.transport.is_closing():
            self._answer(self._refusal)

    def send_400_response(self, msg: str) -> None:
        """Answer what could not be parsed, or was not parsed because it is too large."""
        if self._head_bytes > self.most_head_bytes:
            self._refuse(_TOO_LARGE)
        else:
            super().send_400_response(msg)

    def _count(self, size: int) -> None:
        self._held_bytes = 0
        self._head_bytes += size
        if self._head_bytes > self.most_head_bytes:
            raise HttpParserError("the head is too large")  # ends the parsing; uvicorn answers

    def _is_idle(self) -> bool:
        """Whether no request is being answered."""
        return self.cycle is None or self.cycle.response_complete

    def _refuse(self, refusal: RefusedError) -> None:
        if self._refusal is None:
            self._refusal = refusal
            if self._is_idle():
                self._answer(refusal)

    def _answer(self, refusal: RefusedError) -> None:
        """Write the refusal, and close as soon as the client does, or has had the time to read it."""
        body = msgspec.json.encode(refusal.answer)
        headers = [
            *self.server_state.default_headers,
            (b"content-type", JSON.encode()),
            (b"content-length", b"%d" % len(body)),
            (b"connection", b"close"),
        ]
        lines = [b"%s: %s\r\n" % header for header in headers]
        self.transport.write(b"".join((STATUS_LINE[refusal.status_code], *lines, b"\r\n", body)))
        self.transport.write_eof()
        self._unset_keepalive_if_required()
        self._stop_timer()
        self._timer = self.loop.call_later(self.linger_s, self.transport.close)

    def _start_timer(self) -> None:
        self._timer = self.loop.call_later(self.head_wait_s, self._give_up)

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _give_up(self) -> None:
        self._timer = None
        if self._in_head:
            self._refuse(_TOO_SLOW)
        else:
            self.transport.close()
