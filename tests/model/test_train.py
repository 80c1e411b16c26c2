"""Promises of training: a seed gives the same bytes, the best measured model is taken, and shortages are said."""

from dataclasses import replace
from pathlib import Path

import msgspec
import numpy as np
import pytest

from score_model.contract import Override
from score_model.errors import UsageError
from score_model.model import Rows, TrainSettings, save_model, train
from score_model.model._inputs import ACTION_COLUMNS
from score_model.model._libraries import library
from score_model.model._training.measure import find_alarms
from tests.model.making import QUICK, make_samples, rows_of, sample, trained


def bytes_of(folder: Path) -> dict[str, bytes]:
    """Every file below the folder."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_seed_gives_the_same_folder(tmp_path: Path) -> None:
    """Two runs on the same rows write the same bytes, metrics and card included."""
    save_model(tmp_path / "first", *trained())
    save_model(tmp_path / "second", *train(rows_of(tmp_path, make_samples(480)), QUICK))
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


def test_the_folder_holds_what_is_documented(tmp_path: Path) -> None:
    """Config, schema, calibration, metrics, card and weights are there, and no pickle."""
    save_model(tmp_path / "model", *trained())
    files = bytes_of(tmp_path / "model")
    assert {"config.json", "feature_schema.json", "calibration.json", "metrics.json", "README.md"} <= set(files)
    assert {name.rpartition(".")[2] for name in files} <= {"json", "md", "txt", "safetensors"}
    assert not any(content.startswith(b"\x80") for content in files.values())


def test_the_winner_measured_best() -> None:
    """The default model has the lowest calibrated log loss on trusted rows, and stands beside the baselines."""
    report = trained()[1].heads["actions"]
    losses = {name: found.log_loss for name, found in report.measures["trusted"].items()}
    assert report.model == min(QUICK.learnt, key=lambda name: losses[name] or 0.0)
    assert {"majority", "action_count", "use_case_rate", *QUICK.learnt} == set(report.measures["trusted"])
    assert report.measures["trusted"]["majority"].auroc.value == 0.5
    assert "empty_answer" in report.measures["all"]
    assert report.sentences


def test_a_shortcut_is_named_first(tmp_path: Path) -> None:
    """Where the number of actions decides, the first sentence says that a shortcut beats the model or may."""
    samples = []
    for number, each in enumerate(make_samples(480, seed=2)):
        actions = [{"type": "wait", "attributes": {"time_seconds": 1}}] * (2 if number % 3 else 4)
        samples.append(
            msgspec.structs.replace(each, actions=actions, num_actions=len(actions), passed=bool(number % 3))
        )
    report = train(rows_of(tmp_path, samples), TrainSettings(folds=3, repeats=1, model="text"))[1].heads["actions"]
    assert "shortcut" in report.sentences[0]
    assert any("ALARM" in sentence and "actions (" in sentence for sentence in report.sentences)


def with_column(rows: Rows, name: str, values: list[float]) -> Rows:
    """The rows with a column set."""
    matrix = rows.inputs.matrix.copy()
    matrix[:, rows.inputs.columns.index(name)] = values
    return replace(rows, inputs=replace(rows.inputs, matrix=matrix))


def test_a_leaking_feature_raises_the_alarm(tmp_path: Path) -> None:
    """A column that copies the label is named, whichever way round, and so is one that is known only of passes."""
    rows = rows_of(tmp_path, [each for each in make_samples(200) if each.actions])
    assert not find_alarms(rows, ACTION_COLUMNS)
    copied = with_column(rows, "actions", (1.0 - rows.labels).tolist())
    assert [(alarm.feature, alarm.auroc) for alarm in find_alarms(copied, ACTION_COLUMNS)] == [("actions", 1.0)]
    unknown = with_column(rows, "actions", [3.0 if label else np.nan for label in rows.labels])
    assert [alarm.unknown for alarm in find_alarms(unknown, ACTION_COLUMNS)] == [True]


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
