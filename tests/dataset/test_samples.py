"""Reading a dataset from Python."""

import subprocess
import sys
from pathlib import Path

import pytest

import score_model
from score_model.contract import Sample
from score_model.dataset import DatasetPaths, build_dataset, load_samples
from score_model.errors import UsageError
from tests.dataset.factories import CLICK, build, entry, raw_line, write_raw
from tests.dataset.test_build import dump


def test_samples_come_back_as_they_were_built(tmp_path: Path) -> None:
    """Every line is a Sample whose fields are the line's."""
    result, rows = build(tmp_path, dump(100))
    samples = list(load_samples(str(result.dataset)))
    assert [sample.task_id for sample in samples] == [row["task_id"] for row in rows]
    for sample, row in zip(samples, rows, strict=True):
        assert {name: getattr(sample, name) for name in Sample.__struct_fields__} == row


def test_a_sample_gives_its_observation(tmp_path: Path) -> None:
    """The actions come parsed; the outcome is elsewhere."""
    result, _ = build(tmp_path, [raw_line(entry(solution__actions=[CLICK]))])
    (sample,) = load_samples(result.dataset)
    assert sample.observation().actions[0].__struct_config__.tag == "click"
    assert sample.outcome().score == 1.0


def test_reading_streams(tmp_path: Path) -> None:
    """The first sample is there before a broken later line is met, and the error names its line."""
    result, _ = build(tmp_path, dump(3))
    with result.dataset.open("ab") as file:
        file.write(b'{"task_id": 5}\n')
    samples = load_samples(result.dataset)
    assert [next(samples).task_id, next(samples).task_id, next(samples).task_id] == ["t0", "t1", "t2"]
    with pytest.raises(UsageError, match="line 4: not a sample"):
        next(samples)


@pytest.mark.parametrize("name", ["none.jsonl", "none.parquet"])
def test_a_missing_file_is_one_line(tmp_path: Path, name: str) -> None:
    """Known at once, with what to do."""
    with pytest.raises(UsageError, match=r"no dataset at .*: build one with"):
        load_samples(tmp_path / name)


@pytest.mark.parametrize("name", ["x.jsonl", "x.parquet"])
def test_another_file_is_one_line(tmp_path: Path, name: str) -> None:
    """What is no dataset gives a UsageError, not a traceback."""
    (tmp_path / name).write_bytes(b"\xff\x00 nonsense, and long enough for a footer")
    with pytest.raises(UsageError, match="not a"):
        list(load_samples(tmp_path / name))


def test_a_table_of_something_else_is_one_line(tmp_path: Path) -> None:
    """A Parquet file with other columns is no dataset."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    pq.write_table(pa.table({"a": [1]}), tmp_path / "x.parquet")
    with pytest.raises(UsageError, match="row 1: not a sample"):
        list(load_samples(tmp_path / "x.parquet"))


def test_numbers_beyond_a_float_are_read(tmp_path: Path) -> None:
    """JSON allows them inside recorded actions, so they must not stop the reader."""
    line = (
        raw_line(entry())
        .replace(b'"//button[1]"', b"1e999")
        .replace(b'"trajectory": []', b'"trajectory": [%s]' % (b"7" * 5000))
    )
    out = DatasetPaths.of(tmp_path, "x")
    build_dataset([write_raw(out.raw, [line])], out=out, parquet=True)
    for path in (out.dataset, out.parquet):
        (sample,) = load_samples(path)
        assert sample.actions[0]["attributes"]["selector"]["value"] == float("inf")


def test_the_package_offers_load_samples_lazily() -> None:
    """`score_model.load_samples` is the documented name, and importing the package loads nothing."""
    assert score_model.load_samples is load_samples
    heavy = "('msgspec', 'pyarrow', 'aiohttp')"
    script = f"import sys, score_model; print([name for name in sys.modules if name.partition('.')[0] in {heavy}])"
    done = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True)
    assert done.stdout.strip() == "[]"
    with pytest.raises(AttributeError, match="no attribute 'load_sample'"):
        _ = score_model.load_sample
