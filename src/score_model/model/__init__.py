"""The score model: how likely a task was solved, how good the answer is, and which of two answers is better.

Trained from rows (`load_rows`, `train`), kept as a folder without pickles (`save_model`), used through `Scorer`. Needs
the extra `score`, and `train` to train one; importing it without raises MissingExtraError.
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
from score_model.model._estimators.base import Driver, Fitted, Lesson, Recipe
from score_model.model._estimators.baselines import RateRecipe
from score_model.model._estimators.logistic import logit, sigmoid
from score_model.model._folds import fold_pairs, grouped_folds
from score_model.model._inputs import (
    ACTION_COLUMNS,
    COLUMN_NAMES,
    Inputs,
    Rows,
    TaskLike,
    feature_row,
    inputs_of,
    observation_of,
)
from score_model.model._libraries import one_thread
from score_model.model._load import distinct_samples, load_rows
from score_model.model._report import HeadReport, TrainReport
from score_model.model._serving.checkpoint import Trained, check_output, load_model, save_model
from score_model.model._serving.head import Head
from score_model.model._serving.scorer import Attempt, Scorer, ScoreResult, best_first, rank, standings
from score_model.model._settings import TrainSettings
from score_model.model._shaping import shaped_rewards, shaping_term
from score_model.model._training.cross_validation import (
    OutOfFold,
    check_enough,
    out_of_fold,
    row_weights,
    threshold_rows,
    trusted_rows,
)
from score_model.model._training.train import candidates, train

__all__ = [
    "ACTION_COLUMNS",
    "COLUMN_NAMES",
    "Attempt",
    "Calibration",
    "Driver",
    "Fitted",
    "Head",
    "HeadReport",
    "Inputs",
    "Lesson",
    "Mixture",
    "OutOfFold",
    "RateRecipe",
    "Recipe",
    "Rows",
    "ScoreResult",
    "Scorer",
    "TaskLike",
    "TrainReport",
    "TrainSettings",
    "Trained",
    "best_first",
    "candidates",
    "check_enough",
    "check_output",
    "distinct_samples",
    "feature_row",
    "fit_calibration",
    "fold_pairs",
    "grouped_folds",
    "inputs_of",
    "load_model",
    "load_rows",
    "logit",
    "observation_of",
    "one_thread",
    "out_of_fold",
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
