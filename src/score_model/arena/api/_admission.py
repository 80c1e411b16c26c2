"""Who may ask: the wait, the bearer token, the export's key, and what the deployment demands of each request."""

import asyncio
import hmac
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

from litestar import Request
from sqlalchemy import Engine

from score_model.arena._answers import RefusedError
from score_model.arena._query import missing_parameter, parameters_of
from score_model.arena._settings import ArenaSettings, Demand, is_loopback
from score_model.arena.api._nonces import Nonces
from score_model.arena.api._tokens import TokenBook, digest_of
from score_model.errors import UsageError

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
        self.nonces = Nonces()
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
        """Wait as long as the settings say, then let the caller in; raises RefusedError 401 without a valid token."""
        if self._settings.latency_ms:
            await asyncio.sleep(self._settings.latency_ms / 1000)
        stored = self._book.digests()
        if not (self._always or stored):
            return
        scheme, _, given = request.headers.get("authorization", "").partition(" ")
        digest = digest_of(given.strip())
        known = self._own is not None and hmac.compare_digest(digest, self._own)
        if scheme.lower() != "bearer" or not (known or digest in stored):
            challenge = {"WWW-Authenticate": "Bearer"}
            raise RefusedError(401, "invalid_token", "A valid bearer token is required", challenge)

    def check_key(self, parameters: Mapping[str, str]) -> None:
        """Raises InvalidQueryError (422) without the key that the settings demand, RefusedError 403 with another."""
        wanted = self._settings.key
        if wanted is None:
            return
        if "key" not in parameters:
            raise missing_parameter("key")
        if not hmac.compare_digest(parameters["key"].encode("utf-8", "surrogatepass"), wanted.encode()):
            raise RefusedError(403, "invalid_key", "The API key is not valid")

    @asynccontextmanager
    async def enter(self, request: Request[Any, Any, Any]) -> AsyncIterator[Mapping[str, str]]:
        """The parameters of a GET whose caller is let in, and who sent what is demanded.

        Raises RefusedError 400, 401 or 409, InvalidQueryError. What refuses the request inside gives its nonce back.
        """
        await self.admit(request)
        parameters = parameters_of(request.scope["query_string"])
        nonce = self.demanded_nonce(parameters)
        if nonce is None:
            yield parameters
            return
        self.nonces.take(nonce, request)
        try:
            yield parameters
        except Exception:
            self.nonces.give_back(nonce, request)
            raise

    def demanded_nonce(self, given: Mapping[str, object]) -> str | None:
        """The nonce of a query, body or form, where one is demanded; raises RefusedError 400 if it lacks a demand."""
        demands = self._settings.api.demands
        values = {demand: _value(given, demand) for demand in demands}
        if missing := [demand for demand in demands if values[demand] is None]:
            raise RefusedError(400, f"{missing[0]}_required", f"This deployment demands: {', '.join(missing)}")
        return values.get("nonce")


def _value(given: Mapping[str, object], demand: Demand) -> str | None:
    for name in _SPELLINGS[demand]:
        value = given.get(name)
        if isinstance(value, str) and 0 < len(value) <= _MAX_DEMANDED:
            return value
    return None
