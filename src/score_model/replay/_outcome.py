"""What came of replaying one solution: as it ends, and as its trace tells later."""

from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

import msgspec

from score_model.atomic import atomic_write, discard
from score_model.checks import BackendEvent, Verdict, parse_event
from score_model.errors import ContractError, UsageError
from score_model.replay._agreement import decide_label
from score_model.traces import TraceFooter, TraceHeader, TraceStep, read_trace

CUTTING_BUDGETS = frozenset(("time", "actions"))
"""Budgets that end a replay before its last action; the others only end what is recorded of it."""

WITHOUT_BROWSER = "without_browser"
"""The footer's field that marks a verdict for which no browser was opened."""

NAME = "failed.ndjson"
"""Not `.jsonl`: that is what traces are called."""

_Key = tuple[str, str]  # task and solution


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
        label = decide_label(self.verdict, without_browser=self.without_browser)
        return None if label is False and CUTTING_BUDGETS.intersection(self.budgets_hit) else label


class ReplayFailure(msgspec.Struct, frozen=True, kw_only=True):
    """A solution that could not be replayed, and why; `attempts` is how often it was tried."""

    website: str | None
    task_id: str
    solution_id: str
    reason: str
    attempts: int


def read_outcome(path: Path) -> ReplayOutcome:
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


class FailureList:
    """`<output>/failed.ndjson`: one line of JSON for each solution that failed and has not been replayed since.

    A line is added as soon as a solution failed; the lines of solutions that have been replayed since go when the list
    is closed. Raises UsageError if the file can't be written.
    """

    def __init__(self, output: Path) -> None:
        self.path = output / NAME
        self._failures: dict[_Key, ReplayFailure] = {}
        self._file: BinaryIO | None = None

    def __enter__(self) -> Self:
        for line in self.path.read_bytes().splitlines() if self.path.exists() else ():
            try:
                self._remember(msgspec.json.decode(line, type=ReplayFailure))
            except msgspec.DecodeError:  # the torn end of a run that was killed
                continue
        self._rewrite()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None
        if error is None:
            self._rewrite()

    def add(self, failure: ReplayFailure) -> None:
        """A solution failed."""
        self._remember(failure)
        try:
            if self._file is None:
                self.path.parent.mkdir(parents=True, exist_ok=True)
                self._file = self.path.open("ab")
            self._file.write(msgspec.json.encode(failure) + b"\n")
            self._file.flush()
        except OSError as error:
            raise UsageError(f"can't write {self.path}: {error.strerror or error}") from None

    def done(self, task_id: str, solution_id: str) -> None:
        """A solution has been replayed."""
        self._failures.pop((task_id, solution_id), None)

    def _remember(self, failure: ReplayFailure) -> None:
        self._failures[failure.task_id, failure.solution_id] = failure

    def _rewrite(self) -> None:
        try:
            if not self._failures:
                discard(self.path)
                return
            with atomic_write(self.path) as file:
                for failure in self._failures.values():
                    file.write(msgspec.json.encode(failure) + b"\n")
        except OSError as error:
            raise UsageError(f"can't write {self.path}: {error.strerror or error}") from None
