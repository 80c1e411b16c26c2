"""The solutions of benchmarks/replay.py: what the arena's scripted agents answer to its generated tasks."""

from collections.abc import Iterator

from score_model.arena.agents import AGENTS, Mix, answer, solution_id
from score_model.arena.tasks import generate_tasks
from score_model.contract import Sample, format_instant, parse_actions
from score_model.contract import actions as a
from score_model.contract.seed_rule import find_seed_fault

MOST_TASKS = 10_000


def solutions(seed: int) -> Iterator[Sample]:
    """The arena's own mix of right and wrong answers, without those that need no browser."""
    mix = Mix(seed)
    for task in generate_tasks(MOST_TASKS, seed):
        for profile, uid in mix.of(task):
            given = answer(task, AGENTS[profile], uid, seed)
            if given.actions and not find_seed_fault(task.start_url, parse_actions(given.actions)):
                yield Sample(
                    task_id=task.id, task_created_at=None, website=task.website, use_case=task.use_case,
                    intent=task.intent, start_url=task.start_url, required_url=None, web_version=None,
                    tests=list(task.tests), solution_id=solution_id(given),
                    solution_created_at=format_instant(task.created_us), agent_run_id=None, miner_uid=uid,
                    validator_uid=None, score=given.expected.score, passed=given.expected.passed,
                    num_actions=len(given.actions), actions=given.actions, trajectory=[], fetched_at=None,
                    filters={}, group="", split="train", label_quality="ok",
                )  # fmt: skip


def clicks(row: Sample) -> int:
    """How many of a solution's actions are clicks."""
    return sum(isinstance(action, a.Click) for action in parse_actions(row.actions))


def pauses_s(row: Sample) -> float:
    """How long the recorded pauses of a solution are together, in seconds."""
    pauses = (action for action in parse_actions(row.actions) if isinstance(action, a.Wait) and action.selector is None)
    return sum(pause.time_seconds or pause.timeout_seconds or 0 for pause in pauses)
