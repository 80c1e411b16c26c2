"""Whether the value of an event's field meets a criterion (export contract, section 4).

Our own readings, where the contract leaves a choice:
- A missing value, or a null, equals nothing but null and contains nothing, so it meets `not_equals` and `not_contains`.
  It fails every ordering and both list operators, `not_in_list` too: the contract says so of every list operator.
- Every other `not_…` is the opposite of its operator.
- A list equals a value if any element does, and a list of values if both hold the same ones in any order. It is in a
  list if any element is, and has no order.
- A value contains a list of values if it contains any of them, as the evaluator's source has it.
- An expected list that is no list is a list of one.
"""

from typing import Any

from score_model.contract import Criterion, Operator
from score_model.fields._scalars import Scalar, contains, order, read_scalar, same, same_members

NEGATIVE = frozenset((Operator.NOT_EQUALS, Operator.NOT_CONTAINS, Operator.NOT_IN_LIST))
ORDERED = frozenset((Operator.GREATER_THAN, Operator.LESS_THAN, Operator.GREATER_EQUAL, Operator.LESS_EQUAL))


def meets(actual: Any, criterion: Criterion) -> bool:
    """Whether `actual`, the field's value or None, meets the criterion.

    A criterion without an operator means `contains` for a text and `equals` for anything else.
    """
    operator, expected = criterion.operator, criterion.value
    if operator is None:
        operator = Operator.CONTAINS if isinstance(expected, str) else Operator.EQUALS
    if actual is None:
        return _missing_meets(operator, expected)
    match operator:
        case Operator.EQUALS:
            return _equals(actual, expected)
        case Operator.NOT_EQUALS:
            return not _equals(actual, expected)
        case Operator.CONTAINS:
            return _contains(actual, expected)
        case Operator.NOT_CONTAINS:
            return not _contains(actual, expected)
        case Operator.IN_LIST:
            return _in_list(actual, expected)
        case Operator.NOT_IN_LIST:
            return not _in_list(actual, expected)
        case Operator.GREATER_THAN | Operator.LESS_THAN | Operator.GREATER_EQUAL | Operator.LESS_EQUAL:
            return _in_order(actual, operator, expected)


def _missing_meets(operator: Operator, expected: Any) -> bool:
    if operator is Operator.EQUALS:
        return expected is None
    if operator is Operator.NOT_EQUALS:
        return expected is not None
    return operator is Operator.NOT_CONTAINS


def _equals(actual: Any, expected: Any) -> bool:
    if isinstance(expected, list):
        return same_members(_elements(actual), _elements(expected))
    wanted = read_scalar(expected)
    return any(same(element, wanted) for element in _elements(actual))


def _contains(actual: Any, expected: Any) -> bool:
    parts = _elements(expected)
    return any(contains(element, part) for element in _elements(actual) for part in parts)


def _in_list(actual: Any, expected: Any) -> bool:
    members = _elements(expected)
    return any(same(element, member) for element in _elements(actual) for member in members)


def _in_order(actual: Any, operator: Operator, expected: Any) -> bool:
    place = order(read_scalar(actual), read_scalar(expected))
    if place is None:
        return False
    match operator:
        case Operator.GREATER_THAN:
            return place > 0
        case Operator.LESS_THAN:
            return place < 0
        case Operator.GREATER_EQUAL:
            return place >= 0
        case _:
            return place <= 0


def _elements(value: Any) -> list[Scalar]:
    return [read_scalar(item) for item in value] if isinstance(value, list) else [read_scalar(value)]
