"""The dataset as Parquet."""

import sys
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from score_model.dataset import load_samples
from score_model.errors import MissingExtraError
from tests.dataset.factories import build, entry, raw_line
from tests.dataset.test_build import dump


def test_parquet_holds_what_the_lines_hold(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Row for row and column for column, over several row groups."""
    monkeypatch.setattr("score_model.dataset._parquet._ROWS", 16)
    result, _ = build(tmp_path, dump(300), parquet=True)
    assert result.parquet is not None
    assert pq.ParquetFile(result.parquet).num_row_groups > 2
    assert list(load_samples(result.parquet)) == list(load_samples(result.dataset))


def test_large_rows_make_small_row_groups(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A row group is bounded in bytes as well."""
    monkeypatch.setattr("score_model.dataset._parquet._BYTES", 1000)
    result, _ = build(tmp_path, dump(20), parquet=True)
    assert result.parquet is not None
    assert pq.ParquetFile(result.parquet).num_row_groups > 5


def test_the_schema_is_stated_not_inferred(tmp_path: Path) -> None:
    """ISO dates stay texts and JSON columns are JSON texts, even where every value is null."""
    null = entry(task__createdAt=None, solution=None, agentRun=None, evaluation__score=None, evaluation__passed=None)
    result, _ = build(tmp_path, [raw_line(null, fetched_at=None)], parquet=True)
    assert result.parquet is not None
    schema = pq.read_schema(result.parquet)
    types = {name: str(schema.field(name).type) for name in schema.names}
    assert types["solution_created_at"] == types["fetched_at"] == types["actions"] == types["filters"] == "string"
    assert (types["score"], types["passed"], types["miner_uid"], types["num_actions"]) == (
        "double", "bool", "int64", "int64",
    )  # fmt: skip
    assert pq.read_table(result.parquet).column("actions").to_pylist() == ["[]"]


def test_equal_dumps_give_equal_tables(tmp_path: Path) -> None:
    """The same raw bytes give the same table."""
    one, _ = build(tmp_path / "1", dump(100), parquet=True)
    two, _ = build(tmp_path / "2", dump(100), parquet=True)
    assert pq.read_table(one.parquet).equals(pq.read_table(two.parquet))


def test_a_missing_extra_is_named_before_any_work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Parquet without pyarrow: one line that says what to install, and nothing is written."""
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(MissingExtraError, match=r"score-model\[data\]"):
        build(tmp_path, dump(5), parquet=True)
    assert not (tmp_path / "datasets").exists()
    parquet = tmp_path / "x.parquet"
    parquet.write_bytes(b"PAR1")
    with pytest.raises(MissingExtraError):
        list(load_samples(parquet))
