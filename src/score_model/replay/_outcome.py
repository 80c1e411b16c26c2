"""What came of replaying one solution: as it ends, and as its trace tells later."""

from pathlib import Path

import msgspec

from score_model.checks import BackendEvent, Verdict, parse_event
from score_model.errors import ContractError
from score_model.replay._agreement import replay_label
from score_model.traces import TraceFooter, TraceHeader, TraceStep, read_trace

CUTTING_BUDGETS = frozenset(("time", "actions"))
"""Budgets that end a replay before its last action; the others only end what is recorded of it."""

WITHOUT_BROWSER = "without_browser"
"""The footer's field that marks a verdict for which no browser was opened."""


class ReplayOutcome(msgspec.Struct, frozen=True, kw_only=True):
    """How the replay of one solution ended.

    `verdict` is None for a task without tests. `events` are the backend events that it was made on. `actions` of the
    solution's `recorded_actions` were done, `failed_actions` of these failed. `seconds` is the whole replay's time.
    `trace` is the file that it was written to, if any.
    """

    verdict: Verdict | None
    without_browser: bool = False
    actions: int = 0
    failed_actions: int = 0
    budgets_hit: tuple[str, ...] = ()
    refusals: int = 0
    events: tuple[BackendEvent, ...] = ()
    seconds: float = 0.0
    trace: Path | None = None

    @property
    def label(self) -> bool | None:
        """Whether the solution passed; None where no test could tell, or where a budget cut off what might have."""
        label = replay_label(self.verdict, without_browser=self.without_browser)
        return None if label is False and CUTTING_BUDGETS.intersection(self.budgets_hit) else label


class ReplayFailure(msgspec.Struct, frozen=True, kw_only=True):
    """A solution that could not be replayed, and why; `attempts` is how often it was tried."""

    website: str | None
    task_id: str
    solution_id: str
    reason: str
    attempts: int


def outcome_of(path: Path) -> ReplayOutcome:
    """The outcome that a whole trace tells. Raises ContractError for a file that is no whole trace."""
    header, footer, steps, failed = None, None, 0, 0
    for record in read_trace(path):
        match record:
            case TraceHeader():
                header = record
            case TraceStep():
                steps += 1
                failed += record.success is False
            case TraceFooter():
                footer = record
    if header is None or footer is None:
        raise ContractError(f"{path}: the trace has no end")
    events = (parse_event(row) for row in footer.backend_events or ())
    return ReplayOutcome(
        verdict=footer.verdict,
        without_browser=footer.extra.get(WITHOUT_BROWSER) is True,
        actions=steps,
        failed_actions=failed,
        budgets_hit=tuple(footer.budgets_hit or ()),
        refusals=len(footer.extra.get("refused") or ()),
        events=tuple(event for event in events if event is not None),
        seconds=(footer.timings or {}).get("total", 0.0),
        trace=path,
    )
