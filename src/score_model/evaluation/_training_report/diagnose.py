"""What a reader of a trained model must know: measures out of fold, what suspect labels do, features that leak."""

from collections.abc import Sequence

import msgspec
import numpy as np

from score_model.arrays import Bools, Floats
from score_model.evaluation._training_report.findings import TRIVIAL, describe_trained_head
from score_model.evaluation._training_report.records import (
    HeadReport,
    LabelNoise,
    Leak,
    Measures,
    RowCounts,
    TrainReport,
)
from score_model.metrics import Metric, auroc, average_precision, brier, clustered_bootstrap, difference, log_loss
from score_model.metrics import pairwise_accuracy as pairs_in_order
from score_model.model import TrainingSet, TrainSettings
from score_model.model.fitting import (
    AUTO,
    IMPOSSIBLE,
    TREES,
    Progress,
    Rows,
    TrainedHead,
    TrainingRun,
    fold_pairs,
    name_progress,
    one_thread,
    sigmoid,
)

_RESAMPLES = 1000
_MOST_FEATURES = 30

LEAK_LIMIT = 0.97
"""AUROC above which a feature that tells passes from failures alone is suspected of a leak."""

_LEAST_ROWS = 20


def report_training(run: TrainingRun, progress: Progress = lambda done, total, detail: None) -> TrainReport:
    """Return what a training run found out: the whole of its metrics.json. Deterministic."""
    settings = run.model.settings
    with one_thread():
        heads = {
            name: _report_head(trained, settings, name_progress(progress, name)) for name, trained in run.heads.items()
        }
    return TrainReport(rows=run.rows, labelled=run.labelled, heads=heads, traces=run.traces)


def _report_head(trained: TrainedHead, settings: TrainSettings, progress: Progress) -> HeadReport:
    head, trusted = trained.head, trained.non_empty.take(trained.trusted)
    chosen = head.estimator.name
    rows = {"all": trained.rows, "non_empty": trained.non_empty, "trusted": trusted}
    gains = head.model.feature_gains()
    if gains is None:  # trees that are grown for the report alone
        gains = trained.training_set.fit(TREES).feature_gains()
    report = HeadReport(
        head=head.name,
        counts={name: count_rows(some) for name, some in rows.items()},
        model=chosen,
        chosen_by="settings" if settings.model != AUTO else "calibrated log loss out of fold on trusted labels",
        measures=_measure_all(trained, settings),
        label_noise=measure_label_noise(trained, settings, progress),
        calibration=trained.losses,
        calibration_kind=head.calibrated.calibration.kind,
        threshold=head.calibrated.threshold,
        threshold_on=head.calibrated.threshold_on,
        expected=trained.expected,
        preference=trained.preference,
        leakage=find_leakage(trusted, trained.columns),
        features=dict(list(gains.items())[:_MOST_FEATURES]),
        sentences=(),
    )
    measures = report.measures["trusted"]
    best = max(TRIVIAL, key=lambda name: measures[name].auroc_mean or 0.0)
    own, other = (trained.out_of_fold.logits[name][0, trained.trusted] for name in (chosen, best))
    gap = compare(trusted, own, other, settings.seed)
    return msgspec.structs.replace(report, sentences=describe_trained_head(report, best, gap))


def _measure_all(trained: TrainedHead, settings: TrainSettings) -> dict[str, dict[str, Measures]]:
    rows, non_empty, seed = trained.rows, trained.non_empty, settings.seed
    everything, whole = np.ones(len(non_empty), dtype=np.bool_), np.ones(len(rows), dtype=np.bool_)
    shape = (settings.repeats, len(rows))
    found: dict[str, dict[str, Measures]] = {"non_empty": {}, "trusted": {}, "all": {}}
    for name, logits in trained.out_of_fold.logits.items():
        probabilities = trained.probabilities[name]
        found["non_empty"][name] = measure(non_empty, probabilities, logits, everything, seed)
        found["trusted"][name] = measure(non_empty, probabilities, logits, trained.trusted, seed)
        all_logits, all_probabilities = np.full(shape, IMPOSSIBLE), np.zeros(shape)
        all_logits[:, ~rows.empty], all_probabilities[:, ~rows.empty] = logits, probabilities
        by_rule = "empty_answer" if name == "majority" else name
        found["all"][by_rule] = measure(rows, all_probabilities, all_logits, whole, seed)
    return found


def count_rows(rows: Rows) -> RowCounts:
    """How many rows, failures, tasks and groups."""
    return RowCounts(
        rows=len(rows),
        failures=int(np.sum(rows.labels == 0.0)),
        tasks=len(set(rows.task_ids)),
        groups=len(set(rows.groups)),
    )


def measure(rows: Rows, probabilities: Floats, logits: Floats, chosen: Bools, seed: int) -> Measures:
    """The measures of one model (`probabilities` and `logits` are repeats × rows) on the chosen rows."""
    some = rows.take(chosen)
    passed = some.labels > 0.5
    ranks = [sigmoid(logits[repeat, chosen]) for repeat in range(len(logits))]
    curves = [auroc(passed, rank) for rank in ranks]
    values = [value for curve in curves if (value := curve.value()) is not None]
    levels = [probabilities[repeat, chosen] for repeat in range(len(probabilities))]
    return Measures(
        auroc=clustered_bootstrap(curves[0], some.groups, resamples=_RESAMPLES, seed=seed),
        auroc_mean=float(np.mean(values)) if values else None,
        auroc_spread=(min(values), max(values)) if values else None,
        average_precision_failure=_mean([average_precision(passed, rank) for rank in ranks]),
        pairwise_accuracy=_mean([pairs_in_order(passed, rank, some.task_ids) for rank in ranks]),
        log_loss=_mean([log_loss(passed, level) for level in levels]),
        brier=_mean([brier(passed, level) for level in levels]),
    )


def compare(rows: Rows, first: Floats, second: Floats, seed: int) -> tuple[float, float, float] | None:
    """AUROC of the first model's scores minus the second's with its clustered 95 % interval; None where undefined."""
    passed = rows.labels > 0.5
    gap = difference(auroc(passed, sigmoid(first)), auroc(passed, sigmoid(second)))
    found = clustered_bootstrap(gap, rows.groups, resamples=_RESAMPLES, seed=seed)
    if found.value is None or found.low is None or found.high is None:
        return None
    return found.value, found.low, found.high


def _auroc_of(labels: Floats, logits: Floats) -> float | None:
    """AUROC of scores; None where one class is missing."""
    return auroc(labels > 0.5, sigmoid(logits)).value()


def _mean(metrics: Sequence[Metric]) -> float | None:
    values = [value for metric in metrics if (value := metric.value()) is not None]
    return float(np.mean(values)) if values else None


def measure_label_noise(trained: TrainedHead, settings: TrainSettings, progress: Progress) -> LabelNoise | None:
    """Return what the chosen model does on the same folds, learnt with every label and with the trusted ones only.

    None if all are trusted.
    """
    rows, trusted = trained.non_empty, trained.trusted
    if trusted.all():
        return None
    areas: dict[float, tuple[float | None, float | None]] = {}
    for place, weight in enumerate((0.0, 1.0)):
        weights = np.where(trusted, 1.0, weight)
        logits = np.empty(len(rows))
        for learn, score in fold_pairs(trained.out_of_fold.folds[0]):
            progress(place, 2, "effect of suspect labels")
            training_set = TrainingSet.of(rows.take(learn), trained.columns, weights[learn], settings.seed)
            logits[score] = training_set.fit(trained.head.estimator).predict_logits(rows.inputs.take(score))
        areas[weight] = _auroc_of(rows.labels[trusted], logits[trusted]), _auroc_of(rows.labels, logits)
    return LabelNoise(
        suspect_rows=int((~trusted).sum()),
        left_out_on_trusted=areas[0.0][0],
        left_out_on_all=areas[0.0][1],
        learnt_on_trusted=areas[1.0][0],
        learnt_on_all=areas[1.0][1],
    )


def find_leakage(rows: Rows, columns: tuple[str, ...]) -> tuple[Leak, ...]:
    """Every column whose AUROC, or that of whether it is known, exceeds 0.97 either way round, the highest first."""
    matrix, leaks = rows.inputs.select(columns), []
    for place, name in enumerate(columns):
        known = ~np.isnan(matrix[:, place])
        for values, chosen, unknown in (
            (matrix[:, place], known, False),
            (known.astype(np.float64), np.ones(len(rows), dtype=np.bool_), True),
        ):
            alone = _measure_alone(values[chosen], rows.labels[chosen])
            if alone is not None and alone > LEAK_LIMIT:
                leaks.append(Leak(feature=name, auroc=alone, rows=int(chosen.sum()), unknown=unknown))
    return tuple(sorted(leaks, key=lambda leak: (-leak.auroc, leak.feature)))


def _measure_alone(values: Floats, labels: Floats) -> float | None:
    if len(values) < _LEAST_ROWS or values.min() == values.max():
        return None
    ranks = np.unique(values, return_inverse=True)[1].astype(np.float64)
    found = auroc(labels > 0.5, ranks / max(1.0, ranks.max())).value()
    return None if found is None else max(found, 1.0 - found)
