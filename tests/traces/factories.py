"""Traces that the tests make."""

from pathlib import Path
from typing import Any

import zstandard

from score_model.checks import Verdict
from score_model.contract import SolutionStatus
from score_model.contract.task_tests import Check
from score_model.traces import BrowserSnapshot, Trace, TraceFooter, TraceHeader, TraceRecord, TraceStep, TraceWriter

HEADER = TraceHeader(
    task={"taskId": "t-1", "website": "autobooks", "useCase": "DETAIL_BOOK", "intent": "Open the book"},
    solution_id="s-1",
    web_agent_id="replay-1",
    clock="recorded",
    clock_shift_ms=-5,
    sites={"http://localhost:8001": "http://127.0.0.1:4711"},
)
FOOTER = TraceFooter(
    verdict=Verdict(
        score=1.0,
        passed=True,
        status=SolutionStatus.PASSED,
        text="All checks passed (1/1)",
        checks=(Check(name="backend_event:BOOK_DETAIL", passed=True),),
    ),
    timings={"total": 1.5},
    counts={"actions": 3},
    budgets_hit=["events"],
    final_url="http://localhost:8001/books/7",
    backend_events=[{"event_name": "BOOK_DETAIL", "data": {"id": 7}}],
)


def page(number: int, length: int = 2000) -> str:
    """A page of which only one line differs from number to number."""
    return f"<html><body><h1>{number}</h1>{''.join(f'<p>line {n} é</p>' for n in range(length // 16))}</body></html>"


def step(number: int, **fields: Any) -> TraceStep:
    """The step of one click."""
    return TraceStep(
        project_id="autobooks",
        task_id="t-1",
        web_agent_id="replay-1",
        action_index=number,
        action={"type": "click", "attributes": {"x": number}},
        success=True,
        execution_time=0.25,
        browser_snapshot=BrowserSnapshot(
            iteration=number,
            current_url="http://localhost:8001/",
            prev_html=page(number),
            current_html=page(number + 1),
            js_events=[],
            backend_events=[{"event_name": "E"}],
            timestamp="2026-01-01T00:00:00Z",
        ),
        **fields,
    )


def make_trace(steps: int = 3) -> Trace:
    return Trace(HEADER, tuple(step(number) for number in range(steps)), FOOTER)


def write_trace(path: Path, trace: Trace) -> Path:
    """Writes a trace that has a footer."""
    assert trace.footer is not None
    with TraceWriter(path, trace.header) as writer:
        for one in trace.steps:
            writer.write(one)
        writer.finish(trace.footer)
    return path


def records_of(trace: Trace) -> list[TraceRecord]:
    return [trace.header, *trace.steps, *([trace.footer] if trace.footer else [])]


def frame(content: bytes) -> bytes:
    """The content as one ordinary zstd frame."""
    return zstandard.ZstdCompressor().compress(content)
