"""The dataset in numbers, as sentences: what there is, before what is wrong with it."""

from score_model.dataset.audit._report import AuditReport, Count
from score_model.dataset.audit._words import clean

_MOST_NAMED = 12


def totals(report: AuditReport) -> list[str]:
    """Rows by label, split and label quality, by website and by use case; longer lists name the largest."""
    counts = report.counts
    total = counts.total
    labels = f"{total.passed:,} passed, {total.failed:,} failed"
    labels += f", {total.unknown:,} without a label" if total.unknown else ""
    splits = ", ".join(f"{split.name} {split.rows:,}" for split in counts.splits)
    qualities = ", ".join(f"{name} {rows:,}" for name, rows in counts.label_quality.items())
    return [
        f"Rows: {total.rows:,} ({labels}; {total.empty:,} hold no actions).",
        f"Splits: {splits}. Label quality: {qualities}.",
        f"Websites: {_named(counts.websites)}.",
        f"Use cases: {_named(counts.use_cases)}.",
    ]


def _named(counts: list[Count]) -> str:
    largest = sorted(counts, key=lambda count: (-count.rows, count.name))[:_MOST_NAMED]
    named = ", ".join(f"{clean(count.name)} {count.passed:,} of {count.rows:,}" for count in largest)
    more = f", and {len(counts) - len(largest):,} more in the metrics" if len(counts) > len(largest) else ""
    return f"{named} passed{more}" if named else "none"
