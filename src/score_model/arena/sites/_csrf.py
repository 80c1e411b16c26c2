"""Who may act on a website: its own pages, and programs; never a page of another site that the visitor has open."""

from typing import Any

from litestar import Request

from score_model.web._errors import RefusedError

_READING = frozenset(("GET", "HEAD", "OPTIONS"))
_OWN = frozenset(("same-origin", "none"))


async def refuse_other_sites(request: Request[Any, Any, Any]) -> None:
    """For `before_request`. Raises RefusedError 403 where a browser says that another site's page wants to act here.

    Programs don't send `Sec-Fetch-Site`; scripts of pages can't set it.
    """
    if request.method not in _READING and request.headers.get("sec-fetch-site", "same-origin") not in _OWN:
        raise RefusedError(403, "other_site", "Only pages of this site may act here")
