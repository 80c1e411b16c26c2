"""AUROC, average precision of the failures and recall at precision: exact numbers, scikit-learn's, and brute force."""

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from score_model.metrics import auroc, average_precision, recall_at_precision
from tests.metrics import brute

sklearn = pytest.importorskip("sklearn.metrics")

PASSED = [True, False, True, False, True]
PROBABILITY = [0.9, 0.8, 0.8, 0.1, 0.4]
ROWS = st.lists(st.tuples(st.booleans(), st.sampled_from([0.0, 0.1, 0.25, 0.5, 0.9, 1.0])), max_size=24)


def test_auroc_by_hand() -> None:
    """Of the 6 pairs, 0.9 wins two, 0.8 wins one and ties one, 0.4 wins one: 4.5 / 6."""
    assert auroc(PASSED, PROBABILITY).value() == 4.5 / 6


def test_average_precision_by_hand() -> None:
    """The failure at 0.1 is caught with precision 1, the one at 0.8 (tied with a success) with 2 / 4: (1 + 0.5) / 2."""
    assert average_precision(PASSED, PROBABILITY).value() == 0.75


def test_recall_at_precision_by_hand() -> None:
    """Half of the failures can be flagged without an error, all of them at precision 1/2."""
    assert recall_at_precision(PASSED, PROBABILITY).value() == 0.5
    assert recall_at_precision(PASSED, PROBABILITY, 0.5).value() == 1.0
    assert recall_at_precision([False, True], [0.7, 0.2]).value() == 0.0


def test_nine_of_ten_is_precise_enough() -> None:
    """A precision of exactly 0.9 counts."""
    passed = [False] * 4 + [True] + [False] * 5 + [True]
    probability = [place / 20 for place in range(11)]
    assert recall_at_precision(passed, probability).value() == 1.0


@pytest.mark.parametrize("metric", [auroc, average_precision, recall_at_precision])
@pytest.mark.parametrize(("passed", "probability"), [([], []), ([True, True], [0.1, 0.9]), ([False], [0.5])])
def test_one_class_is_undefined(metric: type, passed: list[bool], probability: list[float]) -> None:
    """With no rows or one class there is nothing to rank, and the value is None."""
    assert metric(passed, probability).value() is None


def test_a_constant_ranks_nothing() -> None:
    """A constant prediction is at chance: AUROC 0.5 and average precision the failure rate."""
    passed = [True, False, True, True]
    assert auroc(passed, [0.3] * 4).value() == 0.5
    assert average_precision(passed, [0.3] * 4).value() == 0.25


@given(ROWS)
def test_as_brute_force(rows: list[tuple[bool, float]]) -> None:
    """On any rows, the values are those of the definitions."""
    passed, probability = [row[0] for row in rows], [row[1] for row in rows]
    assert auroc(passed, probability).value() == pytest.approx(brute.auroc(passed, probability))
    assert average_precision(passed, probability).value() == pytest.approx(brute.average_precision(passed, probability))
    for precision in (0.5, 0.9, 1.0):
        expected = brute.recall_at_precision(passed, probability, precision)
        assert recall_at_precision(passed, probability, precision).value() == pytest.approx(expected)


@settings(max_examples=40, deadline=None)
@given(ROWS.filter(lambda rows: len({row[0] for row in rows}) == 2))
def test_as_scikit_learn(rows: list[tuple[bool, float]]) -> None:
    """On any rows of both classes, the values are scikit-learn's."""
    passed, probability = [row[0] for row in rows], [row[1] for row in rows]
    failed, flag = [not good for good in passed], [-number for number in probability]
    assert auroc(passed, probability).value() == pytest.approx(sklearn.roc_auc_score(passed, probability))
    assert average_precision(passed, probability).value() == pytest.approx(
        sklearn.average_precision_score(failed, flag)
    )


@given(ROWS, st.randoms(use_true_random=False))
def test_row_order_does_not_matter(rows: list[tuple[bool, float]], random: Random) -> None:
    """Shuffled rows have the same values to the last bit: only whole numbers are added."""
    shuffled = list(rows)
    random.shuffle(shuffled)
    for metric in (auroc, recall_at_precision):
        before = metric([row[0] for row in rows], [row[1] for row in rows]).value()
        assert metric([row[0] for row in shuffled], [row[1] for row in shuffled]).value() == before
