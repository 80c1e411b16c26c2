"""Predicted against recorded scores."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from score_model.metrics import score_mae, spearman
from tests.metrics import brute

stats = pytest.importorskip("scipy.stats")

LEVELS = st.sampled_from([0.0, 0.25, 0.5, 0.85, 1.0])
ROWS = st.lists(st.tuples(LEVELS, LEVELS), max_size=20)


def test_mae_by_hand() -> None:
    """(0.5 + 0.25) / 2, the row without a score left out."""
    metric = score_mae([1.0, None, 0.0], [0.5, 0.9, 0.25])
    assert (metric.value(), metric.n) == (0.375, 2)


def test_spearman_by_hand() -> None:
    """Ranks 1 2 3 4 5 against 2 1 4 3 5: 1 − 6 × 4 / (5 × 24) = 0.8; the row without a score is left out."""
    metric = spearman([1, 2, 3, None, 4, 5], [20, 10, 40, 99, 30, 50])
    assert metric.value() == pytest.approx(0.8)
    assert metric.n == 5


@pytest.mark.parametrize(
    ("score", "predicted"), [([], []), ([None], [0.5]), ([1, 1], [0.2, 0.3]), ([0, 1], [0.5, 0.5])]
)
def test_constants_do_not_correlate(score: list[float], predicted: list[float]) -> None:
    """Where either side is constant or empty, the correlation is None."""
    assert spearman(score, predicted).value() is None


def test_no_scores() -> None:
    """Without a known score there is no error."""
    assert score_mae([], []).value() is None
    assert score_mae([None, float("nan")], [0.5, 0.5]).value() is None


@given(ROWS)
def test_spearman_as_brute_force_and_scipy(rows: list[tuple[float, float]]) -> None:
    """On any rows, ties included, the value is that of the definition and SciPy's."""
    score, predicted = [row[0] for row in rows], [row[1] for row in rows]
    expected = brute.spearman(score, predicted)
    assert spearman(score, predicted).value() == pytest.approx(expected, abs=1e-12)
    if expected is not None:
        assert stats.spearmanr(score, predicted).statistic == pytest.approx(expected, abs=1e-12)
