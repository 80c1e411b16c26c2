"""Promises of reading rows: a table of features gives the bits that the dataset gives, and bad input is one line."""

import json
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest

from score_model.contract.sample import Override
from score_model.errors import UsageError
from score_model.features import build_features
from score_model.model import load_rows
from score_model.model.fitting import Rows
from tests.features.factories import row, trace, write_dataset, write_trace
from tests.model.factories import click, dataset_of, make_samples, sample, typing


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


def test_answers_without_a_solution_id_all_count(tmp_path: Path) -> None:
    """Nothing tells which of them are the same: every row of a dataset and of tables is kept, with its own label."""
    samples = [
        sample(7),
        *(sample(3, solution_id=None, passed=number > 0, score=0.5) for number in range(3)),
        sample(8),
    ]
    dataset = dataset_of(tmp_path / "films.jsonl", samples)
    rows = load_rows([dataset])
    assert rows.solution_ids == ("s7", None, None, None, "s8")
    assert rows.labels.tolist() == [1.0, 0.0, 1.0, 1.0, 1.0]
    build_features(dataset, None, tmp_path / "features")
    assert same(load_rows([dataset], tmp_path / "features"), rows)
    assert same(load_rows([], tmp_path / "features"), rows)


@pytest.mark.parametrize(
    "change",
    [
        {"actions": [typing("Glass Harbour"), click("go")]},
        {"intent": "Show the film whose name equals 'Glass Harbour'"},
        {"use_case": "OTHER"},
        {"start_url": "http://localhost:8000/"},
    ],
)
def test_features_of_another_state_of_the_dataset_are_refused(tmp_path: Path, change: dict[str, Any]) -> None:
    """A row that says something else than when its features were made names the folder and the command to run; new
    labels are no such change."""
    samples = list(make_samples(12))
    dataset = dataset_of(tmp_path / "films.jsonl", samples)
    build_features(dataset, None, tmp_path / "features")
    dataset_of(dataset, [msgspec.structs.replace(each, passed=False, score=0.0) for each in samples])
    assert load_rows([dataset], tmp_path / "features").labels.sum() == 0.0
    dataset_of(dataset, [*samples[:5], msgspec.structs.replace(samples[5], **change), *samples[6:]])
    with pytest.raises(UsageError, match=r"features: .* task 'task1' .*; run score-model features again"):
        load_rows([dataset], tmp_path / "features")


def test_features_of_another_version_are_refused(tmp_path: Path) -> None:
    """Numbers that this version would not give are not learnt from, though the columns have the same names."""
    arrow, parquet = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
    dataset = dataset_of(tmp_path / "films.jsonl", list(make_samples(8)))
    build_features(dataset, None, tmp_path)
    table = parquet.read_table(tmp_path / "episodes.parquet")
    place = table.schema.get_field_index("intent_words")
    ones = arrow.array([1.0] * len(table))
    parquet.write_table(table.set_column(place, "intent_words", ones), tmp_path / "episodes.parquet")
    with pytest.raises(UsageError, match="run score-model features again"):
        load_rows([dataset], tmp_path)


def test_answers_that_the_tables_lack_are_told_of(tmp_path: Path) -> None:
    """They are taken without a trace, and how many is said; where all are lacking the folder is another dataset's."""
    samples = list(make_samples(20))
    dataset = dataset_of(tmp_path / "films.jsonl", samples[:17])
    build_features(dataset, None, tmp_path / "features")
    dataset_of(dataset, samples)
    notes: list[str] = []
    assert same(load_rows([dataset], tmp_path / "features", note=notes.append), load_rows([dataset]))
    assert len(notes) == 1
    assert notes[0].startswith("3 of 20 answers are not in ")
    dataset_of(dataset, make_samples(20, seed=1))
    with pytest.raises(UsageError, match="none of the dataset's answers is in it"):
        load_rows([dataset], tmp_path / "features")


def test_tables_of_two_runs_are_refused(tmp_path: Path) -> None:
    """Labels belong to the episodes row by row."""
    samples = list(make_samples(12))
    for name, count in (("all", 12), ("some", 11)):
        build_features(dataset_of(tmp_path / f"{name}.jsonl", samples[:count]), None, tmp_path / name)
    (tmp_path / "some" / "labels.parquet").replace(tmp_path / "all" / "labels.parquet")
    with pytest.raises(UsageError, match="not of one run"):
        load_rows([], tmp_path / "all")


def test_a_trace_s_tables_serve_the_dataset(tmp_path: Path) -> None:
    """Features made from traces alone are those of the dataset's rows, whatever the case of the website's name."""
    made = trace()
    task = dict(made.header.task or {}) | {"website": "AutoCinema"}
    write_trace(tmp_path / "traces", trace(task=task))
    dataset = write_dataset(tmp_path / "films.jsonl", row())
    build_features(None, tmp_path / "traces", tmp_path / "alone")
    build_features(dataset, tmp_path / "traces", tmp_path / "both")
    alone = load_rows([dataset], tmp_path / "alone")
    assert alone.inputs.has_trace.all()
    assert same(alone, load_rows([dataset], tmp_path / "both"))


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


def test_a_group_in_two_splits_is_refused(tmp_path: Path) -> None:
    """Datasets of two versions could put near-copies of a test task into train: the group and its splits are named,
    whether it is read from datasets or from tables."""
    first = dataset_of(tmp_path / "first.jsonl", [sample(1, group="g1", split="train"), sample(2)])
    other = sample(3, group="g1", split="test")
    second = dataset_of(tmp_path / "second.jsonl", [other])
    assert len(load_rows([first])) == 2
    with pytest.raises(UsageError, match="group 'g1' is in the splits test and train"):
        load_rows([first, second])
    build_features(dataset_of(tmp_path / "both.jsonl", [sample(1, group="g1", split="train"), other]), None, tmp_path)
    with pytest.raises(UsageError, match="group 'g1' is in the splits test and train"):
        load_rows([], tmp_path)
