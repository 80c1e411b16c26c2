"""What fits and measures models beside training: inputs, rows, folds, weights, candidates, calibration, progress.

The door has what users of a model need; this is for evaluation, the command line and benchmarks.
"""

from score_model.model._calibration.expected_score import Mixture
from score_model.model._calibration.platt import Calibration, fit_calibration
from score_model.model._estimators.baselines import RateEstimator
from score_model.model._estimators.logistic import IMPOSSIBLE, logit, sigmoid
from score_model.model._estimators.registry import (
    AUTO,
    BASELINES,
    ESTIMATORS,
    TEXT,
    TREES,
    AnyEstimator,
    find_estimator,
    list_candidates,
    list_choices,
)
from score_model.model._folds import fold_pairs, grouped_folds
from score_model.model._inputs import (
    ACTION_COLUMNS,
    COLUMN_NAMES,
    Rows,
    TaskLike,
    feature_row,
    make_inputs,
    make_observation,
)
from score_model.model._libraries import one_thread
from score_model.model._load import distinct_samples
from score_model.model._serving.checkpoint import check_output
from score_model.model._serving.head import Head
from score_model.model._serving.scorer import best_first, standings
from score_model.model._shaping import shaping_term
from score_model.model._train_settings import check_folds
from score_model.model._training.auxiliary import ExpectedReport, PreferenceReport
from score_model.model._training.cross_validation import (
    OutOfFold,
    Progress,
    check_enough,
    name_progress,
    predict_out_of_fold,
    row_weights,
    threshold_rows,
    trusted_rows,
)
from score_model.model._training.train import TrainedHead, TrainingRun

__all__ = [
    "ACTION_COLUMNS",
    "AUTO",
    "BASELINES",
    "COLUMN_NAMES",
    "ESTIMATORS",
    "IMPOSSIBLE",
    "TEXT",
    "TREES",
    "AnyEstimator",
    "Calibration",
    "ExpectedReport",
    "Head",
    "Mixture",
    "OutOfFold",
    "PreferenceReport",
    "Progress",
    "RateEstimator",
    "Rows",
    "TaskLike",
    "TrainedHead",
    "TrainingRun",
    "best_first",
    "check_enough",
    "check_folds",
    "check_output",
    "distinct_samples",
    "feature_row",
    "find_estimator",
    "fit_calibration",
    "fold_pairs",
    "grouped_folds",
    "list_candidates",
    "list_choices",
    "logit",
    "make_inputs",
    "make_observation",
    "name_progress",
    "one_thread",
    "predict_out_of_fold",
    "row_weights",
    "shaping_term",
    "sigmoid",
    "standings",
    "threshold_rows",
    "trusted_rows",
]
