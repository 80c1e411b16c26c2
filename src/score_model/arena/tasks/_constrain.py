"""Constraints that a known value meets and another known value does not: satisfiable, and never for nothing."""

import re
from collections.abc import Mapping, Sequence
from random import Random
from typing import Any

from score_model.arena.tasks._task import ITEM, TaskConstraint
from score_model.checks import BackendEvent, run_tests
from score_model.contract import Criterion, Operator
from score_model.contract.placeholders import AGENT_ID
from score_model.contract.task_tests import CheckEventTest

_WORD = re.compile(r"[^\W\d_]{4,}")
_SHORTEST, _LONGEST = 3, 6  # letters of a fragment
_TRIES = 12

_ORDERS = (Operator.GREATER_THAN, Operator.LESS_THAN, Operator.GREATER_EQUAL, Operator.LESS_EQUAL)
_LISTS = (Operator.IN_LIST, Operator.NOT_IN_LIST)
_SAME = (Operator.EQUALS, Operator.NOT_EQUALS)
_PARTS = (Operator.CONTAINS, Operator.NOT_CONTAINS)
_UNITS = {"rating": 1, "price": 2}  # decimals

TEXT_OPERATORS = (*_SAME, *_PARTS, *_LISTS)
LONG_TEXT_OPERATORS = (*_PARTS, Operator.CONTAINS, Operator.EQUALS)
NUMBER_OPERATORS = (*_ORDERS, *_ORDERS, *_SAME, *_LISTS)
GENRE_OPERATORS = TEXT_OPERATORS


def meets_constraint(constraint: TaskConstraint, data: Mapping[str, Any]) -> bool:
    """Whether an event with this data satisfies the constraint, by the rules of the checks; placeholders stay."""
    criterion = Criterion(constraint.value, constraint.operator)
    test = CheckEventTest("event", {constraint.field: criterion})
    return run_tests([test], [BackendEvent("event", dict(data))], agent_id=AGENT_ID).passed


def constrain(
    draw: Random,
    field: str,
    value: Any,
    others: Sequence[Any],
    operators: Sequence[Operator],
    *,
    part: str = ITEM,
) -> TaskConstraint | None:
    """A constraint with one of the operators that `value` meets and at least one of `others` does not.

    Values are texts, numbers or, of genres, lists of texts. None if the draw found none.
    """
    for _ in range(_TRIES):
        operator = draw.choice(operators)
        expected = _expected(draw, field, operator, value, others)
        if expected is None:
            continue
        constraint = TaskConstraint(field, operator, expected, part)
        if meets_constraint(constraint, {field: value}) and any(
            not meets_constraint(constraint, {field: other}) for other in others
        ):
            return constraint
    return None


def step_of(field: str) -> float:
    """The smallest step between two values of a numeric field."""
    return 10 ** -_UNITS[field] if field in _UNITS else 1


def _expected(draw: Random, field: str, operator: Operator, value: Any, others: Sequence[Any]) -> Any:
    """The value to compare with, or None."""
    mine = value if isinstance(value, list) else [value]
    foreign = [item for other in others for item in (other if isinstance(other, list) else [other])]
    foreign = sorted({item for item in foreign if item not in mine}, key=str)
    if operator in _ORDERS:
        return _bound(draw, field, operator, value, others)
    if operator is Operator.EQUALS:
        return draw.choice(mine)
    if operator is Operator.CONTAINS:
        return draw.choice(mine) if isinstance(value, list) else _fragment(draw, value)
    if not foreign:
        return None
    match operator:
        case Operator.NOT_EQUALS:
            return draw.choice(foreign)
        case Operator.NOT_CONTAINS:
            return draw.choice(foreign) if isinstance(value, list) else _fragment(draw, draw.choice(foreign))
        case Operator.IN_LIST:
            listed = [draw.choice(mine), *draw.sample(foreign, min(len(foreign), draw.choice((1, 2))))]
        case _:
            if len(foreign) < 2:
                return None
            listed = draw.sample(foreign, min(len(foreign), draw.choice((2, 3))))
    draw.shuffle(listed)
    return listed


def _fragment(draw: Random, text: str) -> str | None:
    """A word of the text, or some letters in a row."""
    words = _WORD.findall(text)
    if not words:
        return None
    word: str = draw.choice(words)
    if len(word) < _LONGEST and draw.random() < 0.4:
        return word
    length = draw.randint(_SHORTEST, min(_LONGEST, len(word)))
    start = draw.randint(0, len(word) - length)
    return word[start : start + length]


def _bound(draw: Random, field: str, operator: Operator, value: float, others: Sequence[float]) -> float | None:
    """A bound that `value` keeps and some other value does not: that value itself, or a number just beside it."""
    decimals = _UNITS.get(field, 0)
    scale = 10**decimals
    here = round(value * scale)
    known = sorted({round(other * scale) for other in others} | {here})
    above = operator in (Operator.GREATER_THAN, Operator.GREATER_EQUAL)
    strict = operator in (Operator.GREATER_THAN, Operator.LESS_THAN)
    across = [other for other in known if (other < here if above else other > here)]
    if not across:
        return None
    edge = draw.choice(across[-8:] if above else across[:8])
    inner = min((other for other in known if other > edge), default=here) if above else None
    inner = max((other for other in known if other < edge), default=here) if inner is None else inner
    # every bound between `edge` (left out) and `inner` (let in) makes the same cut
    if above:
        low, high = (edge, inner - 1) if strict else (edge + 1, inner)
    else:
        low, high = (inner + 1, edge) if strict else (inner, edge - 1)
    bound = draw.randint(low, high) if draw.random() < 0.5 else draw.choice((low, high))
    return bound if not decimals else round(bound / scale, decimals)
