"""The scripted agents: one that is always right, two that are right in a roundabout way, and those that fail."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from random import Random

from score_model.arena.agents._action_writer import Action, ActionWriter
from score_model.arena.agents._faults import (
    Plan,
    forbidden,
    has_bound,
    has_field,
    has_not,
    just_missed,
    left_out,
    wrong_choice,
    wrong_items,
)
from score_model.arena.agents._style import Style
from score_model.arena.agents._use_case_actions import perform
from score_model.arena.sites import Layout, catalog_of
from score_model.arena.sites.layout import FIRST_SEED, LAST_SEED
from score_model.arena.tasks import ITEM, GeneratedTask, Step

STRAIGHT, DEAD_CLICKS, DETOUR = MANNERS = ("straight", "dead clicks", "detour")
ROUNDABOUT = 0.8  # of the tasks get, beside a straight right answer, one with dead clicks or a detour
_IDLE_KINDS = ("scroll", "heading", "missing text", "missing id")

_BY_ID = ("id",)


def some_manner(draw: Random) -> str:
    """A manner, as often as right answers have it: so the manner of an answer says nothing about its verdict."""
    return draw.choices(MANNERS, (1, ROUNDABOUT / 2, ROUNDABOUT / 2))[0]


def carry_out(writer: ActionWriter, task: GeneratedTask, plan: Sequence[Step], manner: str, draw: Random) -> None:
    """Write the plan in a manner; `writer.decisive` is then about the plan's acts alone."""
    if manner != STRAIGHT or draw.random() < 0.5:
        writer.visit("home")
    if manner == DETOUR:
        _wander(writer, task, draw)
        writer.decisive.clear()
    for step in plan:
        if manner == DEAD_CLICKS:
            idle(writer, draw)
        perform(writer, task.spec, [step])
        if manner == DEAD_CLICKS:
            idle(writer, draw)


def idle(writer: ActionWriter, draw: Random) -> None:
    """Something that changes nothing."""
    writer.idle(draw.choice(_IDLE_KINDS))


def _wander(writer: ActionWriter, task: GeneratedTask, draw: Random) -> None:
    if draw.random() < 0.5:
        writer.visit("contact")
        if draw.random() < 0.5:
            writer.back()
    for other in draw.sample(_not_asked_for(task, draw), draw.choice((1, 1, 2))):
        writer.open_item(other)
        writer.idle("scroll")


def _not_asked_for(task: GeneratedTask, draw: Random) -> list[int]:
    """Items that can be opened by the way: those that are not what the task is about."""
    chosen = [constraint for constraint in task.constraints if constraint.part == ITEM]
    failing = {item.id for constraint in chosen for item in wrong_items(task, constraint, nearest=False, draw=draw)}
    goal = task.goal[task.main].item_id
    others = [item.id for item in catalog_of(task.layout) if item.id != goal and (not chosen or item.id in failing)]
    return others if len(others) > 1 else [item.id for item in catalog_of(task.layout) if item.id != goal]


@dataclass(frozen=True)
class Attempt:
    """One agent at one task."""

    task: GeneratedTask
    uid: int
    style: Style
    draw: Random
    manner: str

    def writer(
        self, *, layout: Layout | None = None, seed: int | None = None, style: Style | None = None
    ) -> ActionWriter:
        """An action writer for this task; by default it knows the site as it is."""
        return ActionWriter(
            self.task.spec,
            layout or self.task.layout,
            self.task.seed if seed is None else seed,
            style or self.style,
            self.draw,
            str(self.uid),
        )

    def done(self, plan: Sequence[Step], writer: ActionWriter | None = None) -> list[Action]:
        """The plan from its first to its last act, in the attempt's manner."""
        writer = writer or self.writer()
        carry_out(writer, self.task, plan, self.manner, self.draw)
        return writer.actions


Ways = Callable[[Attempt], Iterator[list[Action]]]
Room = Callable[[GeneratedTask], bool]


def _anywhere(_task: GeneratedTask) -> bool:
    return True


@dataclass(frozen=True)
class AgentProfile:
    """A scripted agent. `passes` says whether it gets all right; `ways` are its answers, the most typical first.

    `manner` is how it goes about them; without, it has one now and another then. `room` tells tasks at which its fault
    can be made.
    """

    name: str
    passes: bool
    ways: Ways
    manner: str | None = None
    room: Room = _anywhere


def _perfect(attempt: Attempt) -> Iterator[list[Action]]:
    yield attempt.done(attempt.task.goal)


def _planned(plans: Callable[[GeneratedTask, int, Random], Iterator[Plan]]) -> Ways:
    def ways(attempt: Attempt) -> Iterator[list[Action]]:
        for plan in plans(attempt.task, attempt.uid, attempt.draw):
            yield attempt.done(plan)

    return ways


def _stopped(attempt: Attempt) -> Iterator[list[Action]]:
    writer = attempt.writer()
    actions = attempt.done(attempt.task.goal, writer)
    del actions[max(writer.decisive[attempt.task.main], 1) :]
    if attempt.manner == DEAD_CLICKS:
        idle(writer, attempt.draw)
    yield actions
    stuck = attempt.writer()
    stuck.visit("home")
    yield stuck.actions


def _wrong_seed(attempt: Attempt) -> Iterator[list[Action]]:
    other = _other_layout(attempt)
    yield attempt.done(attempt.task.goal, attempt.writer(layout=other, seed=other.seed))


def _stale(attempt: Attempt) -> Iterator[list[Action]]:
    for clicks_through in (attempt.style.clicks_through, 1.0):
        style = replace(
            attempt.style,
            button_ways=_BY_ID,
            link_ways=_BY_ID,
            field_ways=_BY_ID,
            clicks_through=clicks_through,
            presses_enter=False,
        )
        yield attempt.done(attempt.task.goal, attempt.writer(layout=_other_layout(attempt), style=style))


def _no_answer(_attempt: Attempt) -> Iterator[list[Action]]:
    yield []


def _other_layout(attempt: Attempt) -> Layout:
    """The site at another seed, where ids are made in another way."""
    here = attempt.task.layout
    while True:
        there = Layout(here.site, attempt.draw.randint(FIRST_SEED, LAST_SEED))
        if there.element_id("login.submit") != here.element_id("login.submit"):
            return there


AGENTS: dict[str, AgentProfile] = {
    profile.name: profile
    for profile in (
        AgentProfile("perfect", True, _perfect, STRAIGHT),
        AgentProfile("perfect_with_dead_clicks", True, _perfect, DEAD_CLICKS),
        AgentProfile("detour", True, _perfect, DETOUR),
        AgentProfile("wrong_item", False, _planned(wrong_choice)),
        AgentProfile("violated_not", False, _planned(forbidden), room=has_not),
        AgentProfile("off_by_one", False, _planned(just_missed), room=has_bound),
        AgentProfile("forgotten_field", False, _planned(left_out), room=has_field),
        AgentProfile("stopped_before_submit", False, _stopped),
        AgentProfile("wrong_seed", False, _wrong_seed),
        AgentProfile("stale_selector", False, _stale),
        AgentProfile("no_answer", False, _no_answer),
    )
}
NO_ANSWER = "no_answer"
FALLBACKS = ("wrong_item", "stopped_before_submit")  # for a fault that a task leaves no room for
