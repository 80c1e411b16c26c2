"""How a list goes on after a page: one small object for each dialect (export contract, section 2).

Cursors are preferred over a `next` URL or `Link` header, those over page numbers.
"""

from dataclasses import dataclass
from typing import Protocol

import yarl

from score_model.client._origin import resolve_reference
from score_model.client._pages import ListPage, PageRequest
from score_model.client._redaction import MASK
from score_model.errors import RemoteUnreachableError

_LIMIT_PARAMETERS = ("limit", "page_size", "pageSize", "per_page")
_ADDED_ON_DEMAND = frozenset({"nonce", "run_id", "runId"})
_CURSOR_PARAMETERS = ("cursor", "next_cursor", "nextCursor")


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
        if not page.items or says_more(page, number, self.page_size) is False:
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
    if not says_more(page, number, size):
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


def says_more(page: ListPage, number: int, page_size: int | None) -> bool | None:
    """Return whether any numeric hint says that rows follow; None if there is no such hint.

    With an unknown page size the rows before this page are counted as if pages were no longer than this one, which errs
    towards one more request, never towards an early end.
    """
    before = (number - 1) * (len(page.items) if page_size is None else page_size)
    hints = []
    if page.has_next is not None:
        hints.append(page.has_next)
    if page.total_pages is not None:
        hints.append(number < page.total_pages)
    if page.total is not None:
        hints.append(before + len(page.items) < page.total)
    return any(hints) if hints else None


def asked_limit(request: PageRequest) -> int | None:
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
