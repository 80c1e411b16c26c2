"""Tasks can be done, and can be done wrong."""

from typing import Any

import pytest

from score_model.arena.sites import Item, catalog_of
from score_model.arena.tasks import ITEM, GeneratedTask, TaskConstraint, generate_tasks, meets_constraint


@pytest.fixture(scope="module")
def tasks() -> list[GeneratedTask]:
    return list(generate_tasks(1040, 4))


def _told(task: GeneratedTask, item: Item) -> dict[str, Any]:
    payload = item.payload(task.spec)
    return {task.spec.comment_target: payload} if task.goal[task.main].act == "comment" else payload


def _chosen(task: GeneratedTask) -> list[TaskConstraint]:
    return [constraint for constraint in task.constraints if constraint.part == ITEM]


def test_the_goal_is_on_show_and_meets_what_is_asked(tasks: list[GeneratedTask]) -> None:
    """The item that the task has in mind is in the list at the task's seed and meets every constraint on the item."""
    for task in tasks:
        goal = task.goal[task.main].item_id
        shown = {item.id: item for item in catalog_of(task.layout)}
        assert goal is None or goal in shown
        for constraint in _chosen(task):
            assert goal is not None
            assert meets_constraint(constraint, _told(task, shown[goal])), (task.intent, constraint)


def test_no_constraint_is_for_nothing(tasks: list[GeneratedTask]) -> None:
    """For every constraint on the item, some item on show fails it: of a NOT, what it forbids can be chosen."""
    for task in tasks:
        for constraint in _chosen(task):
            failing = [item for item in catalog_of(task.layout) if not meets_constraint(constraint, _told(task, item))]
            assert failing, (task.intent, constraint)


def test_forms_get_values_that_meet_what_is_asked(tasks: list[GeneratedTask]) -> None:
    """What a perfect answer types or chooses meets each constraint on the form."""
    for task in tasks:
        form = task.goal[task.main].form
        for constraint in task.constraints:
            if constraint.part in form:
                assert meets_constraint(constraint, {constraint.field: form[constraint.part]}), (
                    task.intent,
                    constraint,
                )


def test_edits_change_something(tasks: list[GeneratedTask]) -> None:
    """An item that is to be edited does not meet any of the new values already."""
    edits = [task for task in tasks if task.goal[task.main].act == "edit"]
    for task in edits:
        item = next(item for item in catalog_of(task.layout) if item.id == task.goal[task.main].item_id)
        asked = [constraint for constraint in task.constraints if constraint.part != ITEM]
        assert asked
        for constraint in asked:
            assert not meets_constraint(constraint, item.payload(task.spec)), (task.intent, constraint)


def test_an_empty_profile_is_not_enough(tasks: list[GeneratedTask]) -> None:
    """A profile that is saved untouched misses something that is asked for."""
    profiles = [task for task in tasks if task.goal[task.main].act == "profile"]
    assert profiles
    for task in profiles:
        empty = {
            constraint.field: [] if constraint.field == "favorite_genres" else "" for constraint in task.constraints
        }
        assert any(not meets_constraint(constraint, empty) for constraint in task.constraints), task.intent


def test_members_sign_in_first(tasks: list[GeneratedTask]) -> None:
    """Acts for members come after a login that the text names."""
    for task in tasks:
        acts = [step.act for step in task.goal]
        if task.goal[task.main].act in task.spec.login_for:
            assert acts[0] == "login"
            assert "user<web_agent_id>" in task.intent
            assert task.spec.password in task.intent
