"""The rules that decide a task's tests on the backend events of a replay (export contract, section 4).

Pure functions: the same tests, events, answer and agent always give the same verdict.
"""

from score_model.checks._events import BackendEvent, parse_event
from score_model.checks._verdict import Verdict, run_tests

__all__ = [
    "BackendEvent",
    "Verdict",
    "parse_event",
    "run_tests",
]
