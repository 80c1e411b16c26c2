"""Values and items that fail one constraint of a task, nearest or most typical first."""

from collections.abc import Sequence
from random import Random
from typing import Any

from score_model.arena.sites import Item, catalog_of
from score_model.arena.tasks import ITEM, Constraint, GeneratedTask, Step, meets, step_of

_OTHER_TEXTS = {
    "email": ("someone.else@elsewhere.example", "nobody@elsewhere.example"),
    "website": ("https://somewhere-else.example", "https://nowhere.example"),
    "username": ("someoneelse<web_agent_id>", "another<web_agent_id>"),
}
_PLAIN_TEXTS = ("zzz", "Umbriel Vancq", "hmm", "qqq")
_SELECTED = frozenset(("genres", "genre", "favorite_genre", "favorite_genres"))
_NEAREST = 6


def wrong_items(task: GeneratedTask, constraint: Constraint, *, nearest: bool, draw: Random) -> list[Item]:
    """Items on show that fail the constraint; if `nearest`, by how little they miss it and what else they meet."""
    shown = catalog_of(task.layout)
    failing = [item for item in shown if not meets(constraint, _told(task, item))]
    if not nearest or not is_number(constraint.value):
        return draw.sample(failing, len(failing))
    field = _plain(task, constraint.field)
    others = [other for other in task.constraints if other.part == ITEM and other is not constraint]

    def distance(item: Item) -> tuple[int, float, int]:
        missed = sum(not meets(other, _told(task, item)) for other in others)
        return missed, abs(item.fields[field] - constraint.value), item.id

    return sorted(failing, key=distance)


def wrong_texts(task: GeneratedTask, constraint: Constraint, draw: Random) -> list[str]:
    """What a form field can hold so that the constraint fails, as texts that are typed or options that are chosen."""
    value = constraint.value
    if constraint.part == "year" and task.goal[task.main].act == "filter":
        options: Sequence[Any] = sorted({item.fields["year"] for item in catalog_of(task.layout)})
        near = value if is_number(value) else int(task.goal[task.main].form["year"])
        candidates: list[Any] = sorted(options, key=lambda year: (abs(year - near), year))
    elif constraint.part in _SELECTED:
        candidates = draw.sample(task.spec.genres, len(task.spec.genres))
    elif is_number(value) or (isinstance(value, list) and is_number(value[0])):
        candidates = _numbers_near(constraint)
    else:
        listed = value if isinstance(value, list) else [value]
        candidates = [*listed, *_OTHER_TEXTS.get(constraint.part, _PLAIN_TEXTS)]
    return [
        str(candidate)
        for candidate in candidates
        if not meets(constraint, {constraint.field: [candidate] if constraint.field == "genres" else candidate})
    ]


def with_item(steps: Sequence[Step], goal: int | None, item_id: int) -> list[Step]:
    """The acts on another item."""
    return [
        Step(step.act, item_id, step.form) if step.item_id is not None and step.item_id == goal else step
        for step in steps
    ]


def is_number(value: Any) -> bool:
    """Whether a constraint's value is a number."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def _numbers_near(constraint: Constraint) -> list[float]:
    step = step_of(constraint.field)
    decimals = {1: 0, 0.1: 1, 0.01: 2}.get(step, 0)
    values = constraint.value if isinstance(constraint.value, list) else [constraint.value]
    near = [value + step * away for value in values for away in (0, 1, -1, *range(2, _NEAREST))]
    return [round(number, decimals) if decimals else int(number) for number in near if number >= 0]


def _plain(task: GeneratedTask, field: str) -> str:
    """The item's own name of a field that a comment's event nests."""
    return field.removeprefix(f"{task.spec.comment_target}_")


def _told(task: GeneratedTask, item: Item) -> dict[str, Any]:
    """An item as the main act's event tells it."""
    payload = item.payload(task.spec)
    if task.goal[task.main].act == "comment":
        return {task.spec.comment_target: payload}
    return payload
