"""What faulty agents choose and type instead."""

from random import Random

import pytest

from score_model.arena.agents._faults import is_number, wrong_items, wrong_texts
from score_model.arena.tasks import ITEM, GeneratedTask, generate_tasks, meets_constraint, step_of
from score_model.contract import Operator

_INCLUSIVE = (Operator.GREATER_EQUAL, Operator.LESS_EQUAL)
_STRICT = (Operator.GREATER_THAN, Operator.LESS_THAN)


@pytest.fixture(scope="module")
def tasks() -> list[GeneratedTask]:
    return list(generate_tasks(208, 12))


def test_a_boundary_is_missed_by_the_smallest_step(tasks: list[GeneratedTask]) -> None:
    """In a form, the nearest wrong number is the bound itself or its neighbour."""
    seen = 0
    for task in tasks:
        if task.goal[task.main].act not in ("add", "edit"):
            continue
        for constraint in task.constraints:
            if constraint.part == ITEM or constraint.operator not in (*_INCLUSIVE, *_STRICT):
                continue
            nearest = float(wrong_texts(task, constraint, Random(1), nearest=True)[0])
            step = step_of(constraint.field) if constraint.operator in _INCLUSIVE else 0
            assert abs(nearest - constraint.value) == pytest.approx(step)
            seen += 1
    assert seen > 10


def test_wrong_texts_are_wrong(tasks: list[GeneratedTask]) -> None:
    """Every constraint on a form can be failed by typing or choosing something; a login, by another name."""
    for task in tasks:
        if task.goal[task.main].act == "login":
            continue
        for constraint in task.constraints:
            if constraint.part in task.goal[task.main].form:
                texts = wrong_texts(task, constraint, Random(1))
                assert texts, (task.intent, constraint)
                assert not any(meets_constraint(constraint, {constraint.field: text}) for text in texts)


def test_the_nearest_items_meet_everything_else(tasks: list[GeneratedTask]) -> None:
    """Of the items that miss a number, those come first that meet the other constraints, and the nearest of these."""
    for task in tasks:
        if task.goal[task.main].act == "comment":
            continue
        for constraint in task.constraints:
            if constraint.part != ITEM or not is_number(constraint.value):
                continue
            others = [c for c in task.constraints if c.part == ITEM and c is not constraint]
            found = wrong_items(task, constraint, nearest=True, draw=Random(1))
            missed = [sum(not meets_constraint(other, item.payload(task.spec)) for other in others) for item in found]
            assert missed == sorted(missed)
            best = [
                abs(i.fields[constraint.field] - constraint.value) for i, n in zip(found, missed, strict=True) if not n
            ]
            assert best == sorted(best)
