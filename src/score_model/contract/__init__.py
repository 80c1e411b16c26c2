"""The records that cross a boundary, and the only place where their spellings are parsed.

The verbs of actions are one class each in `contract.actions`.
"""

from score_model.contract.action_parsing import parse_action, parse_actions
from score_model.contract.actions import Action
from score_model.contract.instants import format_instant, parse_instant
from score_model.contract.sample import Observation, Outcome, Sample
from score_model.contract.task_api import SolutionStatus
from score_model.contract.task_tests import Criterion, Operator

__all__ = [
    "Action",
    "Criterion",
    "Observation",
    "Operator",
    "Outcome",
    "Sample",
    "SolutionStatus",
    "format_instant",
    "parse_action",
    "parse_actions",
    "parse_instant",
]
