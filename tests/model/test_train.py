"""Promises of training: a seed gives the same bytes, the best measured model is taken, and shortages are said."""

from pathlib import Path

import msgspec
import numpy as np
import pytest

from score_model.contract.sample import Override
from score_model.errors import UsageError
from score_model.model import TrainSettings, save_model, train
from score_model.model._libraries import library
from tests.model.factories import QUICK, make_samples, rows_of, sample, trained_model


def bytes_of(folder: Path) -> dict[str, bytes]:
    """Every file below the folder."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_seed_gives_the_same_folder(tmp_path: Path) -> None:
    """Two runs on the same rows write the same bytes."""
    save_model(tmp_path / "first", trained_model())
    save_model(tmp_path / "second", train(rows_of(tmp_path, make_samples(480)), QUICK).model)
    assert bytes_of(tmp_path / "first") == bytes_of(tmp_path / "second")


def test_the_number_of_cores_changes_nothing(tmp_path: Path) -> None:
    """Linear algebra is kept to one thread: with more the last bits depend on how many there are."""
    threads = library("threadpoolctl")
    seen: set[int] = set()
    library("sklearn.linear_model")
    with threads.threadpool_limits(limits=2):
        train(
            rows_of(tmp_path, make_samples(120)),
            QUICK,
            lambda *_: seen.update(pool["num_threads"] for pool in threads.threadpool_info()),
        )
    assert seen == {1}


def test_too_little_to_learn_from(tmp_path: Path) -> None:
    """No rows, no labels, or failures of one task only: one line says what is missing."""
    with pytest.raises(UsageError, match="no rows"):
        rows_of(tmp_path, [])
    with pytest.raises(UsageError, match="no labelled rows"):
        train(rows_of(tmp_path, [sample(1, passed=None, split="train")]), QUICK)
    answers = [sample(n, split="train", passed=n != 3, score=float(n != 3)) for n in range(60)]
    with pytest.raises(UsageError, match="failed, in 1 groups"):
        train(rows_of(tmp_path, answers), QUICK)


@pytest.mark.parametrize("trusted", [0, 4])
def test_suspect_rows_cannot_stand_in_for_trusted_ones(tmp_path: Path, trusted: int) -> None:
    """Suspect labels may be learnt from; where too few others could calibrate the model, one line says so."""
    answers = [
        msgspec.structs.replace(each, label_quality="ok" if number < trusted else "environment_suspect")
        for number, each in enumerate(make_samples(120))
    ]
    with pytest.raises(UsageError, match=r"trusted answers with actions passed, in [01] groups"):
        train(rows_of(tmp_path, answers), TrainSettings(folds=3, repeats=1, suspect_weight=0.5))


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"model": "network"}, "network"),
        ({"suspect_weight": 2.0}, "0..1"),
        ({"folds": 1}, "folds"),
        ({"repeats": 0}, "repeats"),
        ({"seed": -1}, "seed"),
    ],
)
def test_settings_that_cannot_be(changes: dict[str, float], word: str) -> None:
    """A setting out of its range is refused by name."""
    with pytest.raises(UsageError, match=word):
        TrainSettings(**changes)  # type: ignore[arg-type]


def test_an_override_is_the_label(tmp_path: Path) -> None:
    """A person's verdict replaces the recorded one; without a score of theirs the recorded score is not used."""
    rows = rows_of(tmp_path, [sample(1, passed=True, override=Override(passed=False), label_quality="overridden")])
    assert rows.labels.tolist() == [0.0]
    assert np.isnan(rows.scores).all()
