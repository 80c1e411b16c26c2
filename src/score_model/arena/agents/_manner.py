"""How straight an agent goes about its plan, right or wrong: straight on, with dead clicks, or with detours."""

from collections.abc import Sequence
from random import Random

from score_model.arena.agents._hand import Hand
from score_model.arena.agents._moves import perform
from score_model.arena.agents._wrong_values import wrong_items
from score_model.arena.sites import catalog_of
from score_model.arena.tasks import ITEM, GeneratedTask, Step

STRAIGHT, DEAD_CLICKS, DETOUR = MANNERS = ("straight", "dead clicks", "detour")
ROUNDABOUT = 0.8  # of the tasks get, beside a straight right answer, one with dead clicks or a detour
_IDLE_KINDS = ("scroll", "heading", "missing text", "missing id")


def some_manner(draw: Random) -> str:
    """A manner, as often as right answers have it: so the manner of an answer says nothing about its verdict."""
    return draw.choices(MANNERS, (1, ROUNDABOUT / 2, ROUNDABOUT / 2))[0]


def carry_out(hand: Hand, task: GeneratedTask, plan: Sequence[Step], manner: str, draw: Random) -> None:
    """Let the hand do the plan in a manner; `hand.decisive` is then about the plan's acts alone."""
    if manner != STRAIGHT or draw.random() < 0.5:
        hand.visit("home")
    if manner == DETOUR:
        _wander(hand, task, draw)
        hand.decisive.clear()
    for step in plan:
        if manner == DEAD_CLICKS:
            idle(hand, draw)
        perform(hand, task.spec, [step])
        if manner == DEAD_CLICKS:
            idle(hand, draw)


def idle(hand: Hand, draw: Random) -> None:
    """Something that changes nothing."""
    hand.idle(draw.choice(_IDLE_KINDS))


def _wander(hand: Hand, task: GeneratedTask, draw: Random) -> None:
    if draw.random() < 0.5:
        hand.visit("contact")
        if draw.random() < 0.5:
            hand.back()
    for other in draw.sample(_not_asked_for(task, draw), draw.choice((1, 1, 2))):
        hand.open_item(other)
        hand.idle("scroll")


def _not_asked_for(task: GeneratedTask, draw: Random) -> list[int]:
    """Items that can be opened by the way: those that are not what the task is about."""
    chosen = [constraint for constraint in task.constraints if constraint.part == ITEM]
    failing = {item.id for constraint in chosen for item in wrong_items(task, constraint, nearest=False, draw=draw)}
    goal = task.goal[task.main].item_id
    others = [item.id for item in catalog_of(task.layout) if item.id != goal and (not chosen or item.id in failing)]
    return others if len(others) > 1 else [item.id for item in catalog_of(task.layout) if item.id != goal]
