"""HTTP without retries: a pool whose requests are sent once, end within bounds, and fail with errors of ours."""

import errno
import os
from collections.abc import Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Self

import aiohttp
import yarl
from aiohttp.http_exceptions import HttpProcessingError

from score_model.client._retry import AttemptFailedError, is_retried
from score_model.errors import RemoteUnreachableError

# Everything that the transport raises; aiohttp lets some of its parser's errors through as they are.
TRANSPORT_ERRORS = (aiohttp.ClientError, HttpProcessingError, TimeoutError, OSError)
# An error's text is at its beginning; the rest of an error body is not waited for.
_LONGEST_ERROR_BODY = 64 * 1024


@dataclass(frozen=True, slots=True)
class Reply:
    """One HTTP answer. Its decompressed body is read to the end, or is `cut` at the limit."""

    status: int
    body: bytes
    cut: bool
    link: str
    location: str | None
    retry_after: str | None

    @property
    def is_success(self) -> bool:
        """Whether the status is 2xx."""
        return 200 <= self.status < 300

    @property
    def is_retried(self) -> bool:
        """Whether the status is worth another attempt."""
        return is_retried(self.status)


class Transport:
    """One pool of HTTP connections, without cookies; an async context, and not for more than one event loop.

    `timeout_s` bounds one request from connect to the last byte, `connect_timeout_s` its part until a connection is
    there; `headers` go with every request.
    """

    def __init__(
        self,
        *,
        timeout_s: float,
        connect_timeout_s: float | None = None,
        connections: int = 100,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        """Open nothing yet."""
        self._timeout_s = timeout_s
        self._connect_timeout_s = connect_timeout_s
        self._connections = connections
        self._headers = headers
        self._pool: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        self._pool = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=self._connections),
            timeout=aiohttp.ClientTimeout(total=self._timeout_s, connect=self._connect_timeout_s),
            headers=self._headers,
            # A hostile server keeps no state here, and cookies of one answer never change another.
            cookie_jar=aiohttp.DummyCookieJar(),
            read_bufsize=2**18,
            middlewares=(_send_once,),
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._pool is not None:
            await self._pool.close()
            self._pool = None

    async def send(
        self,
        method: str,
        url: yarl.URL | str,
        *,
        max_body_bytes: int,
        params: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        data: aiohttp.Payload | None = None,
    ) -> Reply:
        """Return the answer, whatever its status; a redirect is one too, and not followed.

        At most `max_body_bytes` of the body are kept, of an error's at most 64 KiB; with 0 it isn't waited for. Raises
        AttemptFailedError where no whole answer came, RemoteUnreachableError for a certificate that can't be trusted.
        """
        if self._pool is None:
            raise RuntimeError("an HTTP session is used outside of its `async with`")
        try:
            async with self._pool.request(
                method, url, params=params, headers=headers, data=data, allow_redirects=False
            ) as response:
                return await _read_reply(response, max_body_bytes)
        except TRANSPORT_ERRORS as error:
            failure = describe_failure(error, timeout_s=self._timeout_s)
        # Raised outside of the handler: aiohttp's exceptions hold the request's URL and headers.
        raise failure


async def _read_reply(response: aiohttp.ClientResponse, max_body_bytes: int) -> Reply:
    useful = 200 <= response.status < 300
    limit = max_body_bytes if useful else min(max_body_bytes, _LONGEST_ERROR_BODY)
    chunks = []
    size = 0
    if limit > 0:
        async for chunk in response.content.iter_any():
            chunks.append(chunk)
            size += len(chunk)
            if size > limit:
                break
    return Reply(
        status=response.status,
        body=b"".join(chunks)[:limit],
        cut=size > limit,
        link=", ".join(response.headers.getall("Link", [])),
        location=response.headers.get("Location"),
        retry_after=response.headers.get("Retry-After"),
    )


async def _send_once(request: aiohttp.ClientRequest, send: aiohttp.ClientHandlerType) -> aiohttp.ClientResponse:
    """Middleware that keeps aiohttp from sending a request a second time by itself when a connection breaks.

    Every request must pass the rate cap, be counted and carry a nonce of its own, so ours are the only retries.
    """
    try:
        return await send(request)
    except aiohttp.ClientConnectorError:
        raise  # aiohttp doesn't repeat these
    except (aiohttp.ClientOSError, aiohttp.ServerDisconnectedError) as error:
        failure = describe_failure(error)
    raise failure


def describe_failure(error: BaseException, *, timeout_s: float = 0.0) -> AttemptFailedError | RemoteUnreachableError:
    """Return our error for what the transport raised; its text names no URL, only host and port.

    A certificate that can't be trusted is final. `unsent` is set where no connection came about.
    """
    if isinstance(error, aiohttp.ClientConnectorCertificateError):
        return RemoteUnreachableError(f"the certificate of {error.host}:{error.port} can't be verified")
    if isinstance(error, aiohttp.ClientConnectorError):
        reason = _reason(error.os_error)
        return AttemptFailedError(f"cannot connect to {error.host}:{error.port} ({reason})", reason=reason, unsent=True)
    if isinstance(error, aiohttp.ConnectionTimeoutError):
        return AttemptFailedError("no connection in time", unsent=True)
    if isinstance(error, TimeoutError):
        return AttemptFailedError(f"no complete answer within {timeout_s:g} s")
    if isinstance(error, aiohttp.ClientPayloadError | HttpProcessingError):
        return AttemptFailedError("the body broke off or was garbled")
    if isinstance(error, aiohttp.ServerDisconnectedError):
        return AttemptFailedError("the server closed the connection without an answer")
    if isinstance(error, aiohttp.ClientResponseError):
        return AttemptFailedError("the answer is not HTTP")
    if isinstance(error, OSError):
        return AttemptFailedError(f"the connection broke ({_reason(error)})")
    return AttemptFailedError(f"the connection failed ({type(error).__name__})")


def _reason(error: OSError) -> str:
    if error.errno is not None and error.errno in errno.errorcode:
        return os.strerror(error.errno)
    return "unknown host" if type(error).__name__ == "gaierror" else type(error).__name__
