"""Promises under drift: a row that exists throughout a crawl is in the dump exactly once."""

import random
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from score_model.ingest import Cell, CrawlPlan
from score_model.ingest._windows import choose_window
from tests.fakes.entries import Entry, entry_id, make_entries
from tests.fakes.envelopes import Envelope
from tests.fakes.leaderboard import FakeLeaderboard
from tests.ingest.drivers import report_of, run_crawl, solution_ids

EVERYTHING = CrawlPlan(cells=(Cell(),), pages_per_filter=None, limit=10)


def solution(entry: Entry) -> str:
    return str(entry["solution"]["taskSolutionId"])


def churn(seed: int, spare: list[Entry], *, inserts: float, deletes: float, burst: int = 1) -> Callable[..., None]:
    """Before each answer: maybe insert spare rows (of any age) and maybe delete rows, anywhere in the table."""
    chance = random.Random(seed)

    def change(api: FakeLeaderboard, _number: int, _params: dict[str, str]) -> None:
        for _ in range(burst):
            if spare and chance.random() < inserts:
                api.insert(spare.pop(chance.randrange(len(spare))))
            if len(api.table) > 30 and chance.random() < deletes:
                api.delete(entry_id(chance.choice(api.table)))

    return change


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize(("inserts", "deletes", "burst"), [(1, 0, 1), (0, 0.6, 1), (0.5, 0.5, 1), (0.3, 0.2, 6)])
async def test_rows_that_exist_throughout_come_exactly_once(
    tmp_path: Path, seed: int, inserts: float, deletes: float, burst: int
) -> None:
    """Rows arrive and vanish anywhere before every answer; nothing is duplicated, nothing persistent is hidden."""
    rows = make_entries(400)
    chance = random.Random(seed)
    spare = [rows.pop(chance.randrange(len(rows))) for _ in range(150)]
    present = {solution(entry) for entry in rows}
    async with FakeLeaderboard(rows=rows) as api:
        api.on_request = churn(seed, spare, inserts=inserts, deletes=deletes, burst=burst)
        await run_crawl(api.url, tmp_path, EVERYTHING, concurrency=1 + seed % 4)
        throughout = present & {solution(entry) for entry in api.table}
    fetched = solution_ids(tmp_path)
    assert len(fetched) == len(set(fetched))
    report = report_of(tmp_path)
    if not report.cells[0].unproven_pages:
        assert throughout <= set(fetched)


async def test_drift_is_reported(tmp_path: Path) -> None:
    """When rows vanish under the crawl the report says that it went back, and a calm crawl's report says nothing."""
    rows = make_entries(200)
    async with FakeLeaderboard(rows=rows) as api:
        await run_crawl(api.url, tmp_path / "calm", EVERYTHING)

        def delete_newest(api: FakeLeaderboard, number: int, _params: dict[str, str]) -> None:
            if number % 5 == 0:
                api.delete(entry_id(api.table[-1]))

        api.on_request = delete_newest
        await run_crawl(api.url, tmp_path / "drift", EVERYTHING)
    assert report_of(tmp_path / "calm").notes == []
    report = report_of(tmp_path / "drift")
    assert report.cells[0].step_backs > 0
    assert report.cells[0].unproven_pages == 0
    assert any("went back" in note for note in report.notes)


async def test_a_whole_page_vanishes_between_two_reads(tmp_path: Path) -> None:
    """Even when more rows than a page holds vanish at once, the crawl goes back far enough."""
    rows = make_entries(200)

    def delete_many(api: FakeLeaderboard, number: int, _params: dict[str, str]) -> None:
        if number == 6:
            del api.table[-25:]

    async with FakeLeaderboard(rows=rows) as api:
        api.on_request = delete_many
        await run_crawl(api.url, tmp_path, EVERYTHING, concurrency=1)
        left = {solution(entry) for entry in api.table}
    assert left <= set(solution_ids(tmp_path))


async def test_rows_vanish_so_that_the_last_page_is_gone(tmp_path: Path) -> None:
    """An empty page is no proof of the end: what slid to earlier pages is still fetched."""
    rows = make_entries(40)

    def delete_first_page(api: FakeLeaderboard, number: int, _params: dict[str, str]) -> None:
        if number == 4:
            del api.table[-10:]

    async with FakeLeaderboard(rows=rows) as api:
        api.on_request = delete_first_page
        await run_crawl(api.url, tmp_path, EVERYTHING, concurrency=1)
        left = {solution(entry) for entry in api.table}
    assert left <= set(solution_ids(tmp_path))


async def test_an_unstable_order_ends_in_a_report_not_in_a_loop(tmp_path: Path) -> None:
    """A server that shuffles its rows between answers costs a bounded number of requests and is reported."""
    rows = make_entries(120)
    chance = random.Random(5)

    def shuffle(api: FakeLeaderboard, _number: int, _params: dict[str, str]) -> None:
        times = [entry["solution"]["createdAt"] for entry in api.table]
        chance.shuffle(times)
        for entry, time in zip(api.table, times, strict=True):
            entry["solution"]["createdAt"] = time

    async with FakeLeaderboard(rows=rows) as api:
        api.on_request = shuffle
        await run_crawl(api.url, tmp_path, EVERYTHING)
        assert len(api.requests) < 400
    fetched = solution_ids(tmp_path)
    assert len(fetched) == len(set(fetched))


async def test_page_limits_count_rows_not_reads(tmp_path: Path) -> None:
    """Rows that arrive during a page-limited crawl do not push the rows asked for out of reach."""
    rows = make_entries(300)
    spare = [rows.pop() for _ in range(60)]
    newest = [solution(entry) for entry in rows[-50:]]
    async with FakeLeaderboard(rows=rows) as api:
        api.on_request = lambda api, number, params: api.insert(spare.pop()) if number > 1 and spare else None
        await run_crawl(api.url, tmp_path, CrawlPlan(cells=(Cell(),), pages_per_filter=5, limit=10), concurrency=1)
    assert solution_ids(tmp_path) == newest[::-1]


@pytest.mark.parametrize("dialect", ["total", "has_next", "nothing", "next_number", "next_url"])
async def test_every_numbered_dialect_is_proof_against_drift(tmp_path: Path, dialect: str) -> None:
    """The promise does not hang on the hints that a server gives."""
    rows = make_entries(300)
    spare = [rows.pop(7 * i) for i in range(30)]
    present = {solution(entry) for entry in rows}
    async with FakeLeaderboard(rows=rows, envelope=Envelope(dialect=dialect)) as api:
        api.on_request = churn(3, spare, inserts=0.3, deletes=0.3)
        await run_crawl(api.url, tmp_path, EVERYTHING)
        throughout = present & {solution(entry) for entry in api.table}
    fetched = solution_ids(tmp_path)
    assert len(fetched) == len(set(fetched))
    assert throughout <= set(fetched)


@given(offset=st.integers(0, 5_000_000), limit=st.integers(1, 500))
def test_every_page_overlaps_and_goes_on(offset: int, limit: int) -> None:
    """The page asked for holds the row at the offset and rows behind it, is no larger than asked unless pages are tiny,
    and seldom re-reads much."""
    window = choose_window(offset, limit)
    assert window.start <= offset < window.stop - 1
    assert window.size <= max(limit, 30)
    if limit >= 100:
        assert offset - window.start <= window.size // 2
