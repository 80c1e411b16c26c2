"""The whole table: complete, JSON-ready, and free of NaN on the oddest rows."""

import json
import math
import subprocess
import sys

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import score_model.metrics
from score_model.metrics import Estimate, ScoredRows, Summary, auroc, clustered_bootstrap, summarise

ALWAYS = {
    "success_rate", "auroc", "average_precision_failure", "recall_failure_at_precision_90", "brier", "log_loss",
    "expected_calibration_error", "pairwise_accuracy", "bradley_terry_loss",
}  # fmt: skip
AT_THRESHOLD = {"precision", "recall", "f1", "false_positive_rate", "negative_predictive_value", "failure_f1"}
PASSED = [True, False, True, False, True, False]
PROBABILITY = [0.9, 0.2, 0.6, 0.7, 0.8, 0.0]
TASKS = ["a", "a", "b", "b", "c", "c"]


def _numbers(summary: Summary) -> list[float | None]:
    estimates: list[Estimate] = [*summary.metrics.values(), *(part.observed for part in summary.reliability)]
    for best in summary.best_of:
        estimates += [best.picked, best.random, best.oracle, best.gain]
    return [number for one in estimates for number in (one.value, one.low, one.high)]


def test_by_hand() -> None:
    """The table holds each metric's own estimate, over the tasks, and the best of 2, 4 and 8."""
    rows = ScoredRows(passed=PASSED, probability=PROBABILITY, tasks=TASKS)
    summary = summarise(rows, threshold=0.5, resamples=200, seed=7)
    assert set(summary.metrics) == ALWAYS | AT_THRESHOLD
    assert (summary.rows, summary.failures, summary.tasks, summary.clusters) == (6, 3, 3, 3)
    expected = clustered_bootstrap(auroc(PASSED, PROBABILITY), TASKS, resamples=200, seed=7)
    assert summary.metrics["auroc"] == expected
    assert summary.metrics["pairwise_accuracy"].value == pytest.approx(2 / 3)
    assert summary.metrics["precision"].value == 3 / 4
    assert [(best.n, best.picked.value, best.oracle.value) for best in summary.best_of] == [
        (2, pytest.approx(2 / 3), 1.0),
        (4, None, None),
        (8, None, None),
    ]
    assert summary.best_of[1].picked.reason == "no task has 4 solutions"
    assert sum(part.rows for part in summary.reliability) == 6


def test_scores_and_preferences() -> None:
    """Recorded scores decide the pairs, and the outcome where there is none; a preference orders them; the score's own
    metrics appear."""
    rows = ScoredRows(
        passed=PASSED,
        probability=PROBABILITY,
        tasks=TASKS,
        score=[1.0, 0.4, 0.85, None, 1.0, 1.0],
        predicted_score=[0.9, 0.5, 0.85, 0.1, 1.0, 0.0],
        preference=[-1.0, 1.0, 0.0, 0.0, 0.0, 0.0],
    )
    summary = summarise(rows, threshold=None, resamples=50)
    assert set(summary.metrics) == ALWAYS | {"score_mae", "spearman"}
    assert summary.metrics["pairwise_accuracy"].n == 2
    assert summary.metrics["pairwise_accuracy"].value == (0.0 + 0.5) / 2
    assert summary.metrics["bradley_terry_loss"].value == pytest.approx((math.log1p(math.exp(2)) + math.log(2)) / 2)
    assert summary.metrics["score_mae"].value == pytest.approx(1.2 / 5)


def test_without_scores_outcomes_make_the_pairs() -> None:
    """Rows with a known outcome and no score have the pairs that best-of-n has; their scores' own metrics have none."""
    rows = ScoredRows(
        passed=[True, False], probability=[0.9, 0.2], tasks=["a", "a"], score=[None, None], predicted_score=[0.9, 0.2]
    )
    metrics = summarise(rows, threshold=None, resamples=5).metrics
    assert (metrics["pairwise_accuracy"].value, metrics["pairwise_accuracy"].n) == (1.0, 1)
    assert metrics["bradley_terry_loss"].value == pytest.approx(math.log1p(1 / 36))
    assert metrics["score_mae"].value is None


def test_tiny_probabilities_are_still_ordered() -> None:
    """Without a preference the pairs are ordered by the probability itself, however small."""
    rows = ScoredRows(passed=[True, False], probability=[1e-20, 1e-30], tasks=["a", "a"])
    assert summarise(rows, threshold=None, resamples=5).metrics["pairwise_accuracy"].value == 1.0


def test_clusters_hold_whole_tasks() -> None:
    """Wider clusters than tasks are accepted; a cluster that cuts through a task is refused."""
    rows = ScoredRows(passed=PASSED, probability=PROBABILITY, tasks=TASKS, clusters=["x", "x", "x", "x", "y", "y"])
    summary = summarise(rows, threshold=None, resamples=50)
    assert (summary.tasks, summary.clusters, summary.metrics["auroc"].clusters) == (3, 2, 2)
    torn = ScoredRows(passed=PASSED, probability=PROBABILITY, tasks=TASKS, clusters=["x", "y", "x", "x", "y", "y"])
    with pytest.raises(ValueError, match="whole tasks"):
        summarise(torn, threshold=None)
    short = ScoredRows(passed=PASSED, probability=PROBABILITY[:5], tasks=TASKS)
    with pytest.raises(ValueError, match="differ in length"):
        summarise(short, threshold=None)


def test_no_rows() -> None:
    """An empty table has every name, no number, and a reason for each."""
    summary = summarise(ScoredRows(passed=[], probability=[], tasks=[]), threshold=0.5)
    assert set(summary.metrics) == ALWAYS | AT_THRESHOLD
    assert set(_numbers(summary)) == {None}
    assert all(estimate.reason for estimate in summary.metrics.values())


@settings(deadline=None, max_examples=40)
@given(
    st.lists(
        st.tuples(
            st.booleans(), st.floats(0, 1), st.sampled_from("abcd"), st.none() | st.floats(0, 1), st.floats(-50, 50)
        ),
        max_size=15,
    ),
    st.floats(0, 1),
)
def test_no_nan_leaves(rows: list[tuple[bool, float, str, float | None, float]], threshold: float) -> None:
    """On any rows the table is strict JSON that reads back as it was, and every missing value has its reason."""
    passed, probability, tasks, score, preference = zip(*rows, strict=True) if rows else ((), (), (), (), ())
    table = ScoredRows(passed, probability, tasks, score, probability, preference)
    summary = summarise(table, threshold=threshold, resamples=20)
    assert all(number is None or math.isfinite(number) for number in _numbers(summary))
    assert all(one.reason for one in summary.metrics.values() if one.value is None or one.low is None)
    json.dumps(msgspec.to_builtins(summary), allow_nan=False)
    assert msgspec.json.decode(msgspec.json.encode(summary), type=Summary) == summary


def test_every_public_name_is_there() -> None:
    """What the room promises can be imported, and nothing else can."""
    for name in score_model.metrics.__all__:
        assert getattr(score_model.metrics, name) is not None
    with pytest.raises(AttributeError, match="no attribute 'accuracy'"):
        _ = score_model.metrics.accuracy


def test_without_the_extra() -> None:
    """Without numpy the records can be read, and a metric names the extra to install."""
    program = (
        "import sys; sys.modules['numpy'] = None\n"
        "from score_model.errors import MissingExtraError\n"
        "from score_model.metrics import Estimate\n"
        "try:\n    from score_model.metrics import auroc\n"
        "except MissingExtraError as error:\n    print(error)\n"
    )
    shown = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert shown.stdout == "measuring a model needs the extra 'train': pip install 'score-model[train]'\n"
