"""Promises of reading rows: a table of features gives the bits that the dataset gives, and bad input is one line."""

import json
from pathlib import Path

import msgspec
import numpy as np
import pytest

from score_model.contract import Override
from score_model.errors import UsageError
from score_model.features import build_features
from score_model.model import Rows, load_rows
from tests.model.making import dataset_of, make_samples, sample


def same(first: Rows, second: Rows) -> bool:
    """Whether rows are equal to the last bit, unknown values included."""
    arrays = ("labels", "scores")
    return (
        first.inputs.matrix.tobytes() == second.inputs.matrix.tobytes()
        and first.inputs.texts == second.inputs.texts
        and first.inputs.action_counts.tolist() == second.inputs.action_counts.tolist()
        and all(np.array_equal(getattr(first, name), getattr(second, name), equal_nan=True) for name in arrays)
        and all(getattr(first, name) == getattr(second, name) for name in ("groups", "splits", "qualities", "task_ids"))
    )


def test_tables_and_datasets_give_the_same_rows(tmp_path: Path) -> None:
    """Features from a folder, with a dataset's labels or the folder's own, are those made on the fly."""
    samples = list(make_samples(60))
    samples[3] = msgspec.structs.replace(samples[3], override=Override(passed=False), label_quality="overridden")
    samples[4] = msgspec.structs.replace(samples[4], passed=None, score=None, label_quality="unknown")
    dataset = dataset_of(tmp_path / "films.jsonl", samples)
    build_features(dataset, None, tmp_path / "features")
    direct = load_rows([dataset])
    assert same(load_rows([dataset], tmp_path / "features"), direct)
    assert same(load_rows([], tmp_path / "features"), direct)
    assert direct.labels[3] == 0.0
    assert np.isnan(direct.labels[4])


def test_a_solution_counts_once(tmp_path: Path) -> None:
    """Overlapping datasets add each solution once."""
    first = dataset_of(tmp_path / "first.jsonl", list(make_samples(20)))
    second = dataset_of(tmp_path / "second.jsonl", list(make_samples(30)))
    assert len(load_rows([first, second])) == 30


def test_bad_tables_are_one_line(tmp_path: Path) -> None:
    """A folder without tables, with something else in them, or of another version is refused by name."""
    with pytest.raises(UsageError, match=r"episodes\.parquet"):
        load_rows([], tmp_path)
    (tmp_path / "episodes.parquet").write_bytes(b"PAR1 not really")
    with pytest.raises(UsageError, match="not a feature table"):
        load_rows([], tmp_path)
    with pytest.raises(UsageError, match="no dataset"):
        load_rows([tmp_path / "nothing.jsonl"])
    with pytest.raises(UsageError, match="no rows"):
        load_rows()


def test_tables_of_another_version_are_refused(tmp_path: Path) -> None:
    """A table that lacks a column asks to be made again."""
    arrow, parquet = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
    dataset = dataset_of(tmp_path / "films.jsonl", list(make_samples(8)))
    build_features(dataset, None, tmp_path)
    table = parquet.read_table(tmp_path / "episodes.parquet")
    assert isinstance(table, arrow.Table)
    parquet.write_table(table.drop_columns(["actions_clicks"]), tmp_path / "episodes.parquet")
    with pytest.raises(UsageError, match="actions_clicks"):
        load_rows([dataset], tmp_path)


def test_halves_of_characters_are_read_alike(tmp_path: Path) -> None:
    """JSON can hold them and no file of a model can: rows and tables have the replacement character instead."""
    samples = [*make_samples(4), sample(9)]
    line = json.dumps(msgspec.to_builtins(samples[-1]) | {"intent": "half \ud800", "website": "a\udfff"})
    dataset = dataset_of(tmp_path / "films.jsonl", samples[:-1])
    with dataset.open("a") as file:
        file.write('{"trajectory": 1e999, ' + line[1:] + "\n")  # such a number makes the reader lenient
    build_features(dataset, None, tmp_path / "features")
    direct = load_rows([dataset])
    assert direct.inputs.websites[-1] == "a\ufffd"
    assert direct.inputs.texts[-1].startswith("half \ufffd\n")
    assert same(load_rows([dataset], tmp_path / "features"), direct)
    assert load_rows([dataset], tmp_path / "features").inputs.websites == direct.inputs.websites


def test_scores_that_are_none_are_one_line(tmp_path: Path) -> None:
    """A dataset of another maker may hold percents: the task is named before anything is learnt."""
    samples = [msgspec.structs.replace(each, score=85.0) for each in make_samples(4)]
    dataset = dataset_of(tmp_path / "films.jsonl", samples)
    with pytest.raises(UsageError, match=r"'task0': its score is 85"):
        load_rows([dataset])
    build_features(dataset, None, tmp_path / "features")
    with pytest.raises(UsageError, match=r"'task0': its score is 85"):
        load_rows([], tmp_path / "features")
