"""Exact numbers: the expected scores that contestants' probabilities come to."""

from dataclasses import replace

import msgspec
import numpy as np
import pytest

from score_model.evaluation import evaluate
from score_model.evaluation._contestants import join_folds
from score_model.evaluation._predictions import MajorityPrediction, Predictions, fit_mixture
from score_model.model.fitting import Rows
from tests.evaluation.factories import QUICK, rows_and_keys
from tests.model.factories import trained_model


def _graded() -> Rows:
    """Six rows of two parts; passed ones have 0.9 or 1.0, failed ones 0.2, 0.4 or no score."""
    labels = np.array([1.0, 1.0, 0.0, 1.0, 0.0, 0.0])
    scores = np.array([0.9, 1.0, 0.2, 1.0, 0.4, np.nan])
    return replace(rows_and_keys()[0].take(np.arange(6)), labels=labels, scores=scores)


def test_expected_scores_follow_from_probabilities() -> None:
    """p · mean score of what passed + (1 − p) · that of what failed, over the trusted rows that have a score."""
    trusted = np.array([True, True, True, True, True, False])
    probability = np.array([0.5, 0.8, 0.1])
    predictions = Predictions.of(probability, probability >= 0.5)
    found = predictions.with_scores(fit_mixture(_graded(), trusted))
    np.testing.assert_allclose(found.score, [p * (2.9 / 3) + (1 - p) * 0.3 for p in probability], rtol=1e-15)
    assert found.probability is probability
    assert predictions.score is probability


def test_parts_come_back_in_the_order_of_the_rows() -> None:
    """What fits predictions of their folds stands at the rows' own places."""
    whole = np.array([0.1, 0.2, 0.3, 0.4, 0.5])
    held = [np.array([1, 4]), np.array([0, 2, 3])]
    by_fold = [{"model": Predictions.of(whole[rows], whole[rows] > 0.25)} for rows in held]
    found = join_folds(by_fold, held)["model"]
    assert found.probability.tolist() == whole.tolist()
    assert found.called.tolist() == [False, False, True, True, True]


def test_the_majority_s_score_is_the_mean_score() -> None:
    """What says the same of every row says the mean score of the rows that its rate is from."""
    rows = _graded().take(np.arange(5))
    mixture = fit_mixture(rows, np.ones(5, dtype=np.bool_))
    assert mixture.if_passed == pytest.approx(2.9 / 3)
    assert mixture.if_failed == pytest.approx(0.3)
    majority = MajorityPrediction(0.6, float(mixture.predict_scores(np.array([0.6]))[0]))
    assert majority.score == pytest.approx(rows.scores.mean())
    constant = Predictions.of(np.zeros(5), np.zeros(5, dtype=np.bool_)).replace_all(2, majority)
    assert (constant.probability.tolist(), constant.score.tolist()) == ([0.6] * 7, [majority.score] * 7)
    assert constant.called.all()


def test_score_errors_compare_like_with_like() -> None:
    """Where answers that passed score 0.6 and those that failed 0.4, no contestant with a probability is farther off
    than the two lie apart, on the test split and out of fold."""
    rows, keys = rows_and_keys()
    graded = replace(rows, scores=np.where(rows.labels > 0.5, 0.6, 0.4))
    settings = msgspec.structs.replace(QUICK, resamples=20, repeats=1, stress=False)
    splits = evaluate(trained_model(), graded, keys, settings).heads["actions"].splits
    for split in splits.values():
        for name, figures in split.tables["non_empty"].contestants.items():
            error = figures.metrics["score_mae"].value
            assert error is not None
            if name != "model" or split.name != "test":  # that one learnt other scores
                assert error < 0.15, (split.name, name)
