"""Digests of recorded work."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from score_model.dataset import mask_actions


def work(*actions: Any) -> bytes:
    """The digest of actions given as JSON values."""
    return mask_actions([json.dumps(action).encode() for action in actions])


def click(value: str, **more: Any) -> dict[str, Any]:
    """A recorded click on an XPath."""
    return {"type": "click", "attributes": {"selector": {"type": "xpathSelector", "value": value}, **more}}


def go(url: str) -> dict[str, Any]:
    """A recorded navigation."""
    return {"type": "navigate", "attributes": {"url": url, "go_back": False, "go_forward": False}}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (go("http://localhost:8000/film/9?seed=1"), go("http://localhost:8000/film/17?seed=250")),
        (click("//a[text()='Matrix']"), click("//a[text()='Alien']")),
        (click("//li[3]/a"), click("//li[12]/a")),
        (click("//a"), {"action": "click", "selector": "//a"}),
        ({"type": "type", "text": "a", "selector": "#q"}, {"type": "TypeAction", "text": "bcd", "selector": "#q"}),
        ({"type": "wait", "time_seconds": 1}, {"type": "wait", "time_seconds": 2.5}),
    ],
)
def test_values_and_spellings_do_not_change_work(one: Any, other: Any) -> None:
    """Other values, other seeds and other spellings of an action are the same work."""
    assert work(one) == work(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (go("http://localhost:8000/film/9"), go("http://localhost:8000/book/9")),
        (click("//a"), click("//button")),
        (click("//a"), {"type": "double_click", "attributes": click("//a")["attributes"]}),
        ({"type": "type", "text": "a", "selector": "#q"}, {"type": "type", "selector": "#q"}),
        ({"type": "type", "text": "a", "selector": "#q"}, {"type": "type", "text": "a", "selector": "#p"}),
        ({"type": "teleport"}, {"type": "beam"}),
    ],
)
def test_other_acts_are_other_work(one: Any, other: Any) -> None:
    """The kind of act, its element and the page it goes to are the work."""
    assert work(one) != work(other)


def test_order_and_number_count() -> None:
    """A sequence is not a set."""
    a, b = click("//a"), click("//b")
    assert len({work(), work(a), work(a, b), work(b, a), work(a, a)}) == 5


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text() | st.sampled_from(["type", "selector", "url"]), inner),
    max_leaves=8,
)


@given(JSON)
def test_any_action_has_a_digest(action: Any) -> None:
    """Whatever was recorded, the digest does not raise."""
    assert len(work(action)) == 16


@given(st.binary(max_size=40))
def test_any_bytes_have_a_digest(raw: bytes) -> None:
    """Not even for bytes that are no JSON."""
    assert len(mask_actions([raw])) == 16
