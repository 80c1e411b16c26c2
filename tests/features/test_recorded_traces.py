"""Features of the recorded traces of real solutions, where they are at hand."""

from pathlib import Path

import pyarrow.parquet as pq

from score_model.features import build_features
from tests.traces.recorded import FOLDER, needs_traces


@needs_traces
def test_every_recorded_trace_gives_features(tmp_path: Path) -> None:
    """All 186 are read; where the expected event came, most of what the intent demands is found in it."""
    report = build_features(None, FOLDER, tmp_path)
    assert (report.episodes, report.with_trace, report.unused) == (186, 186, 0)
    episodes = pq.read_table(tmp_path / "episodes.parquet").to_pylist()
    assert all(one["actions"] > 0 and one["end_elements"] > 0 and one["requests"] > 0 for one in episodes)
    demanding = [one for one in episodes if one["expected_fired"] and one["intent_constraints"]]
    assert len(demanding) > 100
    assert sum(one["event_best_complete"] for one in demanding) / len(demanding) > 0.9
