"""Figures of contestants on sets of rows, with intervals that resample whole tasks."""

from collections.abc import Sequence

import msgspec
import numpy as np

from score_model.arrays import Bools, Floats, Ints
from score_model.evaluation._predictions import PredictedRows, Predictions
from score_model.evaluation._records import LEAST_OF_EACH, EvaluateSettings, Figures, Slice, Table
from score_model.metrics import (
    BestOfN,
    Estimate,
    Metric,
    ScoredRows,
    at_threshold,
    auroc,
    average_precision,
    brier,
    clustered_bootstraps,
    difference,
    expected_calibration_error,
    summarise,
)
from score_model.model.fitting import Rows

_LOSSES = ("log_loss", "bradley_terry_loss", "success_rate")
"""What training minimises: left out of tables that are not whole."""


def measure_auroc_within(passed: Bools, probability: Floats, parts: Ints) -> Metric:
    """AUROC over the pairs of a passed and a failed row that one and the same fit scored.

    Scores of different fits are not on one scale: a fit without the failures of the rows that it scores is the more
    hopeful for it, and pooled pairs would hold that against it.
    """
    members = [np.flatnonzero(parts == part) for part in np.unique(parts)]
    areas = [auroc(passed[rows], probability[rows]) for rows in members]

    def compute(weights: Floats) -> Floats:
        won, pairs = np.zeros(len(weights)), np.zeros(len(weights))
        for rows, area in zip(members, areas, strict=True):
            inside = weights[:, rows]
            number = (inside @ passed[rows]) * (inside @ ~passed[rows])
            won += np.where(number > 0, np.nan_to_num(area.compute(inside)) * number, 0.0)
            pairs += number
        return np.divide(won, pairs, out=np.full_like(won, np.nan), where=pairs > 0)

    return Metric(compute, len(passed), len(passed), "rows", "no part has passed and failed rows")


def make_table(
    rows: Rows, predictions: dict[str, list[Predictions]], parts: Ints, settings: EvaluateSettings, *, whole: bool
) -> Table:
    """The table of these rows, which are all in it. `parts` is repeats × rows, or one column of zeros without parts.

    `whole` says that the losses that training minimises are wanted too.
    """
    passed = rows.labels > 0.5
    several = len(np.unique(parts[0])) > 1
    contestants = {}
    for name, each in predictions.items():
        figures = _measure_figures(
            rows, each[0], parts[0] if several else None, settings, whole=whole, own=name == "model"
        )
        repeated = _measure_repeats(rows, each, parts, several=several) if len(each) > 1 else {}
        contestants[name] = msgspec.structs.replace(figures, repeated=repeated)
    areas = {
        name: measure_auroc_within(passed, each[0].probability, parts[0])
        if several
        else auroc(passed, each[0].probability)
        for name, each in predictions.items()
    }
    gaps = {name: difference(areas["model"], area) for name, area in areas.items() if name != "model"}
    differences = clustered_bootstraps(gaps, rows.task_ids, resamples=settings.resamples, seed=settings.seed)
    failures = int((~passed).sum())
    return Table(
        rows=len(rows),
        failures=failures,
        empty=int(rows.empty.sum()),
        tasks=len(set(rows.task_ids)),
        contestants={name: _withhold_intervals(figures, failures, len(rows)) for name, figures in contestants.items()},
        differences={name: withhold_interval(gap, failures, len(rows)) for name, gap in differences.items()},
    )


def withhold_interval(estimate: Estimate, failures: int, rows: int) -> Estimate:
    """Return the estimate, without its interval where the failures or passes among the rows are few."""
    least, word = min((failures, "failures"), (rows - failures, "passes"))
    if estimate.low is None or least >= LEAST_OF_EACH:
        return estimate
    reason = f"no interval: {least} {word}, fewer than {LEAST_OF_EACH}"
    return msgspec.structs.replace(estimate, low=None, high=None, reason=reason)


def _withhold_intervals(figures: Figures, failures: int, rows: int) -> Figures:
    def withhold(estimate: Estimate) -> Estimate:
        return withhold_interval(estimate, failures, rows)

    return Figures(
        metrics={name: withhold(each) for name, each in figures.metrics.items()},
        repeated=figures.repeated,
        reliability=tuple(
            msgspec.structs.replace(each, observed=withhold(each.observed)) for each in figures.reliability
        ),
        best_of=tuple(
            BestOfN(
                n=each.n,
                picked=withhold(each.picked),
                random=withhold(each.random),
                oracle=withhold(each.oracle),
                gain=withhold(each.gain),
            )
            for each in figures.best_of
        ),
    )


def _measure_figures(
    rows: Rows, predictions: Predictions, parts: Ints | None, settings: EvaluateSettings, *, whole: bool, own: bool
) -> Figures:
    passed = rows.labels > 0.5
    metrics: dict[str, Metric] = {}
    if parts is not None:
        metrics["auroc_within_parts"] = measure_auroc_within(passed, predictions.probability, parts)
    metrics |= at_threshold(passed, predictions.called.astype(np.float64), 0.5)
    found = clustered_bootstraps(metrics, rows.task_ids, resamples=settings.resamples, seed=settings.seed)
    summary = summarise(
        ScoredRows(
            passed=passed,
            probability=predictions.probability,
            tasks=rows.task_ids,
            score=rows.scores,
            predicted_score=predictions.score,
            preference=predictions.strength,
        ),
        threshold=None,
        resamples=settings.resamples,
        seed=settings.seed,
        without=() if whole else _LOSSES,
    )
    return Figures(
        metrics=summary.metrics | found,
        reliability=summary.reliability if own else (),
        best_of=summary.best_of,
    )


def _measure_repeats(
    rows: Rows, each: Sequence[Predictions], parts: Ints, *, several: bool
) -> dict[str, tuple[float | None, ...]]:
    passed = rows.labels > 0.5
    values: dict[str, list[float | None]] = {}
    for predictions, of_repeat in zip(each, parts, strict=True):
        metrics = {
            "auroc": auroc(passed, predictions.probability),
            "average_precision_failure": average_precision(passed, predictions.probability),
            "brier": brier(passed, predictions.probability),
            "expected_calibration_error": expected_calibration_error(passed, predictions.probability),
        }
        if several:
            metrics["auroc_within_parts"] = measure_auroc_within(passed, predictions.probability, of_repeat)
        for name, metric in metrics.items():
            values.setdefault(name, []).append(metric.value())
    return {name: tuple(found) for name, found in values.items()}


def make_slices(scored: PredictedRows, settings: EvaluateSettings) -> tuple[tuple[Slice, ...], tuple[Slice, ...]]:
    """Return trusted rows by website, and by use case of a website; the first repeat."""
    trusted = np.flatnonzero(scored.trusted)
    rows = scored.rows.take(trusted)
    predictions = {name: each[0].take(trusted) for name, each in scored.predictions.items()}
    sites: dict[tuple[str | None, str | None], list[int]] = {}
    cases: dict[tuple[str | None, str | None], list[int]] = {}
    for row, (site, case) in enumerate(zip(rows.inputs.websites, rows.inputs.use_cases, strict=True)):
        sites.setdefault((site, None), []).append(row)
        cases.setdefault((site, case), []).append(row)
    return tuple(_measure_slices(rows, predictions, sites, settings)), tuple(
        _measure_slices(rows, predictions, cases, settings)
    )


def _measure_slices(
    rows: Rows,
    predictions: dict[str, Predictions],
    members: dict[tuple[str | None, str | None], list[int]],
    settings: EvaluateSettings,
) -> list[Slice]:
    slices = []
    for (site, case), inside in sorted(members.items(), key=lambda item: repr(item[0])):
        chosen = np.array(inside, dtype=np.int64)
        some = rows.take(chosen)
        failures = int(np.sum(some.labels < 0.5))
        large = min(failures, len(some) - failures) >= LEAST_OF_EACH
        metrics = {
            name: _measure_slice(some, each.take(chosen), settings) for name, each in predictions.items() if large
        }
        slices.append(
            Slice(
                website=site,
                use_case=case,
                rows=len(some),
                failures=failures,
                tasks=len(set(some.task_ids)),
                metrics=metrics if large else None,
            )
        )
    return slices


def _measure_slice(rows: Rows, predictions: Predictions, settings: EvaluateSettings) -> dict[str, Estimate]:
    passed = rows.labels > 0.5
    metrics = {"auroc": auroc(passed, predictions.probability), "brier": brier(passed, predictions.probability)}
    return clustered_bootstraps(metrics, rows.task_ids, resamples=settings.resamples, seed=settings.seed)
