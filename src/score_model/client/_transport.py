"""What happens below HTTP: reading a body within bounds, and naming what went wrong without aiohttp's URLs."""

import errno
import os
from dataclasses import dataclass

import aiohttp
import yarl
from aiohttp.http_exceptions import HttpProcessingError

from score_model.client._retry import AttemptFailedError
from score_model.errors import RemoteUnreachableError

# Everything that the transport raises; aiohttp lets some of its parser's errors through as they are.
TRANSPORT_ERRORS = (aiohttp.ClientError, HttpProcessingError, TimeoutError, OSError)
# An error's text is at its beginning; the rest of an error body is not waited for.
_LONGEST_ERROR_BODY = 64 * 1024


@dataclass(frozen=True, slots=True)
class Reply:
    """One HTTP answer, read to its end. `url` is what was asked, without credentials."""

    status: int
    body: bytes
    url: yarl.URL
    link: str
    location: str | None
    retry_after: str | None


async def read_reply(response: aiohttp.ClientResponse, url: yarl.URL, *, max_body_bytes: int) -> Reply:
    """Return the answer with its (decompressed) body.

    Raises RemoteUnreachableError once a body exceeds `max_body_bytes`: sending the request again would not help.
    """
    useful = 200 <= response.status < 300
    limit = max_body_bytes if useful else _LONGEST_ERROR_BODY
    chunks = []
    size = 0
    async for chunk in response.content.iter_any():
        chunks.append(chunk)
        size += len(chunk)
        if size > limit:
            if useful:
                raise RemoteUnreachableError(f"the answer is larger than the {limit:,} bytes that are accepted")
            break
    return Reply(
        status=response.status,
        body=b"".join(chunks)[:limit],
        url=url,
        link=", ".join(response.headers.getall("Link", [])),
        location=response.headers.get("Location"),
        retry_after=response.headers.get("Retry-After"),
    )


async def send_once(request: aiohttp.ClientRequest, send: aiohttp.ClientHandlerType) -> aiohttp.ClientResponse:
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
        return AttemptFailedError(f"cannot connect to {error.host}:{error.port} ({reason})", unsent=True)
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
