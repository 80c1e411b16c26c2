"""The same `Idempotency-Key` never makes two: what it made first is answered again."""

import hashlib
from collections.abc import Callable
from typing import Any

import msgspec
from litestar import Request, Response
from sqlalchemy import Connection, bindparam, insert, select

from score_model.arena.database.tables import answers
from score_model.web import JSON, RefusedError

MAX_KEY = 255
_FIND = select(answers.c.fingerprint, answers.c.body).where(answers.c.key == bindparam("of"))
_INSERT = insert(answers)
HEADER = "Idempotency-Key"
REPLAYED = "Idempotency-Replayed"


def key_of(request: Request[Any, Any, Any]) -> str | None:
    """The request's key; raises RefusedError 422 unless it has 1 to 255 printable ASCII characters."""
    key = request.headers.get(HEADER)
    if key is not None and not (0 < len(key) <= MAX_KEY and key.isascii() and key.isprintable()):
        wanted = f"1 to {MAX_KEY} printable ASCII characters"
        problem: dict[str, object] = {"loc": ["header", HEADER], "msg": wanted, "type": "value_error"}
        raise RefusedError(422, "invalid_idempotency_key", [problem])
    return key


def fingerprint(purpose: str, *parts: object) -> bytes:
    """What tells one request from another, whatever the order of keys in its JSON: 32 bytes."""
    encoded = msgspec.json.encode((purpose, *parts), order="deterministic")
    return hashlib.blake2b(encoded, digest_size=32).digest()


def answer_once(
    connection: Connection, now: int, key: str | None, print_: bytes, make: Callable[[], bytes]
) -> tuple[bytes, bool]:
    """What `make` answers, or what it answered under this key before, and whether that is so.

    Runs inside a writing transaction. Raises RefusedError 422 if the key belongs to another request.
    """
    if key is None:
        return make(), False
    found = connection.execute(_FIND, {"of": key}).one_or_none()
    if found is not None:
        if found.fingerprint != print_:
            raise RefusedError(422, "idempotency_key_reused", f"This {HEADER} was used for another request")
        return found.body, True
    body = make()
    row = {"key": key, "fingerprint": print_, "created_us": now, "body": body}
    connection.execute(_INSERT, row)
    return body, False


def answered(body: bytes, replayed: bool, status: int) -> Response[bytes]:
    """The answer to a POST that is safe to repeat."""
    headers = {REPLAYED: "true"} if replayed else None
    return Response(body, status_code=status, media_type=JSON, headers=headers)
