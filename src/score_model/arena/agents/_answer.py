"""An agent's answer to a task, and the verdict that it will get."""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from score_model.arena.agents._profiles import AGENTS, FALLBACKS, AgentProfile, Attempt, some_manner
from score_model.arena.agents._simulator import predict
from score_model.arena.agents._style import spelled, style_of
from score_model.arena.tasks import GeneratedTask
from score_model.checks import BackendEvent, Verdict, run_tests
from score_model.contract import parse_actions
from score_model.contract.seed_rule import find_seed_fault


@dataclass(frozen=True)
class ScriptedAnswer:
    """What an agent hands in for a task.

    `actions` are recorded actions (export contract, section 3). `events` are the backend events that they will cause,
    `expected` is the verdict on these. `fault` names the profile that shaped the answer: another one than `profile`
    where the task left no room for its own.
    """

    task_id: str
    profile: str
    fault: str
    agent_uid: int
    actions: list[dict[str, Any]]
    events: list[BackendEvent]
    expected: Verdict


def answer(task: GeneratedTask, profile: AgentProfile, agent_uid: int, seed: int = 0) -> ScriptedAnswer:
    """The answer of an agent with this profile and this number (1..256); the same for the same arguments.

    A website that says itself how its tasks are answered is asked.
    """
    if task.spec.answer is not None:
        given: ScriptedAnswer = task.spec.answer(task, profile, agent_uid, seed)
        return given
    style = style_of(agent_uid)
    draw = Random(f"arena answer {seed} {task.id} {profile.name} {agent_uid}")  # noqa: S311 - no secret
    attempt = Attempt(task, agent_uid, style, draw, profile.manner or some_manner(draw))
    fallbacks = () if profile.passes else FALLBACKS
    for name in dict.fromkeys((profile.name, *fallbacks)):
        for written in AGENTS.get(name, profile).ways(attempt):
            actions = spelled(written, style)
            events = _events(task, actions, agent_uid)
            verdict = run_tests(task.parsed_tests, events, agent_id=str(agent_uid))
            if verdict.passed == profile.passes:
                return ScriptedAnswer(task.id, profile.name, name, agent_uid, actions, events, verdict)
    raise AssertionError(f"no answer of the profile {profile.name!r} to the task {task.id} does what it should")


def _events(task: GeneratedTask, actions: Sequence[Any], agent_uid: int) -> list[BackendEvent]:
    """The events; none where no browser is opened: without actions, and for another seed."""
    if not actions or find_seed_fault(task.start_url, parse_actions(actions)):
        return []
    return predict(task.spec, actions, str(agent_uid))
