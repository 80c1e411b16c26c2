"""Values compared as their kind."""

from typing import Any

import pytest

from score_model.constraints import parse_intent, placeholders_left, satisfies
from score_model.fields import ValueKind, same_value


@pytest.mark.parametrize(
    ("expected", "seen", "kind"),
    [
        ("3:30 PM", "15:30", ValueKind.TIME),
        ("3:30 PM", "03:30 p.m.", ValueKind.TIME),
        ("12:00 AM", "00:00:00", ValueKind.TIME),
        ("2031-11-13", "Nov 13, 2031", ValueKind.DATE),
        ("2031-11-13", "13 November 2031", ValueKind.DATE),
        ("2031-11-13", "Thursday, November 13th, 2031", ValueKind.DATE),
        ("2031-11-13", "11/13/2031", ValueKind.DATE),
        ("2031-11-13T19:00:00+00:00", "2031-11-13", ValueKind.DATE),
        ("2031-11-13T19:00:00+00:00", "2031-11-13T20:00:00+01:00", ValueKind.DATE),
        (4.7, "4.70", ValueKind.NUMBER),
        (4.7, "$4.70", ValueKind.NUMBER),
        (1299.0, "1,299", ValueKind.NUMBER),
        (142.0, "142 minutes", ValueKind.NUMBER),
        (4.0, 4, ValueKind.NUMBER),
        ("Bee@Hive.example", "bee@hive.EXAMPLE", ValueKind.EMAIL),
        ("Zoë  O'Neil-Wu", "zoe o’neil-wu", ValueKind.NAME),
        ("Mr. Fox", "mr fox", ValueKind.TEXT),
        ("“Tea”", '"tea"', ValueKind.TEXT),
        ("Drama", ["Comedy", "drama"], ValueKind.TEXT),
        ("Drama", [{"id": 4, "name": "Drama"}], ValueKind.TEXT),
        ("user<web_agent_id>", "user77", ValueKind.TEXT),
        ("new<web_agent_id>@x.example", "new77@x.example", ValueKind.EMAIL),
    ],
)
def test_spellings_of_one_value_are_the_same(expected: Any, seen: Any, kind: ValueKind) -> None:
    """How a value is written does not matter, only what it is."""
    assert same_value(expected, seen, kind)


@pytest.mark.parametrize(
    ("expected", "seen", "kind"),
    [
        ("3:30 PM", "03:30", ValueKind.TIME),
        ("2031-11-13", "2031-11-14", ValueKind.DATE),
        ("2031-11-13T19:00:00+00:00", "2031-11-13T20:00:00+00:00", ValueKind.DATE),
        (4.7, "47", ValueKind.NUMBER),
        (1.0, True, ValueKind.NUMBER),
        ("tea", None, ValueKind.TEXT),
        ("tea", {"kind": "tea"}, ValueKind.TEXT),
        ("user<web_agent_id>", "visitor77", ValueKind.TEXT),
        ("user<web_agent_id>", "user77 and more", ValueKind.TEXT),
        ("user<web_agent_id>", "user", ValueKind.TEXT),
    ],
)
def test_other_values_are_not(expected: Any, seen: Any, kind: ValueKind) -> None:
    """What only looks alike is not the same."""
    assert not same_value(expected, seen, kind)


@pytest.mark.parametrize(
    ("text", "seen", "expected"),
    [
        ("the price is below 30", "$29.99", True),
        ("the price is below 30", 30, False),
        ("the price is below 30", "cheap", None),
        ("the price is below 30", None, None),
        ("the day is on or after '2031-11-13'", "Nov 14, 2031", True),
        ("the day is before '2031-11-13'", "2031-11-13", False),
        ("the time is after '1:30 PM'", "14:00", True),
        ("the time is not '1:30 PM'", "13:30", False),
        ("the hue is not one of 'red' or 'blue'", "Blue", False),
        ("the hue contains 'ed'", "RED", True),
        ("the hue does not contain 'ed'", "blue", True),
        ("the tags contain 'new'", [{"name": "Brand new"}], True),
    ],
)
def test_a_value_meets_a_constraint_or_not(text: str, seen: Any, expected: bool | None) -> None:
    """Operators hold between values of a kind; what has no order can't be told."""
    (constraint,) = parse_intent(f"Show a lamp where {text}").constraints
    assert satisfies(constraint, seen) is expected


def test_unfilled_placeholders_are_counted() -> None:
    """What an agent forgot to fill in is noticed, in every common spelling, and plain text is not."""
    assert placeholders_left("user<web_agent_id> and {{name}} and <your_book_id> and ${id}") == 4
    assert placeholders_left("user77, a < b and c > d, {} and 5 <6>") == 0
