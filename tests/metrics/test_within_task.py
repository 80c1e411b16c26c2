"""Pairs of one task, the Bradley–Terry loss and the best of n."""

import math

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from score_model.metrics import best_of_n, bradley_terry_loss, pairwise_accuracy
from tests.metrics import brute

TASKS = ["a", "a", "a", "b", "b", "c"]
SCORE = [1.0, 0.5, 0.0, 0.0, 1.0, 1.0]
PREDICTED = [0.9, 0.9, 0.1, 0.6, 0.4, 0.0]
ROWS = st.lists(
    st.tuples(st.sampled_from("abc"), st.sampled_from([0.0, 0.5, 1.0]), st.sampled_from([-1.0, 0.0, 0.3, 2.0])),
    max_size=16,
)


def test_pairs_by_hand() -> None:
    """Of task a, two pairs are right and one is tied, of task b the pair is wrong, task c has none: 2.5 / 4."""
    metric = pairwise_accuracy(SCORE, PREDICTED, TASKS)
    assert (metric.value(), metric.n, metric.unit) == (2.5 / 4, 4, "pairs")


def test_bradley_terry_by_hand() -> None:
    """Margins of 1 and −1 cost ln(1 + e⁻¹) and ln(1 + e)."""
    expected = (math.log1p(math.exp(-1)) + math.log1p(math.e)) / 2
    metric = bradley_terry_loss([1, 0, 0, 1], [2.0, 1.0, 0.5, -0.5], ["a", "a", "b", "b"])
    assert metric.value() == pytest.approx(expected)


def test_no_opinion_costs_log_two() -> None:
    """Equal strengths are even odds."""
    assert bradley_terry_loss(SCORE, [0.0] * 6, TASKS).value() == pytest.approx(math.log(2))
    assert pairwise_accuracy(SCORE, [0.0] * 6, TASKS).value() == 0.5


def test_large_margins_stay_finite() -> None:
    """A margin of a million neither overflows nor warns."""
    assert bradley_terry_loss([1, 0], [-1e6, 0.0], ["a", "a"]).value() == pytest.approx(1e6)
    assert bradley_terry_loss([1, 0], [1e6, 0.0], ["a", "a"]).value() == 0.0


def test_tasks_are_not_compared_with_each_other() -> None:
    """Without two different scores within one task there is no pair and no value."""
    for metric in (pairwise_accuracy, bradley_terry_loss):
        assert metric([1, 0, 0], [0.1, 0.9, 0.8], ["a", "b", "b"]).value() is None
        assert metric([], [], []).value() is None
        assert metric([1, None], [0.1, 0.9], ["a", "a"]).value() is None


def test_best_of_two_by_hand() -> None:
    """The right one of three is ranked second: it wins one choice of the three, and is in two of them."""
    best = best_of_n([1, 0, 0], [0.5, 0.9, 0.1], ["a"] * 3, 2)
    assert best.picked.value() == pytest.approx(1 / 3)
    assert best.random.value() == pytest.approx(1 / 3)
    assert best.oracle.value() == pytest.approx(2 / 3)
    assert best.gain.value() == pytest.approx(0, abs=1e-15)
    assert best.picked.n == 1


def test_the_perfect_ranking_is_the_oracle() -> None:
    """Ranked by the truth, the pick is the oracle's for every n, and the reverse ranking is worse than chance."""
    truth, tasks = [0.0, 1.0, 0.5, 1.0, 0.0, 0.0, 1.0, 0.0], ["a"] * 8
    for n in (2, 4, 8):
        best = best_of_n(truth, truth, tasks, n)
        assert best.picked.value() == pytest.approx(best.oracle.value())
        assert best.gain.value() == pytest.approx(1)
        reverse = best_of_n(truth, [-value for value in truth], tasks, n).gain.value()
        assert reverse is not None
        assert reverse < 0


def test_small_and_decided_tasks() -> None:
    """Tasks with fewer than n solutions are left out; where all outcomes are equal there is nothing to gain."""
    best = best_of_n([1, 1, 1, 0], [0.1, 0.2, 0.3, 0.4], ["a", "a", "a", "b"], 2)
    assert (best.picked.value(), best.random.value(), best.oracle.value()) == (1.0, 1.0, 1.0)
    assert best.gain.value() is None
    assert best_of_n([1, 0], [0.1, 0.2], ["a", "b"], 2).picked.value() is None
    assert best_of_n([], [], [], 2).picked.value() is None


def test_many_solutions_of_one_task() -> None:
    """Thousands of solutions overflow no binomial: with half of them right, blind picks are right half of the time."""
    truth = [float(row % 2) for row in range(4000)]
    best = best_of_n(truth, [0.0] * 4000, ["a"] * 4000, 8)
    assert best.picked.value() == pytest.approx(0.5)
    assert best.oracle.value() == pytest.approx(1 - math.comb(2000, 8) / math.comb(4000, 8))


@given(ROWS)
def test_pairs_as_brute_force(rows: list[tuple[str, float, float]]) -> None:
    """On any rows, accuracy and loss are the means over all pairs."""
    tasks, truth, predicted = [row[0] for row in rows], [row[1] for row in rows], [row[2] for row in rows]
    margins = brute.pairs(truth, predicted, tasks)
    accuracy = [1.0 if margin > 0 else 0.5 if margin == 0 else 0.0 for margin in margins]
    losses = [math.log1p(math.exp(-margin)) for margin in margins]
    expected = sum(accuracy) / len(accuracy) if margins else None
    assert pairwise_accuracy(truth, predicted, tasks).value() == pytest.approx(expected)
    expected = sum(losses) / len(losses) if margins else None
    assert bradley_terry_loss(truth, predicted, tasks).value() == pytest.approx(expected)


@given(ROWS, st.integers(1, 4))
def test_best_of_as_brute_force(rows: list[tuple[str, float, float]], n: int) -> None:
    """On any rows, the expectation is the mean over every choice of n, ties picked evenly; chance ≤ oracle."""
    tasks, truth, predicted = [row[0] for row in rows], [row[1] for row in rows], [row[2] for row in rows]
    best, expected = best_of_n(truth, predicted, tasks, n), brute.best_of(truth, predicted, tasks, n)
    values = (best.picked.value(), best.random.value(), best.oracle.value())
    if expected is None:
        assert values == (None, None, None)
    else:
        assert values == pytest.approx(tuple(map(float, expected)))
        gain = best.gain.value()
        assert gain is None or gain <= 1 + 1e-12


UNEVEN = st.lists(
    st.tuples(st.sampled_from("ab"), st.sampled_from([0.0, 0.1, 0.3, 1 / 3, 0.7, 1.0]), st.sampled_from([0.1, 0.5])),
    max_size=10,
)


@given(UNEVEN, st.integers(1, 4))
@example([("a", 0.1, 0.1), ("a", 0.3, 0.5), ("a", 0.7, 0.1)], 1)
@example([("a", 1.0, 0.1), ("b", 0.1, 0.1), ("b", 0.3, 0.5), ("b", 1 / 3, 0.1)], 1)
def test_a_gain_is_undefined_where_nothing_can_be_gained(rows: list[tuple[str, float, float]], n: int) -> None:
    """Where the oracle is no better than chance, as with one solution to pick from, rounding makes no gain of it: the
    share is that of exact arithmetic, undefined where that divides by zero, in every resample too."""
    tasks, truth, predicted = [row[0] for row in rows], [row[1] for row in rows], [row[2] for row in rows]
    gain, exact = best_of_n(truth, predicted, tasks, n).gain, brute.best_of(truth, predicted, tasks, n)
    if exact is None or exact[2] == exact[1]:
        assert gain.value() is None
        assert np.isnan(gain.compute(np.array([[float(len(tasks) + (task == "a")) for task in tasks]]))).all()
    else:
        assert gain.value() == pytest.approx(float((exact[0] - exact[1]) / (exact[2] - exact[1])))
