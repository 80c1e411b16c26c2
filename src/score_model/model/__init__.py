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

from score_model.model._estimators.base import Attribution, Estimator, FittedModel, TrainingSet
from score_model.model._inputs import Inputs
from score_model.model._load import load_rows
from score_model.model._serving.checkpoint import TrainedModel, load_model, save_model
from score_model.model._serving.scorer import Attempt, Scorer, ScoreResult, rank
from score_model.model._shaping import shaped_rewards
from score_model.model._train_settings import TrainSettings
from score_model.model._training.train import train

__all__ = [
    "Attempt",
    "Attribution",
    "Estimator",
    "FittedModel",
    "Inputs",
    "ScoreResult",
    "Scorer",
    "TrainSettings",
    "TrainedModel",
    "TrainingSet",
    "load_model",
    "load_rows",
    "rank",
    "save_model",
    "shaped_rewards",
    "train",
]
