"""Fetch bias is told from the fetches' own reach, per website."""

import msgspec

from score_model.dataset import AuditRow
from score_model.dataset.audit import assess, closing_words
from score_model.dataset.audit._columns import read_columns
from score_model.dataset.audit._fetch_bias import HOUR_US, coverage_by_website
from tests.dataset.audit.scenarios import START_US, World, simulate

_BASE = simulate(World(rows=1, empty=0), 0)[0]


def row(number: int, hour: float, fetched_hour: float, *, filtered: bool | None, passed: bool = True) -> AuditRow:
    """A row created and fetched at these hours, under this success filter."""
    return msgspec.structs.replace(
        _BASE,
        ordinal=number,
        created_us=START_US + int(hour * HOUR_US),
        fetched_us=START_US + int(fetched_hour * HOUR_US),
        fetched_success=filtered,
        passed=passed,
    )


def overlap(rows: list[AuditRow]) -> list[tuple[float, float]] | None:
    """The hours in which both labels were covered."""
    (covered,) = coverage_by_website(read_columns(rows)).values()
    if covered.both is None:
        return None
    return [((first - START_US) / HOUR_US, (last - START_US) / HOUR_US) for first, last in covered.both]


def test_the_overlap_is_where_both_fetches_reached() -> None:
    """From the younger of the two oldest rows to the older of the two newest, if the listing's live end is far away."""
    rows = [row(0, 1, 99, filtered=True), row(1, 9, 99, filtered=True)]
    rows += [row(2, 4, 99, filtered=False, passed=False), row(3, 8, 99, filtered=False, passed=False)]
    assert overlap(rows) == [(4.0, 8.0)]


def test_a_fetch_of_the_newest_rows_reaches_to_its_own_moment() -> None:
    """The absence of passes in the last minutes before the fetch is no lack of coverage."""
    rows = [row(0, 1, 9.1, filtered=True), row(1, 8.5, 9.1, filtered=True)]
    rows += [row(2, 4, 9.2, filtered=False, passed=False), row(3, 9, 9.2, filtered=False, passed=False)]
    assert overlap(rows) == [(4.0, 9.1)]


def test_crawls_apart_leave_a_hole() -> None:
    """Two crawls of passes a day apart cover two stretches, not what lies between."""
    rows = [row(0, 1, 50, filtered=True), row(1, 3, 50, filtered=True)]
    rows += [row(2, 20, 74, filtered=True), row(3, 23, 74, filtered=True)]
    rows += [row(4, 2, 74, filtered=False, passed=False), row(5, 22, 74, filtered=False, passed=False)]
    assert overlap(rows) == [(2.0, 3.0), (20.0, 22.0)]


def test_an_unfiltered_fetch_covers_both() -> None:
    """Rows fetched without the filter need no overlap, and widen that of others."""
    assert overlap([row(0, 1, 50, filtered=None), row(1, 3, 50, filtered=None, passed=False)]) is None
    rows = [row(0, 1, 50, filtered=None), row(1, 3, 50, filtered=None), row(2, 5, 50, filtered=True)]
    assert overlap(rows) == [(1.0, 3.0)]


def test_bias_is_reported_with_its_window_and_what_to_do() -> None:
    """Failures that reach back less far than passes: time predicts the label, and the words say how to fetch."""
    rows = simulate(World(rows=600, apart=True, failures_from=14), 1)
    report = assess(rows).report
    bias = report.fetch_bias
    assert bias.biased
    assert bias.time_auc is not None
    assert bias.time_auc < 0.4
    (website,) = bias.websites
    assert website.failures_from is not None
    assert website.overlap[0][0] == website.failures_from
    times = {label: [row.created_us or 0 for row in rows if row.passed is label] for label in (True, False)}
    first, last = min(times[False]), min(max(times[True]), max(times[False]))
    assert website.outside == sum(not first <= (row.created_us or 0) <= last for row in rows)
    words = closing_words(report)
    assert any("fetched apart" in sentence for sentence in words)
    assert "--success all" in words[-1]


def test_an_unfiltered_dump_brings_no_warning() -> None:
    """Neither does one that was fetched apart but to the same depth."""
    for world in (World(), World(rows=800, apart=True)):
        report = assess(simulate(world, 1)).report
        assert not report.fetch_bias.biased
        assert report.fetch_bias.fetched_apart == world.apart
        assert not any("fetched apart" in sentence for sentence in closing_words(report))


def test_passes_alone() -> None:
    """Where only passes were fetched everything lies outside, and the words say so."""
    rows = [entry for entry in simulate(World(rows=300, apart=True), 1) if entry.passed]
    report = assess(rows).report
    assert report.fetch_bias.outside == len(rows)
    assert any("only passes were fetched" in sentence for sentence in closing_words(report))
