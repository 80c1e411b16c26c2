"""The score model: how likely a task was solved, how good the answer is, and which of two answers is better.

Trained from rows (`load_rows`, `train`), kept as a folder without pickles (`save_model`), used through `Scorer`. Needs
the extra `train`; importing it without raises MissingExtraError.
"""

from score_model.errors import MissingExtraError

try:
    import numpy as np
except ModuleNotFoundError:
    raise MissingExtraError("the score model", "train") from None
else:
    del np

from score_model.model._baselines import RateRecipe
from score_model.model._calibration import Calibration, fit_calibration
from score_model.model._estimator import Driver, Fitted, Recipe
from score_model.model._expected import Mixture
from score_model.model._folder import Trained, check_output, load_model, save_model
from score_model.model._folds import fold_pairs, grouped_folds
from score_model.model._head import Head
from score_model.model._lesson import Lesson
from score_model.model._libraries import one_thread
from score_model.model._load import distinct_samples, load_rows
from score_model.model._logistic import logit, sigmoid
from score_model.model._out_of_fold import (
    OutOfFold,
    check_enough,
    out_of_fold,
    row_weights,
    threshold_rows,
    trusted_rows,
)
from score_model.model._report import HeadReport, TrainReport
from score_model.model._result import ScoreResult, best_first, standings
from score_model.model._rows import ACTION_COLUMNS, COLUMN_NAMES, Inputs, Rows, feature_row, inputs_of
from score_model.model._scorer import Attempt, Scorer, rank
from score_model.model._settings import TrainSettings
from score_model.model._shaping import shaped_rewards, shaping_term
from score_model.model._tasks import TaskLike, observation_of
from score_model.model._train import train
from score_model.model._train_head import candidates

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
