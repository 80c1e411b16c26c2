"""What a session is told: where, as whom, how fast and how patiently."""

from dataclasses import dataclass, field
from typing import Final

import yarl

from score_model.client._redaction import MASK
from score_model.client._retry import RetryPolicy
from score_model.errors import UsageError


class Secret:
    """A credential that prints as `***`; only `reveal()` gives the text."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        """Keep `text`.

        Raises UsageError, without showing it, if it is empty or no header could carry it.
        """
        if not text.strip():
            raise UsageError("a credential is empty; leave it unset instead")
        if not text.isprintable() or not text.isascii() or text != text.strip():
            raise UsageError("a credential contains spaces at an end or characters that no header can carry")
        self._text: Final = text

    def reveal(self) -> str:
        """Return the credential itself."""
        return self._text

    def __repr__(self) -> str:
        return MASK

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._text == self._text

    def __hash__(self) -> int:
        return hash((Secret, self._text))


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientSettings:
    """Everything a session needs to know; credentials never show in its repr.

    `base_url` is the API's root (or, for the leaderboard, also its endpoint); every request stays on its origin.
    `timeout_s` bounds one attempt from connect to the last byte. `max_requests_per_second` of 0 means no cap.
    Raises UsageError for a URL that is not plain http(s) and for bounds that make no sense.
    """

    base_url: str
    bearer_token: Secret | None = None
    api_key: Secret | None = None
    run_id: str | None = None
    timeout_s: float = 60.0
    connect_timeout_s: float = 10.0
    concurrency: int = 4
    max_requests_per_second: float = 20.0
    max_body_bytes: int = 256 * 1024 * 1024
    retry: RetryPolicy = field(default_factory=RetryPolicy)

    def __post_init__(self) -> None:
        parse_base_url(self.base_url)
        if self.concurrency < 1:
            raise UsageError("--concurrency must be at least 1")
        if not 0 <= self.max_requests_per_second < float("inf"):
            raise UsageError("--max-requests-per-second must be 0 (no cap) or more")
        if min(self.timeout_s, self.connect_timeout_s) <= 0 or self.max_body_bytes < 1:
            raise UsageError("timeouts and the body limit must be above 0")

    def secrets(self) -> tuple[str, ...]:
        """Return the literal credentials, for redaction."""
        return tuple(secret.reveal() for secret in (self.bearer_token, self.api_key) if secret is not None)


def parse_base_url(text: str) -> yarl.URL:
    """Return the base URL of an API, without a trailing slash.

    Raises UsageError, without repeating what may be a credential, for anything but plain http(s)://host[:port][/path].
    """
    try:
        url = yarl.URL(text)
        port = url.port
    except ValueError:
        raise UsageError("the base URL is not a valid URL; write https://host[:port][/path]") from None
    if url.scheme not in ("http", "https") or not url.host or not port or not text.isprintable() or " " in text:
        raise UsageError("the base URL must be http:// or https:// with a host, such as https://host/api")
    if url.user is not None or url.password is not None:
        raise UsageError("the base URL must not contain a user name or password; credentials come from the environment")
    if url.raw_query_string or url.raw_fragment:
        raise UsageError("the base URL must not contain a query or fragment; the key comes from the environment")
    return url.with_path(url.raw_path.rstrip("/"), encoded=True)
