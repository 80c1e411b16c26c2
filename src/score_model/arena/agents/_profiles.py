"""The scripted agents: one that is always right, two that are right in a roundabout way, and those that fail."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from random import Random

from score_model.arena.agents._faults import Plan, forbidden, just_missed, left_out, wrong_choice
from score_model.arena.agents._hand import Action, Hand
from score_model.arena.agents._moves import perform
from score_model.arena.agents._style import Style
from score_model.arena.sites import FIRST_SEED, LAST_SEED, Layout, catalog_of
from score_model.arena.tasks import GeneratedTask, Step

_IDLE_KINDS = ("scroll", "heading", "missing text", "missing id")
_BY_ID = ("id",)


@dataclass(frozen=True)
class Attempt:
    """One agent at one task."""

    task: GeneratedTask
    uid: int
    style: Style
    draw: Random

    def hand(self, *, layout: Layout | None = None, seed: int | None = None, style: Style | None = None) -> Hand:
        """A hand for this task; by default it knows the site as it is."""
        return Hand(
            self.task.spec,
            layout or self.task.layout,
            self.task.seed if seed is None else seed,
            style or self.style,
            self.draw,
            str(self.uid),
        )

    def done(self, plan: Sequence[Step]) -> list[Action]:
        """The plan from its first to its last act."""
        hand = self.hand()
        if self.draw.random() < 0.5:
            hand.visit("home")
        perform(hand, self.task.spec, plan)
        return hand.actions


Ways = Callable[[Attempt], Iterator[list[Action]]]


@dataclass(frozen=True)
class AgentProfile:
    """A scripted agent. `passes` says whether it gets all right; `ways` are its answers, the most typical first."""

    name: str
    passes: bool
    ways: Ways


def _perfect(attempt: Attempt) -> Iterator[list[Action]]:
    yield attempt.done(attempt.task.goal)


def _dead_clicks(attempt: Attempt) -> Iterator[list[Action]]:
    hand = attempt.hand()
    hand.visit("home")
    for step in attempt.task.goal:
        hand.idle(attempt.draw.choice(_IDLE_KINDS))
        perform(hand, attempt.task.spec, [step])
        hand.idle(attempt.draw.choice(_IDLE_KINDS))
    yield hand.actions


def _detour(attempt: Attempt) -> Iterator[list[Action]]:
    task, draw = attempt.task, attempt.draw
    hand = attempt.hand()
    hand.visit("home")
    if draw.random() < 0.5:
        hand.visit("contact")
        if draw.random() < 0.5:
            hand.back()
    goal = task.goal[task.main].item_id
    others = [item.id for item in catalog_of(task.layout) if item.id != goal]
    for other in draw.sample(others, draw.choice((1, 1, 2))):
        hand.open_item(other)
        hand.idle("scroll")
    perform(hand, task.spec, task.goal)
    yield hand.actions


def _planned(plans: Callable[[GeneratedTask, int, Random], Iterator[Plan]]) -> Ways:
    def ways(attempt: Attempt) -> Iterator[list[Action]]:
        for plan in plans(attempt.task, attempt.uid, attempt.draw):
            yield attempt.done(plan)

    return ways


def _stopped(attempt: Attempt) -> Iterator[list[Action]]:
    task = attempt.task
    hand = attempt.hand()
    hand.visit("home")
    perform(hand, task.spec, task.goal)
    yield hand.actions[: max(hand.decisive[task.main], 1)]
    yield hand.actions[:1]


def _wrong_seed(attempt: Attempt) -> Iterator[list[Action]]:
    other = _other_layout(attempt)
    hand = attempt.hand(layout=other, seed=other.seed)
    hand.visit("home")
    perform(hand, attempt.task.spec, attempt.task.goal)
    yield hand.actions


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
        hand = attempt.hand(layout=_other_layout(attempt), style=style)
        hand.visit("home")
        perform(hand, attempt.task.spec, attempt.task.goal)
        yield hand.actions


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
        AgentProfile("perfect", True, _perfect),
        AgentProfile("perfect_with_dead_clicks", True, _dead_clicks),
        AgentProfile("detour", True, _detour),
        AgentProfile("wrong_item", False, _planned(wrong_choice)),
        AgentProfile("violated_not", False, _planned(forbidden)),
        AgentProfile("off_by_one", False, _planned(just_missed)),
        AgentProfile("forgotten_field", False, _planned(left_out)),
        AgentProfile("stopped_before_submit", False, _stopped),
        AgentProfile("wrong_seed", False, _wrong_seed),
        AgentProfile("stale_selector", False, _stale),
        AgentProfile("no_answer", False, _no_answer),
    )
}
NO_ANSWER = "no_answer"
FALLBACKS = ("wrong_item", "stopped_before_submit")  # for a fault that a task leaves no room for
