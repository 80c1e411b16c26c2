"""Texts and payloads that were made to hurt."""

import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from score_model.constraints import match_data, match_texts, parse_intent, placeholders_left
from score_model.fields import same_value

_PATIENCE = 10.0  # seconds of processor time, far above what any of these takes

_TEXTS = {
    "quotes": "'" * 60_000,
    "opening quotes": "' a" * 20_000,
    "nested quotes": "'x 'y " * 10_000,
    "brackets": "[" * 60_000,
    "bracketed quotes": "['" * 30_000,
    "digits": "1" * 60_000,
    "lists": "1 or " * 12_000,
    "placeholders": "a<" * 30_000,
    "addresses": "a" * 60_000 + "@",
    "copulas": "is " * 20_000,
    "determiners": "the " * 20_000 + "'x'",
    "values": "not 'a' and " * 6_000,
    "sums": "5+ " * 20_000,
}


@pytest.mark.parametrize("name", sorted(_TEXTS))
def test_long_texts_are_cut_and_cheap(name: str) -> None:
    """Parsing takes linear time and gives a bounded number of constraints."""
    started = time.process_time()
    intent = parse_intent(_TEXTS[name])
    assert time.process_time() - started < _PATIENCE
    assert len(intent.constraints) + len(intent.login) <= 100
    assert intent.text == _TEXTS[name]


@pytest.mark.parametrize(
    "data",
    [
        {f"name{number}": number for number in range(4_900)},
        {"name": ["x" * 100] * 4_900},
        {"name": "x" * 5_000_000},
        [{"name": "x"}] * 2_000,
    ],
    ids=["wide", "long list", "long text", "objects"],
)
def test_large_payloads_are_bounded(data: Any) -> None:
    """Matching a large payload takes bounded time."""
    intent = parse_intent("a film whose name is 'x' and whose year is 5 and whose id is 'a<b><c><d><e><f>z'")
    started = time.process_time()
    match = match_data(intent, data)
    assert time.process_time() - started < _PATIENCE
    assert len(match.satisfied) + len(match.violated) + len(match.missing) == 3


def test_many_texts_are_bounded() -> None:
    """Of many long texts only so many characters are read."""
    started = time.process_time()
    match_texts(parse_intent("whose name is not 'a' and " * 100), ["abc 1 " * 500] * 20_000)
    assert time.process_time() - started < _PATIENCE


@settings(max_examples=150, deadline=None)
@given(
    text=st.text(alphabet="'\"[]<>{}@:.,0123456789-+$ abis notequalcontain\n’“”", max_size=120),
    seen=st.text(max_size=30),
)
def test_nothing_raises(text: str, seen: str) -> None:
    """Any text is parsed and matched without an exception."""
    intent = parse_intent(text)
    for constraint in (*intent.constraints, *intent.login):
        start, end = constraint.span
        assert 0 <= start <= end <= len(text)
    match_data(intent, {"name": seen, "list": [seen, {"name": text}]})
    match_texts(intent, [seen, text])
    same_value(text, seen)
    assert placeholders_left(text) >= 0
