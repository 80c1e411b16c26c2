"""The numbers of an evaluation: each metric, its task-clustered interval, and the whole table for one set of rows.

A metric is built from its rows once (`auroc(passed, probability)`) and is then a function of row weights: all ones
give its value, the multiplicities of a resample give that resample's value. The records need nothing but the core; the
metrics need numpy and raise MissingExtraError where the extra `train` is not installed.
"""

from typing import TYPE_CHECKING

from score_model.extras import import_on_demand
from score_model.metrics._records import BestOfN, Estimate, ReliabilityBin, Summary

if TYPE_CHECKING:
    from score_model.metrics._bootstrap import clustered_bootstrap, clustered_bootstraps
    from score_model.metrics._calibration import (
        brier,
        expected_calibration_error,
        log_loss,
        reliability_table,
    )
    from score_model.metrics._metric import Metric, difference
    from score_model.metrics._ranking import auroc, average_precision, recall_at_precision, score_mae, spearman
    from score_model.metrics._summary import ScoredRows, summarise
    from score_model.metrics._threshold import at_threshold, choose_threshold
    from score_model.metrics._within_task import BestOfMetrics, best_of_n, bradley_terry_loss, pairwise_accuracy

__all__ = [
    "BestOfMetrics",
    "BestOfN",
    "Estimate",
    "Metric",
    "ReliabilityBin",
    "ScoredRows",
    "Summary",
    "at_threshold",
    "auroc",
    "average_precision",
    "best_of_n",
    "bradley_terry_loss",
    "brier",
    "choose_threshold",
    "clustered_bootstrap",
    "clustered_bootstraps",
    "difference",
    "expected_calibration_error",
    "log_loss",
    "pairwise_accuracy",
    "recall_at_precision",
    "reliability_table",
    "score_mae",
    "spearman",
    "summarise",
]

_FILE_OF = {
    "BestOfMetrics": "_within_task",
    "Metric": "_metric",
    "ScoredRows": "_summary",
    "at_threshold": "_threshold",
    "auroc": "_ranking",
    "average_precision": "_ranking",
    "best_of_n": "_within_task",
    "bradley_terry_loss": "_within_task",
    "brier": "_calibration",
    "choose_threshold": "_threshold",
    "clustered_bootstrap": "_bootstrap",
    "clustered_bootstraps": "_bootstrap",
    "difference": "_metric",
    "expected_calibration_error": "_calibration",
    "log_loss": "_calibration",
    "pairwise_accuracy": "_within_task",
    "recall_at_precision": "_ranking",
    "reliability_table": "_calibration",
    "score_mae": "_ranking",
    "spearman": "_ranking",
    "summarise": "_summary",
}
__getattr__ = import_on_demand(__name__, _FILE_OF, "measuring a model", "train")
