"""What a relabelling reports, as records and in words."""

import msgspec

from score_model.replay import Agreement, format_agreement

MOST_EXAMPLES = 20


class UnusedTrace(msgspec.Struct, frozen=True):
    """A file that tells of no whole replay; `file` is its path below the folder of traces."""

    file: str
    reason: str


class TraceCounts(msgspec.Struct, frozen=True, kw_only=True):
    """`files` holds the `unused` ones; several whole traces may tell of one of the `solutions`."""

    files: int = 0
    solutions: int = 0
    unused: int = 0
    unused_examples: list[UnusedTrace] = []


class OverrideCounts(msgspec.Struct, frozen=True, kw_only=True):
    """`rows` of the CSV file, `unknown` of them with ids that the dataset does not hold, written task/solution."""

    rows: int
    unknown: int
    unknown_examples: list[str]


class RelabelReport(msgspec.Struct, frozen=True, kw_only=True):
    """What `metrics/<prefix>.relabel.json` holds: no time, and no path of the machine.

    `agreement` counts the rows that have a trace, `label_quality` all rows as they are now labelled.
    """

    prefix: str
    rows: int
    agreement: Agreement
    traces: TraceCounts
    overrides: OverrideCounts
    label_quality: dict[str, int]

    @property
    def complete(self) -> bool:
        """Whether every trace could be used and every override found its row."""
        return not (self.traces.unused or self.overrides.unknown)

    def lines(self) -> list[str]:
        """The report as text for people."""
        traces, overrides, replayed = self.traces, self.overrides, self.agreement.total.rows
        lines = []
        if traces.files:
            lines.append(f"Replays: {replayed:,} of {self.rows:,} rows have a trace ({traces.files:,} files).")
        if replayed:
            lines += format_agreement(self.agreement)
        if traces.unused:
            lines.append(f"Files that tell of no whole replay, not used: {traces.unused:,}.")
            lines += [f"  {trace.file}: {trace.reason}" for trace in traces.unused_examples]
            lines += _more(traces.unused)
        if overrides.rows:
            lines.append(f"Overrides: {overrides.rows - overrides.unknown:,} of {overrides.rows:,} found their row.")
        if overrides.unknown:
            lines.append(f"Overrides whose row is not in the dataset (task/solution): {overrides.unknown:,}.")
            lines += [f"  {name}" for name in overrides.unknown_examples]
            lines += _more(overrides.unknown)
        qualities = ", ".join(f"{name} {rows:,}" for name, rows in self.label_quality.items())
        return [*lines, f"Label quality: {qualities or 'no rows'}."]


def _more(count: int) -> list[str]:
    return [f"  and {count - MOST_EXAMPLES:,} more"] if count > MOST_EXAMPLES else []
