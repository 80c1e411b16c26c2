"""Promises of the crawl: every row once, in a fixed order, whatever the dialect."""

from pathlib import Path

import pytest

from score_model.errors import RemoteRefusedError, RemoteUnreachableError, UsageError
from score_model.ingest import Cell, CrawlMode, CrawlPlan, filter_grid
from tests.fakes.entries import make_entries
from tests.fakes.envelopes import DIALECTS, Envelope
from tests.fakes.faults import Fault
from tests.fakes.leaderboard import FakeLeaderboard
from tests.ingest.drivers import lines, paths, report_of, run_crawl, solution_ids

EVERYTHING = CrawlPlan(cells=(Cell(),), pages_per_filter=None, limit=20)
GRID = CrawlPlan(
    cells=filter_grid(websites=["autocinema", "autobooks", "autodrive"], successes=[True, False]),
    pages_per_filter=None,
    limit=10,
)


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("rows", [0, 1, 19, 20, 40, 101])
async def test_reads_a_list_to_its_end_in_every_dialect(tmp_path: Path, dialect: str, rows: int) -> None:
    """Every row of the table is in the dump exactly once, newest first, however the server pages."""
    async with FakeLeaderboard(rows=make_entries(rows), envelope=Envelope(dialect=dialect)) as api:
        assert await run_crawl(api.url, tmp_path, EVERYTHING)
    expected = [entry["solution"]["taskSolutionId"] for entry in make_entries(rows)]
    assert solution_ids(tmp_path) == expected[::-1]
    assert report_of(tmp_path).notes == []


@pytest.mark.parametrize("concurrency", [1, 3, 8])
async def test_the_dumps_bytes_do_not_depend_on_timing(tmp_path: Path, concurrency: int) -> None:
    """However many requests are under way and however slow some are, the dump has the same bytes."""
    slow = {number: Fault(kind="dribble", seconds=0.0005) for number in (2, 9, 23)}
    async with FakeLeaderboard(rows=make_entries(300), faults=slow) as api:
        await run_crawl(api.url, tmp_path / "a", GRID, concurrency=1)
        await run_crawl(api.url, tmp_path / "b", GRID, concurrency=concurrency)
    dump, journal = paths(tmp_path / "a")
    other_dump, other_journal = paths(tmp_path / "b")
    assert dump.read_bytes() == other_dump.read_bytes()
    assert journal.read_bytes() == other_journal.read_bytes()


async def test_cells_come_in_the_grids_order_with_their_filters(tmp_path: Path) -> None:
    """Each line says which cell and page it came from, and the cells follow each other as the grid does."""
    async with FakeLeaderboard(rows=make_entries(200)) as api:
        await run_crawl(api.url, tmp_path, GRID)
    met: list[dict[str, object]] = []
    for line in lines(tmp_path):
        if line["filters"] not in met:
            met.append(line["filters"])
        assert line["entry"]["task"]["website"] == line["filters"]["website"]
        assert line["entry"]["evaluation"]["passed"] == line["filters"]["success"]
    assert met == [{"website": cell.website, "success": cell.success} for cell in GRID.cells]


async def test_overlapping_cells_do_not_duplicate(tmp_path: Path) -> None:
    """A row that `all` has brought is not brought again by `true`."""
    plan = CrawlPlan(cells=filter_grid(successes=[None, True, False]), pages_per_filter=None, limit=25)
    async with FakeLeaderboard(rows=make_entries(120)) as api:
        await run_crawl(api.url, tmp_path, plan)
    assert sorted(solution_ids(tmp_path)) == sorted(e["solution"]["taskSolutionId"] for e in make_entries(120))
    assert report_of(tmp_path).rows == 120


async def test_pages_and_records_are_limited(tmp_path: Path) -> None:
    """`pages_per_filter` caps each cell, `max_records` the whole crawl, and the server is not asked for much more."""
    async with FakeLeaderboard(rows=make_entries(500)) as api:
        await run_crawl(api.url, tmp_path / "pages", CrawlPlan(cells=(Cell(),), pages_per_filter=3, limit=50))
        assert len(api.requests) <= 4
        capped = CrawlPlan(cells=GRID.cells, pages_per_filter=None, limit=50, max_records=70)
        await run_crawl(api.url, tmp_path / "records", capped)
    assert len(lines(tmp_path / "pages")) == 150
    assert len(lines(tmp_path / "records")) == 70


async def test_a_finished_prefix_fetches_nothing(tmp_path: Path) -> None:
    """Running the same crawl again sends no request and leaves the bytes alone."""
    async with FakeLeaderboard(rows=make_entries(60)) as api:
        assert await run_crawl(api.url, tmp_path, EVERYTHING)
        before, asked = paths(tmp_path)[0].read_bytes(), len(api.requests)
        assert not await run_crawl(api.url, tmp_path, EVERYTHING)
        assert not await run_crawl(api.url, tmp_path, EVERYTHING, mode=CrawlMode(resume=True))
        assert len(api.requests) == asked
    assert paths(tmp_path)[0].read_bytes() == before


async def test_other_filters_on_a_used_prefix_are_refused(tmp_path: Path) -> None:
    """A prefix holds one plan; another one is a usage error and changes nothing."""
    async with FakeLeaderboard(rows=make_entries(30)) as api:
        await run_crawl(api.url, tmp_path, EVERYTHING)
        before = paths(tmp_path)[0].read_bytes()
        with pytest.raises(UsageError, match="other filters"):
            await run_crawl(api.url, tmp_path, GRID)
    assert paths(tmp_path)[0].read_bytes() == before


async def test_update_fetches_what_is_new_since(tmp_path: Path) -> None:
    """An update reads oldest first from where the crawl had ended: few requests, every new row, late arrivals too."""
    rows = make_entries(400)
    late = rows.pop(370)  # judged late: created before rows that are already there
    async with FakeLeaderboard(rows=rows[:380]) as api:
        plan = CrawlPlan(cells=filter_grid(successes=[True, False]), pages_per_filter=None, limit=20)
        await run_crawl(api.url, tmp_path, plan)
        for row in [*rows[380:], late]:
            api.insert(row)
        asked = len(api.requests)
        assert await run_crawl(api.url, tmp_path, plan, mode=CrawlMode(update=True))
        assert len(api.requests) - asked < 16
        assert {r.params["sort"] for r in api.requests[asked:]} == {"created_at_asc"}
        assert await run_crawl(api.url, tmp_path, plan, mode=CrawlMode(update=True))
    assert sorted(solution_ids(tmp_path)) == sorted(e["solution"]["taskSolutionId"] for e in make_entries(400))


async def test_a_page_limited_crawl_is_updated_with_new_rows_only(tmp_path: Path) -> None:
    """Rows older than what was asked for are not fetched by an update."""
    rows = make_entries(400)
    plan = CrawlPlan(cells=(Cell(),), pages_per_filter=3, limit=20)
    async with FakeLeaderboard(rows=rows[:350]) as api:
        await run_crawl(api.url, tmp_path, plan)
        for row in rows[350:]:
            api.insert(row)
        await run_crawl(api.url, tmp_path, plan, mode=CrawlMode(update=True))
    wanted = [e["solution"]["taskSolutionId"] for e in rows[290:]]
    assert sorted(solution_ids(tmp_path)) == sorted(wanted)


@pytest.mark.parametrize("clamp", [1, 7, 20])
async def test_a_server_with_smaller_pages_is_read_to_the_end(tmp_path: Path, clamp: int) -> None:
    """A server that silently sends fewer rows than asked for loses none."""
    async with FakeLeaderboard(rows=make_entries(90), clamp=clamp) as api:
        await run_crawl(api.url, tmp_path, CrawlPlan(cells=(Cell(),), pages_per_filter=None, limit=50))
    assert len(set(solution_ids(tmp_path))) == len(solution_ids(tmp_path)) == 90


async def test_pages_of_one_row_are_read_to_the_end(tmp_path: Path) -> None:
    """The smallest page size works, and still every page overlaps the one before."""
    async with FakeLeaderboard(rows=make_entries(12)) as api:
        await run_crawl(api.url, tmp_path, CrawlPlan(cells=(Cell(),), pages_per_filter=None, limit=1))
    assert len(set(solution_ids(tmp_path))) == 12
    assert report_of(tmp_path).notes == []


async def test_a_server_that_ignores_page_is_left_alone_soon(tmp_path: Path) -> None:
    """The same rows again and again end the cell with a note, not a crawl without end."""
    async with FakeLeaderboard(rows=make_entries(90), ignores_page=True) as api:
        await run_crawl(api.url, tmp_path, EVERYTHING)
        assert len(api.requests) < 40
    assert len(lines(tmp_path)) == 20
    assert "same rows again" in report_of(tmp_path).notes[-1]


async def test_what_was_committed_survives_an_unreachable_server(tmp_path: Path) -> None:
    """When the server goes down for good the error is named, and a resumed crawl completes the same dump."""
    async with FakeLeaderboard(rows=make_entries(200), latency_s=0.002) as api:
        await run_crawl(api.url, tmp_path / "calm", GRID)
        down_from = len(api.requests) + 12
        api.faults = lambda request: Fault(kind="status", status=503) if request.number > down_from else None
        with pytest.raises(RemoteUnreachableError):
            await run_crawl(api.url, tmp_path / "hit", GRID)
        assert 0 < len(lines(tmp_path / "hit")) < 150
        api.faults = {}
        with pytest.raises(UsageError, match="--resume"):
            await run_crawl(api.url, tmp_path / "hit", GRID)
        await run_crawl(api.url, tmp_path / "hit", GRID, mode=CrawlMode(resume=True))
    assert paths(tmp_path / "hit")[0].read_bytes() == paths(tmp_path / "calm")[0].read_bytes()
    assert paths(tmp_path / "hit")[1].read_bytes() == paths(tmp_path / "calm")[1].read_bytes()


async def test_a_refusal_is_final(tmp_path: Path) -> None:
    """A 422 ends the crawl with what the server said."""
    async with FakeLeaderboard(rows=make_entries(10), key="k" * 8) as api:
        with pytest.raises(RemoteRefusedError):
            await run_crawl(api.url, tmp_path, EVERYTHING)
