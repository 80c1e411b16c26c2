"""Placeholders: one table of what they stand for, wherever they are met."""

from typing import Any

import pytest

from score_model.contract import actions as a
from score_model.contract import parse_action
from score_model.contract.placeholders import AGENT_ID, fill_action, fill_placeholders, split_at_placeholders
from score_model.contract.selectors import AttributeSelector


@pytest.mark.parametrize(
    ("value", "filled"),
    [
        ("user<web_agent_id>", "user77"),
        ("<your_book_id>/<web_agent_id>", "77/77"),
        ("<WEB_AGENT_ID> <other> web_agent_id", "<WEB_AGENT_ID> <other> web_agent_id"),
        ({"<web_agent_id>": ["<web_agent_id>", 1, None]}, {"<web_agent_id>": ["77", 1, None]}),
        (7, 7),
        (None, None),
    ],
)
def test_a_json_value_is_filled(value: Any, filled: Any) -> None:
    """Texts at any depth are filled; names of fields, other values and unknown placeholders stay."""
    assert fill_placeholders(value, "77") == filled


def test_the_agent_s_id_is_no_pattern() -> None:
    """Whatever an id looks like, it is inserted as it is, and once."""
    for agent_id in (r"\1", "{id}", "<your_book_id>", AGENT_ID):
        assert fill_placeholders(f"a{AGENT_ID}b", agent_id) == f"a{agent_id}b"


def test_an_action_is_filled_where_it_says_something() -> None:
    """Url, text, value and the selectors' values are filled; what is not known is left as it was recorded."""
    selector = {"type": "attributeValueSelector", "attribute": "id", "value": "row-<web_agent_id>"}
    typed = fill_action(parse_action({"type": "input", "text": AGENT_ID, "selector": selector}), "77")
    assert isinstance(typed, a.Type)
    assert (typed.text, typed.selector) == ("77", AttributeSelector("id", "row-77"))
    unknown = parse_action({"type": "noSuchThing", "text": AGENT_ID})
    assert fill_action(unknown, "77") == unknown


def test_what_looks_like_a_placeholder_parts_a_text() -> None:
    """Placeholders of any system are found, also those whose meaning nobody knows."""
    assert split_at_placeholders("a<web_agent_id>b {{name}} ${id} c") == ["a", "b ", " ", " c"]
    assert split_at_placeholders("user77, a < b and {} and 5 <6>") == ["user77, a < b and {} and 5 <6>"]
