"""The score model: how likely a task was solved, how good the answer is, and which of two answers is better.

Trained from rows (`load_rows`, `train`), kept as a folder without pickles (`save_model`), used through `Scorer`. A
model of one's own is an `Estimator` (docs/extending.md). Needs the extra `score`, and `train` to train one; importing
it without raises MissingExtraError.
"""

from score_model.extras import missing_extra

try:
    import numpy as np
except ModuleNotFoundError as error:
    raise missing_extra(error, "the score model") from None
else:
    del np

from score_model.model._calibration.expected_score import Mixture
from score_model.model._calibration.platt import Calibration, fit_calibration
from score_model.model._estimators.base import Attribution, Estimator, FittedModel, TrainingSet
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
    Inputs,
    Rows,
    TaskLike,
    feature_row,
    make_inputs,
    make_observation,
)
from score_model.model._libraries import one_thread
from score_model.model._load import distinct_samples, load_rows
from score_model.model._serving.checkpoint import TrainedModel, check_output, load_model, save_model
from score_model.model._serving.head import Head
from score_model.model._serving.scorer import Attempt, Scorer, ScoreResult, best_first, rank, standings
from score_model.model._shaping import shaped_rewards, shaping_term
from score_model.model._train_settings import TrainSettings, check_folds
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
from score_model.model._training.train import TrainedHead, TrainingRun, train

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
    "Attempt",
    "Attribution",
    "Calibration",
    "Estimator",
    "ExpectedReport",
    "FittedModel",
    "Head",
    "Inputs",
    "Mixture",
    "OutOfFold",
    "PreferenceReport",
    "Progress",
    "RateEstimator",
    "Rows",
    "ScoreResult",
    "Scorer",
    "TaskLike",
    "TrainSettings",
    "TrainedHead",
    "TrainedModel",
    "TrainingRun",
    "TrainingSet",
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
    "load_model",
    "load_rows",
    "logit",
    "make_inputs",
    "make_observation",
    "name_progress",
    "one_thread",
    "predict_out_of_fold",
    "rank",
    "row_weights",
    "save_model",
    "shaped_rewards",
    "shaping_term",
    "sigmoid",
    "standings",
    "threshold_rows",
    "train",
    "trusted_rows",
]
