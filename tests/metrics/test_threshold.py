"""The call at a threshold, and the choice of the threshold on other rows."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from score_model.metrics import at_threshold, choose_threshold

sklearn = pytest.importorskip("sklearn.metrics")

PASSED = [True, True, True, False, False, True]
PROBABILITY = [0.9, 0.6, 0.5, 0.7, 0.2, 0.1]
ROWS = st.lists(st.tuples(st.booleans(), st.floats(0, 1)), min_size=1, max_size=20)


def _values(passed: list[bool], probability: list[float], threshold: float) -> dict[str, float | None]:
    return {name: metric.value() for name, metric in at_threshold(passed, probability, threshold).items()}


def test_by_hand() -> None:
    """Three right and one wrong of four called passed, one right of two called failed; 0.5 itself is called passed."""
    assert _values(PASSED, PROBABILITY, 0.5) == {
        "precision": 3 / 4,
        "recall": 3 / 4,
        "f1": 3 / 4,
        "false_positive_rate": 1 / 2,
        "negative_predictive_value": 1 / 2,
        "failure_f1": 1 / 2,
    }


def test_what_is_over_nothing_is_undefined() -> None:
    """A ratio without a denominator is None, with a reason; the others stand."""
    everything = _values([True, True], [0.8, 0.9], 0.0)
    assert everything == {
        "precision": 1.0,
        "recall": 1.0,
        "f1": 1.0,
        "false_positive_rate": None,
        "negative_predictive_value": None,
        "failure_f1": None,
    }
    assert set(_values([], [], 0.5).values()) == {None}
    assert at_threshold([True], [0.1], 0.5)["precision"].undefined == "no row is called passed"


@settings(max_examples=30, deadline=None)
@given(ROWS, st.floats(0, 1))
def test_as_scikit_learn(rows: list[tuple[bool, float]], threshold: float) -> None:
    """Where they are defined, the values are scikit-learn's."""
    passed, probability = [row[0] for row in rows], [row[1] for row in rows]
    called = [number >= threshold for number in probability]
    failed, refused = [not good for good in passed], [not yes for yes in called]
    expected = {
        "precision": sklearn.precision_score(passed, called, zero_division=np.nan),
        "recall": sklearn.recall_score(passed, called, zero_division=np.nan),
        "f1": sklearn.f1_score(passed, called, zero_division=np.nan),
        "false_positive_rate": 1 - sklearn.recall_score(failed, refused, zero_division=np.nan),
        "negative_predictive_value": sklearn.precision_score(failed, refused, zero_division=np.nan),
        "failure_f1": sklearn.f1_score(failed, refused, zero_division=np.nan),
    }
    for name, value in _values(passed, probability, threshold).items():
        assert value == (None if np.isnan(expected[name]) else pytest.approx(expected[name])), name


def test_chosen_by_hand() -> None:
    """By F1 everything is called passed (8/10); both failures are below 0.8, at an F1 of 4/6 for either class."""
    passed, probability = [True, False, True, False, True, True], [0.1, 0.2, 0.6, 0.7, 0.9, 0.9]
    assert choose_threshold(passed, probability) == 0.0
    assert choose_threshold(passed, probability, "failure_f1") == 0.8
    assert choose_threshold(passed, probability, "macro_f1") == 0.8


def test_the_choice_separates_what_can_be_separated() -> None:
    """Two classes apart are cut half-way, by every criterion."""
    for criterion in ("f1", "failure_f1", "macro_f1"):
        assert choose_threshold([False, False, True], [0.1, 0.2, 0.6], criterion) == 0.4


def test_neighbouring_floats_are_cut() -> None:
    """Even where nothing lies between the two probabilities, the higher is called passed and the lower is not."""
    low = 0.3
    high = float(np.nextafter(low, 1))
    assert choose_threshold([False, True], [low, high]) == high


@pytest.mark.parametrize(("passed", "probability"), [([], []), ([True], [0.5]), ([False, False], [0.1, 0.2])])
def test_nothing_to_choose(passed: list[bool], probability: list[float]) -> None:
    """Without both classes there is no threshold to choose."""
    assert choose_threshold(passed, probability) is None


@given(ROWS.filter(lambda rows: len({row[0] for row in rows}) == 2))
def test_no_other_threshold_is_better(rows: list[tuple[bool, float]]) -> None:
    """No probability that was met would have been a better threshold by F1."""
    passed, probability = [row[0] for row in rows], [row[1] for row in rows]
    chosen = choose_threshold(passed, probability)
    assert chosen is not None
    best = _values(passed, probability, chosen)["f1"]
    assert best is not None
    for other in probability:
        assert (_values(passed, probability, other)["f1"] or 0.0) <= best + 1e-12
