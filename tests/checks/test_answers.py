"""Answers and what was expected."""

from typing import Any

import pytest

from score_model.checks._verdict import can_be_compared, is_expected_answer


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (" Inception ", "inception"), ("Crime and Punishment", "crime and punishment"), (7, "7"), ("4.6", 4.6),
        (5.0, 5),
        (True, "true"), ("a, b and c", ["C", "a", "B"]), ("c & a or b", ["a", "b", "c"]), ("a,b,c", "c, b and a"),
        ("a, b, and c", ["a", "b", "c"]), (["b", " A"], ["a", "b"]), (["a", "b"], "b and a"), (["a"], "a"),
        ("Ulysses, Crime and Punishment", ["Crime and Punishment", "Ulysses"]), ([1, 2], "2, 1"), ("AT&T", ["at&t"]),
        ("Sandor, Andy", ["Andy", "Sandor"]), ({"answer": "x"}, "x"), ({"fields": {"email": "A@b.com"}}, "a@b.com"),
        ({"answer": ["a", "b"]}, ["b", "a"]),
    ],
)  # fmt: skip
def test_the_same_answer(answer: Any, expected: Any) -> None:
    """Trimmed lower-case texts or unordered lists; the separators are words, not letters inside words."""
    assert is_expected_answer(answer, expected)


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (None, "none"), ("", "a"), ("inceptio", "inception"), ("a, b", ["a", "b", "c"]), ("a, b, c", ["a", "b"]),
        ("a, a", ["a"]), (["a", "a", "b"], ["a", "b", "b"]), ("and", ["a"]), ("&", "and"),
        (["Crime", "Punishment"], ["Crime and Punishment"]), ({"a": 1, "b": 2}, "1"), ([None], "none"),
        ([["a"]], "a"), ({}, "a"), ([], "a"),
        ("sand", ["s", "d"]), (10**1_000, "1"), (["a"] * 2_000, ["a"] * 3), ("46", "4.6"),
    ],
)  # fmt: skip
def test_another_answer(answer: Any, expected: Any) -> None:
    """Less, more, or something else, or nothing at all."""
    assert not is_expected_answer(answer, expected)


@pytest.mark.parametrize("expected", [None, "", "  ", [], [""], {"a": 1}, [["a"]], [None], 10**1_000])
def test_nothing_is_expected(expected: Any) -> None:
    """A test that expects nothing, or no text, is not run: an empty answer must not pass by accident."""
    assert not can_be_compared(expected)
    assert can_be_compared("a")
    assert can_be_compared([1, "b"])
