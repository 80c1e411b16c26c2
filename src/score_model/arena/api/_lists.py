"""Lists, newest first: by page numbers or by cursor, under the envelope and with the hints of the deployment."""

import base64
import binascii
import hashlib
import hmac
import re
import secrets as random
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any
from urllib.parse import parse_qsl, quote, urlencode

import msgspec
from litestar import Request, Response
from msgspec import Meta
from sqlalchemy import ColumnElement, Connection, Engine, Table, func, select, tuple_
from sqlalchemy.dialects.sqlite import insert

from score_model.arena._settings import ApiSwitches, PagingMode
from score_model.arena.database.engine import writing
from score_model.arena.database.tables import secrets
from score_model.web import JSON, RefusedError

CURSOR_MODES: frozenset[PagingMode] = frozenset(("cursor", "next_url"))
_COUNTING_MODES: frozenset[PagingMode] = frozenset(("page", "cursor", "total"))
_NOT_REPEATED = ("nonce", "run_id", "runId", "key", "page", "cursor")
_CURSOR_LENGTH = 40
_HOST = re.compile(r"[A-Za-z0-9.:\[\]-]{1,255}", re.ASCII)
_PLACE = struct.Struct(">qq")
_MAC_BYTES = 14  # with the place 30 bytes: base64 without padding, so that each cursor has one spelling


class ListQuery(msgspec.Struct, frozen=True, kw_only=True):
    """A page of a list, by its number."""

    page: Annotated[int, Meta(ge=1, le=2**31 - 1, description="Which page.")] = 1
    page_size: Annotated[int, Meta(ge=1, le=200, description="Rows of a page.")] = 50


class Cursors:
    """Makes and reads cursors: places in one list, signed with a key that stays with the database."""

    def __init__(self, engine: Engine) -> None:
        name = "cursor"
        with writing(engine) as connection:
            row = {"name": name, "value": random.token_bytes(32)}
            connection.execute(insert(secrets).on_conflict_do_nothing(index_elements=["name"]), row)
            self._key: bytes = connection.execute(select(secrets.c.value).where(secrets.c.name == name)).scalar_one()

    def make(self, place: tuple[int, int], listed: object) -> str:
        """The cursor behind `place` (created_us, number) in the list that `listed` identifies."""
        packed = _PLACE.pack(*place)
        return base64.urlsafe_b64encode(packed + self._mac(packed, listed)).decode()

    def read(self, cursor: str, listed: object) -> tuple[int, int]:
        """The place; raises RefusedError 422 for anything but a cursor of this list."""
        if len(cursor) != _CURSOR_LENGTH:
            raise _invalid_cursor()
        try:
            raw = base64.b64decode(cursor, altchars=b"-_", validate=True)
        except (ValueError, binascii.Error):
            raise _invalid_cursor() from None
        packed, mac = raw[: _PLACE.size], raw[_PLACE.size :]
        if not hmac.compare_digest(mac, self._mac(packed, listed)):
            raise _invalid_cursor()
        created, number = _PLACE.unpack(packed)
        return created, number

    def _mac(self, packed: bytes, listed: object) -> bytes:
        signed = packed + msgspec.json.encode(listed)
        return hashlib.blake2b(signed, key=self._key, digest_size=_MAC_BYTES).digest()


def _invalid_cursor() -> RefusedError:
    problem: dict[str, object] = {"loc": ["query", "cursor"], "msg": "No cursor of this list", "type": "value_error"}
    return RefusedError(422, "invalid_cursor", [problem])


@dataclass(frozen=True)
class Span:
    """Which rows of a list are asked for: a page by its number from 1, or what follows a place."""

    page: int
    page_size: int
    after: tuple[int, int] | None


@dataclass(frozen=True)
class FoundRows:
    """Rows of a list, whether more follow, how many there are (None: not counted), and the place of the last one."""

    rows: Sequence[Any]
    more: bool
    total: int | None
    last: tuple[int, int] | None


class Lists:
    """The lists of one deployment."""

    def __init__(self, switches: ApiSwitches, engine: Engine) -> None:
        self._switches = switches
        self._cursors = Cursors(engine)

    def span_of(self, query: ListQuery, parameters: Mapping[str, str], listed: object) -> Span:
        """Which rows a query asks for; its cursor is among the parameters. Raises RefusedError 422 for a bad one."""
        after = None
        if cursor := parameters.get("cursor"):
            if self._switches.paging not in CURSOR_MODES:
                raise _invalid_cursor()
            after = self._cursors.read(cursor, listed)
        return Span(query.page, query.page_size, after)

    def find(
        self,
        connection: Connection,
        table: Table,
        columns: Sequence[ColumnElement[Any]],
        where: Sequence[ColumnElement[bool]],
        span: Span,
    ) -> FoundRows:
        """The rows of `table` that a span asks for, newest first; of one instant, the last to arrive first."""
        place = (table.c.created_us, table.c.number)
        query = select(*columns, *(column.label(f"place_{column.name}") for column in place)).where(*where)
        if span.after is not None:
            query = query.where(tuple_(*place) < span.after)
        else:
            query = query.offset((span.page - 1) * span.page_size)
        query = query.order_by(*(column.desc() for column in place)).limit(span.page_size + 1)
        rows = connection.execute(query).all()
        total = None
        if self._switches.paging in _COUNTING_MODES:
            total = connection.execute(select(func.count()).select_from(table).where(*where)).scalar_one()
        more = len(rows) > span.page_size
        rows = rows[: span.page_size]
        last = (rows[-1].place_created_us, rows[-1].place_number) if rows else None
        return FoundRows(rows, more, total, last)

    def answer(
        self, request: Request[Any, Any, Any], items: Sequence[object], found: FoundRows, span: Span, listed: object
    ) -> Response[bytes]:
        """The answer that holds `items`, one for each row that was found."""
        following = self._cursors.make(found.last, listed) if found.more and found.last else None
        hints: dict[str, object] = {}
        headers: dict[str, str] = {}
        match self._switches.paging:
            case "page":
                hints = {"total": found.total, "page": span.page, "page_size": span.page_size, "has_next": found.more}
            case "cursor":
                hints = {"total": found.total, "page_size": span.page_size, "next_cursor": following}
            case "next_url":
                hints = {"next": _url(request, "cursor", following) if following else None}
            case "next_page":
                hints = {"next": span.page + 1 if found.more else None}
            case "link" if found.more:
                headers = {"Link": f'<{_url(request, "page", str(span.page + 1))}>; rel="next"'}
            case "total":
                hints = {"total": found.total}
        outer, _, field = self._switches.envelope.rpartition(".")
        body: dict[str, object] = {field: items, **hints}
        return Response(msgspec.json.encode({outer: body} if outer else body), media_type=JSON, headers=headers)


def _url(request: Request[Any, Any, Any], name: str, value: str) -> str:
    """The request's own URL, asking for what follows; without its origin if the Host header is a strange one."""
    given = parse_qsl(request.scope["query_string"].decode("latin-1"), keep_blank_values=True)
    kept = [pair for pair in given if pair[0] not in _NOT_REPEATED]
    path = quote(request.scope["path"])
    host = request.headers.get("host", "")
    origin = f"{request.scope['scheme']}://{host}" if _HOST.fullmatch(host) else ""
    return f"{origin}{path}?{urlencode([*kept, (name, value)])}"
