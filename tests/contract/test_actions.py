"""Every spelling of every action."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from score_model.contract import actions as a
from score_model.contract import parse_action, parse_actions
from score_model.contract.actions import UnknownAction
from score_model.contract.selectors import AttributeSelector, CssSelector, UnknownSelector, XPathSelector

SELECTOR = {"type": "attributeValueSelector", "attribute": "id", "value": "buy", "case_sensitive": False}
BUY = AttributeSelector("id", "buy")

# Recorded type, recorded attributes, the action they mean.
VOCABULARY: list[tuple[str, dict[str, Any], a.Action]] = [
    ("click", {"selector": SELECTOR}, a.Click(selector=BUY)),
    ("click", {"x": 3, "y": 4.5}, a.Click(x=3.0, y=4.5)),
    ("double_click", {"selector": SELECTOR}, a.DoubleClick(selector=BUY)),
    ("right_click", {"selector": SELECTOR}, a.RightClick(selector=BUY)),
    ("middle_click", {"selector": SELECTOR}, a.MiddleClick(selector=BUY)),
    ("triple_click", {"selector": SELECTOR}, a.TripleClick(selector=BUY)),
    ("mouse_down", {"x": 1, "y": 2}, a.MouseDown(x=1.0, y=2.0)),
    ("mouse_up", {"x": 1, "y": 2}, a.MouseUp(x=1.0, y=2.0)),
    ("mouse_move", {"x": 1, "y": 2, "steps": 5}, a.MouseMove(x=1.0, y=2.0, steps=5)),
    ("hover", {"selector": SELECTOR}, a.Hover(selector=BUY)),
    ("navigate", {"url": "http://localhost:8000/", "go_back": False}, a.Navigate(url="http://localhost:8000/")),
    ("navigate", {"url": None, "go_back": True, "go_forward": False}, a.Navigate(go_back=True)),
    ("navigate", {"go_forward": True}, a.Navigate(go_forward=True)),
    ("go_back", {}, a.GoBack()),
    ("search", {"query": "films"}, a.Search(query="films")),
    ("type", {"text": "x", "selector": SELECTOR}, a.Type(text="x", selector=BUY)),
    ("type", {"value": "x", "selector": SELECTOR}, a.Type(text="x", selector=BUY)),
    ("input", {"text": "x", "selector": SELECTOR}, a.Type(text="x", selector=BUY)),
    ("input", {"text": "", "selector": SELECTOR}, a.Type(text="", selector=BUY)),
    ("input", {"keys": "Control+A"}, a.SendKeys(keys="Control+A")),
    ("send_keys", {"keys": "Enter"}, a.SendKeys(keys="Enter")),
    ("hold_key", {"key": "Shift", "duration_ms": 200, "release": True},
     a.HoldKey(key="Shift", duration_ms=200.0, release=True)),
    ("select", {"value": "de", "selector": SELECTOR}, a.Select(value="de", selector=BUY)),
    (
        "selectdropdownoption",
        {"text": "Germany", "selector": SELECTOR, "timeout_ms": 500},
        a.SelectOption(text="Germany", selector=BUY, timeout_ms=500.0),
    ),
    ("get_dropdown_options", {"selector": SELECTOR}, a.GetOptions(selector=BUY)),
    ("wait", {"time_seconds": 1, "timeout_seconds": 5.0}, a.Wait(time_seconds=1.0, timeout_seconds=5.0)),
    ("wait", {"selector": SELECTOR}, a.Wait(selector=BUY)),
    ("scroll", {"down": True, "value": 400}, a.Scroll(down=True, value=400.0)),
    ("scroll", {"up": True, "value": "top"}, a.Scroll(up=True, value="top")),
    ("submit", {"selector": SELECTOR}, a.Submit(selector=BUY)),
    ("assert", {"text_to_assert": "done"}, a.Assert(text="done")),
    ("drag_and_drop", {"source_selector": "#a", "target_selector": "#b"}, a.DragAndDrop(source="#a", target="#b")),
    ("drag_and_drop", {"sourceSelector": "#a", "targetSelector": "#b"}, a.DragAndDrop(source="#a", target="#b")),
    (
        "left_click_drag",
        {"selector": SELECTOR, "target_selector": "#b", "steps": 3},
        a.LeftClickDrag(selector=BUY, target_selector=CssSelector("#b"), steps=3),
    ),
    ("left_click_drag", {"x": 1, "y": 2, "targetX": 3, "targetY": 4},
     a.LeftClickDrag(x=1.0, y=2.0, target_x=3.0, target_y=4.0)),
    ("screenshot", {}, a.Screenshot()),
    ("extract", {"query": "price"}, a.Extract(query="price")),
    ("request_user_input", {"prompt": "?"}, a.RequestUserInput(prompt="?")),
    ("done", {}, a.Done()),
    ("idle", {}, a.Idle()),
    ("undefined", {}, a.Undefined()),
]  # fmt: skip


def spellings(name: str, attributes: dict[str, Any]) -> list[dict[str, Any]]:
    """One action in every spelling that is documented or was seen."""
    camel = "".join(part.capitalize() for part in name.split("_"))
    return [
        {"type": name, "attributes": attributes},
        {"type": camel + "Action", **attributes},
        {"type": name.upper(), "attributes": attributes},
        {"action": {"type": name, **attributes}},
        {"action": {"type": name}, **attributes},
        {"name": f"browser.{name}", "arguments": attributes},
        {"function": {"name": name, "arguments": json.dumps(attributes)}},
        {"type": "function", "function": {"name": name, "arguments": attributes}},
        {"action": name, **attributes},
    ]


@pytest.mark.parametrize(("name", "attributes", "action"), VOCABULARY)
def test_every_spelling_means_the_same(name: str, attributes: dict[str, Any], action: a.Action) -> None:
    """The whole vocabulary under every spelling, with nothing left over."""
    assert parse_actions(spellings(name, attributes)) == [action] * 9


def test_the_vocabulary_is_whole() -> None:
    """Every action of the union is met above."""
    assert {type(action) for *_, action in VOCABULARY} | {UnknownAction} == set(a.action_types())


@pytest.mark.parametrize(
    "raw", [{"type": "teleport", "x": 1}, {}, {"type": 5}, None, "click", 7, ["click"], {"action": None}]
)
def test_what_is_no_action_is_kept_whole(raw: Any) -> None:
    """An unknown type, or none, gives an UnknownAction with everything in it."""
    action = parse_action(raw)
    assert isinstance(action, UnknownAction)
    assert action.raw == raw


def test_unknown_fields_stay_under_their_names() -> None:
    """A field that the action has no place for, or of a wrong type, is in `extra`."""
    raw = {"type": "click", "id": 9, "attributes": {"force": True, "x": "left", "y": "7", "selector": {}}}
    assert parse_action(raw) == a.Click(y=7.0, extra={"id": 9, "force": True, "x": "left", "selector": {}})


@pytest.mark.parametrize("value", ["\ud800", "1\ud800", "nan?", [], {}, "\0"])
def test_a_value_that_fits_no_field_is_kept(value: Any) -> None:
    """Whatever stands where a number, a flag or a whole number is due, it stays in `extra` and nothing raises."""
    attributes = {"x": value, "steps": value}
    assert parse_action({"type": "mouse_move", "attributes": attributes}).extra == attributes
    assert parse_action({"type": "navigate", "go_back": value}).extra == {"go_back": value}
    assert parse_action({"type": "hold_key", "duration_ms": value}).extra == {"duration_ms": value}


def test_our_own_name_of_a_field_comes_first() -> None:
    """With `text` and `value` both there, `text` is the text, whatever their order."""
    for raw in ({"type": "type", "value": "b", "text": "a"}, {"type": "type", "text": "a", "value": "b"}):
        assert parse_action(raw) == a.Type(text="a", extra={"value": "b"})


def test_a_selector_given_twice_keeps_both() -> None:
    """The inner one wins, an outer one that differs is kept, an equal one says nothing new."""
    raw = {"action": {"type": "click", "selector": "#a"}, "selector": "#b"}
    assert parse_action(raw) == a.Click(selector=CssSelector("#a"), extra={"outer.selector": "#b"})
    assert parse_action(raw | {"selector": "#a"}) == a.Click(selector=CssSelector("#a"))


@pytest.mark.parametrize("arguments", ["{", "[1]", "\ud800", 5, [1]])
def test_arguments_that_are_no_object_are_kept(arguments: Any) -> None:
    """JSON text that does not parse, or is no object, stays as it is."""
    assert parse_action({"name": "click", "arguments": arguments}) == a.Click(extra={"arguments": arguments})


def test_a_selector_that_is_not_understood_stays_an_unknown_selector() -> None:
    """The click is a click, its selector is kept."""
    action = parse_action({"type": "click", "selector": {"type": "smellSelector", "value": "rose"}})
    assert action == a.Click(selector=UnknownSelector({"type": "smellSelector", "value": "rose"}))
    assert parse_action({"type": "click", "selector": "//a"}) == a.Click(selector=XPathSelector("//a"))


def test_deep_nesting_is_no_recursion() -> None:
    """A hostile tower of envelopes is an unknown action."""
    raw: Any = {"type": "click"}
    for _ in range(5000):
        raw = {"action": raw}
    assert isinstance(parse_action(raw), UnknownAction)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)
NAMES = st.sampled_from([name for name, _, _ in VOCABULARY])
FIELDS = st.sampled_from(
    ["type", "name", "action", "function", "attributes", "arguments", "selector", "text", "x", "extra", "kind"]
)


@given(JSON | st.dictionaries(FIELDS, JSON, max_size=4))
def test_nothing_raises(raw: Any) -> None:
    """Whatever was recorded gives an action."""
    parse_action(raw)


@given(NAMES, st.dictionaries(st.text(min_size=1, max_size=8) | FIELDS, JSON, max_size=5))
def test_no_field_is_lost(name: str, attributes: dict[str, Any]) -> None:
    """Every value that was recorded and is not null is in the action, in a field or in `extra`."""
    action = parse_action({"type": name, "attributes": attributes})
    for field, value in attributes.items():
        if value is None:
            continue
        placed = field in action.extra or getattr(action, field, None) is not None
        renamed = any(getattr(action, other, None) is not None for other in ("text", "keys", "value"))
        assert placed or renamed, field


def test_what_types_say_of_themselves_holds() -> None:
    """Every field that a type's record names is one of its fields; what is renamed has a field to go to."""
    for kind in a.action_types():
        spec, fields = kind.spec, set(kind.__struct_fields__)
        named = {*spec.texts, *spec.renamed.values(), *(name for name in (spec.words, spec.url) if name is not None)}
        assert named <= fields - {"extra"}, kind.__name__
        assert spec.spellings or kind is UnknownAction
        assert all(name == name.lower() and name.isalnum() for name in spec.spellings), kind.__name__


def test_a_spelling_means_one_type() -> None:
    """A second type with the same spelling is refused where it is defined, and leaves the first as it was."""
    with pytest.raises(TypeError, match="'goto' is a spelling of Navigate"):

        class Teleport(a.Action, frozen=True, tag="teleport"):
            spec = a.ActionSpec(spellings=("teleport", "goto"))

    assert isinstance(parse_action({"type": "goto", "url": "/"}), a.Navigate)
    assert isinstance(parse_action({"type": "teleport"}), UnknownAction)
