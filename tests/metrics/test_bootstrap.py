"""Clustered intervals: what is resampled, what they cover, and that they are the same for the same seed."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from score_model.metrics import (
    Metric,
    auroc,
    average_precision,
    best_of_n,
    brier,
    clustered_bootstrap,
    clustered_bootstraps,
    difference,
    expected_calibration_error,
    pairwise_accuracy,
    recall_at_precision,
    score_mae,
    spearman,
)

ROWS = st.lists(st.tuples(st.booleans(), st.sampled_from([0.0, 0.1, 0.25, 0.5, 0.9]), st.integers(0, 3)), max_size=12)


def _rate(passed: list[bool]) -> Metric:
    """The success rate: the squared distance from 0."""
    return brier(passed, [0.0] * len(passed))


@settings(deadline=None)
@given(ROWS)
def test_a_weight_is_a_repetition(rows: list[tuple[bool, float, int]]) -> None:
    """Every metric of rows under whole weights is that metric of the rows repeated as often, 0 leaving them out."""
    repeated = [row for row in rows for _ in range(row[2])]
    weights = np.array([[float(row[2]) for row in rows]])
    for make in (auroc, average_precision, recall_at_precision, brier):
        weighted = make([row[0] for row in rows], [row[1] for row in rows]).compute(weights)[0]
        plain = make([row[0] for row in repeated], [row[1] for row in repeated]).value()
        assert weighted == pytest.approx(np.nan if plain is None else plain, nan_ok=True)
    for compare in (score_mae, spearman):
        weighted = compare([float(row[0]) for row in rows], [row[1] for row in rows]).compute(weights)[0]
        plain = compare([float(row[0]) for row in repeated], [row[1] for row in repeated]).value()
        assert weighted == pytest.approx(np.nan if plain is None else plain, nan_ok=True, abs=1e-12)
    weighted = expected_calibration_error([row[0] for row in rows], [row[1] for row in rows], 3).compute(weights)[0]
    plain = expected_calibration_error([row[0] for row in repeated], [row[1] for row in repeated], 3).value()
    assert weighted == pytest.approx(np.nan if plain is None else plain, nan_ok=True, abs=1e-12)


def test_within_tasks_a_weight_is_another_task() -> None:
    """A task that is drawn twice counts as two tasks: no pair joins a solution with its own copy."""
    truth, predicted, tasks = [1, 0, 0, 1], [0.9, 0.1, 0.9, 0.1], ["a", "a", "b", "b"]
    weights = np.array([[2.0, 2.0, 1.0, 1.0]])
    assert pairwise_accuracy(truth, predicted, tasks).compute(weights)[0] == pytest.approx(2 / 3)
    assert best_of_n(truth, predicted, tasks, 2).picked.compute(weights)[0] == pytest.approx(2 / 3)


def test_by_hand() -> None:
    """Of two clusters, one all right and one all wrong, a resample's rate is 0, 1/2 or 1: the interval is 0 to 1."""
    estimate = clustered_bootstrap(_rate([True] * 50 + [False] * 50), ["a"] * 50 + ["b"] * 50)
    assert (estimate.value, estimate.low, estimate.high) == (0.5, 0.0, 1.0)
    assert (estimate.n, estimate.unit, estimate.clusters, estimate.undefined, estimate.reason) == (
        100, "rows", 2, 0, None,
    )  # fmt: skip


def test_clusters_stay_whole() -> None:
    """Rows of a task copied fifty times narrow nothing: the interval of the copies is that of the tasks."""
    passed = [row % 3 > 0 for row in range(40)]
    names = [f"task-{row}" for row in range(40)]
    once = clustered_bootstrap(_rate(passed), names)
    copies = clustered_bootstrap(_rate(passed * 50), names * 50)
    apart = clustered_bootstrap(_rate(passed * 50), [str(row) for row in range(2000)])
    assert (once.low, once.high) == pytest.approx((copies.low, copies.high))
    assert once.low is not None
    assert once.high is not None
    assert apart.low is not None
    assert apart.high is not None
    assert apart.high - apart.low < (once.high - once.low) / 4


def test_the_width_is_that_of_theory() -> None:
    """For independent rows the interval of a rate is ±1.96 standard errors, within a tenth."""
    passed = [row % 2 == 0 for row in range(1000)]
    estimate = clustered_bootstrap(_rate(passed), [str(row) for row in range(1000)], resamples=4000)
    assert estimate.low == pytest.approx(0.5 - 1.96 * (0.25 / 1000) ** 0.5, abs=0.003)
    assert estimate.high == pytest.approx(0.5 + 1.96 * (0.25 / 1000) ** 0.5, abs=0.003)


def test_the_same_seed_gives_the_same_interval() -> None:
    """Estimates depend on the seed and on the labels, not on the order of the rows or on what else is computed."""
    generator = np.random.default_rng(5)
    passed, probability = generator.random(300) < 0.6, generator.random(300)
    clusters = np.array([f"task-{row % 60}" for row in range(300)])
    metric = auroc(passed, probability)
    estimate = clustered_bootstrap(metric, clusters, seed=3)
    order = generator.permutation(300)
    assert clustered_bootstrap(auroc(passed[order], probability[order]), clusters[order], seed=3) == estimate
    both = clustered_bootstraps({"x": brier(passed, probability), "y": metric}, clusters, seed=3)
    assert both["y"] == estimate
    assert clustered_bootstrap(metric, clusters, seed=4) != estimate


def test_undefined_resamples_are_left_out_and_counted() -> None:
    """With one failed task of five, resamples without it have no AUROC: about (4/5)⁵ of them."""
    estimate = clustered_bootstrap(auroc([True] * 4 + [False], [0.9, 0.8, 0.7, 0.6, 0.1]), list("abcde"))
    assert (estimate.value, estimate.low, estimate.high) == (1.0, 1.0, 1.0)
    assert estimate.undefined == pytest.approx(1000 * 0.8**5, abs=60)


def test_too_many_undefined_resamples_give_no_interval() -> None:
    """Where most resamples are undefined, the few others are no picture of the spread."""
    estimate = clustered_bootstrap(spearman([1.0, 0.0, None, None], [0.9, 0.1, 0.5, 0.5]), list("abcd"))
    assert (estimate.value, estimate.low, estimate.high) == (1.0, None, None)
    # Both rows with a score are drawn with probability 1 − 2 (3/4)⁴ + (1/2)⁴.
    assert estimate.undefined == pytest.approx(1000 * (2 * 0.75**4 - 0.5**4), abs=60)
    assert estimate.reason == f"no interval: {estimate.undefined} of 1000 resamples are undefined"


def test_nothing_to_resample() -> None:
    """One cluster has a value without an interval; no rows, or one class, have neither; each says why."""
    one = clustered_bootstrap(_rate([True, False]), ["a", "a"])
    assert (one.value, one.low, one.high, one.reason) == (0.5, None, None, "no interval: one cluster")
    none = clustered_bootstrap(_rate([]), [])
    assert (none.value, none.low, none.clusters, none.reason) == (None, None, 0, "no rows")
    single = clustered_bootstrap(auroc([True, True], [0.1, 0.2]), ["a", "b"])
    assert (single.value, single.low, single.high, single.undefined) == (None, None, None, 1000)
    assert single.reason == "needs passed and failed rows"


def test_a_difference_is_paired() -> None:
    """Two models that agree differ by exactly 0, however wide their own intervals are."""
    passed, probability = [True, False, True, False, True, True], [0.9, 0.1, 0.4, 0.6, 0.7, 0.2]
    same = difference(auroc(passed, probability), auroc(passed, [number / 2 for number in probability]))
    estimate = clustered_bootstrap(same, list("abcdef"))
    assert (estimate.value, estimate.low, estimate.high) == (0.0, 0.0, 0.0)
    with pytest.raises(ValueError, match="6 and 0 rows"):
        difference(auroc(passed, probability), auroc([], []))


def test_labels_must_match() -> None:
    """A metric of other rows than the labels' is refused."""
    with pytest.raises(ValueError, match="2 rows, and there are 3 cluster labels"):
        clustered_bootstrap(_rate([True, False]), ["a", "b", "c"])
