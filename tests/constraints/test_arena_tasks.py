"""The arena's tasks as ground truth: their texts say what their tests check."""

from typing import Any

import pytest

from score_model.arena.sites import catalog_of
from score_model.arena.tasks import GeneratedTask, generate_tasks
from score_model.checks import BackendEvent, run_tests
from score_model.constraints import Constraint, match_data, parse_intent
from score_model.contract import Operator

_ITEM_ACTS = frozenset(("detail", "delete", "cart", "purchase"))
_ALIKE = {
    frozenset(pair) for pair in ((Operator.EQUALS, Operator.CONTAINS), (Operator.NOT_EQUALS, Operator.NOT_CONTAINS))
}


@pytest.fixture(scope="module")
def tasks() -> list[GeneratedTask]:
    """Some tasks of every use case."""
    return list(generate_tasks(150, seed=11))


def test_every_constraint_is_read(tasks: list[GeneratedTask]) -> None:
    """Each constraint that a task was made with is parsed with its value and operator, and nothing else is.

    Of genres, the task texts use the same words for `equals` and `contains`.
    """
    for task in tasks:
        intent = parse_intent(task.intent)
        left = list(intent.constraints)
        for wanted in task.constraints:
            found = [one for one in left if _is(one, wanted.operator, wanted.value, genre="genre" in wanted.field)]
            assert found, (task.intent, wanted, intent.constraints)
            left.remove(found[0])
        assert not left, (task.intent, left)


def test_matching_agrees_with_the_tests(tasks: list[GeneratedTask]) -> None:
    """On every item of a site's catalogue, the parsed constraints say what the task's own tests say."""
    compared = 0
    for task in tasks:
        if task.goal[task.main].act not in _ITEM_ACTS:
            continue
        intent = parse_intent(task.intent)
        tests = [test for test in task.parsed_tests if getattr(test, "event_name", "") == task.use_case]
        for item in catalog_of(task.layout):
            data = item.payload(task.spec) | {"quantity": 2}
            verdict = run_tests(tests, [BackendEvent(task.use_case, data)], agent_id="7")
            assert match_data(intent, data).complete is verdict.passed, (task.intent, data)
            compared += 1
    assert compared > 300


def _is(constraint: Constraint, operator: Operator, value: Any, *, genre: bool) -> bool:
    given = list(constraint.value) if isinstance(constraint.value, tuple) else constraint.value
    if given != value and str(given) != str(value):
        return False
    same = constraint.operator is operator
    return same or (genre and frozenset((constraint.operator, operator)) in _ALIKE)
