"""Every operator on every kind of value, and what a missing value means."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from score_model.contract import Criterion, Operator
from score_model.fields._operators import meets

GENRES = [{"id": 1, "name": "Sci-Fi"}, {"id": 2, "name": "Drama"}]
DATE = "2025-11-19T19:00:00+00:00"

EQUAL = [
    ("Inception", "inception"), ("  Inception ", "INCEPTION"), ("Dr. No", "dr no"), ("Seattle, WA", "seattle wa"),
    (4.6, "4.6"), ("2020", 2020), (4.7, "4.70"), ("4.7", 4.7), (2020, 2020.0), ("1,299", 1299), ("-3", -3), (".5", 0.5),
    ("1.2.3", "123"), ("47.", "47"),
    (True, True), (True, "true"), ("False", False), (False, " FALSE "), ("true", "True"),
    ({"id": 1, "name": "Drama"}, "drama"), ({"id": 1, "name": 7}, "7"), ({"a": 1}, {"a": "1"}),
    (GENRES, "drama"), (["a", "b"], "B"), ([1, 2], 2), (GENRES, ["Drama", "Sci-Fi"]), (["a", "a", "b"], ["b", "a"]),
    ("Drama", ["drama"]), ([], []), ([[1, 2]], [[2, 1]]), ({"a": [1, 2]}, {"a": [2, 1]}),
    (DATE, "2025-11-19T19:00:00Z"), (DATE, "2025-11-19T20:00:00+01:00"), ("2025-11-19", "2025-11-19T00:00:00.000Z"),
    ("1:30 PM", "13:30"), ("12:00 am", "0:00"), ("12:00 PM", "12:00"), ("1:30\u202fp.m.", "1:30 pm"),
    ("...", "..."), ("", ""), ("Ёлка", "ёлка"),
]  # fmt: skip
UNEQUAL = [
    ("Inception", "Incept"), ("", "a"), ("47", 4.7), (4.7, "47"), ("4.7", "47"), (123, "1.2.3"), (0.5, 5),
    ("2020", "2,020.1"),
    (1, True), (True, 1), (True, "yes"), (True, False), ("true", False), (0, False), (True, 1.0), (None, 0),
    ({"a": 1}, "a"), ({"a": 1}, {"a": 1, "b": 2}), ({"id": 1, "name": "x"}, {"id": 2, "name": "x"}),
    ({"name": []}, "x"),
    (GENRES, "sci"), ([], "a"), (["a"], ["a", "b"]), (["a", "b"], ["a"]), ("ab", ["a", "b"]), ({"a": 1}, [1]),
    ([[1]], [[1, 2]]), (DATE, "2025-11-19T19:00:01Z"), ("1:30 PM", "1:30 AM"), ("25:00", "1:00"), ("1:30", 1.3),
    ("...", ""), (",", "."), (float("nan"), float("nan")), (float("inf"), float("inf")), (10**400, 10**400),
    ("a", None),
]  # fmt: skip
CONTAINED = [
    ("Inception", "cept"), ("Dr. No, again", "no again"), ("Dr No", "dr."), ("2020", "20"), (2020, "2020"),
    (4.7, "4.7"),
    ("Volume 4.7", 4.7), ("costs 20", 20.0), ("14.75", "4.7"), ("anything", ""), ("a.b", "."), (True, "true"),
    ("x", "X"),
    (GENRES, "sci"), (GENRES, "Drama"), (["Top 10", "b"], "top"), ([1, 2], 2), ({"name": "Long Quay"}, "quay"),
    (GENRES, ["sci", "western"]), ("a b c", ["x", "b"]),
]  # fmt: skip
NOT_CONTAINED = [
    ("cept", "Inception"), (2020, "20"), (2020, 20), ("47", "4.7"), (47, "4.7"), ("2020", 20), ("abc", "."),
    (True, "tru"),
    ("true story", True), (GENRES, "western"), ([], "a"), ([], ""), ({"a": "x"}, "x"), ("abc", None), ("abc", []),
    (GENRES, ["western", "noir"]), ([["abc"]], "b"),
]  # fmt: skip
IN_LIST = [
    ("Drama", ["drama", "comedy"]), (4, ["4", 5]), ("4.0", [4]), (GENRES, ["Drama"]), (["x", "b"], ["a", "b"]),
    (True, ["true"]), ({"name": "Drama"}, ["drama"]), ("Drama", "drama"), ("1:30 PM", ["13:30"]),
]  # fmt: skip
NOT_IN_LIST = [
    ("Dra", ["drama"]), (4, [4.5, "44"]), ([], ["a"]), ("a", []), (["x"], ["a", "b"]), (1, [True]),
    ("a, b", ["a", "b"]),
    ("a", None), ({"a": 1}, ["a"]), ("drama", "drama, comedy"),
]  # fmt: skip
BELOW = [
    (1, 2), (9, "10"), ("9", 10), ("9", "10"), ("4.6", 4.7), (-1, 0.5), ("999", "1,000"), ({"name": 3}, 4),
    ("2025-11-19T18:59:59Z", DATE), ("2025-11-19T19:30:00+01:00", DATE), ("2025-11-19", DATE), (DATE, "2025-11-20"),
    ("11:30 AM", "1:30 PM"), ("9:00", "12:15"), ("apple", "Banana"),
]  # fmt: skip
UNORDERED = [
    (True, False), (True, 1), (1, "a"), ("a", 1), ("a", "1"), ("a", DATE), (DATE, 5), ("1:30 PM", DATE),
    ("1:30 PM", "1"),
    ([1], 0), (5, [1]), ([], []), ({"a": 1}, 0), (1, None), ("", None), (float("nan"), 1), (1, float("inf")),
    (1, "1:00"),
    ("2025-13-45", DATE),
]  # fmt: skip


def is_met(actual: Any, operator: Operator | None, expected: Any) -> bool:
    return meets(actual, Criterion(expected, operator))


@pytest.mark.parametrize(("actual", "expected", "met"), [(*p, True) for p in EQUAL] + [(*p, False) for p in UNEQUAL])
def test_equals(actual: Any, expected: Any, met: bool) -> None:
    """Texts in lower case, numbers by value; booleans, dates, times, objects and lists each in their own way."""
    assert is_met(actual, Operator.EQUALS, expected) is met
    assert is_met(actual, Operator.NOT_EQUALS, expected) is (not met or (actual is None and expected is not None))


@pytest.mark.parametrize(
    ("actual", "expected", "met"), [(*p, True) for p in CONTAINED] + [(*p, False) for p in NOT_CONTAINED]
)
def test_contains(actual: Any, expected: Any, met: bool) -> None:
    """A part of a text, or an element of a list that equals or contains the value."""
    assert is_met(actual, Operator.CONTAINS, expected) is met
    assert is_met(actual, Operator.NOT_CONTAINS, expected) is not met


@pytest.mark.parametrize(
    ("actual", "expected", "met"), [(*p, True) for p in IN_LIST] + [(*p, False) for p in NOT_IN_LIST]
)
def test_in_list(actual: Any, expected: Any, met: bool) -> None:
    """The value, or an element of it, equals one of the list."""
    assert is_met(actual, Operator.IN_LIST, expected) is met
    assert is_met(actual, Operator.NOT_IN_LIST, expected) is not met


def orderings(actual: Any, expected: Any) -> list[bool]:
    operators = (Operator.GREATER_THAN, Operator.GREATER_EQUAL, Operator.LESS_EQUAL, Operator.LESS_THAN)
    return [is_met(actual, operator, expected) for operator in operators]


@pytest.mark.parametrize(("low", "high"), BELOW)
def test_order(low: Any, high: Any) -> None:
    """Numbers, instants, times of day and plain texts are ordered, and each equals itself."""
    assert orderings(low, high) == [False, False, True, True]
    if not isinstance(low, dict):
        assert orderings(high, low) == [True, True, False, False]
    assert orderings(low, low) == orderings(high, high) == [False, True, True, False]


@pytest.mark.parametrize(("actual", "expected"), UNORDERED)
def test_what_has_no_order_fails_every_ordering(actual: Any, expected: Any) -> None:
    """Different kinds, booleans, lists and objects."""
    assert orderings(actual, expected) == [False] * 4


def test_a_missing_value() -> None:
    """It meets the two negations of equality and containment, and no ordering and no list operator."""
    for expected in ("a", "", 0, False, [], ["a"], {"a": 1}):
        met = [operator for operator in Operator if is_met(None, operator, expected)]
        assert met == [Operator.NOT_EQUALS, Operator.NOT_CONTAINS]
        assert not is_met(None, None, expected)
    assert is_met(None, Operator.EQUALS, None)
    assert is_met(None, None, None)
    assert not is_met(None, Operator.NOT_EQUALS, None)


@pytest.mark.parametrize(
    ("actual", "expected", "met"),
    [
        ("Inception", "cept", True), (GENRES, "sci", True), (2020, "2020", True), (2020, "202", False),
        (2020, 2020, True),
        ("2020", 2020, True), ("20201", 2020, False), (GENRES, ["drama", "sci-fi"], True), (GENRES, ["drama"], False),
        (True, True, True), ("true", True, True), (1, True, False), ("x", None, False),
    ],
)  # fmt: skip
def test_a_bare_criterion(actual: Any, expected: Any, met: bool) -> None:
    """A text must be contained, anything else be equal."""
    assert is_met(actual, None, expected) is met


def test_nested_lists_are_compared_once() -> None:
    """Equal lists, nested as deep as is looked at, don't double the work at every level."""
    one: Any = ["x"]
    for _ in range(30):
        one = [one]
    assert is_met(one, Operator.EQUALS, one)
    assert not is_met(one, Operator.NOT_EQUALS, one)


SCALARS = st.one_of(
    st.booleans(), st.integers(), st.floats(), st.text(max_size=6), st.text("0123456789.,:- aAmMpPtT", max_size=12),
    st.datetimes().map(lambda moment: moment.isoformat()), st.sampled_from(["true", "12:30 PM", "1,000.5", "."]),
)  # fmt: skip
VALUES = st.recursive(
    st.none() | SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(["name", "x"]), inner, max_size=2),
    max_leaves=8,
)
NEGATIONS = [
    (Operator.EQUALS, Operator.NOT_EQUALS), (Operator.CONTAINS, Operator.NOT_CONTAINS),
    (Operator.IN_LIST, Operator.NOT_IN_LIST),
]  # fmt: skip


@given(SCALARS, VALUES)
def test_an_operator_and_its_negation_never_agree(actual: Any, expected: Any) -> None:
    """Exactly one of them is met by a value that is there."""
    for positive, negative in NEGATIONS:
        assert is_met(actual, positive, expected) is not is_met(actual, negative, expected)


@given(SCALARS, SCALARS)
def test_orderings_are_consistent(one: Any, other: Any) -> None:
    """Either no ordering holds, or those of below, equal or above; turning the sides round mirrors them."""
    found = orderings(one, other)
    assert found in ([False] * 4, [True, True, False, False], [False, True, True, False], [False, False, True, True])
    assert orderings(other, one) == found[::-1]
    if any(found):
        assert is_met(one, Operator.EQUALS, other) is (found == [False, True, True, False])


@given(VALUES, VALUES)
def test_equality_has_no_sides(one: Any, other: Any) -> None:
    """Between single values, objects included, it does not matter which one was recorded; what equals is contained."""
    if not isinstance(one, list) and not isinstance(other, list):
        assert is_met(one, Operator.EQUALS, other) is is_met(other, Operator.EQUALS, one)
    if one is not None and not isinstance(other, list) and is_met(one, Operator.EQUALS, other):
        assert is_met(one, Operator.CONTAINS, other)


@given(VALUES, VALUES, st.sampled_from(Operator) | st.none())
def test_no_value_raises(actual: Any, expected: Any, operator: Operator | None) -> None:
    """Every operator answers yes or no on anything that JSON can hold."""
    assert is_met(actual, operator, expected) in (True, False)
