"""Whether the sites stand: a replay on a site that is down would say nothing of its solution."""

import asyncio
from types import TracebackType
from typing import Self

import aiohttp

from score_model.errors import RemoteUnreachableError
from score_model.replay._sites.site import Site

_TIMEOUT_S = 10.0
_ATTEMPTS = 3
_WAIT_S = 0.3
_FRESH_S = 2.0  # for which an answer is believed
_DOWN = frozenset((502, 503, 504))


class SiteHealth:
    """Asks sites for their first page, without an identity; an async context."""

    def __init__(self) -> None:
        self._session: aiohttp.ClientSession | None = None
        self._seen: dict[str, float] = {}

    async def __aenter__(self) -> Self:
        self._session = aiohttp.ClientSession(
            cookie_jar=aiohttp.DummyCookieJar(), timeout=aiohttp.ClientTimeout(total=_TIMEOUT_S)
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._session is not None
        await self._session.close()

    async def check(self, site: Site) -> None:
        """Returns when the site answers, whatever it answers; what it did in the last 2 s is believed.

        Raises RemoteUnreachableError, which says what to do, if it does not.
        """
        now = asyncio.get_running_loop().time
        if now() - self._seen.get(site.name, -_FRESH_S) < _FRESH_S:
            return
        reason = ""
        for attempt in range(_ATTEMPTS):
            await asyncio.sleep(_WAIT_S * attempt)
            try:
                reason = await self._ask(f"{site.url}/")
            except aiohttp.ClientConnectorError as error:
                reason = error.os_error.strerror or "unknown host"
            except TimeoutError:
                reason = f"no answer within {_TIMEOUT_S:g} s"
            except (aiohttp.ClientError, OSError):
                reason = "the connection broke"
            if not reason:
                self._seen[site.name] = now()
                return
        raise RemoteUnreachableError(
            f"{site.name} is down: nothing answers at {site.url} ({reason}); start it, say where it runs with "
            f"--site {site.name}=URL, or choose other sites with --website"
        )

    async def _ask(self, url: str) -> str:
        """Why the site does not stand; empty if it does."""
        assert self._session is not None, "used inside its context"
        async with self._session.get(url, allow_redirects=False) as response:
            return f"it answers {response.status}" if response.status in _DOWN else ""
