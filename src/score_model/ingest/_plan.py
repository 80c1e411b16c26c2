"""What to crawl: the filter grid and its limits, as one value that is written into the journal."""

import itertools
import re
from collections.abc import Mapping, Sequence

import msgspec

from score_model.client import LARGEST_LIMIT
from score_model.errors import UsageError

SORTS = ("created_at_desc", "created_at_asc", "score_desc", "score_asc")
OLDEST_FIRST = "created_at_asc"

_PREFIX = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,119}")


class Cell(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One combination of filters; None means that the filter is not sent."""

    website: str | None = None
    use_case: str | None = None
    success: bool | None = None
    miner_uid: int | None = None

    def query(self) -> Mapping[str, str]:
        """The cell as query parameters of the export."""
        named = {
            "website": self.website,
            "useCase": self.use_case,
            "success": None if self.success is None else str(self.success).lower(),
            "minerUid": None if self.miner_uid is None else str(self.miner_uid),
        }
        return {name: value for name, value in named.items() if value is not None}

    def __str__(self) -> str:
        parts = [f"{name}={value}" for name, value in msgspec.to_builtins(self).items()]
        return " ".join(parts) or "everything"


class CrawlPlan(msgspec.Struct, frozen=True, kw_only=True):
    """The whole crawl. `pages_per_filter` and `max_records` are None for "no limit"; `limit` is rows per page.

    `sort` None leaves the order to the server, whose default is newest first.
    """

    cells: tuple[Cell, ...]
    pages_per_filter: int | None = 5
    limit: int = 200
    sort: str | None = None
    max_records: int | None = None

    def __post_init__(self) -> None:
        if not 1 <= self.limit <= LARGEST_LIMIT:
            raise UsageError(f"--limit {self.limit}: the export takes 1 to {LARGEST_LIMIT} rows per page")
        if self.pages_per_filter is not None and self.pages_per_filter < 1:
            raise UsageError(f"--pages-per-filter {self.pages_per_filter}: at least 1, or 'all'")
        if self.max_records is not None and self.max_records < 1:
            raise UsageError(f"--max-records {self.max_records}: at least 1")
        if self.sort is not None and self.sort not in SORTS:
            raise UsageError(f"--sort {self.sort}: one of {', '.join(SORTS)}")


def filter_grid(
    *,
    websites: Sequence[str] = (),
    use_cases: Sequence[str] = (),
    successes: Sequence[bool | None] = (),
    miner_uids: Sequence[int] = (),
) -> tuple[Cell, ...]:
    """Every combination of the given filters, in the given order, each once; an empty filter is left out."""
    axes = (websites or (None,), use_cases or (None,), successes or (None,), miner_uids or (None,))
    grid = itertools.product(*axes)
    cells = (
        Cell(website=website, use_case=use_case, success=success, miner_uid=miner_uid)
        for website, use_case, success, miner_uid in grid
    )
    return tuple(dict.fromkeys(cells))


def check_prefix(prefix: str) -> str:
    """`prefix` itself if it can name the output files; raises UsageError if not (slashes, `..`, reserved endings)."""
    if not _PREFIX.fullmatch(prefix) or ".." in prefix:
        raise UsageError(f"--output-prefix {prefix!r}: letters, digits, '.', '_' and '-' only, and no '..'")
    if prefix.endswith((".journal", ".rejected", ".relabel")):
        raise UsageError(f"--output-prefix {prefix!r}: the endings .journal, .rejected and .relabel are taken")
    return prefix
