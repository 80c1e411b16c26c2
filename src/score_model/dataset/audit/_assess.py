"""The audit of one dataset: read the rows once, look, and judge every label."""

from collections.abc import Iterable

import msgspec

from score_model.contract import format_instant
from score_model.dataset._audit_rows import AuditRow
from score_model.dataset.audit._columns import FAILED, NO_TIME, RELABELLED, UNKNOWN, Columns, read_columns
from score_model.dataset.audit._counts import count_rows, label_in_disguise
from score_model.dataset.audit._fetch_bias import coverage_by_website, fetch_bias
from score_model.dataset.audit._near_copies import contradictions, near_copies
from score_model.dataset.audit._outages import Dip, Outage, OutageSearch, passes, website_dips
from score_model.dataset.audit._report import AuditReport, OutageCell, WebsiteDip, chance, share
from score_model.dataset.audit._shortcuts import shortcuts
from score_model.dataset.audit._testability import testability


class Assessment(msgspec.Struct, frozen=True):
    """`report` for people and metrics; `qualities` gives, by ordinal, every label quality that is not "ok"."""

    report: AuditReport
    qualities: dict[int, str]


def assess(rows: Iterable[AuditRow]) -> Assessment:
    """Audits the rows (design: "Audit"): reads the stream once and keeps about 75 bytes of each.

    The same rows in the same order give the same assessment on any machine. Label qualities, the first that holds:
    `overridden` (if it was), `unknown` (no label), `environment_suspect` (a non-empty failure inside an outage),
    `contradicted` (the row contradicts itself, or identical work has both labels and no outage explains it),
    `replay_disagrees` (if it was), `ok`.
    """
    columns = read_columns(rows)
    coverage = coverage_by_website(columns)
    search = OutageSearch(columns, coverage)
    outages = search.run()
    suspects = {row for outage in outages for row in outage.rows if columns.label[row] == FAILED}
    equal_work, contradicted = contradictions(columns, suspects)
    qualities = _qualities(columns, suspects, contradicted)
    cells = [_outage_cell(columns, outage) for outage in outages]
    report = AuditReport(
        counts=count_rows(columns, qualities),
        shortcuts=shortcuts(columns, suspects),
        near_copies=near_copies(columns),
        contradictions=equal_work,
        self_contradictions=sum(columns.contradicts_itself),
        fetch_bias=fetch_bias(columns, coverage),
        label_in_disguise=label_in_disguise(columns),
        outages=sorted(cells, key=lambda cell: (-cell.failures, cell.website, cell.validator or 0, cell.first)),
        website_dips=[_website_dip(columns, dip) for dip in website_dips(columns, search.usable)],
        testability=testability(columns, search.cells, outages, search.family),
        undated_rows=sum(moment == NO_TIME for moment in columns.created),
    )
    return Assessment(report, qualities)


def _qualities(columns: Columns, suspects: set[int], contradicted: set[int]) -> dict[int, str]:
    qualities = {}
    for row in columns.rows():
        relabelled = RELABELLED[columns.relabelled[row]]
        if relabelled == "overridden":
            qualities[columns.ordinal[row]] = relabelled
        elif columns.label[row] == UNKNOWN:
            qualities[columns.ordinal[row]] = "unknown"
        elif row in suspects:
            qualities[columns.ordinal[row]] = "environment_suspect"
        elif row in contradicted or columns.contradicts_itself[row]:
            qualities[columns.ordinal[row]] = "contradicted"
        elif relabelled is not None:
            qualities[columns.ordinal[row]] = relabelled
    return qualities


def _outage_cell(columns: Columns, outage: Outage) -> OutageCell:
    compared = outage.comparison
    passed = passes(columns, outage.rows)
    return OutageCell(
        website=columns.websites.values[outage.website],
        validator=columns.validators.values[outage.validator],
        first=format_instant(outage.first_us),
        last=format_instant(outage.last_us),
        rows=len(outage.rows),
        failures=len(outage.rows) - passed,
        passes=passed,
        compared_rows=compared.rows,
        compared_passes=compared.passes,
        expected_passes=round(compared.expected, 2),
        control_rows=compared.control_rows,
        control_passes=compared.control_passes,
        control_pass_rate=share(compared.control_passes, compared.control_rows),
        expected_rate=share(compared.expected, compared.rows),
        p_value=chance(outage.p_value),
        looks=round(outage.looks),
        all_websites=outage.all_websites,
    )


def _website_dip(columns: Columns, dip: Dip) -> WebsiteDip:
    return WebsiteDip(
        website=columns.websites.values[dip.website],
        first=format_instant(columns.created[dip.rows[0]]),
        last=format_instant(columns.created[dip.rows[-1]]),
        validators=len({columns.validator[row] for row in dip.rows}),
        rows=len(dip.rows),
        passes=passes(columns, dip.rows),
        expected_passes=round(dip.expected, 2),
        p_value=chance(dip.p_value),
    )
