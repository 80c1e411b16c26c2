"""Rows that scripted agents answered, with the verdict that each of them expects, and the sites of a running arena."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from score_model.arena import ArenaUrls
from score_model.arena.agents import AGENTS, Mix, ScriptedAnswer, answer, solution_id
from score_model.arena.tasks import GeneratedTask, generate_tasks
from score_model.contract import Sample, format_instant
from score_model.replay import SiteMap
from tests.replay.factories import sample

CLOCK_US = 1_767_300_000_000_000
_HANDED_IN_US = 600_000_000  # after the task


@dataclass(frozen=True)
class AnsweredRow:
    """A row, and what its agent knows of it."""

    row: Sample
    task: GeneratedTask
    given: ScriptedAnswer


def answer_row(task: GeneratedTask, profile: str, agent_uid: int = 77, seed: int = 0) -> AnsweredRow:
    """An agent's answer to a task as a row of a dataset; its label is the verdict that the agent expects."""
    given = answer(task, AGENTS[profile], agent_uid, seed)
    row = sample(
        task_id=task.id,
        task_created_at=format_instant(task.created_us),
        website=task.website,
        use_case=task.use_case,
        intent=task.intent,
        start_url=task.start_url,
        tests=list(task.tests),
        solution_id=solution_id(given),
        solution_created_at=format_instant(task.created_us + _HANDED_IN_US),
        miner_uid=agent_uid,
        actions=given.actions,
        score=given.expected.score,
        passed=given.expected.passed,
    )
    return AnsweredRow(row, task, given)


def mixed_answers(count: int, seed: int = 0) -> list[AnsweredRow]:
    """As many answers as an arena is seeded with: several agents to each task, right and wrong ones."""
    return list(islice(_mixed(seed), count))


def quick_answers(count: int, seed: int = 0) -> list[AnsweredRow]:
    """As many answers that take a browser little time: few actions, and no element that is not there."""
    return list(islice((known for known in _mixed(seed) if _is_quick(known)), count))


def arena_sites(urls: ArenaUrls) -> SiteMap:
    """The sites of a running arena under the addresses that recorded URLs have."""
    return SiteMap.build([f"{name}={url}" for name, url in urls.site_urls.items()], arena_tables(urls.events_url))


def arena_tables(events_url: str) -> dict[str, dict[str, str]]:
    """What `[replay.sites]` of score_model.toml says of an arena's sites."""
    return {
        "autocinema": {"reset": "/reset/"},
        "autobooks": {"reset": "/reset/", "event_service": "central", "events_url": events_url},
    }


def _is_quick(known: AnsweredRow) -> bool:
    slow = known.given.fault in ("stale_selector", "perfect_with_dead_clicks", "wrong_seed")
    return 1 <= len(known.given.actions) <= 4 and not slow


def _mixed(seed: int) -> Iterator[AnsweredRow]:
    mix = Mix(seed)
    for task in generate_tasks(10_000, seed):
        for profile, uid in mix.of(task):
            yield answer_row(task, profile, uid, seed)
