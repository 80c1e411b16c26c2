"""Fetch bias: passes and failures fetched apart, newest first and to a page limit, reach back to different times."""

from array import array
from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from score_model.contract import format_instant
from score_model.dataset.audit._columns import FAILED, NO_TIME, PASSED, UNKNOWN, Columns
from score_model.dataset.audit._report import FetchBias, WebsiteFetch, share
from score_model.dataset.audit._shortcuts import as_auc, by_value

_TOLERATED_OUTSIDE = 0.05
HOUR_US = 3_600_000_000
_NEW_CRAWL_US = HOUR_US
_LIVE_EDGE_US = HOUR_US
Interval = tuple[int, int]


class WebsiteCoverage(NamedTuple):
    """Disjoint ascending intervals in µs, both ends inside; `both` is None where nothing was fetched apart."""

    passes: list[Interval]
    failures: list[Interval]
    both: list[Interval] | None

    def holds(self, moment: int) -> bool:
        """Whether a pass and a failure of this moment would both have been fetched."""
        return self.both is None or any(first <= moment <= last for first, last in self.both)


def fetch_bias(columns: Columns, coverage: dict[int, WebsiteCoverage]) -> FetchBias:
    """Compares, per website that was fetched apart, the time that passes and failures cover.

    A website is biased if more than a twentieth of its labelled rows lie where only one of the two was fetched: there
    time, or file order, gives the label away.
    """
    by_website: dict[int, array[int]] = defaultdict(lambda: array("q"))
    for row in columns.rows():
        if columns.created[row] != NO_TIME and columns.label[row] != UNKNOWN:
            by_website[columns.website[row]].append(row)
    websites = [
        _website(columns, columns.websites.values[website], by_website[website], covered)
        for website, covered in coverage.items()
        if covered.both is not None
    ]
    websites.sort(key=lambda entry: entry.website)
    dated = array("q", sorted(row for rows in by_website.values() for row in rows))
    return FetchBias(
        fetched_apart=bool(websites),
        biased=any(entry.biased for entry in websites),
        rows=sum(entry.rows for entry in websites),
        outside=sum(entry.outside for entry in websites),
        time_auc=as_auc(columns, by_value(columns, columns.created, dated), dated).auc,
        order_auc=as_auc(columns, by_value(columns, columns.ordinal, dated), dated).auc,
        websites=websites,
    )


def _website(columns: Columns, name: str, rows: "array[int]", covered: WebsiteCoverage) -> WebsiteFetch:
    outside = sum(not covered.holds(columns.created[row]) for row in rows)
    passes_from, passes_to = _ends(covered.passes)
    failures_from, failures_to = _ends(covered.failures)
    return WebsiteFetch(
        website=name,
        passes_from=passes_from,
        passes_to=passes_to,
        failures_from=failures_from,
        failures_to=failures_to,
        overlap=[(format_instant(first), format_instant(last)) for first, last in covered.both or []],
        rows=len(rows),
        outside=outside,
        outside_share=share(outside, len(rows)),
        time_auc=as_auc(columns, by_value(columns, columns.created, rows), rows).auc,
        biased=outside > _TOLERATED_OUTSIDE * len(rows),
    )


def _ends(intervals: list[Interval]) -> tuple[str, str] | tuple[None, None]:
    if not intervals:
        return None, None
    return format_instant(intervals[0][0]), format_instant(intervals[-1][1])


def coverage_by_website(columns: Columns) -> dict[int, WebsiteCoverage]:
    """The coverage of every website that has a dated row.

    A fetch of one kind (passes, failures, or both) covers the time between the oldest and the newest row that it
    brought: it may have stopped at a page limit on the old side. On the new side it reaches to the moment of the fetch
    where its newest row is less than an hour older: then the listing was read up to its live end. Fetches more than an
    hour apart count as crawls of their own, since what lies between them may be missing.
    """
    fetched: dict[tuple[int, int], array[int]] = defaultdict(lambda: array("q"))
    for row in columns.rows():
        if columns.created[row] != NO_TIME:
            fetched[columns.website[row], columns.fetched_label[row]].append(row)
    apart = {website for website, kind in fetched if kind != UNKNOWN}
    result = {}
    for website in sorted({website for website, _ in fetched}):
        unfiltered = _covered(columns, fetched.get((website, UNKNOWN), ()))
        passes = _union(_covered(columns, fetched.get((website, PASSED), ())) + unfiltered)
        failures = _union(_covered(columns, fetched.get((website, FAILED), ())) + unfiltered)
        both = _intersection(passes, failures) if website in apart else None
        result[website] = WebsiteCoverage(passes, failures, both)
    return result


def _covered(columns: Columns, rows: Sequence[int]) -> list[Interval]:
    intervals: list[Interval] = []
    oldest = newest = last_fetch = 0
    for row in sorted(rows, key=columns.fetched.__getitem__):
        created, fetched = columns.created[row], columns.fetched[row]
        if not intervals or fetched - last_fetch > _NEW_CRAWL_US:
            oldest = newest = created
            intervals.append((oldest, newest))
        oldest, newest, last_fetch = min(oldest, created), max(newest, created), fetched
        live = fetched != NO_TIME and 0 <= fetched - newest <= _LIVE_EDGE_US
        intervals[-1] = oldest, fetched if live else newest
    return intervals


def _union(intervals: list[Interval]) -> list[Interval]:
    result: list[Interval] = []
    for first, last in sorted(intervals):
        if result and first <= result[-1][1]:
            result[-1] = result[-1][0], max(result[-1][1], last)
        else:
            result.append((first, last))
    return result


def _intersection(left: list[Interval], right: list[Interval]) -> list[Interval]:
    result = []
    for first, last in left:
        for other_first, other_last in right:
            begin, end = max(first, other_first), min(last, other_last)
            if begin <= end:
                result.append((begin, end))
    return sorted(result)
