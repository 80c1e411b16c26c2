"""Who may ask: the wait, the bearer token, the export's key, and what the deployment demands of each request."""

import asyncio
import hmac
from collections.abc import Mapping
from typing import Any

from litestar import Request
from sqlalchemy import Engine

from score_model.arena._query import missing_parameter
from score_model.arena._settings import ArenaSettings, Demand, is_loopback
from score_model.arena.api._errors import ApiError
from score_model.arena.api._tokens import TokenBook, digest_of
from score_model.errors import UsageError

_REMEMBERED_NONCES = 100_000
_MAX_DEMANDED = 200  # characters
_SPELLINGS: dict[Demand, tuple[str, ...]] = {"nonce": ("nonce",), "run_id": ("run_id", "runId")}


class Admission:
    """Admits requests, on the event loop's thread."""

    def __init__(self, settings: ArenaSettings, engine: Engine) -> None:
        """Raises UsageError if other machines can reach the host and there is no token to demand."""
        self._settings = settings
        self._book = TokenBook(engine)
        self._own = digest_of(settings.token) if settings.token else None
        self._always = self._own is not None or not is_loopback(settings.host)
        self._nonces: dict[str, None] = {}
        if self._always and self._own is None and not self._book.digests():
            self.close()
            raise UsageError(
                f"{settings.host!r} can be reached from other machines: make a bearer token "
                "(score-model arena token NAME, or set SCORE_MODEL_ARENA_TOKEN), or use --host 127.0.0.1"
            )

    def close(self) -> None:
        """Give up the connection."""
        self._book.close()

    async def admit(self, request: Request[Any, Any, Any]) -> None:
        """Wait as long as the settings say, then let the caller in; raises ApiError 401 without a valid token."""
        if self._settings.latency_ms:
            await asyncio.sleep(self._settings.latency_ms / 1000)
        stored = self._book.digests()
        if not (self._always or stored):
            return
        scheme, _, given = request.headers.get("authorization", "").partition(" ")
        digest = digest_of(given.strip())
        known = self._own is not None and hmac.compare_digest(digest, self._own)
        if scheme.lower() != "bearer" or not (known or digest in stored):
            raise ApiError(401, "invalid_token", "A valid bearer token is required")

    def check_key(self, parameters: Mapping[str, str]) -> None:
        """Raises InvalidQueryError (422) without the key that the settings demand, ApiError 403 with another."""
        wanted = self._settings.key
        if wanted is None:
            return
        if "key" not in parameters:
            raise missing_parameter("key")
        if not hmac.compare_digest(parameters["key"].encode("utf-8", "surrogatepass"), wanted.encode()):
            raise ApiError(403, "invalid_key", "The API key is not valid")

    def check_demands(self, given: Mapping[str, object]) -> None:
        """Raises ApiError 400 if the query, body or form lacks what is demanded, 409 for a nonce that was used before.

        The latest 100,000 nonces are remembered.
        """
        demands = self._settings.api.demands
        if not demands:
            return
        values = {demand: _value(given, demand) for demand in demands}
        if missing := [demand for demand in demands if values[demand] is None]:
            raise ApiError(400, f"{missing[0]}_required", f"This deployment demands: {', '.join(missing)}")
        nonce = values.get("nonce")
        if nonce is not None:
            if nonce in self._nonces:
                raise ApiError(409, "nonce_reused", "This nonce was used before")
            if len(self._nonces) >= _REMEMBERED_NONCES:
                del self._nonces[next(iter(self._nonces))]
            self._nonces[nonce] = None


def _value(given: Mapping[str, object], demand: Demand) -> str | None:
    for name in _SPELLINGS[demand]:
        value = given.get(name)
        if isinstance(value, str) and 0 < len(value) <= _MAX_DEMANDED:
            return value
    return None
