"""The leaderboard export's client against the fake export."""

import json

import pytest

from score_model.client import LeaderboardClient, PageRequest, leaderboard_endpoint
from score_model.errors import UsageError
from tests.client.factories import quick_session
from tests.fakes.entries import entry_ids, make_entries
from tests.fakes.leaderboard import EXPORT_PATH, FakeLeaderboard
from tests.fakes.table import select


@pytest.mark.parametrize(
    ("base_url", "endpoint"),
    [
        (None, "https://api-leaderboard.autoppia.com/api/v1/tasks/with-solutions"),
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000/api/v1/tasks/with-solutions"),
        ("http://127.0.0.1:8000/", "http://127.0.0.1:8000/api/v1/tasks/with-solutions"),
        ("https://host/other/export", "https://host/other/export"),
        ("https://host/other/export/", "https://host/other/export"),
    ],
)
def test_an_origin_alone_gets_the_documented_path(base_url: str | None, endpoint: str) -> None:
    """The endpoint is the documented one, the documented path under an origin, or as configured."""
    assert leaderboard_endpoint(base_url) == endpoint


@pytest.mark.parametrize("with_path", [False, True])
async def test_a_page_is_asked_for_with_the_documented_parameters(with_path: bool) -> None:
    """Filters are spelled as the API spells them, and the page comes back with rows and hints."""
    filters = {"website": "autobooks", "use_case": "add_book", "success": "true"}
    async with (
        FakeLeaderboard(rows=make_entries(40)) as api,
        quick_session(api.url if with_path else api.origin) as session,
    ):
        client = LeaderboardClient(session)
        page = await client.page(filters, page=1, limit=2, sort="created_at_asc")
        again = await client.page_at(client.request({"minerUid": "80"}, 2, 3))
    wanted = {"website": "autobooks", "useCase": "add_book", "success": "true"}
    expected = select(api.table, {**wanted, "sort": "created_at_asc"})
    assert entry_ids(json.loads(bytes(item)) for item in page.items) == entry_ids(expected[:2])
    assert (page.total, page.page, page.limit, page.requests) == (len(expected), 1, 2, 1)
    assert page.url.startswith(api.url + "?")
    assert api.requests[0].path == EXPORT_PATH
    assert api.requests[0].params == {**wanted, "page": "1", "limit": "2", "sort": "created_at_asc"}
    assert api.requests[1].params == {"minerUid": "80", "page": "2", "limit": "3"}
    assert len(again.items) == 3


async def test_a_request_names_its_page() -> None:
    """What a page was asked by can be kept and sent again."""
    client = LeaderboardClient(quick_session("http://host"))
    assert client.request({"miner_uid": "7"}, 3, 50) == PageRequest(
        path="http://host" + EXPORT_PATH, params={"minerUid": "7", "page": "3", "limit": "50"}, number=3
    )


@pytest.mark.parametrize(
    ("filters", "page", "limit"),
    [({}, 0, 50), ({}, 1, 0), ({}, 1, 501), ({"color": "red"}, 1, 50), ({"key": "x"}, 1, 50)],
)
async def test_what_the_export_cannot_do_is_a_usage_error(filters: dict[str, str], page: int, limit: int) -> None:
    """Bad numbers and unknown filters are refused before any request."""
    async with FakeLeaderboard() as api, quick_session(api.origin) as session:
        with pytest.raises(UsageError):
            await LeaderboardClient(session).page(filters, page, limit)
    assert api.requests == []
