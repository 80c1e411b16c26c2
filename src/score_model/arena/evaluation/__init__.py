"""Verdicts for what is handed in: a worker that replays solutions on websites of its own."""

from score_model.arena.evaluation._evaluator import Evaluator, evaluating_beside, running_evaluator, site_map
from score_model.arena.evaluation._worker import EvaluationReport, WorkerSettings, evaluate

__all__ = [
    "EvaluationReport",
    "Evaluator",
    "WorkerSettings",
    "evaluate",
    "evaluating_beside",
    "running_evaluator",
    "site_map",
]
