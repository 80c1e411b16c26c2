"""How good a model is, measured without mercy: held-out rows, baselines beside each figure, intervals, stress splits.

`evaluate` makes the report; `write_report` writes it as metrics.json, report.md and report.html. Needs the extra
`train`.
"""

from score_model.extras import missing_extra

try:
    import numpy as np
except ModuleNotFoundError as error:
    raise missing_extra(error, "evaluating a model", "train") from None
else:
    del np

from score_model.evaluation._eval_set import Keys, read_keys
from score_model.evaluation._evaluate import evaluate
from score_model.evaluation._records import (
    BASELINES,
    About,
    Cell,
    Curve,
    EvaluateSettings,
    EvaluationReport,
    Figures,
    HeadEvaluation,
    Part,
    SourceFile,
    Split,
    Table,
)
from score_model.evaluation._report.write import FILES, about_files, write_report

__all__ = [
    "BASELINES",
    "FILES",
    "About",
    "Cell",
    "Curve",
    "EvaluateSettings",
    "EvaluationReport",
    "Figures",
    "HeadEvaluation",
    "Keys",
    "Part",
    "SourceFile",
    "Split",
    "Table",
    "about_files",
    "evaluate",
    "read_keys",
    "write_report",
]
