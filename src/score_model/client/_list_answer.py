"""Splitting a list answer into raw rows and hints, whichever of the known shapes it has (export contract, 1 and 2)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Union

import msgspec
from msgspec import Raw

from score_model.client._error_body import UnusableAnswerError, describe_refusal

_ITEM_KEYS = ("tasks", "results", "items", "data")
_HINTS: Mapping[str, tuple[str, ...]] = {
    "total": ("total", "totalCount", "total_count"),
    "page": ("page", "currentPage", "current_page"),
    "limit": ("limit", "page_size", "pageSize", "per_page", "perPage"),
    "total_pages": ("totalPages", "total_pages"),
    "has_next": ("has_next", "hasNext"),
    "next": ("next",),
    "next_cursor": ("next_cursor", "nextCursor"),
}
_HINT_OF = {spelling: hint for hint, spellings in _HINTS.items() for spelling in spellings}
_LARGEST_COUNT = 10**15
_COUNT = re.compile(r"[0-9]{1,15}(?:\.0*)?")
# Each match is one JSON string escape; only the last-but-one alternative is half of a surrogate pair on its own.
_ESCAPE = re.compile(
    rb"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\(u[dD][89a-fA-F][0-9a-fA-F]{2})|\\.", re.DOTALL
)
_STAND_IN = b"\x7f\x7f"
_STANDING_IN = re.compile(rb"\x7f\x7f(u[dD][89a-fA-F][0-9a-fA-F]{2})")


# The shapes are told to the decoder, so that one pass over the body checks it, splits it and skips what we don't know.
# Everything but the rows stays raw: a hint may be null, a number as text, or nonsense.
_SCALARS = [(name, Raw, Raw()) for name in ("success", *_HINT_OF)]
_LISTS = [(name, list[Raw] | None, None) for name in _ITEM_KEYS if name != "data"]
_INNER = msgspec.defstruct("_Inner", [*_SCALARS, *_LISTS, ("data", list[Raw] | None, None)], gc=False)
_DATA: object = Union[_INNER, list[Raw], None]  # noqa: UP007 (built at run time, which `|` can't type)
_TOP = msgspec.defstruct("_Top", [*_SCALARS, *_LISTS, ("data", _DATA, None)], gc=False)
_ANSWER: msgspec.json.Decoder[msgspec.Struct | list[Raw]] = msgspec.json.Decoder(Union[_TOP, list[Raw]])  # noqa: UP007


@dataclass(frozen=True, slots=True, kw_only=True)
class PageRequest:
    """What to ask for one page: a path under the base URL (or an absolute URL on the same origin) and parameters.

    `number` is the page's number where pages are numbered, `cursor` the cursor where they are not; both are None for
    a first page that names neither. Credentials are never part of it: the session adds them.
    """

    path: str
    params: Mapping[str, str] = field(default_factory=dict)
    number: int | None = None
    cursor: str | None = None

    def identity(self) -> tuple[str, tuple[tuple[str, str], ...]]:
        """Return what makes two requests the same request."""
        return self.path, tuple(sorted(self.params.items()))

    def describe(self) -> str:
        """Return how a message names this page."""
        if self.number is not None:
            return f"page {self.number}"
        return "the first page" if self.cursor is None else "a page reached by cursor"


@dataclass(frozen=True, slots=True, kw_only=True)
class ListPage:
    """A decoded list answer: its rows exactly as received, and what the server said about the rest of the list.

    `items` are views into the page's body (valid JSON values in UTF-8; they may contain line breaks between tokens) and
    keep that body alive: copy with `bytes(item)` or drop them. A hint that is absent, null or unreadable is None;
    `offered` names the hints that were present, even as null, because `next: null` says more than no `next`.
    `url` is where the page came from, without credentials.
    """

    items: list[msgspec.Raw]
    total: int | None = None
    page: int | None = None
    limit: int | None = None
    total_pages: int | None = None
    has_next: bool | None = None
    next: str | int | None = None
    next_cursor: str | None = None
    link_next: str | None = None
    offered: frozenset[str] = frozenset()
    url: str = ""
    requests: int = 1


def decode_list(body: bytes) -> ListPage:
    """Return the rows (as received) and hints of a list answer.

    Rows are found under `tasks`, `results`, `items` or `data`, at the top or once under `data`, or are the whole answer
    if that is an array. Raises UnusableAnswerError for anything else: not JSON, `success: false`, no rows. The texts in
    a row are not looked at: whoever reads rows finds those that are no valid UTF-8.
    """
    try:
        return _split(body)
    except UnusableAnswerError:
        raise
    except (msgspec.DecodeError, RecursionError) as error:
        if isinstance(error, RecursionError) or b"\\ud" not in body.lower() or _STAND_IN in body:
            raise UnusableAnswerError(f"invalid JSON ({error})"[:200]) from None
    return _split_with_lone_surrogates(body)


def without_lone_surrogates(body: bytes) -> bytes:
    """Return JSON text with each half of a surrogate pair, which strict decoders refuse, replaced by U+FFFD."""
    if b"\\ud" not in body.lower():
        return body
    return _ESCAPE.sub(lambda match: b"\\ufffd" if match[1] else match[0], body)


def _split_with_lone_surrogates(body: bytes) -> ListPage:
    """Split a body whose strings hold half a surrogate pair: valid JSON text that the strict decoder refuses.

    Such halves come from scripts that cut a text inside an emoji. They are stood in for while the body is split and put
    back into their rows, so that one such row costs neither its bytes nor its page.
    """
    shadow = _ESCAPE.sub(lambda match: _STAND_IN + match[1] if match[1] else match[0], body)
    try:
        page = _split(shadow)
    except msgspec.DecodeError as error:
        raise UnusableAnswerError(f"invalid JSON ({error})"[:200]) from None
    items = [Raw(_STANDING_IN.sub(rb"\\\1", bytes(item))) for item in page.items]
    return replace(page, items=items)


def _split(body: bytes) -> ListPage:
    try:
        top = _ANSWER.decode(body)
    except msgspec.ValidationError:
        raise _no_rows(body) from None  # JSON, with something else where rows should be
    if isinstance(top, list):
        return ListPage(items=top)
    if _loose(_raw(top, "success")) in (False, "false"):
        raise UnusableAnswerError(f"success: false ({describe_refusal(body) or 'no reason given'})")
    inner = getattr(top, "data", None)
    levels = [inner, top] if isinstance(inner, msgspec.Struct) else [top]
    hints: dict[str, object] = {}
    offered: set[str] = set()
    for level in levels:
        for spelling, hint in _HINT_OF.items():
            raw = _raw(level, spelling)
            if raw:
                offered.add(hint)
                if hints.get(hint) is None:
                    hints[hint] = _loose(raw)
    total = _count(hints.get("total"))
    items = _rows(levels)
    if items is None and total != 0:
        raise _no_rows(body)
    return ListPage(
        items=items or [],
        total=total,
        page=_count(hints.get("page")),
        limit=_count(hints.get("limit")),
        total_pages=_count(hints.get("total_pages")),
        has_next=_flag(hints.get("has_next")),
        next=_next(hints.get("next")),
        next_cursor=_cursor(hints.get("next_cursor")),
        offered=frozenset(offered),
    )


def _no_rows(body: bytes) -> UnusableAnswerError:
    said = describe_refusal(body)
    return UnusableAnswerError(f"no list under {', '.join(_ITEM_KEYS)}{f' ({said})' if said else ''}")


def _rows(levels: list[msgspec.Struct]) -> list[Raw] | None:
    """Return the first list under a known key, or None: an empty list only where the total says 0 as well."""
    for level in levels:
        for key in _ITEM_KEYS:
            rows = getattr(level, key, None)
            if isinstance(rows, list):
                return rows
    return None


def _raw(level: msgspec.Struct, name: str) -> bytes:
    """Return a hint's JSON text, empty if it is absent."""
    return bytes(getattr(level, name))


def _loose(raw: bytes) -> object:
    """Return a hint's scalar, or None for what is no hint: absent, null, an object, a list, an absurd number."""
    if raw[:1] in (b"", b"{", b"["):
        return None
    value: object = msgspec.json.decode(raw)
    return value.strip() if isinstance(value, str) else value


def _count(value: object) -> int | None:
    """Return a count of 0 or more, whether it came as a number or as text."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    if isinstance(value, str):
        return int(value.partition(".")[0]) if _COUNT.fullmatch(value) else None
    if not 0 <= value <= _LARGEST_COUNT or value != int(value):
        return None
    return int(value)


def _flag(value: object) -> bool | None:
    if isinstance(value, str):
        return {"true": True, "1": True, "false": False, "0": False}.get(value.lower())
    return bool(value) if isinstance(value, bool | int) else None


def _cursor(value: object) -> str | None:
    if isinstance(value, str):
        return value or None
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else None


def _next(value: object) -> str | int | None:
    """Return a page number, or a URL reference that is still to be checked against the origin."""
    if isinstance(value, str) and not _COUNT.fullmatch(value):
        return value or None
    return _count(value)
