"""Bearer tokens: shown once, kept as their SHA-256."""

import hashlib
import re
import secrets
from dataclasses import dataclass

from sqlalchemy import Engine, delete, select
from sqlalchemy.dialects.sqlite import insert

from score_model.arena._settings import Clock
from score_model.arena._storage import writing
from score_model.arena._tables import tokens
from score_model.errors import UsageError

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}", re.ASCII)


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
