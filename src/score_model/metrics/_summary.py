"""The whole table for one set of rows."""

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from score_model.arrays import Floats
from score_model.metrics._bootstrap import clustered_bootstraps
from score_model.metrics._calibration import brier, clip, expected_calibration_error, log_loss, reliability_table
from score_model.metrics._metric import (
    Gappy,
    Labels,
    Metric,
    as_flags,
    as_numbers,
    as_probabilities,
    codes_of,
    mean,
    same_length,
)
from score_model.metrics._ranking import auroc, average_precision, recall_at_precision, score_mae, spearman
from score_model.metrics._records import BestOfN, Summary
from score_model.metrics._threshold import at_threshold
from score_model.metrics._within_task import best_of_n, bradley_terry_loss, pairwise_accuracy

BEST_OF = (2, 4, 8)


@dataclass(frozen=True, slots=True, eq=False)
class ScoredRows:
    """Rows with their outcome and what a model predicts of them, one value per row.

    `score` is the recorded score (None or NaN where unknown), `predicted_score` the model's, `preference` its strength
    on the scale of log odds (default: `probability`, and its log odds in the Bradley–Terry loss). `clusters` are what
    is resampled (default: the tasks) and must hold whole tasks.
    """

    passed: npt.ArrayLike
    probability: npt.ArrayLike
    tasks: Labels
    score: Gappy | None = None
    predicted_score: npt.ArrayLike | None = None
    preference: npt.ArrayLike | None = None
    clusters: Labels | None = None


def summarise(
    rows: ScoredRows,
    *,
    threshold: float | None,
    resamples: int = 1000,
    seed: int = 0,
    bins: int | None = None,
    without: Collection[str] = (),
) -> Summary:
    """Every metric with its clustered interval, at a `threshold` that was chosen on other rows (None: no such metrics).

    Pairs and the Bradley–Terry loss compare recorded scores, and the outcome (0 or 1) of a row whose score is unknown,
    as training does; best-of-n is in success rate. Metrics named in `without` are left out. Raises ValueError where
    columns differ in length, hold NaN, or a cluster cuts through a task.
    """
    passed, probability = as_flags(rows.passed, "passed"), as_probabilities(rows.probability)
    clusters = rows.tasks if rows.clusters is None else rows.clusters
    tasks_number, clusters_number = _count_whole_tasks(rows.tasks, clusters)
    metrics = {name: metric for name, metric in _scalars(rows, threshold, bins).items() if name not in without}
    ranking = probability if rows.preference is None else rows.preference
    for n in BEST_OF:
        best = best_of_n(passed, ranking, rows.tasks, n)
        for part in ("picked", "random", "oracle", "gain"):
            metrics[f"best_of_{n}_{part}"] = getattr(best, part)
    estimates = clustered_bootstraps(metrics, clusters, resamples=resamples, seed=seed)
    best_of = tuple(
        BestOfN(n=n, **{part: estimates.pop(f"best_of_{n}_{part}") for part in ("picked", "random", "oracle", "gain")})
        for n in BEST_OF
    )
    return Summary(
        rows=len(passed),
        failures=int((~passed).sum()),
        tasks=tasks_number,
        clusters=clusters_number,
        threshold=threshold,
        resamples=resamples,
        seed=seed,
        metrics=estimates,
        reliability=reliability_table(passed, probability, clusters, bins=bins, resamples=resamples, seed=seed),
        best_of=best_of,
    )


def _scalars(rows: ScoredRows, threshold: float | None, bins: int | None) -> dict[str, Metric]:
    passed, probability = rows.passed, rows.probability
    outcome = as_flags(passed, "passed").astype(np.float64)
    if rows.score is not None:
        score = as_numbers(rows.score, "score", may_miss=True)
        same_length(passed=outcome, score=score)
        outcome = np.where(np.isnan(score), outcome, score)
    ranking, strength = rows.preference, rows.preference
    if ranking is None or strength is None:
        ranking, strength = probability, _log_odds(as_probabilities(probability))
    metrics = {
        "success_rate": mean(as_flags(passed, "passed").astype(np.float64)),
        "auroc": auroc(passed, probability),
        "average_precision_failure": average_precision(passed, probability),
        "recall_failure_at_precision_90": recall_at_precision(passed, probability, 0.9),
        "brier": brier(passed, probability),
        "log_loss": log_loss(passed, probability),
        "expected_calibration_error": expected_calibration_error(passed, probability, bins),
        "pairwise_accuracy": pairwise_accuracy(outcome, ranking, rows.tasks),
        "bradley_terry_loss": bradley_terry_loss(outcome, strength, rows.tasks),
    }
    if threshold is not None:
        metrics |= at_threshold(passed, probability, threshold)
    if rows.score is not None and rows.predicted_score is not None:
        metrics["score_mae"] = score_mae(rows.score, rows.predicted_score)
        metrics["spearman"] = spearman(rows.score, rows.predicted_score)
    return metrics


def _log_odds(probability: Floats) -> Floats:
    clipped = clip(probability)
    return np.log(clipped) - np.log1p(-clipped)


def _count_whole_tasks(tasks: Labels, clusters: Labels) -> tuple[int, int]:
    """The numbers of tasks and clusters; ValueError where a task has rows in two clusters."""
    if len(tasks) != len(clusters):
        raise ValueError(f"columns differ in length: {len(tasks)} tasks and {len(clusters)} clusters")
    home = dict(zip(tasks, clusters, strict=True))
    if any(home[task] != cluster for task, cluster in zip(tasks, clusters, strict=True)):
        raise ValueError("a cluster must hold whole tasks")
    return len(home), int(codes_of(clusters).max(initial=-1)) + 1
