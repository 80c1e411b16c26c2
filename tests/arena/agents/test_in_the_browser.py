"""Answers on the really running websites: what the sites record is what the agents said that they would."""

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from score_model.arena import ArenaSettings, running_arena
from score_model.arena.agents import AGENTS, ScriptedAnswer, answer
from score_model.arena.tasks import GeneratedTask, generate_tasks
from score_model.checks import BackendEvent, run_tests
from score_model.contract import parse_actions
from score_model.contract.seed_rule import find_seed_fault
from tests.arena.replays import Replayer, replayer

_AT_ONCE = 4
_USE_CASES = 26
_CLOCK_US = 1_767_300_000_000_000
_DATED = frozenset(("created_at", "updated_at"))  # by the arena's clock, which the agents don't know
_NEVER_OPENED = frozenset(("no_answer", "wrong_seed"))
_WRONG = ("wrong_item", "violated_not", "off_by_one", "forgotten_field", "stopped_before_submit", "stale_selector")
_RIGHT = ("perfect", "perfect_with_dead_clicks", "detour")

Job = tuple[GeneratedTask, ScriptedAnswer]


@pytest.fixture
async def replays(tmp_path: Path) -> AsyncIterator[Replayer]:
    """A browser on an arena of the test's own."""
    async with (
        running_arena(ArenaSettings(database=tmp_path / "arena.sqlite"), lambda: _CLOCK_US) as urls,
        replayer(urls) as ready,
    ):
        yield ready


@pytest.mark.long
async def test_sites_record_what_agents_expect(replays: Replayer) -> None:
    """Answers to every other use case, right and wrong ones, cause just the expected events and the expected verdict;
    the slow test has them all."""
    tasks = list(generate_tasks(_USE_CASES, 11))[::2]
    jobs = [
        (task, answer(task, AGENTS[profile], 30 + number))
        for number, task in enumerate(tasks)
        for profile in (_RIGHT[number % 3], *([_WRONG[number // 3 % 6]] if number % 3 == 0 else []))
    ]
    await _replay_all(replays, jobs)


@pytest.mark.slow
@pytest.mark.timeout(2400)
async def test_sites_record_what_every_agent_expects(replays: Replayer) -> None:
    """The same for every profile at every use case, by agents of many styles."""
    profiles = [name for name in AGENTS if name not in _NEVER_OPENED]
    tasks = list(generate_tasks(_USE_CASES, 5))
    jobs = [
        (task, answer(task, AGENTS[profile], (number * 9 + place) % 256 + 1))
        for number, task in enumerate(tasks)
        for place, profile in enumerate(profiles)
    ]
    await _replay_all(replays, jobs)


async def _replay_all(replays: Replayer, jobs: Sequence[Job]) -> None:
    gate = asyncio.Semaphore(_AT_ONCE)

    async def one(task: GeneratedTask, given: ScriptedAnswer) -> str | None:
        assert find_seed_fault(task.start_url, parse_actions(given.actions)) is None
        async with gate:
            done = await replays.replay(task.website, given.actions, given.agent_uid)
        verdict = run_tests(task.parsed_tests, done.events, agent_id=str(given.agent_uid))
        seen, expected = _counted(done.events), _counted(given.events)
        if seen == expected and verdict == given.expected:
            return None
        return "\n  ".join(
            (
                f"{task.use_case} by {given.profile} ({given.fault}), seed {task.seed}: {task.intent}",
                f"expected {given.expected.text}, got {verdict.text}; failed actions {done.failed}, at {done.last_url}",
                f"missing {expected - seen}",
                f"unexpected {seen - expected}",
                *(f"{index}: {json.dumps(action)}" for index, action in enumerate(given.actions)),
            )
        )

    problems = await asyncio.gather(*(one(task, given) for task, given in jobs))
    assert not any(problems), "\n".join(problem for problem in problems if problem)


def _counted(events: Sequence[BackendEvent]) -> Counter[str]:
    return Counter(f"{event.name} {json.dumps(_undated(event.data), sort_keys=True)}" for event in events)


def _undated(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _undated(item) for key, item in value.items() if key not in _DATED}
    if isinstance(value, list):
        return [_undated(item) for item in value]
    if isinstance(value, float) and value.is_integer():
        return int(value)  # JavaScript writes 4.0 as 4
    return value
