"""The export's filters, sort orders and pages over real HTTP."""

import asyncio
import time
from typing import Any

from score_model.arena import seed_entries
from tests.arena.conftest import RunningArena, StartArena
from tests.arena.factories import entry, number_of


async def _numbers(arena: RunningArena, query: str) -> list[int]:
    return sorted(number_of(row) for row in (await arena.get(f"limit=500&{query}")).tasks)


async def _all_pages(arena: RunningArena, query: str, limit: int) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    page = 1
    while found := (await arena.get(f"{query}&limit={limit}&page={page}")).tasks:
        rows += found
        page += 1
    return rows


_WANTED = {
    "website=autobooks": [2],
    "website=AutoBooks": [2],
    "useCase=login_book": [2],
    "useCase=LOGIN_BOOK": [2],
    "minerUid=72": [3],
    "validatorId=55": [3],
    "success=true": [1, 3, 4, 6],
    "success=false": [2],
    "status=completed": [1, 3, 4, 6],
    "status=failed": [2],
    "status=pending": [5],
    "status=completed&success=false": [],
    "taskId=task-4": [4],
    "webVersion=2.1": [4],
    "agentId=run-9": [4],
    "agentId=agent-7": [6],
    "roundId=12": [6],
    "minScore=85": [1, 3, 4, 6],
    "minScore=85.1": [1, 3, 6],
    "maxScore=85": [2, 4],
    "minScore=1&maxScore=99": [4],
    "minScore=60&maxScore=40": [],
    "website=autocinema&success=true&minerUid=80&useCase=film_detail": [1, 4, 6],
    "website=&taskId=&status=": [1, 2, 3, 4, 5, 6],
    "website=nowhere": [],
    "success=false&success=true": [1, 3, 4, 6],
    "nonce=1&whatever=2": [1, 2, 3, 4, 5, 6],
}


async def test_filters_select(start_arena: StartArena) -> None:
    """Each filter selects the rows that the contract says, alone and together."""
    arena = await start_arena(
        [
            entry(1),
            entry(
                2,
                task={"website": None, "startUrl": "http://localhost:8001/?seed=2", "useCase": "LOGIN_BOOK"},
                evaluation={"score": 0, "passed": False},
            ),
            entry(3, agentRun={"minerUid": 72, "validatorUid": 55}),
            entry(4, task={"webVersion": "2.1"}, evaluation={"score": 0.85}, agentRun={"agentRunId": "run-9"}),
            entry(5, evaluation={"score": None, "passed": None}),
            entry(6, agentRun={"agentId": "agent-7", "roundId": 12}),
        ]
    )
    assert {query: await _numbers(arena, query) for query in _WANTED} == _WANTED


async def test_port_names_the_website(start_arena: StartArena) -> None:
    """The start URL's port decides the website; the entry's own name counts where the port says nothing."""
    arena = await start_arena(
        [
            entry(1, task={"website": "autobooks", "startUrl": "http://localhost:8012/?seed=1"}),
            entry(2, task={"website": "autobooks", "startUrl": "http://localhost:9999/"}),
            entry(3, task={"website": "AutoBooks", "startUrl": None}),
            entry(4, task={"website": "autostats", "startUrl": "http://localhost:8014/"}),
        ]
    )
    assert await _numbers(arena, "website=autodrive") == [1]
    assert await _numbers(arena, "website=autobooks") == [2, 3]
    assert await _numbers(arena, "website=autostats") == [4]


async def test_sort_orders(start_arena: StartArena) -> None:
    """Newest first by default and for unknown sorts; dates compare as instants; ties follow the order of arrival."""
    arena = await start_arena(
        [
            entry(1, created="2025-11-08T10:00:00+00:00", evaluation={"score": 0}),
            entry(2, created="2025-11-08T11:30:00+02:00", evaluation={"score": 1}),
            entry(3, created="2025-11-08T10:00:00Z", evaluation={"score": 0.5}),
            entry(4, created="2025-11-08T10:00:00.000001", evaluation={"score": None}),
            entry(5, solution=None, evaluation={"score": 1.0}),
        ]
    )

    async def order(query: str) -> list[int]:
        return [number_of(row) for row in (await arena.get(query)).tasks]

    newest = [4, 3, 1, 2, 5]
    assert await order("") == newest
    assert await order("sort=created_at_desc") == newest
    assert await order("sort=magic") == newest
    assert await order("sort=created_at_asc") == newest[::-1]
    assert await order("sort=score_desc") == [5, 2, 3, 1, 4]
    assert await order("sort=score_asc") == [4, 1, 3, 2, 5]


async def test_pages_cover_every_row_once(start_arena: StartArena) -> None:
    """Pages of any size hold every row exactly once in every sort, also where all rows tie."""
    arena = await start_arena([entry(number, created="2025-11-08T10:00:00Z") for number in range(40)])
    for sort in ("created_at_desc", "created_at_asc", "score_desc", "score_asc"):
        for limit in (1, 7, 20, 500):
            rows = await _all_pages(arena, f"sort={sort}", limit)
            assert [number_of(row) for row in rows] == sorted(range(40), reverse=sort.endswith("desc"))


async def test_pages_in_any_order_agree(start_arena: StartArena) -> None:
    """A page holds the same rows whichever pages were asked for before."""
    arena = await start_arena(list(seed_entries(300, 5)))
    forward = [(await arena.get(f"limit=20&page={page}")).body for page in range(1, 17)]
    other = await start_arena()
    backward = [(await other.get(f"limit=20&page={page}")).body for page in (16, 3, 9, 1, 15, 4, 2)]
    assert backward == [forward[page - 1] for page in (16, 3, 9, 1, 15, 4, 2)]


async def test_envelope(start_arena: StartArena) -> None:
    """The answer has exactly the documented envelope, with 50 rows a page unless asked otherwise."""
    arena = await start_arena([entry(number) for number in range(120)])
    answer = await arena.get()
    assert answer.headers["Content-Type"] == "application/json"
    assert list(answer.json) == ["success", "data"]
    assert answer.json["success"] is True
    data = answer.json["data"]
    assert list(data) == ["tasks", "total", "page", "limit", "totalPages"]
    assert len(data.pop("tasks")) == 50
    assert data == {"total": 120, "page": 1, "limit": 50, "totalPages": 3}
    beyond = (await arena.get("page=9")).json["data"]
    assert beyond == {"tasks": [], "total": 120, "page": 9, "limit": 50, "totalPages": 3}
    none = (await arena.get("website=nowhere")).json["data"]
    assert none == {"tasks": [], "total": 0, "page": 1, "limit": 50, "totalPages": 0}


async def test_totals_follow_other_writers(start_arena: StartArena) -> None:
    """Rows that another connection adds appear in the next answer, in total and pages."""
    arena = await start_arena([entry(number) for number in range(10)])
    assert (await arena.get("limit=4&page=2")).json["data"]["total"] == 10
    arena.add([entry(number) for number in range(10, 15)])
    assert [number_of(row) for row in (await arena.get("limit=4&page=2")).tasks] == [10, 9, 8, 7]
    assert (await arena.get("limit=4")).json["data"]["total"] == 15


async def test_tasks_by_season(start_arena: StartArena) -> None:
    """A season's tasks come once each, without solutions; a row that names no season belongs to the first."""
    arena = await start_arena(
        [
            entry(1),
            entry(1, solution={"taskSolutionId": "other"}, evaluation={"evaluationResultId": "other"}),
            entry(2),
            entry(3, agentRun={"season": 2}),
            entry(4, task={"season": 2}),
        ]
    )
    first = await arena.get("season=1", path="by-season")
    assert [task["taskId"] for task in first.tasks] == ["task-1", "task-2"]
    assert first.json["data"]["total"] == 2
    assert "solution" not in first.tasks[0]
    second = await arena.get("season=2&limit=1&page=2", path="by-season")
    assert [task["taskId"] for task in second.tasks] == ["task-4"]
    assert second.json["data"]["totalPages"] == 2
    assert (await arena.get("season=3", path="by-season")).tasks == []


async def test_latency_is_waited(start_arena: StartArena) -> None:
    """A simulated latency delays answers, and overlaps between connections."""
    arena = await start_arena([entry(1)], latency_ms=500)
    start = time.monotonic()
    await asyncio.gather(*(arena.get() for _ in range(8)))
    assert 0.5 <= time.monotonic() - start < 3.5
