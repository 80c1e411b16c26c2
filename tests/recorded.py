"""Recorded production dumps, where they are at hand: they are not part of the repository."""

import os
from pathlib import Path

import pytest

_SHARED = Path(os.environ.get("SCORE_MODEL_SHARED", Path(__file__).parents[2] / "shared"))
DUMPS = sorted((_SHARED / "leaderboard").glob("*.jsonl"))

needs_dumps = pytest.mark.skipif(
    len(DUMPS) != 3, reason="the recorded dumps are not on this machine (SCORE_MODEL_SHARED)"
)
