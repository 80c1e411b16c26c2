"""What an evaluation reports: plain numbers, ready for JSON; what is undefined is None, never NaN or infinity."""

import msgspec


class Estimate(msgspec.Struct, frozen=True, kw_only=True):
    """One number with its 95 % interval.

    `n` counts what the number is taken over, in `unit`s: rows, pairs or tasks. `clusters` is the number of clusters
    that were resampled, `resamples` how often, and `undefined` the number of resamples without a value, which the
    interval leaves out. `reason` says why the value or the interval is missing.
    """

    value: float | None
    low: float | None
    high: float | None
    n: int
    unit: str
    clusters: int
    resamples: int = 0
    undefined: int = 0
    reason: str | None = None


class ReliabilityBin(msgspec.Struct, frozen=True, kw_only=True):
    """Rows predicted from `lowest` to `highest` (both met): their mean prediction beside their success rate."""

    lowest: float
    highest: float
    rows: int
    predicted: float
    observed: Estimate


class BestOfN(msgspec.Struct, frozen=True, kw_only=True):
    """Mean outcome of the pick among `n` solutions of a task, between picking blindly and picking by the truth.

    `gain` is the share of the way from random to oracle: 0 is chance, 1 is perfect, below 0 is worse than chance.
    """

    n: int
    picked: Estimate
    random: Estimate
    oracle: Estimate
    gain: Estimate


class Summary(msgspec.Struct, frozen=True, kw_only=True):
    """The whole table for one set of rows.

    `metrics` holds every scalar by name: success_rate, auroc, average_precision_failure,
    recall_failure_at_precision_90, brier, log_loss, expected_calibration_error, pairwise_accuracy, bradley_terry_loss;
    at the threshold, where there is one: precision, recall, f1, false_positive_rate, negative_predictive_value,
    failure_f1; where both scores are given: score_mae, spearman.
    """

    rows: int
    failures: int
    tasks: int
    clusters: int
    threshold: float | None
    resamples: int
    seed: int
    metrics: dict[str, Estimate]
    reliability: tuple[ReliabilityBin, ...]
    best_of: tuple[BestOfN, ...]
