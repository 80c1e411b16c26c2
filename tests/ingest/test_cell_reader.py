"""Promises towards servers that page in their own way: every row, an end, and an honest report."""

from pathlib import Path

import pytest

from score_model.errors import RemoteUnreachableError
from score_model.ingest import Cell, CrawlMode, CrawlPlan
from tests.fakes.entries import make_entries
from tests.fakes.scripted import Answer, ScriptedPages, by_number
from tests.ingest.drivers import lines, paths, report_of, run_crawl, solution_ids

ROWS = make_entries(12)
IDS = [row["solution"]["taskSolutionId"] for row in ROWS]
HINTS = [(), ("total",), ("totalPages",), ("has_next",), ("next",), ("total", "totalPages", "has_next")]


def plan(limit: int) -> CrawlPlan:
    return CrawlPlan(cells=(Cell(),), pages_per_filter=None, limit=limit)


@pytest.mark.parametrize("hints", HINTS, ids=" ".join)
@pytest.mark.parametrize("limit", [3, 200])
@pytest.mark.parametrize("sizes", [(3, 3, 3, 3), (3, 2, 3, 1), (5, 1, 1, 1, 1, 3), (1, 1, 1)], ids=str)
async def test_fixed_and_uneven_pages_are_read_to_the_end(
    tmp_path: Path, hints: tuple[str, ...], limit: int, sizes: tuple[int, ...]
) -> None:
    """A server that ignores the page size that it is asked for loses no row."""
    pages = [ROWS[sum(sizes[:i]) : sum(sizes[: i + 1])] for i in range(len(sizes))]
    async with ScriptedPages(by_number(pages, *hints)) as api:
        await run_crawl(api.url, tmp_path, plan(limit))
    assert sorted(solution_ids(tmp_path)) == sorted(IDS[: sum(sizes)])


@pytest.mark.parametrize("hints", HINTS[1:], ids=" ".join)
@pytest.mark.parametrize("empty", [0, 1, 2])
async def test_an_empty_page_is_not_the_end_where_more_is_promised(
    tmp_path: Path, hints: tuple[str, ...], empty: int
) -> None:
    """A hole in the list does not end it as long as the server says that there is more."""
    pages = [ROWS[0:4], ROWS[4:8], ROWS[8:12]]
    pages.insert(empty, [])
    async with ScriptedPages(by_number(pages, *hints)) as api:
        await run_crawl(api.url, tmp_path, plan(200))
    assert sorted(solution_ids(tmp_path)) == sorted(IDS)


@pytest.mark.parametrize(
    "circle", [{"": "a", "a": "a"}, {"": "a", "a": "b", "b": "a"}, {"": "a", "a": "b", "b": "c", "c": "b"}]
)
async def test_cursors_in_a_circle_end(tmp_path: Path, circle: dict[str, str]) -> None:
    """A cursor that leads back to where the crawl has been ends it with a note, and keeps the rows."""
    places = sorted(circle)

    def answer(params: dict[str, str]) -> Answer:
        cursor = params.get("cursor", "")
        start = 3 * places.index(cursor)
        return {"success": True, "data": {"tasks": ROWS[start : start + 3], "next_cursor": circle[cursor]}}

    async with ScriptedPages(answer) as api:
        await run_crawl(api.url, tmp_path, plan(200))
        assert len(api.requests) <= len(circle)
    assert len(lines(tmp_path)) == 3 * len(circle)
    assert "again and again" in report_of(tmp_path).notes[-1]


@pytest.mark.parametrize("committed", [1, 2, 3, 4])
@pytest.mark.parametrize("sizes", [(3, 3, 3, 3), (3, 2, 3, 4), (6, 6)], ids=str)
async def test_a_resumed_crawl_of_fixed_pages_loses_nothing(
    tmp_path: Path, committed: int, sizes: tuple[int, ...]
) -> None:
    """Wherever the crawl of such a server is cut off, it resumes to the same bytes."""
    pages = [ROWS[sum(sizes[:i]) : sum(sizes[: i + 1])] for i in range(len(sizes))]
    async with ScriptedPages(by_number(pages, "total")) as api:
        await run_crawl(api.url, tmp_path / "calm", plan(200))
        await run_crawl(api.url, tmp_path / "cut", plan(200))
        calm = [path.read_bytes() for path in paths(tmp_path / "calm")]
        journal = paths(tmp_path / "cut")[1]
        kept = journal.read_bytes().splitlines(keepends=True)[: 1 + committed]
        journal.write_bytes(b"".join(kept))
        await run_crawl(api.url, tmp_path / "cut", plan(200), mode=CrawlMode(resume=True))
    assert [path.read_bytes() for path in paths(tmp_path / "cut")] == calm


async def test_scores_are_read_with_one_page_size(tmp_path: Path) -> None:
    """Rows that tie on the score may be ordered differently for every page size: only one is used, and said so."""

    def answer(params: dict[str, str]) -> Answer:
        page, limit = int(params["page"]), int(params["limit"])
        ordered = sorted(ROWS, key=lambda row: hash((limit, row["evaluation"]["evaluationResultId"])))
        return {"success": True, "data": {"tasks": ordered[(page - 1) * limit : page * limit], "total": len(ROWS)}}

    async with ScriptedPages(answer) as api:
        by_score = CrawlPlan(cells=(Cell(),), pages_per_filter=None, limit=5, sort="score_desc")
        await run_crawl(api.url, tmp_path, by_score)
        assert {params["limit"] for params in api.requests} == {"5"}
    assert sorted(solution_ids(tmp_path)) == sorted(IDS)
    assert "overlap" in report_of(tmp_path).notes[0]


async def test_a_list_without_any_known_key_is_no_usable_answer(tmp_path: Path) -> None:
    """An answer that holds no list is retried and then named, and nothing is written."""
    async with ScriptedPages(lambda _params: {"success": True, "data": {"rows": []}}) as api:
        with pytest.raises(RemoteUnreachableError):
            await run_crawl(api.url, tmp_path, plan(200))
    assert lines(tmp_path) == []


async def test_rows_that_an_update_cannot_find_are_counted(tmp_path: Path) -> None:
    """A row judged long after it was created is beyond an update's reach: the report says how many are missing."""
    shown = make_entries(300)
    late = shown.pop(2)

    def answer(params: dict[str, str]) -> Answer:
        page, limit = int(params["page"]), int(params["limit"])
        oldest_first = params.get("sort") == "created_at_asc"
        ordered = sorted(shown, key=lambda row: str(row["solution"]["createdAt"]), reverse=not oldest_first)
        return {"success": True, "data": {"tasks": ordered[(page - 1) * limit : page * limit], "total": len(shown)}}

    async with ScriptedPages(answer) as api:
        await run_crawl(api.url, tmp_path, plan(50))
        assert report_of(tmp_path).notes == []
        shown.append(late)
        await run_crawl(api.url, tmp_path, plan(50), mode=CrawlMode(update=True))
    assert "counts 1 more rows than the dump holds" in report_of(tmp_path).notes[0]
