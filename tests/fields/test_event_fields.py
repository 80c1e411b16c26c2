"""Where a criterion's field is found in an event's data."""

from typing import Any

import pytest

from score_model.fields._event_fields import read_fields

COMMENT = {
    "name": "Ada",
    "content": "fine",
    "movie": {"id": 4, "name": "The Long Quay", "year": 1974, "genres": [{"id": 1, "name": "Drama"}]},
}
CART = {
    "items": [{"title": "Pan", "price": 3, "tags": ["a", "b"]}, {"title": "Pot", "price": 5, "tags": ["c"]}],
    "total": {"price": 8},
    "nothing": None,
}
EDIT = {"name": "New", "changed_fields": ["name"], "previous_values": {"name": "Old", "cast": "Old cast"}}


def find(data: dict[str, Any], field: str) -> Any:
    fields = read_fields(data)
    assert fields is not None
    return fields.find(field)


@pytest.mark.parametrize(
    ("data", "field", "value"),
    [
        (COMMENT, "name", "Ada"),  # the shallowest
        (COMMENT, "year", 1974),
        (COMMENT, "movie_name", "The Long Quay"),
        (COMMENT, "movie.name", "The Long Quay"),
        (COMMENT, "movie.genres_name", "Drama"),
        (COMMENT, "genres.id", 1),
        ({"order": {"movie": {"name": "x"}}}, "movie_name", "x"),  # a path may start anywhere
        ({"movie": {"lead_actor": "x"}}, "movie_lead_actor", "x"),
        ({"movie_name": "own", "movie": {"name": "nested"}}, "movie_name", "own"),  # a key wins over a path
        ({"page": 1, "page_count": 200}, "page_count", 200),
        ({"page": {"x": 1}, "page_a": {"count": 2}}, "page_a_count", 2),  # the first prefix leads nowhere
        (CART, "title", ["Pan", "Pot"]),
        (CART, "items_title", ["Pan", "Pot"]),
        (CART, "tags", ["a", "b", "c"]),
        (CART, "price", 8),  # a list is a level of its own
        ({"a": [{"x": 1}], "b": [{"x": 2}]}, "x", 1),  # the first list only
        ({"a": {"x": 1}, "b": {"x": 2}}, "x", 1),
        (EDIT, "name", "New"),
        (EDIT, "previous_values.cast", "Old cast"),
    ],
)  # fmt: skip
def test_found(data: dict[str, Any], field: str, value: Any) -> None:
    """Breadth-first by key, then by joined path; objects of a list give a list."""
    assert find(data, field) == value


@pytest.mark.parametrize(
    ("data", "field"),
    [
        (COMMENT, "director"), (COMMENT, "movie_"), (COMMENT, "_name"), (COMMENT, "moviename"), (CART, "nothing"),
        ({"genre": None, "filters_applied": {"genre": False}}, "genre"),
        (EDIT, "cast"), ({}, ""), ({"a": "text"}, "a_b"),
    ],
)  # fmt: skip
def test_missing(data: dict[str, Any], field: str) -> None:
    """A null hides what lies deeper, and the values before an edit are not those of the field."""
    assert find(data, field) is None


def test_what_is_too_large_or_too_deep_is_not_searched() -> None:
    """Neither a wide, nor a deep, nor an endless payload costs more than its bounds."""
    deep: dict[str, Any] = {"x": 1}
    for _ in range(40):
        deep = {"a": deep}
    endless: dict[str, Any] = {}
    endless["a"] = endless
    for data in (deep, endless, {str(i): i for i in range(5_001)}, {"a": [[i] for i in range(2_501)]}):
        assert read_fields(data) is None
    assert read_fields({str(i): i for i in range(5_000)}) is not None


def test_a_hostile_path_is_searched_quickly() -> None:
    """Many keys that all begin the path don't multiply."""
    tree: dict[str, Any] = {"b": 1}
    for _ in range(30):
        tree = {"a": tree, "a_a": [{"a": 1}] * 50}
    assert find(tree, "a_" * 60 + "z") is None
