"""External files for pages, from a local folder: `<host>/<path>` as in the address, without its query."""

import re
from pathlib import Path
from urllib.parse import unquote, urlsplit

from playwright.async_api import BrowserContext, Route

from score_model.replay._fence import Fence

_EXTERNAL = re.compile(r"^https?://")


async def answer_from(folder: Path, context: BrowserContext, fence: Fence) -> None:
    """Answer requests beyond the fence with files of the resolved `folder`; what it lacks is refused."""

    async def answer(route: Route) -> None:
        url = route.request.url
        path = None if fence.allows(url) or route.request.is_navigation_request() else _file(folder, url)
        if path is None:
            await route.continue_()
        else:
            await route.fulfill(path=path, headers={"Access-Control-Allow-Origin": "*"})

    await context.route(_EXTERNAL, answer)


def _file(root: Path, url: str) -> Path | None:
    """The file for a URL, None where the folder holds none."""
    parts = urlsplit(url)
    try:
        path = (root / (parts.hostname or "") / unquote(parts.path).lstrip("/")).resolve()
        return path if parts.hostname and path.is_relative_to(root / parts.hostname) and path.is_file() else None
    except (OSError, ValueError):  # a name that no file can have
        return None
