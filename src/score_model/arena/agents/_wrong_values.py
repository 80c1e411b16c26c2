"""Values and items that fail one constraint of a task, nearest or most typical first."""

from collections.abc import Iterator, Sequence
from random import Random
from typing import Any

from score_model.arena.sites import Item, catalog_of
from score_model.arena.tasks import ITEM, Constraint, GeneratedTask, Step, form_pools, meets, step_of
from score_model.contract import Operator

_SELECTED = frozenset(("genres", "genre", "favorite_genre", "favorite_genres"))
_NEAREST = 6
_ENOUGH = 5  # texts
_DRAWS = 600  # from a pool; its rarest words come up every twentieth time


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


def wrong_texts(task: GeneratedTask, constraint: Constraint, draw: Random, *, nearest: bool = False) -> list[str]:
    """What a form field can hold so that the constraint fails, as texts that are typed or options that are chosen.

    They come from where right texts come from; numbers, if `nearest`, from beside the bound.
    """
    found: dict[str, None] = {}
    for candidate in _candidates(task, constraint, draw, nearest=nearest):
        given = [candidate] if constraint.field == "genres" else candidate
        if not meets(constraint, {constraint.field: given}):
            found[str(candidate)] = None
        if len(found) == _ENOUGH:
            break
    return list(found)


def _candidates(task: GeneratedTask, constraint: Constraint, draw: Random, *, nearest: bool) -> Iterator[Any]:
    main, value, part = task.goal[task.main], constraint.value, constraint.part
    if part == "year" and main.act == "filter":
        years = sorted({item.fields["year"] for item in catalog_of(task.layout)})
        near = value if is_number(value) else int(main.form["year"])
        yield from (
            sorted(years, key=lambda year: (abs(year - near), year)) if nearest else draw.sample(years, len(years))
        )
        return
    if part in _SELECTED:
        yield from draw.sample(task.spec.genres, len(task.spec.genres))
        return
    listed = value if isinstance(value, list) else [value]
    if nearest and is_number(listed[0]):
        yield from _numbers_near(constraint)
    if constraint.negated and constraint.operator is not Operator.NOT_CONTAINS:
        yield from draw.sample(listed, len(listed))  # whole values of the pool, which are just what is forbidden
    if pool := form_pools(draw, task.spec, main.act).get(part):
        yield from (pool() for _ in range(_DRAWS))
    shown = [item.fields for item in catalog_of(task.layout)]
    field = "name" if part == "query" else part
    yield from (fields[field] for fields in draw.sample(shown, len(shown)) if field in fields)
    yield from listed


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
