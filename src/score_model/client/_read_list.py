"""Reading a list to its end, whatever its dialect, and never in a circle."""

import hashlib
import logging
import re
from collections.abc import AsyncIterator
from dataclasses import replace

from score_model.client._list_answer import decode_list
from score_model.client._pages import ListPage, PageRequest
from score_model.client._pagination import NumberedPages, asked_limit, detect_dialect, page_number, says_more
from score_model.client._session import ApiSession
from score_model.errors import RemoteUnreachableError

_LOG = logging.getLogger("score_model.client")
_LINK = re.compile(r"<([^<>]*)>([^<]*)")
_REL = re.compile(r""";\s*rel\s*=\s*(?:"([^"]*)"|([^\s;,"]+))""", re.IGNORECASE)
_MOST_EMPTY_PAGES = 100


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


class PageTrail:
    """Notices when a list goes in a circle: a request that was made before, or a page that comes again.

    It keeps a digest of each request and of the last page, so its memory grows by some bytes a page.
    """

    def __init__(self) -> None:
        """Start with nothing visited."""
        self._visited: set[bytes] = set()
        self._last_rows = b""
        self._empty = 0

    def visit(self, request: PageRequest) -> None:
        """Note a request; raises RemoteUnreachableError if it was made before."""
        digest = hashlib.blake2b(repr(request.identity()).encode(), digest_size=16).digest()
        if digest in self._visited:
            raise RemoteUnreachableError(f"the list goes in a circle: {request.describe()} was read before")
        self._visited.add(digest)

    def repeats(self, page: ListPage) -> bool:
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


async def read_list(session: ApiSession, first: PageRequest) -> AsyncIterator[ListPage]:
    """Yield the pages of a list, from `first` to its end, one request at a time.

    The first page shows the dialect. Raises RemoteUnreachableError for a list that goes in a circle or whose server
    ignores the page number, RemoteRefusedError for a `next` that leaves the origin, and the errors of `ApiSession.get`.
    """
    trail = PageTrail()
    trail.visit(first)
    page = await fetch_page(session, first)
    trail.repeats(page)
    dialect = detect_dialect(page, first)
    request = first
    while True:
        yield page
        following = dialect.next_request(request, page)
        if following is None:
            return
        trail.visit(following)
        request, previous = following, page
        page = await fetch_page(session, request)
        if trail.repeats(page):
            if isinstance(dialect, NumberedPages) and _was_whole(first, previous):
                _LOG.warning("the server ignores page numbers; its first page was the whole list")
                return
            same = f"{request.describe()} holds the same {len(page.items)} rows as the page before"
            raise RemoteUnreachableError(f"the server repeats itself: {same}")


def _was_whole(first: PageRequest, page: ListPage) -> bool:
    """Return whether a page that came twice can be the whole list: it had room for more rows, and no hint says more."""
    limit = asked_limit(first)
    return limit is not None and len(page.items) < limit and not says_more(page, page_number(first, page), None)
