"""No dump, however broken or hostile, crashes the builder."""

import json
import tempfile
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from score_model.contract.sample import LABEL_QUALITIES, SPLITS
from score_model.dataset import load_samples
from tests.dataset.factories import build, entry, raw_line

SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20)
DATES = st.sampled_from(["2025-11-11T00:00:00Z", "0001-01-01T00:00:00+23:59", "9999-12-31", "x", "", "2025-W01-1"])
JSON = st.recursive(
    SCALARS | DATES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
PATHS = [
    (part, field) for part, fields in entry().items() for field in [None, *fields, "prompt", "tests", "webVersion"]
]


@st.composite
def mutated_entries(draw: st.DrawFn) -> Any:
    """A good entry with a few parts or fields replaced by anything."""
    whole = entry(task__taskId=draw(st.sampled_from(["t1", "t2", 3])))
    for part, field in draw(st.lists(st.sampled_from(PATHS), max_size=4)):
        value = draw(JSON)
        if field is None:
            whole[part] = value
        elif isinstance(whole.get(part), dict):
            whole[part][field] = value
    return whole


@st.composite
def lines(draw: st.DrawFn) -> bytes:
    """A line of a dump: mutated rows, arbitrary JSON, arbitrary bytes, torn rows."""
    match draw(st.integers(0, 5)):
        case 0:
            return draw(st.binary(max_size=60)) + b"\n"
        case 1:
            return json.dumps(draw(JSON)).encode() + b"\n"
        case 2:
            good = raw_line(entry())
            return good[: draw(st.integers(0, len(good)))] + b"\n"
        case 3:
            bent = bytearray(raw_line(entry()))
            bent[draw(st.integers(0, len(bent) - 2))] = draw(st.integers(0, 255))
            return bytes(bent)
        case _:
            return raw_line(draw(mutated_entries()), filters=draw(st.just({}) | JSON), fetched_at=draw(DATES | JSON))


def assess(rows: Any) -> dict[int, str]:
    """Reads everything, as the audit does."""
    return {row.ordinal: "unknown" for row in rows if row.score is None}


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(lines(), max_size=8), st.sampled_from(["task_solution", "task_agent", "task"]), st.booleans())
def test_fuzzed_dumps_become_datasets(dump: list[bytes], strategy: str, parquet: bool) -> None:
    """Every line is a sample, a duplicate or a reject, and what was written can be read."""
    with tempfile.TemporaryDirectory() as folder:
        result, _ = build(Path(folder), dump, strategy=strategy, assess=assess, parquet=parquet)
        counts = result.counts
        assert counts.rows_read == counts.samples + counts.duplicates + counts.rejected
        samples = list(load_samples(result.dataset))
        assert len(samples) == counts.samples
        for sample in samples:
            assert sample.split in SPLITS
            assert sample.label_quality in LABEL_QUALITIES
            assert sample.num_actions == len(sample.actions)
            sample.observation()
        if result.parquet is not None:
            assert repr(list(load_samples(result.parquet))) == repr(samples)
        if result.rejected_file is not None:
            assert len(result.rejected_file.read_bytes().splitlines()) == counts.rejected
