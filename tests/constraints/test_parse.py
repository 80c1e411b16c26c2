"""Intents into fields, operators and values."""

from typing import Any

import pytest

from score_model.constraints import Constraint, parse_intent
from score_model.fields import ValueKind


def read(text: str) -> list[tuple[str, str, Any]]:
    """Field, operator and value of each constraint."""
    return [(one.field, one.operator.value, one.value) for one in parse_intent(text).constraints]


@pytest.mark.parametrize(
    ("said", "operator", "value"),
    [
        ("equals 'Tea'", "equals", "Tea"),
        ("is exactly 'Tea'", "equals", "Tea"),
        ("EQUALS 'Tea'", "equals", "Tea"),
        ("is NOT 'Tea'", "not_equals", "Tea"),
        ("is not equal to 'Tea'", "not_equals", "Tea"),
        ("isn't 'Tea'", "not_equals", "Tea"),
        ('!= "Tea"', "not_equals", "Tea"),
        ("is anything but 'Tea'", "not_equals", "Tea"),
        ("contains 'Tea'", "contains", "Tea"),
        ("CONTAINS the word 'Tea'", "contains", "Tea"),
        ("starts with 'Tea'", "contains", "Tea"),
        ("has 'Tea' in it", "contains", "Tea"),
        ("does NOT CONTAIN 'Tea'", "not_contains", "Tea"),
        ("doesn't include 'Tea'", "not_contains", "Tea"),
        ("is one of 'Tea', 'Rye' or 'Oat'", "in_list", ("Tea", "Rye", "Oat")),
        ("is in the list [Tea, 'Rye, dark']", "in_list", ("Tea", "Rye, dark")),
        ("is either 'Tea' or 'Rye'", "in_list", ("Tea", "Rye")),
        ("is NOT one of 'Tea' or 'Rye'", "not_in_list", ("Tea", "Rye")),
        ("is NOT in the list [Tea]", "not_in_list", ("Tea",)),
        ("is none of 'Tea' or 'Rye'", "not_in_list", ("Tea", "Rye")),
        ("is neither 'Tea' nor 'Rye'", "not_in_list", ("Tea", "Rye")),
    ],
)
def test_texts_are_compared_as_the_words_say(said: str, operator: str, value: Any) -> None:
    """Each way to compare a text is read as its operator, with the field before it."""
    assert read(f"Open a recipe where the flavour {said}.") == [("flavour", operator, value)]


@pytest.mark.parametrize(
    ("said", "operator"),
    [
        ("greater than", "greater_than"),
        ("GREATER THAN", "greater_than"),
        ("more than", "greater_than"),
        (">", "greater_than"),
        ("less than", "less_than"),
        ("under", "less_than"),
        ("greater than or equal to", "greater_equal"),
        ("GREATER THAN or EQUAL TO", "greater_equal"),
        ("greater_equal", "greater_equal"),
        ("at least", "greater_equal"),
        ("no less than", "greater_equal"),
        ("not less than", "greater_equal"),
        (">=", "greater_equal"),
        ("less than or equal to", "less_equal"),
        ("less_equal", "less_equal"),
        ("at most", "less_equal"),
        ("up to", "less_equal"),
        ("not more than", "less_equal"),
        ("≤", "less_equal"),
    ],
)
@pytest.mark.parametrize("number", ["12", "'12'", "12.00"])
def test_numbers_are_ordered_as_the_words_say(said: str, operator: str, number: str) -> None:
    """Each way to order numbers is read as its operator, with or without quotes around the number."""
    assert read(f"Show a tent whose weight is {said} {number}") == [("weight", operator, 12.0)]


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("a rating of 4.5 or higher", [("rating", "greater_equal", 4.5)]),
        ("a rating of '4.5' or less", [("rating", "less_equal", 4.5)]),
        ("a price that does not exceed $1,250.50", [("price", "less_equal", 1250.5)]),
        ("at least 3 bedrooms", [("bedrooms", "greater_equal", 3.0)]),
        ("a capacity between 10 and 20", [("capacity", "greater_equal", 10.0), ("capacity", "less_equal", 20.0)]),
        ("a fee from 10 to 20", [("fee", "greater_equal", 10.0), ("fee", "less_equal", 20.0)]),
        ("fewer than 300 pages", [("page_count", "less_than", 300.0)]),
        ("a length of 90 minutes or more", [("length", "greater_equal", 90.0)]),
    ],
)
def test_bounds_may_stand_around_their_number(said: str, expected: list[tuple[str, str, Any]]) -> None:
    """What stands behind a number turns its operator, and a unit or a noun behind it can be the field."""
    assert read(f"Find a place with {said}.") == expected


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("released before 1990", ("year", "less_than", 1990.0)),
        ("released in or after the year '1990'", ("year", "greater_equal", 1990.0)),
        ("from 1990 or later", ("year", "greater_equal", 1990.0)),
        ("that was NOT published in '1990'", ("year", "not_equals", 1990.0)),
        ("older than 1990", ("year", "less_than", 1990.0)),
        ("NOT written by 'Ada Byron'", ("author", "not_equals", "Ada Byron")),
        ("directed by someone whose name contains 'da'", ("director", "contains", "da")),
        ("located somewhere that does NOT contain 'da'", ("location", "not_contains", "da")),
        ("cheaper than 20", ("price", "less_than", 20.0)),
        ("that costs at most $20", ("price", "less_equal", 20.0)),
        ("rated 4 or better", ("rating", "greater_equal", 4.0)),
        ("with 'da' in its title", ("title", "contains", "da")),
        ("saying something other than 'da'", ("content", "not_equals", "da")),
        ("in the Gothic genre", ("genre", "equals", "Gothic")),
    ],
)
def test_verbs_and_comparisons_imply_their_field(said: str, expected: tuple[str, str, Any]) -> None:
    """A field that only a verb or a comparison implies is named in general English."""
    assert read(f"Show me an opera {said}") == [expected]


def test_several_clauses_are_kept_apart() -> None:
    """A negation reaches no further than its clause, and each value has its own field."""
    text = (
        "Reserve a cabin where the host is NOT 'Kim Oh', the view contains 'lake' and the number of beds equals 2, "
        "with a rating of 4 or less, on '2031-02-03' at a time that is not '1:30 PM' for 5 guests."
    )
    assert read(text) == [
        ("host", "not_equals", "Kim Oh"),
        ("view", "contains", "lake"),
        ("beds", "equals", 2.0),
        ("rating", "less_equal", 4.0),
        ("date", "equals", "2031-02-03"),
        ("time", "not_equals", "1:30 PM"),
        ("guests", "equals", 5.0),
    ]


def test_what_is_changed_is_the_field() -> None:
    """`set X to V` and `update the X of … to V` demand V of X."""
    assert read("Change your nickname to 'Bee' and set your motto to NOT equal 'Buzz'.") == [
        ("nickname", "equals", "Bee"),
        ("motto", "not_equals", "Buzz"),
    ]
    assert read("Update the quantity of the lamp with title 'Halo' in my basket to at least 4")[1:] == [
        ("quantity", "greater_equal", 4.0)
    ]


def test_who_signs_in_is_told_apart() -> None:
    """Credentials are no constraints of the main act, unless signing in is all there is to do."""
    intent = parse_intent("First, log in as 'bee<web_agent_id>' with password 'hive'. Then, delete the note named 'X'.")
    assert [one.field for one in intent.constraints] == ["name"]
    assert [(one.field, one.value) for one in intent.login] == [("username", "bee<web_agent_id>"), ("password", "hive")]
    assert intent.act == "delete"
    alone = parse_intent("Login for the following username:bee<web_agent_id> and password:hive.")
    assert [(one.field, one.value) for one in alone.constraints] == [("username", "bee<web_agent_id>")]
    assert [(one.field, one.value) for one in alone.login] == [("password", "hive")]


@pytest.mark.parametrize(
    "value",
    ["Don't stop", "You've earned it, kid!", "Reading 'Emma' again", "the boys' club", "Rock 'n' Roll", "a, b. c", ""],
)
def test_quotations_end_where_people_end_them(value: str) -> None:
    """Apostrophes and quotations inside a quotation belong to it."""
    text = f"Post a note where the body is '{value}' and the mood is 'calm'."
    assert read(text) == [("body", "equals", value), ("mood", "equals", "calm")]


def test_an_owner_is_named_where_the_intent_names_one() -> None:
    """`a play whose name` says whose name it is, and `the critic's name` keeps its own noun."""
    first, second = parse_intent("Review a play whose name is 'Ubu' so that the critic's name is 'Jo'").constraints
    assert (first.owner, first.field) == ("play", "name")
    assert second.field == "critic_name"


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        ("2031-02-03", ValueKind.DATE),
        ("Nov 13, 2031", ValueKind.DATE),
        ("3:30 PM", ValueKind.TIME),
        ("4.70", ValueKind.NUMBER),
        ("a@b.example", ValueKind.EMAIL),
        ("some words", ValueKind.TEXT),
    ],
)
def test_values_know_their_kind(value: str, kind: ValueKind) -> None:
    """The kind of a value is read from the value."""
    (constraint,) = parse_intent(f"Choose a slot where the entry is '{value}'").constraints
    assert constraint.kind is kind


def test_spans_point_into_the_text() -> None:
    """The span of a constraint holds its value, and spans do not overlap."""
    text = "Open a lamp whose colour is 'red' and whose price is below 30."
    spans = [one.span for one in parse_intent(text).constraints]
    assert ["red" in text[slice(*spans[0])], "30" in text[slice(*spans[1])]] == [True, True]
    assert spans[0][1] <= spans[1][0]


def test_an_intent_without_demands_has_no_constraints() -> None:
    """Nothing is made up: counting one thing is no demand either."""
    assert read("Show me the shopping basket") == []
    assert read("Add 1 lamp to the basket") == []
    assert read("") == []


def test_scrolling_has_a_direction() -> None:
    """The direction of a movement is a demand."""
    assert read("Scroll left in the gallery titled 'Maps'") == [
        ("direction", "equals", "left"),
        ("name", "equals", "Maps"),
    ]


def test_constraints_compare_by_value() -> None:
    """The same sentence always gives the same constraints."""
    text = "Find a hat whose size is 5"
    assert parse_intent(text) == parse_intent(text)
    assert isinstance(parse_intent(text).constraints[0], Constraint)
