"""Trace files: what a replay saw, written once and read many times.

Records and plain `.jsonl` files need nothing but the core; compressed files and diffs need the extra `replay` and raise
MissingExtraError where it is not installed.
"""

from typing import TYPE_CHECKING

from score_model.errors import MissingExtraError
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


def __getattr__(name: str) -> object:
    if name != "diff_html":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    try:
        from score_model.traces._html_diff import diff_html
    except ModuleNotFoundError as error:
        if error.name is not None and error.name.partition(".")[0] == "rapidfuzz":
            raise MissingExtraError("a diff of pages", "replay") from None
        raise
    return diff_html
