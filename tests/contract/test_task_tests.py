"""Tests of a task and their criteria."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from score_model.contract import Criterion, Operator
from score_model.contract.task_tests import CheckEventTest, DataExtractionTest, JudgedTest, UnknownTest, parse_test


def test_event_tests_have_bare_and_operator_criteria() -> None:
    """A bare value has no operator; both survive."""
    raw = {
        "type": "CheckEventTest", "event_name": "BOOK_DETAIL",
        "event_criteria": {"year": 1999, "name": {"operator": "contains", "value": "a"}, "genres": {"any": "thing"}},
    }  # fmt: skip
    assert parse_test(raw) == CheckEventTest(
        "BOOK_DETAIL",
        {"year": Criterion(1999), "name": Criterion("a", Operator.CONTAINS), "genres": Criterion({"any": "thing"})},
    )


@pytest.mark.parametrize("operator", [operator.value for operator in Operator])
def test_every_operator_is_known(operator: str) -> None:
    """The ten operators of the contract."""
    raw = {"type": "CheckEventTest", "event_name": "E", "event_criteria": {"f": {"operator": operator, "value": 1}}}
    assert parse_test(raw) == CheckEventTest("E", {"f": Criterion(1, Operator(operator))})


def test_the_other_tests() -> None:
    """Answers are compared, pages are judged elsewhere."""
    assert parse_test({"name": "DataExtractionTest", "expected_answer": ["a"]}) == DataExtractionTest(["a"])
    for name in ("JudgeBaseOnHTML", "JudgeBaseOnScreenshot"):
        assert parse_test({"type": name, "x": 1}) == JudgedTest(name, {"type": name, "x": 1})


@pytest.mark.parametrize(
    "raw",
    [
        {"type": "CheckEventTest"},
        {"type": "CheckEventTest", "event_name": "E", "event_criteria": [1]},
        {"type": "CheckEventTest", "event_name": "E", "event_criteria": {"f": {"operator": "about", "value": 1}}},
        {"type": "CheckEventTest", "event_name": "E", "event_criteria": {"f": {"operator": ["equals"], "value": 1}}},
        {"type": "DataExtractionTest"}, {"type": "New"}, {"type": ["x"]}, {}, None, "CheckEventTest",
    ],
)  # fmt: skip
def test_what_is_not_understood_is_kept(raw: Any) -> None:
    """As received: never a test that would pass by accident."""
    test = parse_test(raw)
    assert isinstance(test, UnknownTest)
    assert test.raw == raw


def test_unknown_fields_are_kept() -> None:
    """A field without a place stays under its name."""
    criterion = {"operator": "equals", "value": 1, "fold": True}
    raw = {"type": "CheckEventTest", "name": "n", "event_name": "E", "event_criteria": {"f": criterion}, "weight": 2}
    assert parse_test(raw) == CheckEventTest(
        "E", {"f": Criterion(1, Operator.EQUALS, {"fold": True})}, {"name": "n", "weight": 2}
    )


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)
FIELDS = st.sampled_from(["type", "name", "event_name", "event_criteria", "expected_answer", "weight"])
TYPES = st.sampled_from(["CheckEventTest", "DataExtractionTest", "JudgeBaseOnHTML", "New"])


@given(JSON | st.dictionaries(FIELDS, JSON | TYPES))
def test_nothing_raises_and_nothing_is_lost(raw: Any) -> None:
    """Every recorded value that is not null is in a field, in `extra`, or in `raw`."""
    test = parse_test(raw)
    if isinstance(test, JudgedTest | UnknownTest):
        assert test.raw == raw
        return
    for name, value in raw.items():
        own = getattr(test, name, None) == value or name in {"type", "name", "event_criteria"}
        assert value is None or name in test.extra or own
