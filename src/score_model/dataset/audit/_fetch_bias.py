"""Fetch bias: passes and failures fetched apart, newest first and to a page limit, reach back to different times."""

from array import array
from collections import defaultdict

from score_model.contract import format_instant
from score_model.dataset.audit._columns import NO_TIME, UNKNOWN, Columns
from score_model.dataset.audit._coverage import Interval, WebsiteCoverage
from score_model.dataset.audit._report import FetchBias, WebsiteFetch, share
from score_model.dataset.audit._shortcuts import as_auc, by_value

_TOLERATED_OUTSIDE = 0.05


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
