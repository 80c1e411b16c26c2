"""Brier, log loss, calibration error and the reliability table."""

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from score_model.metrics import brier, clustered_bootstrap, expected_calibration_error, log_loss, reliability_table

sklearn = pytest.importorskip("sklearn.metrics")

ROWS = st.lists(st.tuples(st.booleans(), st.floats(0, 1)), min_size=1, max_size=20)


def test_brier_by_hand() -> None:
    """(0.1² + 0.4² + 0.5²) / 3."""
    assert brier([True, False, True], [0.9, 0.4, 0.5]).value() == pytest.approx(0.42 / 3)


def test_log_loss_by_hand() -> None:
    """−(ln 0.9 + ln 0.6) / 2."""
    assert log_loss([True, False], [0.9, 0.4]).value() == pytest.approx(-(math.log(0.9) + math.log(0.6)) / 2)


def test_a_wrong_certainty_costs_a_finite_amount() -> None:
    """Probability 0 of a success costs 52 ln 2, about 36 nats, and a right certainty nothing."""
    assert log_loss([True], [0.0]).value() == pytest.approx(52 * math.log(2))
    assert log_loss([False, True], [0.0, 1.0]).value() == pytest.approx(0, abs=1e-15)


@settings(max_examples=40, deadline=None)
@given(ROWS)
def test_as_scikit_learn(rows: list[tuple[bool, float]]) -> None:
    """On any rows, the values are scikit-learn's."""
    passed, probability = [row[0] for row in rows], [row[1] for row in rows]
    expected = sklearn.brier_score_loss(passed, probability, labels=[False, True], pos_label=True)
    assert brier(passed, probability).value() == pytest.approx(expected)
    expected = sklearn.log_loss(passed, probability, labels=[False, True])
    assert log_loss(passed, probability).value() == pytest.approx(expected, abs=1e-12)


def test_calibration_error_by_hand() -> None:
    """Two bins of two: predicted 0.15 and 0.85, observed 0 and 0.5, so 0.15 / 2 + 0.35 / 2."""
    metric = expected_calibration_error([False, False, True, False], [0.1, 0.2, 0.8, 0.9], bins=2)
    assert metric.value() == pytest.approx(0.25)


def test_the_error_s_interval_by_hand() -> None:
    """One bin, two tasks whose rows say 0.3 too little and 0.5 too much: the error is 0.1, and resamples move the bin's
    mean by 0, or by 0.4 to either side; so the interval is 0.1 ± 0.4, from 0."""
    found = clustered_bootstrap(expected_calibration_error([True, False], [0.7, 0.5], bins=1), ["a", "b"])
    assert found.value == pytest.approx(0.1)
    assert found.low == 0.0
    assert found.high == pytest.approx(0.5)
    # In two bins the same rows are off by 0.15 and 0.25, and a resample of one task alone moves each by as much.
    found = clustered_bootstrap(expected_calibration_error([True, False], [0.7, 0.5], bins=2), ["a", "b"])
    assert found.value == pytest.approx(0.4)
    assert found.low == 0.0
    assert found.high == pytest.approx(0.8)


def test_the_error_s_interval_holds_the_error() -> None:
    """It holds its own value whatever noise resamples add; a right model's holds 0, a wrong one's does not."""
    chance = np.random.default_rng(0)
    truth = chance.uniform(0.3, 0.9, 300)
    passed, tasks = chance.random(300) < truth, [str(row // 2) for row in range(300)]
    right = clustered_bootstrap(expected_calibration_error(passed, truth), tasks)
    wrong = clustered_bootstrap(expected_calibration_error(passed, truth * 0.5), tasks)
    for found in (right, wrong):
        assert found.value is not None
        assert found.low is not None
        assert found.high is not None
        assert 0.0 <= found.low <= found.value <= found.high <= 1.0
    assert right.low == 0.0
    assert (wrong.low or 0.0) > 0.1


@pytest.mark.parametrize("shift", [0.0, 0.15])
def test_the_error_s_interval_covers(shift: float) -> None:
    """In at least 90 % of 100 draws of 200 rows the interval holds the error that no chance is in: 0, or the shift."""
    chance = np.random.default_rng(1)
    tasks, held = [str(row) for row in range(200)], 0
    for _ in range(100):
        truth = chance.uniform(0.3, 0.8, 200)
        metric = expected_calibration_error(chance.random(200) < truth, truth + shift)
        found = clustered_bootstrap(metric, tasks, resamples=200)
        assert found.low is not None
        assert found.high is not None
        held += found.low <= shift <= found.high
    assert held >= 90


def test_bins_have_equal_mass() -> None:
    """300 distinct probabilities fill 15 bins of 20, in order; 100 fill 5; 10 rows stay in one bin."""
    for rows, bins in ((300, 15), (100, 5), (10, 1)):
        probability = np.linspace(0.01, 0.99, rows) ** 3
        table = reliability_table(probability > 0.5, probability, [str(row) for row in range(rows)], resamples=10)
        assert [part.rows for part in table] == [rows // bins] * bins
        assert all(low.highest < high.lowest for low, high in pairwise(table))


def test_ties_share_a_bin() -> None:
    """A constant prediction is one bin, whose error is the distance from the success rate."""
    passed = [True] * 30 + [False] * 10
    table = reliability_table(passed, [0.5] * 40, [str(row) for row in range(40)], resamples=10)
    assert [(part.rows, part.predicted, part.observed.value) for part in table] == [(40, 0.5, 0.75)]
    assert expected_calibration_error(passed, [0.5] * 40).value() == 0.25


@settings(deadline=None)
@given(ROWS, st.integers(1, 6))
def test_the_table_adds_up_to_the_error(rows: list[tuple[bool, float]], bins: int) -> None:
    """The calibration error is the table's mean distance of predicted and observed, weighted by rows."""
    passed, probability = [row[0] for row in rows], [row[1] for row in rows]
    table = reliability_table(passed, probability, [str(row) for row in range(len(rows))], bins=bins, resamples=2)
    total = sum(part.rows * abs(part.predicted - (part.observed.value or 0.0)) for part in table)
    assert sum(part.rows for part in table) == len(rows)
    assert expected_calibration_error(passed, probability, bins).value() == pytest.approx(total / len(rows), abs=1e-12)


def test_no_rows() -> None:
    """Without rows there is no table, and the losses are None."""
    assert reliability_table([], [], []) == ()
    for metric in (brier, log_loss, expected_calibration_error):
        assert metric([], []).value() is None


@pytest.mark.parametrize("probability", [[float("nan")], [1.5], [-0.1], [float("inf")], [[0.5]]])
def test_what_is_no_probability_is_refused(probability: list[float]) -> None:
    """A NaN or a number outside 0 to 1 is an error of the caller, not a value to be averaged."""
    with pytest.raises(ValueError, match="probability must"):
        brier([True], probability)


def test_columns_must_match() -> None:
    """Columns of different lengths and outcomes that are no booleans are refused."""
    with pytest.raises(ValueError, match="differ in length"):
        brier([True, False], [0.5])
    with pytest.raises(ValueError, match="passed must hold booleans"):
        brier([2], [0.5])
