"""Traces that tell of one solution each."""

from pathlib import Path

from score_model.checks import Verdict
from score_model.contract import SolutionStatus
from score_model.contract.task_tests import Check
from score_model.traces import TraceFooter, TraceHeader, TraceWriter
from tests.traces.factories import step


def verdict(*passed: bool | None) -> Verdict:
    """A verdict with these checks."""
    checks = tuple(Check(name=f"backend_event:E{number}", passed=value) for number, value in enumerate(passed))
    whole = bool(passed) and all(passed)
    return Verdict(
        score=float(whole),
        passed=whole,
        status=SolutionStatus.PASSED if whole else SolutionStatus.FAILED,
        text="",
        checks=checks,
    )


def replay_trace(path: Path, task_id: str, solution_id: str, footer: TraceFooter) -> Path:
    """A whole trace of the solution with one step."""
    with TraceWriter(path, TraceHeader(task={"taskId": task_id}, solution_id=solution_id)) as writer:
        writer.write(step(0))
        writer.finish(footer)
    return path
