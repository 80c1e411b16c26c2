"""What a reader asks for and what it gives: queries, positions, pages."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import msgspec

from score_model.client import ListPage, PageRequest
from score_model.ingest._identity import Identity


class PageSource(Protocol):
    """Where pages come from; `score_model.client.LeaderboardClient` is one."""

    def request(self, filters: Mapping[str, str], page: int, limit: int, sort: str | None) -> PageRequest:
        """How a numbered page is asked for."""

    async def page_at(self, request: PageRequest) -> ListPage:
        """The page behind a request."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """What a reader asks for: filters, rows per page, order, and how many pages to read (None: all)."""

    filters: Mapping[str, str]
    limit: int
    sort: str | None
    max_pages: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """Where a reader goes on: `last` is the key of the last row that it has read, `at` its offset.

    `taken` counts the cell's rows so far and `pages` its pages; `page_size` is the server's. `next` is the request to
    go on with where pages follow each other instead of overlapping.
    """

    at: int
    last: str
    taken: int
    pages: int
    page_size: int
    next: PageRequest | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinedPage:
    """A page that joins what came before; `rows` are its rows that the reader had not met, with their identities.

    `received` counts all its rows, `position` is where to go on behind it, and `total` the server's count. `step_backs`
    counts the pages since the one before that did not overlap what was taken; `unproven` says that this page does not,
    so that rows may be missing before it.
    """

    rows: Sequence[tuple[Identity, msgspec.Raw]]
    received: int
    total: int | None
    position: Position
    fetched_at: str
    step_backs: int = 0
    unproven: bool = False
