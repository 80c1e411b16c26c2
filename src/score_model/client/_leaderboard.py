"""The leaderboard export's client (export contract, section 1)."""

from collections.abc import Mapping

from score_model.client._list_answer import ListPage, PageRequest
from score_model.client._pagination import fetch_page
from score_model.client._session import ApiSession
from score_model.client._settings import parse_base_url
from score_model.errors import UsageError

DOCUMENTED_PATH = "/api/v1/tasks/with-solutions"
DOCUMENTED_ENDPOINT = f"https://api-leaderboard.autoppia.com{DOCUMENTED_PATH}"
LARGEST_LIMIT = 500  # rows per page; the export answers 422 beyond it
_PARAMETER_OF = {
    "website": "website",
    "use_case": "useCase",
    "miner_uid": "minerUid",
    "success": "success",
    "task_id": "taskId",
    "web_version": "webVersion",
    "agent_id": "agentId",
    "validator_id": "validatorId",
    "round_id": "roundId",
    "min_score": "minScore",
    "max_score": "maxScore",
    "status": "status",
}
_PARAMETERS = frozenset(_PARAMETER_OF.values())


def leaderboard_endpoint(base_url: str | None) -> str:
    """Return the URL of the export: the documented one for None, the documented path under an origin alone, else as is.

    Raises UsageError for a URL that is not plain http(s).
    """
    if base_url is None:
        return DOCUMENTED_ENDPOINT
    url = parse_base_url(base_url)
    return str(url.with_path(DOCUMENTED_PATH) if url.raw_path in ("", "/") else url)


def leaderboard_request(
    endpoint: str, filters: Mapping[str, str], *, page: int, limit: int, sort: str | None
) -> PageRequest:
    """Return the request for one numbered page.

    `filters` may spell their names as the dataset does (`use_case`) or as the API does (`useCase`); `page` counts
    from 1; `limit` is 1 to 500 rows. Raises UsageError otherwise.
    """
    if page < 1 or not 1 <= limit <= LARGEST_LIMIT:
        raise UsageError(
            f"a page number starts at 1 and a limit is 1 to {LARGEST_LIMIT}; got page {page}, limit {limit}"
        )
    params = {}
    for name, value in sorted(filters.items()):
        parameter = _PARAMETER_OF.get(name, name)
        if parameter not in _PARAMETERS:
            raise UsageError(f"the leaderboard has no filter '{name}'; it has {', '.join(sorted(_PARAMETER_OF))}")
        params[parameter] = value
    params |= {"page": str(page), "limit": str(limit)}
    if sort is not None:
        params["sort"] = sort
    return PageRequest(path=endpoint, params=params, number=page)


class LeaderboardClient:
    """Reads pages of the export through a session whose base URL is the export's origin or endpoint."""

    def __init__(self, session: ApiSession) -> None:
        """Build nothing; the endpoint follows from the session's base URL."""
        self._session = session
        self.endpoint = leaderboard_endpoint(session.settings.base_url)

    async def page(self, filters: Mapping[str, str], page: int, limit: int, sort: str | None = None) -> ListPage:
        """Return one numbered page; errors as for `ApiSession.get`, UsageError for a bad page, limit or filter name."""
        return await self.page_at(self.request(filters, page, limit, sort))

    async def page_at(self, request: PageRequest) -> ListPage:
        """Return the page that a request names, such as one that a dialect gave as the next."""
        return await fetch_page(self._session, request)

    def request(self, filters: Mapping[str, str], page: int, limit: int, sort: str | None = None) -> PageRequest:
        """Return the request for one numbered page without sending it."""
        return leaderboard_request(self.endpoint, filters, page=page, limit=limit, sort=sort)
