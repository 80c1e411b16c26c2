"""Every spelling of a selector."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from score_model.contract.selectors import (
    AttributeSelector,
    CssSelector,
    Selector,
    TextSelector,
    UnknownSelector,
    XPathSelector,
    parse_selector,
)


@pytest.mark.parametrize(
    ("raw", "selector"),
    [
        ({"type": "attributeValueSelector", "attribute": "id", "value": "buy"}, AttributeSelector("id", "buy")),
        ({"type": "attributeValueSelector", "attribute": "ID", "value": "#buy"}, AttributeSelector("id", "#buy")),
        ({"type": "attributeValueSelector", "attribute": "data-Id", "value": 7}, AttributeSelector("data-Id", "7")),
        ({"type": "attributeValueSelector", "attribute": "custom", "value": "a > b"}, CssSelector("a > b")),
        (
            {"type": "attribute_value_selector", "attribute": "href", "value": "/x", "case_sensitive": True},
            AttributeSelector("href", "/x", case_sensitive=True),
        ),
        ({"type": "tagContainsSelector", "value": "Director's cut"}, TextSelector("Director's cut")),
        ({"type": "TagContainsSelector", "value": "é", "case_sensitive": True}, TextSelector("é", case_sensitive=True)),
        ({"type": "xpathSelector", "value": "//a"}, XPathSelector("//a")),
        ({"type": "xpathSelector", "value": "(//a)[1]"}, XPathSelector("(//a)[1]")),
        ({"type": "xpathSelector", "value": "button[1]", "case_sensitive": False}, XPathSelector("//button[1]")),
        ("#buy", CssSelector("#buy")),
        ("//a", XPathSelector("//a")),
    ],
)
def test_each_spelling(raw: Any, selector: Selector) -> None:
    """Documented and seen spellings, with nothing left over."""
    assert parse_selector(raw) == selector


@pytest.mark.parametrize(
    "raw",
    [None, "", 5, [], {}, {"type": "x", "value": "y"}, {"type": "xpathSelector"},
     {"type": "xpathSelector", "value": None}, {"value": True, "type": "xpathSelector"},
     {"type": "attributeValueSelector", "value": "x"}, {"type": 1, "value": "x"}],
)  # fmt: skip
def test_what_is_not_understood_is_kept(raw: Any) -> None:
    """As received."""
    assert parse_selector(raw) == UnknownSelector(raw)


def test_unknown_fields_are_kept() -> None:
    """A field without a place is in `extra`; a null is not."""
    raw = {"type": "xpathSelector", "value": "//a", "frame": 2, "attribute": None, "case_sensitive": True}
    assert parse_selector(raw) == XPathSelector("//a", {"frame": 2, "case_sensitive": True})
    odd = {"type": "tagContainsSelector", "value": "a", "attribute": "id", "case_sensitive": "yes"}
    assert parse_selector(odd) == TextSelector(
        "a", case_sensitive=False, extra={"attribute": "id", "case_sensitive": "yes"}
    )


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)
KINDS = st.sampled_from(["attributeValueSelector", "tagContainsSelector", "xpathSelector", "other"])


@given(JSON)
def test_nothing_raises(raw: Any) -> None:
    """Whatever was recorded gives a selector."""
    parse_selector(raw)


@given(
    KINDS,
    st.dictionaries(st.sampled_from(["value", "attribute", "case_sensitive", "frame"]) | st.text(max_size=5), JSON),
)
def test_no_field_is_lost(kind: str, fields: dict[str, Any]) -> None:
    """Every recorded value that is not null is in a field, in `extra`, or in `raw`."""
    raw = fields | {"type": kind}
    selector = parse_selector(raw)
    if isinstance(selector, UnknownSelector):
        assert selector.raw == raw
        return
    for name, value in fields.items():
        if name == "type" or value is None or (name == "case_sensitive" and value is False):
            continue
        in_css = isinstance(selector, CssSelector) and name == "attribute"  # `custom`
        assert name in selector.extra or getattr(selector, name, None) is not None or in_css
