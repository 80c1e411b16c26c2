"""What a run of `score-model features` reports."""

import msgspec

MOST_EXAMPLES = 20


class UnusedTrace(msgspec.Struct, frozen=True):
    """A file that gave no features; `file` is its path below the folder of traces."""

    file: str
    reason: str


class FeaturesReport(msgspec.Struct, frozen=True, kw_only=True):
    """What `features.json` holds: no time, and no path of the machine.

    `with_trace` of the `episodes` have one. Of the trace files, `unused` are torn, foreign or beyond the bounds,
    `unmatched` belong to no row of the dataset, and `duplicates` tell of a solution that an earlier file told of.
    """

    episodes: int
    with_trace: int
    steps: int
    episode_columns: int
    step_columns: int
    labelled: bool
    trace_files: int = 0
    unused: int = 0
    unused_examples: list[UnusedTrace] = []
    unmatched: int = 0
    duplicates: int = 0

    @property
    def complete(self) -> bool:
        """Whether every trace could be used."""
        return not self.unused

    def lines(self) -> list[str]:
        """The report as text for people."""
        episodes = f"{self.episodes:,} episodes ({self.with_trace:,} with a trace) of {self.episode_columns} columns"
        lines = [f"Features: {episodes}, {self.steps:,} steps of {self.step_columns}."]
        if self.unmatched:
            lines.append(f"Traces of solutions that the dataset does not hold, not used: {self.unmatched:,}.")
        if self.duplicates:
            lines.append(f"Further traces of the same solution, not used: {self.duplicates:,}.")
        if self.unused:
            lines.append(f"Files that are no whole trace, not used: {self.unused:,}.")
            lines += [f"  {trace.file}: {trace.reason}" for trace in self.unused_examples]
            more = self.unused - len(self.unused_examples)
            lines += [f"  and {more:,} more"] if more else []
        return lines
