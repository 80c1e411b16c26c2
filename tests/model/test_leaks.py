"""Promises against self-deception: nothing of the outcome reaches a score, and chance measures as chance."""

import dataclasses
import random
from pathlib import Path

import msgspec
import numpy as np
import pytest

from score_model.contract import Observation, Outcome
from score_model.metrics import auroc
from score_model.model import train
from score_model.model._estimators.logistic import sigmoid
from score_model.model._folds import fold_pairs, grouped_folds
from score_model.model._inputs import ACTION_COLUMNS, Inputs
from score_model.model.fitting import Rows, list_choices, predict_out_of_fold, row_weights
from tests.model.factories import QUICK, make_samples, rows_of, training_run

PERMUTATIONS = 12


def out_of_fold_auroc(rows: Rows) -> dict[str, float]:
    """The AUROC of each learnt model."""
    estimators = list_choices(network=False, traces=False)
    scored = predict_out_of_fold(rows, ACTION_COLUMNS, row_weights(rows, QUICK), estimators, QUICK)
    found = {name: auroc(rows.labels > 0.5, sigmoid(logits[0])).value() for name, logits in scored.logits.items()}
    return {name: value for name, value in found.items() if value is not None}


def test_shuffled_labels_measure_as_chance(tmp_path: Path) -> None:
    """With the labels permuted the mean of each model's out-of-fold AUROC over many permutations is 0.5 within three
    standard errors, and those are small; with the true ones every model's is far above."""
    rows = rows_of(tmp_path, [sample for sample in make_samples(500, seed=3) if sample.actions])
    shuffled: dict[str, list[float]] = {"text": [], "trees": [], "blend": []}
    for seed in range(PERMUTATIONS):
        labels = np.random.default_rng(seed).permutation(rows.labels)
        for name, value in out_of_fold_auroc(dataclasses.replace(rows, labels=labels, scores=labels)).items():
            shuffled[name].append(value)
    for name, values in shuffled.items():
        assert len(values) == PERMUTATIONS
        error = float(np.std(values, ddof=1)) / PERMUTATIONS**0.5
        assert error < 0.015, (name, values)
        assert abs(float(np.mean(values)) - 0.5) < 3.0 * error, (name, values)
    assert all(value > 0.75 for value in out_of_fold_auroc(rows).values())


@pytest.mark.parametrize("seed", range(5))
def test_groups_never_cross_folds(seed: int) -> None:
    """All rows of a group lie in one fold, every row is scored once, and failures are spread over the folds."""
    chance = random.Random(seed)
    groups = [f"g{chance.randrange(30)}" for _ in range(400)]
    labels = np.array([float(chance.random() < 0.9) for _ in groups])
    folds = grouped_folds(groups, labels, 5, seed)
    assert len({(group, fold) for group, fold in zip(groups, folds.tolist(), strict=True)}) == len(set(groups))
    scored = np.concatenate([score for _, score in fold_pairs(folds)])
    assert sorted(scored.tolist()) == list(range(400))
    for learn, score in fold_pairs(folds):
        assert not {groups[row] for row in learn} & {groups[row] for row in score}
        assert (labels[score] == 0).any()


def test_the_test_split_is_not_learnt_from(tmp_path: Path) -> None:
    """Turning every label of the test split round changes nothing of the model."""
    samples = list(make_samples(480))
    turned = [
        msgspec.structs.replace(sample, passed=not sample.passed, score=float(not sample.passed))
        if sample.split == "test"
        else sample
        for sample in samples
    ]
    run, other = training_run().heads["actions"], train(rows_of(tmp_path, turned), QUICK).heads["actions"]
    assert run.head.calibrated == other.head.calibrated
    assert (run.losses, run.expected, run.preference) == (other.losses, other.expected, other.preference)
    for name, logits in run.out_of_fold.logits.items():
        np.testing.assert_array_equal(logits, other.out_of_fold.logits[name])


def test_an_estimator_sees_no_outcome() -> None:
    """What is given to an estimator has no field for an outcome, a test or an identity."""
    fields = set(Inputs.__dataclass_fields__)
    banned = set(Outcome.__struct_fields__) | {"tests", "labels", "miner_uid", "validator_uid", "task_ids", "filters"}
    assert not fields & banned
    assert not set(Observation.__struct_fields__) & banned
    assert not set(ACTION_COLUMNS) & (banned | {"website", "use_case", "task_id", "solution_id", "run", "page"})
