"""The text of a task says what its tests ask, no more and no less."""

import re
from random import Random
from typing import Any

import pytest

from score_model.arena.tasks import GeneratedTask, TaskConstraint, generate_tasks
from score_model.arena.tasks import _sentences as sentences
from score_model.arena.tasks import _wording as numbers
from score_model.arena.tasks._predicates import _PLURAL, PREDICATES, predicate
from score_model.arena.tasks._task import NEGATIONS
from score_model.contract import Operator
from score_model.contract.task_tests import CheckEventTest

_NEGATION = re.compile(r"\b(?:NOT|not|NONE|none)\b")
_TABLES = {
    "year": numbers.YEAR,
    "rating": numbers.RATING,
    "length": numbers.LENGTH,
    "price": numbers.PRICE,
    "maker": numbers.MAKER,
    "name": numbers.NAME,
    "genres": numbers.GENRES,
    "predicate": PREDICATES,
    "plural": _PLURAL,
}
_WORDINGS = [
    pytest.param(operator, wording, id=f"{table}: {wording}")
    for table, wordings in _TABLES.items()
    for operator, options in wordings.items()
    for wording in options
]
_BOUNDS = {
    Operator.GREATER_THAN: r"greater than|GREATER|more than|above|after|more recent|newer|higher than|longer than",
    Operator.LESS_THAN: r"less than|LESS THAN|below|under|before|older|lower than|shorter|fewer than|cheaper",
    Operator.GREATER_EQUAL: r"or equal|EQUAL|greater_equal|at least|or more|or after|or later|or higher|or better",
    Operator.LESS_EQUAL: r"or equal|EQUAL|less_equal|at most|or less|or before|or earlier|or lower",
}


@pytest.fixture(scope="module")
def tasks() -> list[GeneratedTask]:
    return list(generate_tasks(1040, 6))


def _values(task: GeneratedTask) -> list[Any]:
    criteria = [
        criterion.value
        for test in task.parsed_tests
        if isinstance(test, CheckEventTest)
        for criterion in test.event_criteria.values()
    ]
    return [value for expected in criteria for value in (expected if isinstance(expected, list) else [expected])]


def test_every_expected_value_is_in_the_text(tasks: list[GeneratedTask]) -> None:
    """Nothing is tested that the text does not say."""
    for task in tasks:
        for value in _values(task):
            assert str(value) in task.intent, (task.intent, value)


def test_negations_are_worded_as_negations(tasks: list[GeneratedTask]) -> None:
    """The text has one NOT or NONE for each constraint that forbids something, and none otherwise."""
    for task in tasks:
        plain = task.intent
        for value in sorted((str(value) for value in _values(task)), key=len, reverse=True):
            plain = plain.replace(value, "…")
        forbidding = sum(constraint.negated for constraint in task.constraints)
        assert len(_NEGATION.findall(plain)) == forbidding, task.intent


def test_texts_are_finished(tasks: list[GeneratedTask]) -> None:
    """No slot is left open, sentences start with a capital, and texts differ."""
    for task in tasks:
        assert not re.search(r"[{}]|\s\s|None|\bnull\b", task.intent), task.intent
        assert task.intent[0].isupper()
    assert len({task.intent for task in tasks}) > 0.85 * len(tasks)


@pytest.mark.parametrize(("operator", "wording"), _WORDINGS)
def test_every_wording_means_its_operator(operator: Operator, wording: str) -> None:
    """A wording negates if and only if its operator does, and says whether a bound itself is still allowed."""
    assert bool(_NEGATION.search(wording)) == (operator in NEGATIONS)
    if operator in _BOUNDS:
        assert re.search(_BOUNDS[operator], wording)
    if operator in (Operator.GREATER_THAN, Operator.LESS_THAN):
        assert not re.search(r"equal|EQUAL|least|most|\bor\b", wording)
    assert "{v}" in wording


def test_there_are_several_wordings_of_everything() -> None:
    """Each operator on each kind of field has at least four wordings, and each act at least four sentences."""
    for wordings in _TABLES.values():
        assert all(len(options) >= 4 == len(set(options[:4])) for options in wordings.values())
    groups = [*sentences.ITEM_SENTENCES.values(), *sentences.SEEN_FIRST.values()]
    groups += [value for name, value in vars(sentences).items() if name.isupper() and isinstance(value, tuple)]
    assert len(groups) > 20
    assert all(len(set(group)) >= 4 for group in groups)


def test_wordings_say_what_is_checked() -> None:
    """One of a list is enough whatever else is there, one genre may have company, and a choice has no inside."""
    plural = " | ".join(wording for options in _PLURAL.values() for wording in options)
    assert "or more" not in plural
    assert "exactly" not in plural
    constraint = TaskConstraint("favorite_genres", Operator.CONTAINS, "Children", "favorite_genre")
    said = {predicate(Random(seed), constraint) for seed in range(40)}
    assert said == {"contains 'Children'", "CONTAINS 'Children'", "includes 'Children'"}
