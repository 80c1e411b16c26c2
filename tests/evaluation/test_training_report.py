"""Promises of a training run's report: models beside baselines, leaks and shortcuts named, the same bytes each time."""

import random
from dataclasses import replace
from pathlib import Path

import msgspec
import numpy as np

from score_model.evaluation import report_training, training_files
from score_model.evaluation._training_report.diagnose import find_leakage
from score_model.model import TrainSettings, save_model, train
from score_model.model.fitting import ACTION_COLUMNS, ESTIMATORS, Rows, row_weights
from tests.model.factories import COLUMN, QUICK, make_samples, rows_of, traced, training_run

LEARNT = [name for name in ESTIMATORS if name != "network"]


def test_a_seed_gives_the_same_report(tmp_path: Path) -> None:
    """Two runs on the same rows give the same metrics and card."""
    again = train(rows_of(tmp_path, make_samples(480)), QUICK)
    first, second = (training_files(report_training(run), QUICK) for run in (training_run(), again))
    assert first == second


def test_the_folder_holds_what_is_documented(tmp_path: Path) -> None:
    """Config, schema, calibration, metrics, card and weights are there, and no pickle."""
    run = training_run()
    save_model(tmp_path / "model", run.model, training_files(report_training(run), QUICK))
    files = {path.name: path.read_bytes() for path in (tmp_path / "model").rglob("*") if path.is_file()}
    assert {"config.json", "feature_schema.json", "calibration.json", "metrics.json", "README.md"} <= set(files)
    assert {name.rpartition(".")[2] for name in files} <= {"json", "md", "txt", "safetensors"}
    assert not any(content.startswith(b"\x80") for content in files.values())


def test_the_winner_measured_best() -> None:
    """The default model has the lowest calibrated log loss on trusted rows, and stands beside the baselines."""
    report = report_training(training_run()).heads["actions"]
    losses = {name: found.log_loss for name, found in report.measures["trusted"].items()}
    assert report.model == min(LEARNT, key=lambda name: losses[name] or 0.0)
    assert {"majority", "action_count", "use_case_rate", *LEARNT} == set(report.measures["trusted"])
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
    run = train(rows_of(tmp_path, samples), TrainSettings(folds=3, repeats=1, model="text"))
    report = report_training(run).heads["actions"]
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
    assert not find_leakage(rows, ACTION_COLUMNS)
    copied = with_column(rows, "actions", (1.0 - rows.labels).tolist())
    assert [(leak.feature, leak.auroc) for leak in find_leakage(copied, ACTION_COLUMNS)] == [("actions", 1.0)]
    unknown = with_column(rows, "actions", [3.0 if label else np.nan for label in rows.labels])
    assert [leak.unknown for leak in find_leakage(unknown, ACTION_COLUMNS)] == [True]


def test_suspect_labels_are_left_out(tmp_path: Path) -> None:
    """Rows with suspect labels change no trained number at weight 0, do at weight 1, and their effect is reported."""
    chance = random.Random(9)
    samples = list(make_samples(480))
    spoilt = [
        msgspec.structs.replace(sample, label_quality="environment_suspect", passed=False, score=0.0)
        if chance.random() < 0.15
        else sample
        for sample in samples
    ]
    rows = rows_of(tmp_path, spoilt)
    without = report_training(train(rows, QUICK))
    with_them = report_training(train(rows, TrainSettings(folds=3, repeats=1, suspect_weight=1.0, model="text")))
    turned = [
        msgspec.structs.replace(sample, passed=True, score=1.0)
        if sample.label_quality == "environment_suspect"
        else sample
        for sample in spoilt
    ]
    other = rows_of(tmp_path, turned)
    # The folds balance failures over all rows, so the comparison is of what is learnt from the same rows.
    used = row_weights(rows, QUICK) > 0
    assert np.array_equal(rows.labels[used], other.labels[used], equal_nan=True)
    effect = without.heads["actions"].label_noise
    assert effect is not None
    assert effect.suspect_rows > 40
    assert effect.left_out_on_trusted is not None
    assert effect.learnt_on_trusted is not None
    assert with_them.heads["actions"].calibration != without.heads["actions"].calibration
    assert any("suspect labels" in sentence for sentence in without.heads["actions"].sentences)


def test_a_leaking_trace_is_named(tmp_path: Path) -> None:
    """The head with traces measures better, and the column that does it is named as a leak and among its features."""
    report = report_training(train(traced(rows_of(tmp_path, make_samples(400))), QUICK))
    areas = {name: head.measures["trusted"][head.model].auroc.value or 0.0 for name, head in report.heads.items()}
    assert areas["traces"] > areas["actions"]
    assert [leak.feature for leak in report.heads["traces"].leakage] == [COLUMN]
    assert COLUMN in report.heads["traces"].features
    assert COLUMN not in report.heads["actions"].features
