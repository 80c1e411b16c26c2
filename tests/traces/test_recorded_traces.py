"""The recorded traces of real solutions load through the same function; runs only where they are at hand."""

from pathlib import Path

import pytest

from score_model.traces import BrowserSnapshot, Trace, clean_html, diff_html, iter_traces, load_trace, trace_path
from tests.traces.factories import write_trace
from tests.traces.recorded import FOLDER, TRACES, needs_traces

pytestmark = needs_traces


@pytest.fixture(scope="module")
def one() -> Trace:
    return load_trace(TRACES[0])


def test_all_of_them_load() -> None:
    """Each has header, steps and footer; nothing of it is unknown; its path is the one that its ids give."""
    assert list(iter_traces(FOLDER)) == TRACES
    steps = 0
    for path in TRACES:
        trace = load_trace(path)
        assert trace.footer is not None
        assert trace.footer.backend_events is not None
        assert [trace.header.extra, trace.footer.extra] == [{}, {}]
        assert not any(step.extra or step.browser_snapshot.extra for step in trace.steps)
        assert [step.action_index for step in trace.steps] == list(range(len(trace.steps)))
        task, solution_id = trace.header.task, trace.header.solution_id
        assert task is not None
        assert solution_id is not None
        assert trace_path(FOLDER, task["website"], task["taskId"], solution_id) == path
        steps += len(trace.steps)
    assert steps == 1147


def test_rewriting_one_keeps_it(one: Trace, tmp_path: Path) -> None:
    """A recorded trace that is written again reads the same."""
    assert load_trace(write_trace(tmp_path / "t.jsonl.zst", one)) == one


def test_real_pages_have_readable_diffs(one: Trace) -> None:
    """Real pages: equal ones have no diff, different ones a short one; what was cleaned stays as it is."""
    for step in one.steps:
        snapshot: BrowserSnapshot = step.browser_snapshot
        before, after = clean_html(snapshot.prev_html or ""), clean_html(snapshot.current_html or "")
        assert clean_html(before) == before
        assert (diff_html(before, after) == "") == (before.split() == after.split())
        assert len(diff_html(before, after)) < 41_000
