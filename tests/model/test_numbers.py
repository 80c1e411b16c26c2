"""Exact numbers of the small parts: logistic regression, calibration, intervals, preference, rates, expected score."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from score_model.arrays import Floats
from score_model.metrics import bradley_terry_loss
from score_model.model._calibration.bradley_terry import fit_preference, pairs_within_tasks
from score_model.model._calibration.expected_score import Mixture
from score_model.model._calibration.platt import Calibration, choose_calibration, fit_calibration, mean_log_loss
from score_model.model._calibration.venn_abers import VennAbers, fit_venn_abers
from score_model.model._estimators.logistic import fit_logistic, logit, sigmoid
from score_model.model._estimators.trees import Trees
from score_model.model._inputs import Inputs
from score_model.model._libraries import library


def scores_and_labels(count: int, seed: int) -> tuple[Floats, Floats]:
    """Scores whose true log-odds are twice as large plus one."""
    random = np.random.default_rng(seed)
    scores = random.normal(size=count)
    return scores, (random.random(count) < sigmoid(2.0 * scores + 1.0)).astype(np.float64)


def inputs_with(matrix: Floats) -> Inputs:
    """Rows with these numbers and nothing else."""
    count = len(matrix)
    return Inputs(
        columns=tuple(f"c{number}" for number in range(matrix.shape[1])),
        matrix=matrix,
        texts=("",) * count,
        websites=(None,) * count,
        use_cases=(None,) * count,
        action_counts=np.ones(count, dtype=np.int64),
        has_trace=np.zeros(count, dtype=np.bool_),
    )


def test_logistic_regression_is_scikit_learns() -> None:
    """Newton's method finds the minimum that scikit-learn finds, weights and penalty included."""
    random = np.random.default_rng(1)
    matrix, weights = random.normal(size=(200, 3)), random.random(200) + 0.1
    labels = (random.random(200) < sigmoid(matrix @ np.array([1.0, -2.0, 0.0]))).astype(np.float64)
    theirs = library("sklearn.linear_model").LogisticRegression(C=0.5, fit_intercept=False, tol=1e-10, max_iter=1000)
    theirs.fit(matrix, labels, sample_weight=weights)
    np.testing.assert_allclose(fit_logistic(matrix, labels, weights, np.full(3, 2.0)), theirs.coef_[0], atol=1e-5)


def test_separable_classes_have_a_minimum() -> None:
    """Perfectly separable rows give finite coefficients, thanks to the penalty."""
    found = fit_logistic(np.array([[-1.0], [1.0]]), np.array([0.0, 1.0]), np.ones(2), np.array([0.1]))
    assert 1.0 < found[0] < 10.0


def test_platt_finds_slope_and_intercept() -> None:
    """The true map is found within its error, and a score that says nothing gives the success rate."""
    scores, labels = scores_and_labels(20_000, 1)
    fitted = fit_calibration("platt", scores, labels, np.ones(len(scores)))
    assert fitted.slope == pytest.approx(2.0, abs=0.1)
    assert fitted.intercept == pytest.approx(1.0, abs=0.1)
    reversed_map = fit_calibration("platt", -scores, labels, np.ones(len(scores)))
    np.testing.assert_allclose(reversed_map.probabilities(scores), labels.mean())


def test_calibration_is_chosen_by_loss() -> None:
    """The kind with the lowest held-out log loss is taken; with few failures isotonic steps are not even tried."""
    scores, labels = scores_and_labels(2000, 2)
    groups = [f"g{number % 50}" for number in range(2000)]
    chosen, losses = choose_calibration(scores, labels, np.ones(2000), groups, 0)
    assert set(losses) == {"platt", "isotonic", "none"}
    assert chosen.kind == min(losses, key=lambda kind: losses[kind])
    _, few = choose_calibration(scores[:100], labels[:100], np.ones(100), groups[:100], 0)
    assert "isotonic" not in few


def test_log_loss_by_hand() -> None:
    """−(2 ln 0.8 + ln 0.5) / 3 for weights 2 and 1."""
    found = mean_log_loss(np.array([0.8, 0.5]), np.array([1.0, 0.0]), np.array([2.0, 1.0]))
    assert found == pytest.approx(-(2 * math.log(0.8) + math.log(0.5)) / 3)


@given(st.lists(st.floats(-50, 50), min_size=2, max_size=30), st.sampled_from(["platt", "isotonic", "none"]))
def test_calibration_keeps_the_order(scores: list[float], kind: str) -> None:
    """A higher score never gets a lower probability."""
    learnt, labels = scores_and_labels(100, 3)
    ordered = np.sort(np.array(scores))
    probabilities = fit_calibration(kind, learnt, labels, np.ones(100)).probabilities(ordered)
    assert (np.diff(probabilities) >= 0).all()
    assert ((probabilities >= 0) & (probabilities <= 1)).all()


def test_venn_abers_by_hand() -> None:
    """Two levels with one failure and one pass: one more row at each, pooled by hand."""
    table = fit_venn_abers(np.array([-1.0, 1.0]), np.array([0.0, 1.0]), np.ones(2))
    assert table.levels == (-1.0, 1.0)
    assert table.if_failed == (0.0, 0.5)
    assert table.if_passed == (0.5, 1.0)


def test_more_data_make_intervals_narrower() -> None:
    """Venn–Abers intervals hold the probability and shrink as calibration rows are added."""
    widths = []
    for count in (50, 5000):
        scores, labels = scores_and_labels(count, 4)
        table = fit_venn_abers(scores, labels, np.ones(count))
        at = np.linspace(-2, 2, 9)
        ends = table.intervals(at, sigmoid(2 * at + 1))
        assert (ends[:, 0] <= sigmoid(2 * at + 1)).all()
        assert (ends[:, 1] >= sigmoid(2 * at + 1)).all()
        widths.append((ends[:, 1] - ends[:, 0]).mean())
    assert widths[1] < widths[0] / 2


def test_pairs_stay_within_tasks() -> None:
    """Pairs are of one task with different scores, the better row first; unknown scores make none."""
    pairs = pairs_within_tasks(["a", "b", "a", "a", "b"], np.array([0.2, 1.0, 0.7, 0.2, np.nan]))
    assert pairs.tolist() == [[2, 0], [2, 3]]


def test_preference_learns_what_wins() -> None:
    """Bradley–Terry finds the feature that wins, ignores the one that does not, and lowers its loss below chance."""
    random = np.random.default_rng(5)
    matrix = random.normal(size=(300, 2))
    matrix[::7, 1] = np.nan
    tasks = [f"t{number // 3}" for number in range(300)]
    truth = matrix[:, 0] + 0.3 * random.normal(size=300)
    fitted = fit_preference(inputs_with(matrix), ("c0", "c1"), np.zeros(300), pairs_within_tasks(tasks, truth))
    strengths = fitted.strengths(inputs_with(matrix), np.zeros(300))
    assert fitted.weights[0] > 5 * abs(fitted.weights[1])
    loss = bradley_terry_loss(truth, strengths, tasks).value()
    assert loss is not None
    assert loss < math.log(2) / 2


def test_without_pairs_success_decides() -> None:
    """No pairs: strength is the log-odds of success."""
    none = np.empty((0, 2), dtype=np.int64)
    fitted = fit_preference(inputs_with(np.ones((2, 1))), ("c0",), np.zeros(2), none)
    assert fitted.strengths(inputs_with(np.ones((2, 1))), np.array([0.5, -2.0])).tolist() == [0.5, -2.0]


def test_expected_score_by_total_expectation() -> None:
    """Passed rows average 0.9 and failed ones 0.2: at probability 0.5 the expected score is 0.55."""
    mixture = Mixture.of(np.array([1.0, 1.0, 0.0, 0.0]), np.array([1.0, 0.8, 0.2, np.nan]), np.ones(4))
    assert mixture.predict_scores(np.array([0.0, 0.5, 1.0])).tolist() == pytest.approx([0.2, 0.55, 0.9])


@pytest.mark.parametrize(
    "make",
    [
        lambda: Calibration("magic"),
        lambda: Calibration("platt", slope=-1.0),
        lambda: Calibration("isotonic", at=(0.0, 1.0), probability=(1.0, 0.0)),
        lambda: VennAbers((1.0, 0.0), (0.0, 0.0), (1.0, 1.0)),
        lambda: VennAbers((), (), ()),
        lambda: VennAbers((0.0,), (-1.0,), (1.0,)),
        lambda: Mixture(2.0, 0.0),
    ],
)
def test_tables_that_cannot_be(make: object) -> None:
    """What no training writes is refused where it is read."""
    with pytest.raises(ValueError, match="not a"):
        make()  # type: ignore[operator]


def test_logit_and_sigmoid_are_inverse() -> None:
    """And bounded at the ends."""
    at = np.array([0.0, 0.1, 0.5, 1.0])
    np.testing.assert_allclose(sigmoid(logit(at)), at, atol=1e-11)
    assert np.isfinite(logit(at)).all()


def test_trees_that_nothing_can_be_learnt_from_are_one_leaf() -> None:
    """Where no column splits the rows, every row gets the same value, and the text is still one that loads."""
    inputs = inputs_with(np.ones((40, 2)))
    targets = np.arange(40.0) % 2
    trees = Trees.grow(inputs, inputs.columns, targets, np.ones(40), objective="binary", rounds=3, seed=0)
    assert len(set(Trees(inputs.columns, trees.text).values(inputs))) == 1
