"""Scripted agents for the demo websites: they answer by the sites' own promises, and know what they will get for it."""

from score_model.arena.agents._answer import ScriptedAnswer, answer
from score_model.arena.agents._expectations import Expectation, expectations_path, read_expectations
from score_model.arena.agents._profiles import AGENTS, AgentProfile
from score_model.arena.agents._seeding import Mix, SeedReport, seed_arena, solution_id
from score_model.arena.agents._simulator import predict

__all__ = [
    "AGENTS",
    "AgentProfile",
    "Expectation",
    "Mix",
    "ScriptedAnswer",
    "SeedReport",
    "answer",
    "expectations_path",
    "predict",
    "read_expectations",
    "seed_arena",
    "solution_id",
]
