"""Tasks for the demo websites: satisfiable at their seeds, worded as people word them, with their tests."""

from score_model.arena.tasks._constrain import meets_constraint, step_of
from score_model.arena.tasks._form_values import as_form, form_pools
from score_model.arena.tasks._generate import DEFAULT_START_US, generate_tasks
from score_model.arena.tasks._task import ITEM, GeneratedTask, Step, TaskConstraint

__all__ = [
    "DEFAULT_START_US",
    "ITEM",
    "GeneratedTask",
    "Step",
    "TaskConstraint",
    "as_form",
    "form_pools",
    "generate_tasks",
    "meets_constraint",
    "step_of",
]
