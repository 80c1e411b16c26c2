"""Wrong plans: what an agent sets out to do when it picks, reads or types something wrong."""

from collections.abc import Iterator, Sequence
from random import Random
from typing import Any

from score_model.arena.sites import Item, catalog_of
from score_model.arena.tasks import ITEM, GeneratedTask, Step, TaskConstraint, form_pools, meets_constraint, step_of
from score_model.contract import Operator

_SELECTED = frozenset(("genres", "genre", "favorite_genre", "favorite_genres"))
_NEAREST = 6
_ENOUGH = 5  # texts
_DRAWS = 600  # from a pool; its rarest words come up every twentieth time

Plan = list[Step]
_MOST_TRIED = 5


def wrong_items(task: GeneratedTask, constraint: TaskConstraint, *, nearest: bool, draw: Random) -> list[Item]:
    """Items on show that fail the constraint; if `nearest`, by how little they miss it and what else they meet."""
    shown = catalog_of(task.layout)
    failing = [item for item in shown if not meets_constraint(constraint, _told(task, item))]
    if not nearest or not is_number(constraint.value):
        return draw.sample(failing, len(failing))
    field = _plain(task, constraint.field)
    others = [other for other in task.constraints if other.part == ITEM and other is not constraint]

    def distance(item: Item) -> tuple[int, float, int]:
        missed = sum(not meets_constraint(other, _told(task, item)) for other in others)
        return missed, abs(item.fields[field] - constraint.value), item.id

    return sorted(failing, key=distance)


def wrong_texts(task: GeneratedTask, constraint: TaskConstraint, draw: Random, *, nearest: bool = False) -> list[str]:
    """What a form field can hold so that the constraint fails, as texts that are typed or options that are chosen.

    They come from where right texts come from; numbers, if `nearest`, from beside the bound.
    """
    found: dict[str, None] = {}
    for candidate in _candidates(task, constraint, draw, nearest=nearest):
        given = [candidate] if constraint.field == "genres" else candidate
        if not meets_constraint(constraint, {constraint.field: given}):
            found[str(candidate)] = None
        if len(found) == _ENOUGH:
            break
    return list(found)


def _candidates(task: GeneratedTask, constraint: TaskConstraint, draw: Random, *, nearest: bool) -> Iterator[Any]:
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


def _numbers_near(constraint: TaskConstraint) -> list[float]:
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


def wrong_choice(task: GeneratedTask, uid: int, draw: Random) -> Iterator[Plan]:
    """Another item, or other data in the form."""
    chosen = [constraint for constraint in task.constraints if constraint.part == ITEM]
    typed = [constraint for constraint in task.constraints if constraint.part != ITEM]
    for constraint in (*draw.sample(chosen, len(chosen)), *draw.sample(typed, len(typed))):
        yield from _failing(task, constraint, uid, draw)


def forbidden(task: GeneratedTask, uid: int, draw: Random) -> Iterator[Plan]:
    """Just what a NOT forbids."""
    for constraint in task.constraints:
        if constraint.negated:
            yield from _failing(task, constraint, uid, draw, nearest=True)


def just_missed(task: GeneratedTask, uid: int, draw: Random) -> Iterator[Plan]:
    """A boundary missed by as little as there is."""
    for constraint in task.constraints:
        if is_number(constraint.value) and not constraint.negated:
            yield from _failing(task, constraint, uid, draw, nearest=True)
    for constraint in task.constraints:
        if constraint.part == "username":
            yield from _failing(task, constraint, uid, draw)


def has_not(task: GeneratedTask) -> bool:
    """Whether the task forbids something."""
    return any(constraint.negated for constraint in task.constraints)


def has_bound(task: GeneratedTask) -> bool:
    """Whether the task has a number, or the number in a name, to miss."""
    return any(
        constraint.part == "username" or (is_number(constraint.value) and not constraint.negated)
        for constraint in task.constraints
    )


def has_field(task: GeneratedTask) -> bool:
    """Whether the task has a form of which a field can be left out."""
    return len(task.goal[task.main].form) > 1 or any(step.act == "login" for step in task.goal)


def left_out(task: GeneratedTask, _uid: int, draw: Random) -> Iterator[Plan]:
    """A form with one field less: refused, or a constraint is missed."""
    steps = list(task.goal)
    asked = {constraint.part for constraint in task.constraints}
    form = dict(steps[task.main].form)
    order = sorted(form, key=lambda name: (name not in asked, draw.random()))
    for name in order if len(form) > 1 else ():
        less = {field: text for field, text in form.items() if field != name}
        yield _replaced(steps, task.main, Step(steps[task.main].act, steps[task.main].item_id, less))
    for index, step in enumerate(steps):
        if step.act == "login":
            yield _replaced(steps, index, Step("login", form={"username": step.form["username"]}))


def _failing(
    task: GeneratedTask, constraint: TaskConstraint, uid: int, draw: Random, *, nearest: bool = False
) -> Iterator[Plan]:
    """Plans that fail the constraint, and nothing else where that can be."""
    steps = list(task.goal)
    main = steps[task.main]
    if constraint.part == ITEM:
        for item in wrong_items(task, constraint, nearest=nearest, draw=draw)[:_MOST_TRIED]:
            yield with_item(steps, main.item_id, item.id)
    elif constraint.part == "quantity":
        yield [step for index, step in enumerate(steps) if step.act != "cart" or index == _first_cart(steps)]
    elif constraint.part == "username" and main.act in ("login", "logout"):
        other = f"user{uid % 256 + 1}"
        yield [Step("login", form={**step.form, "username": other}) if step.act == "login" else step for step in steps]
    else:
        texts = wrong_texts(task, constraint, draw, nearest=nearest)
        for text in texts[:_MOST_TRIED]:
            wrong = Step(main.act, main.item_id, {**main.form, constraint.part: text})
            yield _replaced(steps, task.main, wrong)


def _first_cart(steps: Plan) -> int:
    return next(index for index, step in enumerate(steps) if step.act == "cart")


def _replaced(steps: Plan, index: int, step: Step) -> Plan:
    return [*steps[:index], step, *steps[index + 1 :]]
