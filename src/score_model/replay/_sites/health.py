"""Site health check: a replay on a site that is down would say nothing of its solution."""

import asyncio
from types import TracebackType
from typing import Self

from score_model.client import AttemptFailedError, RetryPolicy, Transport, retry
from score_model.errors import RemoteUnreachableError
from score_model.replay._sites.site import Site

_TIMEOUT_S = 10.0
_RETRY = RetryPolicy(attempts=3, wait_initial_s=0.3, wait_max_s=0.6, wait_jitter_s=0)
_FRESH_S = 2.0  # for which an answer is believed
_DOWN = frozenset((502, 503, 504))


class SiteHealth:
    """Asks sites for their first page, without an identity; an async context."""

    def __init__(self) -> None:
        self._transport = Transport(timeout_s=_TIMEOUT_S)
        self._answered_at: dict[str, float] = {}

    async def __aenter__(self) -> Self:
        await self._transport.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._transport.__aexit__(kind, error, trace)

    async def check(self, site: Site) -> None:
        """Return when the site answers, whatever it answers; what it did in the last 2 s is believed.

        Raises RemoteUnreachableError, which says what to do, if it does not.
        """
        now = asyncio.get_running_loop().time
        if now() - self._answered_at.get(site.name, -_FRESH_S) < _FRESH_S:
            return

        async def attempt(_number: int) -> None:
            reply = await self._transport.send("GET", f"{site.url}/", max_body_bytes=0)
            if reply.status in _DOWN:
                raise AttemptFailedError(f"it answers {reply.status}")

        try:
            await retry(attempt, _RETRY)
        except AttemptFailedError as error:
            reason = error.reason
        except RemoteUnreachableError as error:
            reason = str(error)
        else:
            self._answered_at[site.name] = now()
            return
        raise RemoteUnreachableError(
            f"{site.name} is down: nothing answers at {site.url} ({reason}); start it, say where it runs with "
            f"--site {site.name}=URL, or choose other sites with --website"
        )
