"""Recorded traces of real solutions, where they are at hand: they are not part of the repository."""

import os
from pathlib import Path

import pytest

_SHARED = Path(os.environ.get("SCORE_MODEL_SHARED", Path(__file__).parents[3] / "shared"))
TRACES = sorted((_SHARED / "traces").glob("*/*/*.jsonl.zst"))
FOLDER = _SHARED / "traces"

needs_traces = pytest.mark.skipif(
    len(TRACES) != 186, reason="the recorded traces are not on this machine (SCORE_MODEL_SHARED)"
)
