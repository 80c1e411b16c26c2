"""Promises of the raw dump and its journal: rows as received, and agreement after any crash."""

from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from score_model.errors import UsageError
from score_model.ingest import Cell, CrawlMode, CrawlPlan, RawDump, read_journal
from score_model.ingest._crawl import raw_lines
from score_model.ingest._row_identity import row_identities, row_key
from tests.fakes.entries import make_entries
from tests.fakes.leaderboard import FakeLeaderboard
from tests.ingest.drivers import paths, run_crawl

PLAN = CrawlPlan(cells=(Cell(website="autobooks"), Cell()), pages_per_filter=None, limit=10)


async def finished(folder: Path) -> tuple[bytes, bytes]:
    async with FakeLeaderboard(rows=make_entries(60)) as api:
        await run_crawl(api.url, folder, PLAN)
    dump, journal = paths(folder)
    return dump.read_bytes(), journal.read_bytes()


async def test_any_torn_tail_is_repaired_and_completed(tmp_path: Path) -> None:
    """However the two files were cut off (independently of each other), a resumed crawl ends with the same bytes."""
    dump_bytes, journal_bytes = await finished(tmp_path)
    dump, journal = paths(tmp_path)
    async with FakeLeaderboard(rows=make_entries(60)) as api:
        for dump_cut, journal_cut in [
            (0, 0),
            (1, 1),
            (-1, -1),
            (-1, 0),
            (0, -30),
            (-400, -1),
            (-5000, -900),
            (-1, -2500),
        ]:
            dump.write_bytes(dump_bytes[: len(dump_bytes) + dump_cut] if dump_cut < 0 else dump_bytes + b"{" * dump_cut)
            cut = len(journal_bytes) + journal_cut
            journal.write_bytes(journal_bytes[:cut] if journal_cut < 0 else journal_bytes + b"{" * journal_cut)
            await run_crawl(api.url, tmp_path, PLAN, mode=CrawlMode(resume=True))
            assert dump.read_bytes() == dump_bytes, (dump_cut, journal_cut)
            assert journal.read_bytes() == journal_bytes, (dump_cut, journal_cut)


async def test_a_page_that_a_power_cut_filled_with_zeros_is_fetched_again(tmp_path: Path) -> None:
    """Bytes that are there but not what the journal says don't count."""
    dump_bytes, _ = await finished(tmp_path)
    dump, _ = paths(tmp_path)
    dump.write_bytes(dump_bytes[:-3000] + b"\0" * 3000)
    async with FakeLeaderboard(rows=make_entries(60)) as api:
        await run_crawl(api.url, tmp_path, PLAN, mode=CrawlMode(resume=True))
    assert dump.read_bytes() == dump_bytes


def test_a_dump_without_a_journal_is_left_alone(tmp_path: Path) -> None:
    """A file that somebody put there is neither cut nor appended to."""
    dump, journal = paths(tmp_path)
    dump.parent.mkdir()
    dump.write_bytes(b'{"entry": {}}\n')
    with pytest.raises(UsageError, match="no journal"):
        RawDump(dump, journal)
    assert dump.read_bytes() == b'{"entry": {}}\n'


def test_two_processes_do_not_share_a_prefix(tmp_path: Path) -> None:
    """While one crawl has the prefix open, another is refused with one line."""
    with RawDump(*paths(tmp_path)), pytest.raises(UsageError, match="another process"):
        RawDump(*paths(tmp_path))


def test_a_journal_that_is_none_is_empty(tmp_path: Path) -> None:
    """Reading the journal of a prefix that was never crawled gives no events."""
    assert read_journal(tmp_path / "none.jsonl") == []


def test_rows_keep_their_bytes() -> None:
    """Key order, number spellings, escapes and unknown fields survive; only white space between tokens may go."""
    odd = msgspec.Raw(b'{"b": 1.0, "a":1e2,"\\u00e9": "\\n", "x": [ ] }')
    (line,) = raw_lines({3: [odd]}, Cell(website="s"), "2025-11-12T00:00:00Z").splitlines(keepends=True)
    assert line == (
        b'{"entry": {"b": 1.0, "a":1e2,"\\u00e9": "\\n", "x": [ ] }, '
        b'"filters": {"website":"s"}, "page": 3, "fetched_at": "2025-11-12T00:00:00Z"}\n'
    )
    pretty = msgspec.Raw(b'{\n  "b": 1.0,\r\n  "a": "x\\ny"\n}')
    (line,) = raw_lines({1: [pretty], 2: []}, Cell(), "").splitlines(keepends=True)
    assert line.startswith(b'{"entry": {"b":1.0,"a":"x\\ny"}, ')
    broken = msgspec.Raw(b'{"a": "a line\nbroken in a string, which is no JSON"}')
    assert raw_lines({1: [broken]}, Cell(), "").count(b"\n") == 1


def test_what_makes_two_rows_the_same() -> None:
    """Task, solution and evaluation id do; ids as numbers count; a row without ids is known by its bytes."""
    same = [
        b'{"task": {"taskId": "1"}, "solution": {"taskSolutionId": "s"}, "evaluation": {"evaluationResultId": 5}}',
        b'{"evaluation":{"evaluationResultId":"5","score":1},"solution":{"taskSolutionId":"s"},"task":{"taskId":1}}',
    ]
    assert row_key(same[0]) == row_key(same[1])
    assert row_key(same[0]) != row_key(same[0].replace(b"5", b"6"))
    assert row_key(b'{"task": {"taskId": "1"}}') != row_key(b'{"task": {"taskId": "1"}, "x": 1}')


@given(
    st.lists(st.one_of(st.binary(max_size=20), st.just(b'{"task":{"taskId":"1"},"solution":{"taskSolutionId":"x"}}')))
)
def test_identities_of_hostile_rows(rows: list[bytes]) -> None:
    """Whatever a row holds, it has an identity, the same alone as among others."""
    assert row_identities(rows) == [hash(row_key(row)) for row in rows]
