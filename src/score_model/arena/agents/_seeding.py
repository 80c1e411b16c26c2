"""Filling an arena with tasks and what agents answered, and keeping what they expect where no evaluation looks."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from itertools import islice
from pathlib import Path
from random import Random
from typing import Any

import msgspec
from sqlalchemy import Engine

from score_model.arena.agents._answer import ScriptedAnswer, answer
from score_model.arena.agents._expectations import Expectation, ExpectationFile
from score_model.arena.agents._profiles import AGENTS, NO_ANSWER, ROUNDABOUT
from score_model.arena.api import GivenSolution, GivenTask, add_solutions, add_tasks
from score_model.arena.sites import SITES
from score_model.arena.tasks import DEFAULT_START_US, GeneratedTask, generate_tasks
from score_model.errors import UsageError

# Of the answers about 40 % pass, 45 % are work that fails and 15 % are empty; every task has at least one right answer
# and two that fail with work in them. It also has a right answer with dead clicks or detours, an empty one, or both.
_FAILING = 2
_BOTH = 0.48  # of the tasks; those without a roundabout answer have an empty one
_MOST_UID = 256
_AGENTS = 24  # numbers in one arena

Pairing = tuple[str, int]  # a profile's name and an agent's number

_BATCH = 100  # tasks at a time
_SOONEST_S, _LATEST_S = 30, 3_600  # after its task, until an answer is handed in


class Mix:
    """Deals out the tasks of one arena: to every profile that `agents` names or, without, to the default mix."""

    def __init__(self, seed: int, agents: Sequence[str] | None = None) -> None:
        self._seed = seed
        self._agents = agents
        uids = Random(f"arena agents {seed}")  # noqa: S311 - no secret
        self._uids = sorted(uids.sample(range(1, _MOST_UID + 1), _AGENTS))

    def of(self, task: GeneratedTask) -> list[Pairing]:
        """Who answers the task, in the order in which they hand in; agents have numbers of their own."""
        draw = Random(f"arena mix {self._seed} {task.id}")  # noqa: S311 - no secret
        names = self._drawn(task, draw) if self._agents is None else list(self._agents)
        draw.shuffle(names)
        return list(zip(names, draw.sample(self._uids, len(names)), strict=True))

    def _drawn(self, task: GeneratedTask, draw: Random) -> list[str]:
        right = [profile.name for profile in AGENTS.values() if profile.passes]
        failing = [
            name for name, profile in AGENTS.items() if not profile.passes and name != NO_ANSWER and profile.room(task)
        ]
        names = [right[0], *draw.sample(failing, _FAILING)]
        also = draw.random()
        if also < ROUNDABOUT:
            names.append(draw.choice(right[1:]))
        if also < _BOTH or also >= ROUNDABOUT:
            names.append(NO_ANSWER)
        return names


@dataclass
class SeedReport:
    """What an arena was filled with; `…_added` counts what it did not have already.

    `by_fault` counts by the profile that really shaped the answer: where a task leaves an agent no room for its own
    fault, another one's.
    """

    tasks: int = 0
    solutions: int = 0
    tasks_added: int = 0
    solutions_added: int = 0
    by_agent: Counter[str] = field(default_factory=Counter)
    by_fault: Counter[str] = field(default_factory=Counter)
    by_use_case: Counter[str] = field(default_factory=Counter)
    expected: Counter[str] = field(default_factory=Counter)

    def as_dict(self) -> dict[str, Any]:
        """The counts, ready for JSON."""
        return {
            "tasks": self.tasks,
            "tasks_added": self.tasks_added,
            "solutions": self.solutions,
            "solutions_added": self.solutions_added,
            "solutions_by_agent": _in_order(self.by_agent),
            "solutions_by_fault": _in_order(self.by_fault),
            "tasks_by_use_case": dict(sorted(self.by_use_case.items())),
            "expected": dict(sorted(self.expected.items())),
        }


def _in_order(counts: Counter[str]) -> dict[str, int]:
    return {name: counts[name] for name in AGENTS if name in counts}


def seed_arena(
    engine: Engine,
    expectations: Path,
    tasks: int,
    seed: int = 0,
    *,
    agents: Sequence[str] | None = None,
    sites: Sequence[str] = tuple(SITES),
    created_us: int = DEFAULT_START_US,
    progress: Callable[[SeedReport], None] = lambda _: None,
) -> SeedReport:
    """Add `tasks` tasks and their agents' solutions, which wait for evaluation; the same arguments add nothing twice.

    `agents` names the profiles that answer every task; without, each task gets four or five. Raises UsageError for
    names that are not there, and for what `generate_tasks` refuses.
    """
    unknown = sorted(set(agents or ()) - set(AGENTS))
    if unknown or (agents is not None and not agents):
        raise UsageError(f"there are the agents {', '.join(AGENTS)}; not: {', '.join(unknown) or 'none'}")
    mix = Mix(seed, None if agents is None else tuple(dict.fromkeys(agents)))
    generated = generate_tasks(tasks, seed, sites=sites, created_us=created_us)
    report = SeedReport()
    with ExpectationFile(expectations) as file:
        while batch := list(islice(generated, _BATCH)):
            answered = list(_answered(batch, mix, seed, report))
            # first what they expect: whatever is killed, no solution is stored of which that is not known
            file.add(expectation for expectation, _ in answered)
            report.tasks_added += add_tasks(engine, (_given_task(task) for task in batch))
            report.solutions_added += add_solutions(engine, (solution for _, solution in answered))
            progress(report)
    return report


def solution_id(given: ScriptedAnswer) -> str:
    """The id of an answer's solution: the same work of the same agent always has the same.

    It is made of what the arena tells anyway, so that nobody can try out which profile made it.
    """
    work = msgspec.json.encode([given.task_id, given.agent_uid, given.actions])
    return f"sol_{blake2b(work, digest_size=10).hexdigest()}"


def _answered(
    batch: Sequence[GeneratedTask], mix: Mix, seed: int, report: SeedReport
) -> Iterator[tuple[Expectation, GivenSolution]]:
    for task in batch:
        report.tasks += 1
        report.by_use_case[task.use_case] += 1
        draw = Random(f"arena hours {seed} {task.id}")  # noqa: S311 - no secret
        handed_in = task.created_us
        for profile, uid in mix.of(task):
            given = answer(task, AGENTS[profile], uid, seed)
            handed_in += draw.randint(_SOONEST_S, _LATEST_S) * 1_000_000
            solution = _given_solution(given, handed_in, draw)
            report.solutions += 1
            report.by_agent[profile] += 1
            report.by_fault[given.fault] += 1
            report.expected[given.expected.status.value] += 1
            yield _expectation(given, solution), solution


def _given_task(task: GeneratedTask) -> GivenTask:
    wire = task.wire()
    return GivenTask(
        id=task.id,
        title=task.title,
        created_us=task.created_us,
        description=task.intent,
        inputs=wire["inputs"],
        metadata=wire["metadata"],
        tests=wire["tests"],
    )


def _given_solution(given: ScriptedAnswer, handed_in: int, draw: Random) -> GivenSolution:
    took_ms = sum(draw.randint(150, 2_500) for _ in given.actions)
    return GivenSolution(
        id=solution_id(given),
        task_id=given.task_id,
        agent_id=f"miner_{given.agent_uid}",
        created_us=handed_in,
        steps=given.actions,
        runtime={"browser": "chromium", "time_ms": took_ms},
    )


def _expectation(given: ScriptedAnswer, solution: GivenSolution) -> Expectation:
    return Expectation(
        task_id=given.task_id,
        solution_id=solution.id,
        agent_id=solution.agent_id,
        profile=given.profile,
        fault=given.fault,
        status=given.expected.status.value,
        score=given.expected.score,
        events=[event.name for event in given.events],
    )
