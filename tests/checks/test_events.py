"""Rows of both kinds of event service."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from score_model.checks import BackendEvent, parse_event

FILM = {"id": 4, "name": "The Long Quay", "genres": [{"id": 1, "name": "Drama"}]}
EVENT = BackendEvent("FILM_DETAIL", FILM)


@pytest.mark.parametrize(
    "row",
    [
        {"id": 1, "event_name": "FILM_DETAIL", "timestamp": "t", "web_agent_id": "7", "data": FILM, "user": None},
        {"id": 1, "web_agent_id": "7", "data": {"event_name": "FILM_DETAIL", "data": FILM, "user_id": None}},
        {"data": {"data": {"event_name": "FILM_DETAIL", "data": FILM}}},
        {"data": {"event_name": "FILM_DETAIL", "data": {"event_name": "FILM_DETAIL", "user_id": 1, "data": FILM}}},
        {"data": {"event_name": "FILM_DETAIL", "data": {"data": FILM}}},
        {"event_name": "FILM_DETAIL", "data": {"data": {"data": FILM}}},
    ],
)
def test_both_services_spellings(row: Any) -> None:
    """The event is the row or sits in it once or twice, and its fields are found under every wrapper."""
    assert parse_event(row) == EVENT


def test_a_field_that_is_named_data_is_no_wrapper() -> None:
    """Only what repeats the event's name, or holds nothing else, is unwrapped."""
    data = {"title": "x", "data": {"a": 1}}
    assert parse_event({"event_name": "E", "data": data}) == BackendEvent("E", data)
    other = {"event_name": "OTHER", "data": {"a": 1}}
    assert parse_event({"event_name": "E", "data": other}) == BackendEvent("E", other)


@pytest.mark.parametrize("data", [None, [], "text", 7])
def test_an_event_without_an_object_has_no_fields(data: Any) -> None:
    """A logout carries nothing, and is an event all the same."""
    assert parse_event({"event_name": "LOGOUT", "data": data}) == BackendEvent("LOGOUT", {})
    assert parse_event({"event_name": "LOGOUT"}) == BackendEvent("LOGOUT", {})


@pytest.mark.parametrize(
    "row",
    [
        None, 1, "E", [], {}, {"event_name": ""}, {"event_name": 3}, {"event_name": ["E"]}, {"data": None},
        {"data": [{"event_name": "E"}]}, {"data": {"data": {"data": {"event_name": "E"}}}},
    ],
)  # fmt: skip
def test_no_event_no_name(row: Any) -> None:
    """What names no event within the known wrappers is none."""
    assert parse_event(row) is None


KEYS = st.sampled_from(["event_name", "data", "name", "x"])
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=12,
)


@given(JSON)
def test_no_row_raises(row: Any) -> None:
    """Whatever a service sends, the answer is an event with a name or None."""
    event = parse_event(row)
    assert event is None or (event.name and isinstance(event.data, dict))
