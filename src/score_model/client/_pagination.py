"""Reading a list to its end, never in a circle: one small object for each dialect of paging (export contract, 2).

Cursors are preferred over a `next` URL or `Link` header, those over page numbers.
"""

import hashlib
import logging
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Protocol

import yarl

from score_model.client._list_answer import ListPage, PageRequest, decode_list
from score_model.client._origin import resolve_reference
from score_model.client._redaction import MASK
from score_model.client._session import ApiSession
from score_model.errors import CircularListError, RemoteUnreachableError

_LIMIT_PARAMETERS = ("limit", "page_size", "pageSize", "per_page")
_ADDED_ON_DEMAND = frozenset({"nonce", "run_id", "runId"})
_CURSOR_PARAMETERS = ("cursor", "next_cursor", "nextCursor")

_LOG = logging.getLogger("score_model.client")
_LINK = re.compile(r"<([^<>]*)>([^<]*)")
_REL = re.compile(r""";\s*rel\s*=\s*(?:"([^"]*)"|([^\s;,"]+))""", re.IGNORECASE)
_MOST_EMPTY_PAGES = 100


class Dialect(Protocol):
    """One API's way of saying what comes after a page."""

    def next_request(self, request: PageRequest, page: ListPage) -> PageRequest | None:
        """Return the request for the page after `page`, which answered `request`; None at the end of the list."""
        ...


@dataclass(frozen=True, slots=True)
class CursorPages:
    """`next_cursor` or `nextCursor` goes into the query parameter `parameter`, in place of a page number."""

    parameter: str = "cursor"

    def next_request(self, request: PageRequest, page: ListPage) -> PageRequest | None:
        """Return the request that follows the page's cursor.

        Raises RemoteUnreachableError if the server says that there is more but gives no cursor.
        """
        if page.has_next is False:
            return None
        if page.next_cursor is None:
            if page.has_next:
                raise RemoteUnreachableError("the server says that there is a next page but gives no cursor to it")
            return None
        params = {name: value for name, value in request.params.items() if name != "page"}
        params[self.parameter] = page.next_cursor
        return PageRequest(path=request.path, params=params, cursor=page.next_cursor)


@dataclass(frozen=True, slots=True)
class NextLinkPages:
    """`next` is a URL (followed as it is) or a page number; null is the end."""

    parameter: str = "page"

    def next_request(self, request: PageRequest, page: ListPage) -> PageRequest | None:
        """Return the request for `next`; raises RemoteRefusedError if it leaves the API's origin."""
        if isinstance(page.next, int):
            return PageRequest(
                path=request.path, params={**request.params, self.parameter: str(page.next)}, number=page.next
            )
        return None if page.next is None else _by_reference(page, page.next)


@dataclass(frozen=True, slots=True)
class LinkHeaderPages:
    """The `Link` header's `rel="next"` (RFC 8288); none is the end."""

    def next_request(self, request: PageRequest, page: ListPage) -> PageRequest | None:
        """Return the request for the link; raises RemoteRefusedError if it leaves the API's origin."""
        return None if page.link_next is None else _by_reference(page, page.link_next)


@dataclass(frozen=True, slots=True)
class NumberedPages:
    """Pages count up from 1 until nothing says that there is more, or, without any hint, until a page is empty.

    `page_size` is how many rows the first page really held, which a server may silently have capped below the limit
    that it was asked for (and that it may echo). None if it isn't known: then `total` is believed a page later.
    """

    page_size: int | None = None
    parameter: str = "page"

    def next_request(self, request: PageRequest, page: ListPage) -> PageRequest | None:
        """Return the request for the next number. Any hint that there is more outweighs one that there is not."""
        number = page_number(request, page)
        if not page.items or says_more(page, number, _rows_before(page, number, self.page_size)) is False:
            return None
        return PageRequest(
            path=request.path, params={**request.params, self.parameter: str(number + 1)}, number=number + 1
        )


def detect_dialect(page: ListPage, request: PageRequest) -> Dialect:
    """Return the dialect of a list whose first page is `page`, the answer to `request`."""
    number = page_number(request, page)
    if page.next_cursor is not None and page.has_next is not False:
        return CursorPages()
    if page.next is not None:
        return NextLinkPages()
    if page.link_next is not None:
        return LinkHeaderPages()
    size = len(page.items) if number == 1 else None
    if not says_more(page, number, _rows_before(page, number, size)):
        # What could have named a next page and does not says that this is the last one.
        if "next_cursor" in page.offered or request.cursor is not None:
            return CursorPages()
        if "next" in page.offered:
            return NextLinkPages()
        if "link" in page.offered:
            return LinkHeaderPages()
    return NumberedPages(page_size=size)


def page_number(request: PageRequest, page: ListPage) -> int:
    """Return the number of the page that was asked for; a request that names none asked for the first."""
    if request.number is not None:
        return request.number
    text = request.params.get("page", "")
    return int(text) if text.isdecimal() else page.page or 1


def says_more(page: ListPage, number: int, rows_before: int) -> bool | None:
    """Return whether any numeric hint says that rows follow page `number`; None if there is no such hint.

    `rows_before` counts the list's rows before this page.
    """
    hints = []
    if page.has_next is not None:
        hints.append(page.has_next)
    if page.total_pages is not None:
        hints.append(number < page.total_pages)
    if page.total is not None:
        hints.append(rows_before + len(page.items) < page.total)
    return any(hints) if hints else None


def _rows_before(page: ListPage, number: int, page_size: int | None) -> int:
    """Return how many rows come before a page.

    With an unknown page size they are counted as if pages were no longer than this one, which errs towards one more
    request, never towards an early end.
    """
    return (number - 1) * (len(page.items) if page_size is None else page_size)


def _asked_limit(request: PageRequest) -> int | None:
    """Return how many rows a request asked for, or None if it left that to the server."""
    texts = [request.params[name] for name in _LIMIT_PARAMETERS if name in request.params]
    return int(texts[0]) if texts and texts[0].isdecimal() else None


def _by_reference(page: ListPage, reference: str) -> PageRequest:
    url = resolve_reference(yarl.URL(page.url), reference, status=200)
    # Servers echo the query: what the session adds to each request itself must not come back stale.
    url = url.without_query_params(
        *(name for name, value in url.query.items() if name in _ADDED_ON_DEMAND or value == MASK)
    )
    number = url.query.get("page", "")
    cursor = next((url.query[name] for name in _CURSOR_PARAMETERS if name in url.query), None)
    return PageRequest(path=str(url), number=int(number) if number.isdecimal() else None, cursor=cursor)


async def fetch_page(session: ApiSession, request: PageRequest) -> ListPage:
    """Return one page, with its `Link` header and URL filled in; errors as for `ApiSession.get`."""
    answer = await session.get(request.path, request.params, decode=decode_list)
    page = answer.value
    link = next_link(answer.link)
    return replace(
        page,
        next=session.mask_reference(page.next) if isinstance(page.next, str) else page.next,
        link_next=None if link is None else session.mask_reference(link),
        offered=page.offered | {"link"} if answer.link else page.offered,
        url=session.mask_reference(answer.url),
        requests=answer.requests,
    )


def next_link(header: str) -> str | None:
    """Return the target of `rel="next"` in a `Link` header (RFC 8288), or None."""
    for target, parameters in _LINK.findall(header):
        rel = _REL.search(parameters)
        if rel and "next" in (rel[1] or rel[2] or "").lower().split():
            return str(target)
    return None


@dataclass(frozen=True, slots=True)
class ListStep:
    """One page of a list, the `request` that it answers, and how the list goes on after it."""

    request: PageRequest
    page: ListPage
    dialect: Dialect

    def next_request(self) -> PageRequest | None:
        """Return the request for the page after this one; None at the end of the list. Errors are the dialect's."""
        return self.dialect.next_request(self.request, self.page)


async def follow_pages(
    fetch: Callable[[PageRequest], Awaitable[ListPage]],
    first: PageRequest,
    dialect_of: Callable[[ListPage, PageRequest], Dialect] = detect_dialect,
    *,
    page: ListPage | None = None,
) -> AsyncIterator[ListStep]:
    """Yield the pages of a list, from `first` to its end, one request at a time and none of them twice.

    `page` is the answer to `first`, where it is already there; `dialect_of` is asked for each page. Raises
    CircularListError for a list that leads back to a page that was read, and the errors of `fetch` and the dialects.
    Its memory grows by some bytes a page.
    """
    visited: set[bytes] = set()
    request = first
    while True:
        visited.add(_digest(request))
        page = page or await fetch(request)
        step = ListStep(request, page, dialect_of(page, request))
        yield step
        following = step.next_request()
        if following is None:
            return
        if _digest(following) in visited:
            raise CircularListError(f"the list goes in a circle: {following.describe()} was read before")
        request, page = following, None


def _digest(request: PageRequest) -> bytes:
    return hashlib.blake2b(repr(request.identity()).encode(), digest_size=16).digest()


async def read_list(session: ApiSession, first: PageRequest) -> AsyncIterator[ListPage]:
    """Yield the pages of a list that stands still, from `first` to its end, one request at a time.

    The first page shows the dialect. Raises RemoteUnreachableError for a list that goes in a circle or whose server
    ignores the page number, RemoteRefusedError for a `next` that leaves the origin, and the errors of `ApiSession.get`.
    """
    page = await fetch_page(session, first)
    dialect = detect_dialect(page, first)
    previous = page
    repeats = _RepeatedPages()
    async for step in follow_pages(partial(fetch_page, session), first, lambda *_: dialect, page=page):
        page = step.page
        if repeats.note(page):
            if isinstance(dialect, NumberedPages) and _was_whole(first, previous):
                _LOG.warning("the server ignores page numbers; its first page was the whole list")
                return
            same = f"{step.request.describe()} holds the same {len(page.items)} rows as the page before"
            raise RemoteUnreachableError(f"the server repeats itself: {same}")
        yield page
        previous = page


class _RepeatedPages:
    """Notices a server that gives the same rows again and again, or none for ever."""

    def __init__(self) -> None:
        self._last_rows = b""
        self._empty = 0

    def note(self, page: ListPage) -> bool:
        """Note a page; return whether it holds the very rows of the page before it.

        Raises RemoteUnreachableError after a hundred empty pages in a row.
        """
        if not page.items:
            self._empty += 1
            if self._empty >= _MOST_EMPTY_PAGES:
                raise RemoteUnreachableError(f"the list goes on without rows: {self._empty} empty pages in a row")
            return False
        self._empty = 0
        digest = hashlib.blake2b(digest_size=16)
        for item in page.items:
            digest.update(item)
            digest.update(b"\n")
        rows = digest.digest()
        repeated = rows == self._last_rows
        self._last_rows = rows
        return repeated


def _was_whole(first: PageRequest, page: ListPage) -> bool:
    """Return whether a page that came twice can be the whole list: it had room for more rows, and no hint says more."""
    limit = _asked_limit(first)
    number = page_number(first, page)
    more = says_more(page, number, _rows_before(page, number, None))
    return limit is not None and len(page.items) < limit and not more
