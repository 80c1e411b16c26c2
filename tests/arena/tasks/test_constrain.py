"""Single constraints: met by one value, failed by another."""

from random import Random
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from score_model.arena.tasks import TaskConstraint, meets_constraint, step_of
from score_model.arena.tasks._constrain import GENRE_OPERATORS, NUMBER_OPERATORS, TEXT_OPERATORS, constrain
from score_model.contract import Operator

_GENRES = ["Drama", "Comedy", "Horror", "Crime", "Romance"]
_ORDERS = set(NUMBER_OPERATORS) - set(TEXT_OPERATORS)


def _separates(constraint: TaskConstraint, value: Any, others: list[Any]) -> bool:
    field = constraint.field
    return meets_constraint(constraint, {field: value}) and any(
        not meets_constraint(constraint, {field: other}) for other in others
    )


@given(st.integers(), st.integers(1900, 2030), st.lists(st.integers(1900, 2030), min_size=1, max_size=8))
def test_years(seed: int, value: int, others: list[int]) -> None:
    """A constraint on numbers always lets its value in and keeps one of the others out."""
    constraint = constrain(Random(seed), "year", value, others, NUMBER_OPERATORS)
    assert constraint is None or _separates(constraint, value, others)


@given(st.integers(), st.integers(1, 49), st.lists(st.integers(1, 49), min_size=1, max_size=8))
def test_ratings_keep_their_decimals(seed: int, value: int, others: list[int]) -> None:
    """Bounds of ratings have one decimal, as ratings have."""
    constraint = constrain(Random(seed), "rating", value / 10, [other / 10 for other in others], sorted(_ORDERS))
    if constraint is not None:
        assert _separates(constraint, value / 10, [other / 10 for other in others])
        assert round(constraint.value, 1) == constraint.value


@given(
    st.integers(), st.sampled_from(["The Salt Road", "Été à Łódź", "Don't!", "7"]), st.sampled_from(["Ash", "Salty"])
)
def test_texts(seed: int, value: str, other: str) -> None:
    """Fragments and names of whatever alphabet separate two texts, or nothing is asked."""
    constraint = constrain(Random(seed), "name", value, [other], TEXT_OPERATORS)
    assert constraint is None or _separates(constraint, value, [other])


@given(st.integers(), st.lists(st.sampled_from(_GENRES), min_size=1, max_size=3, unique=True))
def test_genres(seed: int, value: list[str]) -> None:
    """A list of genres is compared element by element."""
    others = [[genre] for genre in _GENRES]
    constraint = constrain(Random(seed), "genres", value, others, GENRE_OPERATORS)
    assert constraint is not None
    assert _separates(constraint, value, others)


def test_nothing_to_tell_apart() -> None:
    """Equal values can't be told apart."""
    assert constrain(Random(1), "year", 1999, [1999, 1999], NUMBER_OPERATORS) is None
    assert constrain(Random(1), "name", "Same", ["Same"], TEXT_OPERATORS) is None


def test_steps() -> None:
    """Years go by 1, ratings by 0.1, prices by 0.01."""
    assert [step_of(name) for name in ("year", "rating", "price")] == [1, 0.1, 0.01]


def test_placeholders_stay() -> None:
    """A username is compared as it is written, before anybody is named."""
    constraint = TaskConstraint("username", Operator.EQUALS, "user<web_agent_id>", "username")
    assert meets_constraint(constraint, {"username": "user<web_agent_id>"})
    assert not meets_constraint(constraint, {"username": "user7"})
