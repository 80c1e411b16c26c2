"""What a page's hints say about the rest of the list."""

from urllib.parse import parse_qsl, urlsplit

from score_model.client import ListPage, PageRequest
from score_model.ingest._windows import Window


def is_next_number(request: PageRequest, following: PageRequest | None) -> bool:
    """Whether a `next` leads to nothing else than the following page number: then pages can be read by number."""
    if following is None or request.number is None or following.number != request.number + 1:
        return False
    asked, offered = urlsplit(request.path), urlsplit(following.path)
    parameters = {**dict(parse_qsl(offered.query, keep_blank_values=True)), **following.params}
    return asked[:3] == offered[:3] and parameters == {**request.params, "page": str(following.number)}


def says_nothing(page: ListPage) -> bool:
    """Whether the answer has no hint about the rest of the list: then only an empty page ends it."""
    return page.has_next is None and page.total is None and page.total_pages is None


def says_more(page: ListPage, window: Window) -> bool | None:
    """Whether a hint promises rows behind this page's; None if there are no hints."""
    if says_nothing(page):
        return None
    return bool(
        page.has_next
        or (page.total is not None and page.total > window.start + len(page.items))
        or (page.total_pages is not None and page.total_pages > window.number)
    )
