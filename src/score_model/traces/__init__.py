"""Trace files: what a replay saw, written once and read many times.

Records and plain `.jsonl` files need nothing but the core; compressed files and diffs need the extra `replay` and raise
MissingExtraError where it is not installed.
"""

from typing import TYPE_CHECKING

from score_model.extras import import_on_demand
from score_model.traces._clean_html import clean_html
from score_model.traces._read import iter_traces, load_trace, read_trace
from score_model.traces._records import (
    TRACE_VERSION,
    BrowserSnapshot,
    Trace,
    TraceFooter,
    TraceHeader,
    TraceRecord,
    TraceStep,
)
from score_model.traces._write import TraceWriter, trace_path

if TYPE_CHECKING:
    from score_model.traces._html_diff import diff_html

__all__ = [
    "TRACE_VERSION",
    "BrowserSnapshot",
    "Trace",
    "TraceFooter",
    "TraceHeader",
    "TraceRecord",
    "TraceStep",
    "TraceWriter",
    "clean_html",
    "diff_html",
    "iter_traces",
    "load_trace",
    "read_trace",
    "trace_path",
]

__getattr__ = import_on_demand(__name__, {"diff_html": "_html_diff"}, "a diff of pages", "replay")
