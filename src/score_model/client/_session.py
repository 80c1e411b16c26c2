"""One HTTP session with an API: credentials, bounded concurrency and rate, retries, and answers that can be trusted."""

import asyncio
import logging
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import Generic, Self, TypeVar

import yarl
from aiolimiter import AsyncLimiter

from score_model.client._error_body import DECODE_ERRORS, describe_refusal, find_demands
from score_model.client._origin import resolve_path, resolve_reference
from score_model.client._redaction import AnswerMask, redact
from score_model.client._request_body import Body, encode_body
from score_model.client._retry import UNPROCESSED_STATUSES, AttemptFailedError, parse_retry_after, retry
from score_model.client._settings import ClientSettings, parse_base_url
from score_model.client._transport import Reply, Transport
from score_model.contract.urls import read_origin
from score_model.errors import RemoteRefusedError, RemoteUnreachableError

T = TypeVar("T")

_LOG = logging.getLogger("score_model.client")
_FOLLOWED_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_MOST_REDIRECTS = 3
# Requests may leave in bursts of this many seconds' worth, and never less than one: the cap stays smooth.
_BURST_S = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer(Generic[T]):
    """A usable answer: the decoded value, and what travelled beside it.

    `link` is the `Link` header (several joined by commas, empty if none), `url` what was asked, without credentials,
    `requests` how many HTTP requests it took, including repeats and answered demands.
    """

    value: T
    status: int
    link: str
    url: str
    requests: int


@dataclass(slots=True, kw_only=True)
class _Call:
    """One request of the caller, over all the HTTP requests that it takes."""

    method: str
    url: yarl.URL
    body: Body | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    demanded: dict[str, str] = field(default_factory=dict)  # nonce or run_id → the server's spelling of it
    nonces: list[str] = field(default_factory=list)
    attempts: int = 0
    requests: int = 0


class ApiSession:
    """An async context manager around one connection pool; every request stays on the origin of `base_url`.

    What is sent again, with jittered backoff and at most `retry.attempts` times: transport errors, 408, 425, 429, 5xx,
    and success answers that lie (not JSON, truncated, an HTML page, `success: false`, or what `decode` refuses). A POST
    is only sent again where the server can't have processed it (no connection came about, or it answered 425, 429 or
    503), unless an idempotency key goes with it.
    """

    def __init__(self, settings: ClientSettings, *, clock: Callable[[], float]) -> None:
        """Build nothing yet; `clock` gives seconds since the epoch, for `Retry-After` dates."""
        self.settings = settings
        self._clock = clock
        self._base = parse_base_url(settings.base_url)
        self._secrets = settings.secrets()
        self._mask = AnswerMask(self._secrets)
        self._generated_run_id = uuid.uuid4().hex
        self._slots = asyncio.Semaphore(settings.concurrency)
        rate = settings.max_requests_per_second
        burst = max(1.0, rate * _BURST_S)
        self._limiter = AsyncLimiter(burst, burst / rate) if rate else None
        headers = {"Accept": "application/json", "Content-Type": "application/json", "User-Agent": "score-model"}
        if settings.bearer_token is not None:
            headers["Authorization"] = f"Bearer {settings.bearer_token.reveal()}"
        self._transport = Transport(
            timeout_s=settings.timeout_s,
            connect_timeout_s=settings.connect_timeout_s,
            connections=settings.concurrency,
            headers=headers,
        )

    async def __aenter__(self) -> Self:
        await self._transport.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self._transport.__aexit__(kind, error, traceback)

    async def get(
        self, path_or_url: str, params: Mapping[str, str] | None = None, *, decode: Callable[[bytes], T]
    ) -> Answer[T]:
        """Return the decoded answer to a GET.

        `decode` turns the body into a value or raises msgspec's errors or ValueError, which count as an answer that
        lies. Raises RemoteRefusedError for a final 4xx or a redirect off the origin, RemoteUnreachableError when every
        attempt failed, UsageError for a URL off the origin.
        """
        return await self._request(_Call(method="GET", url=self._resolve(path_or_url, params)), decode, repeatable=True)

    async def post(
        self,
        path: str,
        body: Body,
        params: Mapping[str, str] | None = None,
        *,
        decode: Callable[[bytes], T],
        idempotency_key: str | None = None,
    ) -> Answer[T]:
        """Return the decoded answer to a POST of a JSON object or a form; errors as for `get`.

        With `idempotency_key` (sent as `Idempotency-Key`) it is sent again as freely as a GET; without, only where the
        server can't have processed it.
        """
        headers = {} if idempotency_key is None else {"Idempotency-Key": idempotency_key}
        call = _Call(method="POST", url=self._resolve(path, params), body=body, headers=headers)
        return await self._request(call, decode, repeatable=idempotency_key is not None)

    def redact(self, text: str) -> str:
        """Return `text` without this session's credentials."""
        return redact(text, self._secrets)

    def mask_reference(self, reference: str) -> str:
        """Return a server's URL reference without this session's credentials; following it adds them again."""
        return self._mask.reference(reference)

    def _resolve(self, path_or_url: str, params: Mapping[str, str] | None) -> yarl.URL:
        url = resolve_path(self._base, path_or_url)
        return url.update_query(dict(params)) if params else url

    async def _request(self, call: _Call, decode: Callable[[bytes], T], *, repeatable: bool) -> Answer[T]:
        try:
            return await retry(
                lambda number: self._attempt(call, decode, number), self.settings.retry, repeatable=repeatable
            )
        except AttemptFailedError as error:
            failed = error
        # Raised outside of the handler, so that no exception of the transport hangs on to it.
        raise RemoteUnreachableError(self._last_words(call, failed, repeatable=repeatable))

    def _last_words(self, call: _Call, failed: AttemptFailedError, *, repeatable: bool) -> str:
        attempts = f"{call.attempts} attempt{'s' if call.attempts > 1 else ''}"
        text = f"no usable answer from {self._name(call)} after {attempts}: {failed}"
        longest = self.settings.retry.max_retry_after_s
        if failed.retry_after_s is not None and failed.retry_after_s > longest:
            return (
                f"{text}; it asks to wait {failed.retry_after_s:.0f} s, more than the {longest:g} s that are accepted"
            )
        if not repeatable and not failed.unsent:
            return f"{text}; not sent again, because it may have been processed"
        return text

    def _name(self, call: _Call) -> str:
        return self._clean(call, f"{call.method} {call.url}")

    def _clean(self, call: _Call, text: str) -> str:
        return redact(text, (*self._secrets, *call.nonces))

    async def _attempt(self, call: _Call, decode: Callable[[bytes], T], number: int) -> Answer[T]:
        call.attempts = number
        try:
            async with self._slots:
                reply, url = await self._exchange(call)
            return self._accept(call, reply, url, decode)
        except AttemptFailedError as error:
            _LOG.info("attempt %d of %d of %s: %s", number, self.settings.retry.attempts, self._name(call), error)
            raise

    async def _exchange(self, call: _Call) -> tuple[Reply, yarl.URL]:
        """Return a success answer and what was asked for it, without credentials.

        Redirects are followed and demands answered; neither counts as an attempt.
        """
        url = call.url
        redirects = 0
        while True:
            reply = await self._send(call, url)
            if reply.status in _FOLLOWED_REDIRECTS and reply.location:
                url = self._redirected(call, url, reply)
                redirects += 1
                if redirects > _MOST_REDIRECTS:
                    raise self._refusal(call, reply, f"redirected more than {_MOST_REDIRECTS} times")
                continue
            if reply.is_success:
                if reply.cut:  # final: sending the request again would not help
                    limit = self.settings.max_body_bytes
                    raise RemoteUnreachableError(f"the answer is larger than the {limit:,} bytes that are accepted")
                return reply, url
            if 400 <= reply.status < 500 and self._answers_demand(call, reply):
                continue
            said = describe_refusal(reply.body)
            if reply.is_retried:
                raise AttemptFailedError(
                    self._clean(call, f"HTTP {reply.status}{f' ({said})' if said else ''}"),
                    retry_after_s=parse_retry_after(reply.retry_after, now=self._clock()),
                    unsent=reply.status in UNPROCESSED_STATUSES,
                )
            raise self._refusal(call, reply, said)

    async def _send(self, call: _Call, url: yarl.URL) -> Reply:
        extra = self._demanded_values(call)
        query = {} if call.body is not None else extra
        if self.settings.api_key is not None:
            query = {**query, "key": self.settings.api_key.reveal()}
        data, headers = None, call.headers
        if call.body is not None:
            data, content_type = encode_body(call.body, extra)
            headers = {**headers, "Content-Type": content_type}
        if self._limiter is not None:
            await self._limiter.acquire()
        call.requests += 1
        return await self._transport.send(
            call.method,
            url.update_query(query) if query else url,
            data=data,
            headers=headers,
            max_body_bytes=self.settings.max_body_bytes,
        )

    def _demanded_values(self, call: _Call) -> dict[str, str]:
        """Return what the server demanded of this call: one run id for the whole session, a new nonce per request."""
        values = {}
        for name, spelling in call.demanded.items():
            if name == "nonce":
                call.nonces.append(uuid.uuid4().hex)
                values[spelling] = call.nonces[-1]
            else:
                values[spelling] = self.settings.run_id or self._generated_run_id
        return values

    def _answers_demand(self, call: _Call, reply: Reply) -> bool:
        """Note what a 4xx demands; return whether any of it is new, so that the request is worth sending again."""
        new = [spelling for spelling in find_demands(reply.body) if _demand(spelling) not in call.demanded]
        call.demanded.update({_demand(spelling): spelling for spelling in new})
        return bool(new)

    def _redirected(self, call: _Call, url: yarl.URL, reply: Reply) -> yarl.URL:
        """Return the target of a redirect on the same origin; a POST is never redirected."""
        try:
            target = resolve_reference(url, reply.location or "", status=reply.status)
        except RemoteRefusedError as refusal:
            said = str(refusal)
        else:
            if call.method == "GET":
                return target
            said = f"a {call.method} is not redirected, not even within {read_origin(str(target))}"
        raise self._refusal(call, reply, said)

    def _refusal(self, call: _Call, reply: Reply, said: str) -> RemoteRefusedError:
        text = f"{self._name(call)} was refused with HTTP {reply.status}"
        return RemoteRefusedError(self._clean(call, f"{text}: {said}" if said else text), status=reply.status)

    def _accept(self, call: _Call, reply: Reply, url: yarl.URL, decode: Callable[[bytes], T]) -> Answer[T]:
        """Return the decoded answer; raises AttemptFailedError for a success status that lies."""
        body = self._mask.body(reply.body.removeprefix(b"\xef\xbb\xbf"))
        seen = "an HTML page instead of JSON" if body[:512].lstrip().startswith(b"<") else None
        if seen is None:
            try:
                value = decode(body)
            except DECODE_ERRORS as error:
                seen = f"an unusable answer ({describe_refusal(str(error).encode('utf-8', 'replace'))})"
            else:
                if not _says_failure(value):
                    return Answer(
                        value=value, status=reply.status, link=reply.link, url=str(url), requests=call.requests
                    )
                seen = f"success: false ({describe_refusal(body)})"
        raise AttemptFailedError(self._clean(call, f"HTTP {reply.status} with {seen}"))


def _demand(spelling: str) -> str:
    return "nonce" if spelling == "nonce" else "run_id"


def _says_failure(value: object) -> bool:
    success = value.get("success") if isinstance(value, dict) else getattr(value, "success", None)
    return success is False
