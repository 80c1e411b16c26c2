"""Wrong plans: what an agent sets out to do when it picks, reads or types something wrong."""

from collections.abc import Iterator
from random import Random

from score_model.arena.agents._wrong_values import is_number, with_item, wrong_items, wrong_texts
from score_model.arena.tasks import ITEM, Constraint, GeneratedTask, Step

Plan = list[Step]
_MOST_TRIED = 5


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
    task: GeneratedTask, constraint: Constraint, uid: int, draw: Random, *, nearest: bool = False
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
