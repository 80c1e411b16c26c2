"""The production task API (export contract, section 2): tasks, claims, solutions, and the tokens that guard them."""

from score_model.arena.api._admission import Admission, StoredToken, create_token, list_tokens, revoke_token
from score_model.arena.api._bulk import GivenSolution, GivenTask, add_solutions, add_tasks
from score_model.arena.api._context import ApiContext
from score_model.arena.api._evaluation_queue import (
    EvaluationJob,
    claim_for_evaluation,
    count_waiting,
    extend_leases,
    record_verdict,
)
from score_model.arena.api._export_routes import export_routes
from score_model.arena.api._openapi import document_routes
from score_model.arena.api._scoring import AttemptScorer, score_routes
from score_model.arena.api._solution_routes import solution_routes
from score_model.arena.api._task_routes import task_routes

__all__ = [
    "Admission",
    "ApiContext",
    "AttemptScorer",
    "EvaluationJob",
    "GivenSolution",
    "GivenTask",
    "StoredToken",
    "add_solutions",
    "add_tasks",
    "claim_for_evaluation",
    "count_waiting",
    "create_token",
    "document_routes",
    "export_routes",
    "extend_leases",
    "list_tokens",
    "record_verdict",
    "revoke_token",
    "score_routes",
    "solution_routes",
    "task_routes",
]
