"""The one Action union: every browser action that the evaluator knows (contract section 3).

Each action keeps what it was given: `extra` holds the recorded fields that it has no place for, under their recorded
names, and an action of a type that we don't know is an UnknownAction with everything in it.
"""

from typing import Any

import msgspec

from score_model.contract._selectors import Selector


class _Action(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", tag=str.lower):
    """Base of all actions; `extra` has the recorded fields that the action has no place for."""

    extra: dict[str, Any] = {}


class _Pointer(_Action, frozen=True):
    """An act of the mouse, on an element or at page coordinates in CSS px."""

    selector: Selector | None = None
    x: float | None = None
    y: float | None = None


class Click(_Pointer, frozen=True, tag="click"):
    """Click."""


class DoubleClick(_Pointer, frozen=True, tag="double_click"):
    """Double click."""


class RightClick(_Pointer, frozen=True, tag="right_click"):
    """Click with the right button."""


class MiddleClick(_Pointer, frozen=True, tag="middle_click"):
    """Click with the middle button."""


class TripleClick(_Pointer, frozen=True, tag="triple_click"):
    """Triple click."""


class MouseDown(_Pointer, frozen=True, tag="mouse_down"):
    """Press the left button and hold it."""


class MouseUp(_Pointer, frozen=True, tag="mouse_up"):
    """Release the left button."""


class MouseMove(_Pointer, frozen=True, tag="mouse_move"):
    """Move the pointer in `steps` moves."""

    steps: int | None = None


class Hover(_Pointer, frozen=True, tag="hover"):
    """Move the pointer over an element."""


class Navigate(_Action, frozen=True, tag="navigate"):
    """Go to `url`, or through history: exactly one of the three."""

    url: str | None = None
    go_back: bool = False
    go_forward: bool = False


class GoBack(_Action, frozen=True, tag="go_back"):
    """One step back in history."""


class Search(_Action, frozen=True, tag="search"):
    """Search the web for `query`."""

    query: str | None = None


class Type(_Action, frozen=True, tag="type"):
    """Fill a field: clear it, then set the text (recorded as `type` with `text` or `value`, or `input` with `text`)."""

    text: str | None = None
    selector: Selector | None = None


class SendKeys(_Action, frozen=True, tag="send_keys"):
    """Press a key or a chord such as `Control+A` (also recorded as `input` with `keys`)."""

    keys: str | None = None
    selector: Selector | None = None


class HoldKey(_Action, frozen=True, tag="hold_key"):
    """Hold a key for `duration_ms` milliseconds, or until a later action with `release`."""

    key: str | None = None
    duration_ms: float | None = None
    release: bool = False


class Select(_Action, frozen=True, tag="select"):
    """Choose the option whose value is `value`."""

    value: str | None = None
    selector: Selector | None = None


class SelectOption(_Action, frozen=True, tag="select_option"):
    """Choose an option by visible label, then by value, then by label substring, case-insensitively."""

    text: str | None = None
    selector: Selector | None = None
    timeout_ms: float | None = None


class GetOptions(_Action, frozen=True, tag="get_options"):
    """Read a drop-down's options."""

    selector: Selector | None = None


class Wait(_Action, frozen=True, tag="wait"):
    """Pause for `time_seconds`, or wait until the selector is visible for at most `timeout_seconds`."""

    time_seconds: float | None = None
    timeout_seconds: float | None = None
    selector: Selector | None = None


class Scroll(_Action, frozen=True, tag="scroll"):
    """Scroll by `value` px, by one viewport without it, or to `top`, `bottom` or a text."""

    up: bool = False
    down: bool = False
    left: bool = False
    right: bool = False
    value: float | str | None = None


class Submit(_Action, frozen=True, tag="submit"):
    """Press Enter in a field."""

    selector: Selector | None = None


class Assert(_Action, frozen=True, tag="assert"):
    """Check that a text is in the page."""

    text: str | None = None


class DragAndDrop(_Action, frozen=True, tag="drag_and_drop"):
    """Drag from one CSS selector to another."""

    source: str | None = None
    target: str | None = None


class LeftClickDrag(_Pointer, frozen=True, tag="left_click_drag"):
    """Drag from a selector or point to a target selector or point, in `steps` moves."""

    target_selector: Selector | None = None
    target_x: float | None = None
    target_y: float | None = None
    steps: int | None = None


class Screenshot(_Action, frozen=True, tag="screenshot"):
    """Take a screenshot."""


class Extract(_Action, frozen=True, tag="extract"):
    """Read something off the page."""

    query: str | None = None


class RequestUserInput(_Action, frozen=True, tag="request_user_input"):
    """Ask the user."""

    prompt: str | None = None


class Done(_Action, frozen=True, tag="done"):
    """The agent says that it has finished."""


class Idle(_Action, frozen=True, tag="idle"):
    """Do nothing."""


class Undefined(_Action, frozen=True, tag="undefined"):
    """Recorded as undefined: a no-op."""


class UnknownAction(_Action, frozen=True, tag="unknown"):
    """An action of a type that we don't know (or that has none): `name` as recorded, `raw` as received."""

    name: str
    raw: Any


Action = (
    Click | DoubleClick | RightClick | MiddleClick | TripleClick | MouseDown | MouseUp | MouseMove | Hover
    | Navigate | GoBack | Search | Type | SendKeys | HoldKey | Select | SelectOption | GetOptions | Wait | Scroll
    | Submit | Assert | DragAndDrop | LeftClickDrag | Screenshot | Extract | RequestUserInput | Done | Idle
    | Undefined | UnknownAction
)  # fmt: skip
