"""How good a model is, measured without mercy: held-out rows, baselines beside each figure, intervals, stress splits.

`evaluate` makes the report; `write_report` writes it as metrics.json, report.md and report.html. `report_training` says
what training found out, and `training_files` makes it the files beside a model. Needs the extra `train`.
"""

from score_model.extras import missing_extra

try:
    import numpy as np
except ModuleNotFoundError as error:
    raise missing_extra(error, "evaluating a model", "train") from None
else:
    del np

from score_model.evaluation._eval_set import HoldoutKeys, read_holdout_keys
from score_model.evaluation._evaluate import evaluate
from score_model.evaluation._records import (
    BASELINES,
    About,
    Curve,
    EvaluateSettings,
    EvaluationReport,
    Figures,
    HeadEvaluation,
    Part,
    Slice,
    SourceFile,
    Split,
    Table,
)
from score_model.evaluation._report.write import FILES, about_files, write_report
from score_model.evaluation._training_report.card import training_files
from score_model.evaluation._training_report.diagnose import report_training
from score_model.evaluation._training_report.records import HeadReport, TrainReport

__all__ = [
    "BASELINES",
    "FILES",
    "About",
    "Curve",
    "EvaluateSettings",
    "EvaluationReport",
    "Figures",
    "HeadEvaluation",
    "HeadReport",
    "HoldoutKeys",
    "Part",
    "Slice",
    "SourceFile",
    "Split",
    "Table",
    "TrainReport",
    "about_files",
    "evaluate",
    "read_holdout_keys",
    "report_training",
    "training_files",
    "write_report",
]
