"""Which stretch of time each kind of fetch covered, per website: where passes *and* failures could be fetched."""

from array import array
from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from score_model.dataset.audit._columns import FAILED, NO_TIME, PASSED, UNKNOWN, Columns

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
