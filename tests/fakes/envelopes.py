"""Every way of the export contract's section 2 to wrap a page of rows and to say what comes next."""

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

DIALECTS = ("total_pages", "total", "has_next", "nothing", "next_url", "next_number", "cursor", "link")
ITEM_KEYS = ("data.tasks", "data.results", "data.items", "data.data", "tasks", "results", "items", "data", "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Slice:
    """The rows of one answer and where they stand in the list."""

    rows: list[Any]
    offset: int
    size: int
    total: int
    page: int
    said_limit: int

    @property
    def more(self) -> bool:
        """Whether rows follow."""
        return self.offset + len(self.rows) < self.total


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """How a fake answers a list: the hints' dialect, the key of the rows (`""`: a bare array), the hints' spelling."""

    dialect: str = "total_pages"
    items_key: str = "data.tasks"
    camel: bool = True
    hints_beside_items: bool = True

    def __post_init__(self) -> None:
        assert self.dialect in DIALECTS
        assert self.items_key in ITEM_KEYS

    def wrap(self, part: Slice, url: str, params: Mapping[str, str]) -> tuple[Any, dict[str, str]]:
        """Return the answer's JSON value and headers; `url` and `params` are those of the request."""
        hints, headers = self._hints(part, url, params)
        if self.items_key == "":
            return part.rows, headers
        outer, _, key = self.items_key.rpartition(".")
        if not outer:
            return {"success": True, key: part.rows, **hints}, headers
        if self.hints_beside_items:
            return {"success": True, outer: {key: part.rows, **hints}}, headers
        return {"success": True, outer: {key: part.rows}, **hints}, headers

    def _hints(self, part: Slice, url: str, params: Mapping[str, str]) -> tuple[dict[str, Any], dict[str, str]]:
        following = f"{url}?{urlencode({**params, 'page': str(part.page + 1)})}" if part.more else None
        match self.dialect:
            case "total_pages":
                pages = -(-part.total // part.said_limit)
                name = "totalPages" if self.camel else "total_pages"
                return {"total": part.total, "page": part.page, "limit": part.said_limit, name: pages}, {}
            case "total":
                return {"total": part.total}, {}
            case "has_next":
                return {"hasNext" if self.camel else "has_next": part.more}, {}
            case "next_url":
                return {"next": following, "total": part.total}, {}
            case "next_number":
                return {"next": part.page + 1 if part.more else None}, {}
            case "cursor":
                cursor = encode_cursor(part.offset + len(part.rows)) if part.more else None
                return {"nextCursor" if self.camel else "next_cursor": cursor}, {}
            case "link":
                first = f'<{url}?{urlencode({**params, "page": "1"})}>; rel="first"'
                return {}, {"Link": f'{first}, <{following}>; rel="next"' if following else first}
        return {}, {}


def encode_cursor(offset: int) -> str:
    """Return an opaque text for a place in the list, with characters that a URL must escape."""
    return base64.b64encode(json.dumps({"o": offset, "?": ">~"}).encode()).decode() + "+/="


def decode_cursor(cursor: str) -> int | None:
    """Return the place that a cursor stands for, or None for a text that `encode_cursor` never wrote."""
    try:
        return int(json.loads(base64.b64decode(cursor.removesuffix("+/="), validate=True))["o"])
    except (ValueError, KeyError, TypeError):
        return None
