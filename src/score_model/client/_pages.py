"""One page of a list, as asked for and as answered."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import msgspec


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
