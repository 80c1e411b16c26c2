"""Who may ask: the wait, the bearer token, the export's key, and what the deployment demands of each request."""

import asyncio
import hashlib
import hmac
import re
import secrets
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from threading import Lock
from typing import Any

from litestar import Request
from sqlalchemy import Engine, delete, select
from sqlalchemy.dialects.sqlite import insert

from score_model.arena._settings import ArenaSettings, Clock, Demand, is_loopback
from score_model.arena.database.engine import writing
from score_model.arena.database.tables import tokens
from score_model.errors import UsageError
from score_model.web import RefusedError, missing_parameter, parameters_of

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}", re.ASCII)

_REMEMBERED = 100_000

_MAX_DEMANDED = 200  # characters
_SPELLINGS: dict[Demand, tuple[str, ...]] = {"nonce": ("nonce",), "run_id": ("run_id", "runId")}


@dataclass(frozen=True)
class StoredToken:
    """A token as it is known: its name and when it was made (µs since 1970-01-01 UTC)."""

    name: str
    created_us: int


def create_token(engine: Engine, clock: Clock, name: str) -> str:
    """A new bearer token, which nothing can show again. Raises UsageError if the name is taken or no name."""
    if not _NAME.fullmatch(name):
        raise UsageError("a token's name has 1 to 64 letters, digits, dots, dashes or underscores")
    token = f"arena_{secrets.token_urlsafe(32)}"
    row = {"name": name, "digest": digest_of(token), "created_us": clock()}
    with writing(engine) as connection:
        added = connection.execute(insert(tokens).on_conflict_do_nothing(index_elements=["name"]), row).rowcount
    if not added:
        raise UsageError(f"there is a token named {name!r} already: revoke it first, or choose another name")
    return token


def list_tokens(engine: Engine) -> list[StoredToken]:
    """All tokens, by name."""
    with engine.begin() as connection:
        rows = connection.execute(select(tokens.c.name, tokens.c.created_us).order_by(tokens.c.name))
        return [StoredToken(row.name, row.created_us) for row in rows]


def revoke_token(engine: Engine, name: str) -> None:
    """Forget a token: its next request is refused. Raises UsageError if there is none of that name."""
    with writing(engine) as connection:
        gone = connection.execute(delete(tokens).where(tokens.c.name == name)).rowcount
    if not gone:
        raise UsageError(f"there is no token named {name!r}")


def digest_of(token: str) -> bytes:
    """What is kept of a token."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()


class TokenBook:
    """The digests of the tokens as they are now, for one thread; read again whenever the database has changed."""

    def __init__(self, engine: Engine) -> None:
        self._connection = engine.connect()
        raw = self._connection.connection.cursor()
        self._cursor = raw
        self._version: object = None
        self._digests: frozenset[bytes] = frozenset()

    def close(self) -> None:
        """Give the connection back."""
        self._cursor.close()
        self._connection.close()

    def digests(self) -> frozenset[bytes]:
        """SHA-256 of every token."""
        version = self._cursor.execute("PRAGMA data_version").fetchone()
        if version != self._version:
            self._version = version
            with self._connection.begin():
                self._digests = frozenset(self._connection.execute(select(tokens.c.digest)).scalars())
        return self._digests


class Nonces:
    """Remembers the latest 100,000, for as long as the arena runs. May be used by several threads."""

    def __init__(self) -> None:
        self._holders: dict[str, object] = {}
        self._lock = Lock()

    def take(self, nonce: str, holder: object) -> None:
        """Use a nonce up for a request, which may take it again; raises RefusedError 409 if another one did."""
        with self._lock:
            if self._holders.setdefault(nonce, holder) is not holder:
                raise RefusedError(409, "nonce_reused", "This nonce was used before")
            if len(self._holders) > _REMEMBERED:
                del self._holders[next(iter(self._holders))]

    def give_back(self, nonce: str, holder: object) -> None:
        """Make a nonce good again: the request that took it was refused."""
        with self._lock:
            if self._holders.get(nonce) is holder:
                del self._holders[nonce]


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
