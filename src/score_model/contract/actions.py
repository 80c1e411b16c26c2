"""Actions: every browser action that the evaluator knows (contract section 3), one class each.

A class is all that the rest of the package knows of an action type: its fields, and in `spec` how it is recorded and
what other rooms ask of it. Only what it does in a browser is elsewhere: one performer in `replay/_actions/`.

Each action keeps what it was given: `extra` holds the recorded fields that it has no place for, under their recorded
names, and an action of a type that we don't know is an UnknownAction with everything in it.
"""

from collections.abc import Mapping
from functools import cache
from typing import Any, ClassVar, Literal

import msgspec

from score_model.contract.selectors import Selector

Family = Literal["clicks", "types", "selects", "navigations", "keys", "waits", "scrolls", "reads", "others"]
"""The kinds of actions that features count, in the order of their columns."""


class ActionSpec(msgspec.Struct, frozen=True, kw_only=True):
    """How an action type is recorded, and what its fields mean.

    `spellings` are the recorded type names, in lower case and without separators and the ending `action`; no two types
    share one. `renamed` leads from recorded names of fields to ours. `family` is the column that counts it.

    `words` is the field that says what it is about, and `enters` whether that is a value which it enters into the page.
    `texts` are the fields of the agent's own wording, which near-copies of an answer do not share. `url` is the field
    of the address that it goes to. Fields of the type `Selector | None` are its elements.
    """

    spellings: tuple[str, ...] = ()
    renamed: Mapping[str, str] = {}
    family: Family = "others"
    words: str | None = None
    enters: bool = False
    texts: tuple[str, ...] = ()
    url: str | None = None


class Action(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", tag=str.lower):
    """Base of all actions; `extra` has the recorded fields that the action has no place for."""

    spec: ClassVar[ActionSpec]

    extra: dict[str, Any] = {}

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        if "spec" in cls.__dict__:
            _register(cls)

    @classmethod
    def resolve(cls, attributes: Mapping[str, Any]) -> "type[Action]":
        """Return the type that is meant by these attributes of an action recorded as this one: by default this."""
        return cls

    @property
    def destination(self) -> str | None:
        """The URL that it goes to, if any."""
        return None if self.spec.url is None else getattr(self, self.spec.url)


_TYPES: list[type[Action]] = []
_SPELLINGS: dict[str, type[Action]] = {}


def _register(kind: type[Action]) -> None:
    """Make the type known under its spellings. Raises TypeError for one that another type has."""
    taken = [name for name in kind.spec.spellings if name in _SPELLINGS]
    if taken:
        raise TypeError(f"{kind.__name__}: {taken[0]!r} is a spelling of {_SPELLINGS[taken[0]].__name__}")
    _TYPES.append(kind)
    _SPELLINGS.update(dict.fromkeys(kind.spec.spellings, kind))


def action_types() -> tuple[type[Action], ...]:
    """Return all types of actions, UnknownAction among them."""
    return tuple(_TYPES)


def type_of_spelling(name: str) -> type[Action] | None:
    """Return the type recorded under this name, written as in `ActionSpec.spellings`; None for one that none has."""
    return _SPELLINGS.get(name)


@cache
def selector_fields(kind: type[Action]) -> tuple[str, ...]:
    """Return the fields of a type that name elements."""
    return tuple(field.name for field in msgspec.structs.fields(kind) if field.type == Selector | None)


class PointerAction(Action, frozen=True):
    """An act of the mouse, on an element or at page coordinates in CSS px."""

    selector: Selector | None = None
    x: float | None = None
    y: float | None = None


class Click(PointerAction, frozen=True, tag="click"):
    """Click."""

    spec = ActionSpec(spellings=("click", "leftclick"), family="clicks")


class DoubleClick(PointerAction, frozen=True, tag="double_click"):
    """Double click."""

    spec = ActionSpec(spellings=("doubleclick", "dblclick"), family="clicks")


class RightClick(PointerAction, frozen=True, tag="right_click"):
    """Click with the right button."""

    spec = ActionSpec(spellings=("rightclick", "contextclick"), family="clicks")


class MiddleClick(PointerAction, frozen=True, tag="middle_click"):
    """Click with the middle button."""

    spec = ActionSpec(spellings=("middleclick",), family="clicks")


class TripleClick(PointerAction, frozen=True, tag="triple_click"):
    """Triple click."""

    spec = ActionSpec(spellings=("tripleclick",), family="clicks")


class MouseDown(PointerAction, frozen=True, tag="mouse_down"):
    """Press the left button and hold it."""

    spec = ActionSpec(spellings=("mousedown", "leftmousedown"))


class MouseUp(PointerAction, frozen=True, tag="mouse_up"):
    """Release the left button."""

    spec = ActionSpec(spellings=("mouseup", "leftmouseup"))


class MouseMove(PointerAction, frozen=True, tag="mouse_move"):
    """Move the pointer in `steps` moves."""

    spec = ActionSpec(spellings=("mousemove",))

    steps: int | None = None


class Hover(PointerAction, frozen=True, tag="hover"):
    """Move the pointer over an element."""

    spec = ActionSpec(spellings=("hover",))


class Navigate(Action, frozen=True, tag="navigate"):
    """Go to `url`, or through history: exactly one of the three."""

    spec = ActionSpec(spellings=("navigate", "goto"), family="navigations", url="url")

    url: str | None = None
    go_back: bool = False
    go_forward: bool = False


class GoBack(Action, frozen=True, tag="go_back"):
    """One step back in history."""

    spec = ActionSpec(spellings=("goback",), family="navigations")


class Search(Action, frozen=True, tag="search"):
    """Search the web for `query`."""

    spec = ActionSpec(spellings=("search",), family="navigations", words="query", enters=True, texts=("query",))

    query: str | None = None


class Type(Action, frozen=True, tag="type"):
    """Fill a field: clear it, then set the text (recorded as `type` with `text` or `value`, or `input` with `text`)."""

    spec = ActionSpec(
        spellings=("type", "input", "typetext", "fill"),
        renamed={"value": "text"},
        family="types",
        words="text",
        enters=True,
        texts=("text",),
    )

    text: str | None = None
    selector: Selector | None = None

    @classmethod
    def resolve(cls, attributes: Mapping[str, Any]) -> type[Action]:
        """Return SendKeys for an `input` that has keys and no text."""
        keys_alone = attributes.get("text") is None and attributes.get("keys") is not None
        return SendKeys if keys_alone else cls


class SendKeys(Action, frozen=True, tag="send_keys"):
    """Press a key or a chord such as `Control+A` (also recorded as `input` with `keys`)."""

    spec = ActionSpec(
        spellings=("sendkeys", "sendkeysiwa", "presskey"),
        renamed={"key": "keys", "text": "keys"},
        family="keys",
        words="keys",
        texts=("keys",),
    )

    keys: str | None = None
    selector: Selector | None = None


class HoldKey(Action, frozen=True, tag="hold_key"):
    """Hold a key for `duration_ms` milliseconds, or until a later action with `release`."""

    spec = ActionSpec(spellings=("holdkey",), family="keys", words="key")

    key: str | None = None
    duration_ms: float | None = None
    release: bool = False


class Select(Action, frozen=True, tag="select"):
    """Choose the option whose value is `value`."""

    spec = ActionSpec(
        spellings=("select",),
        renamed={"text": "value"},
        family="selects",
        words="value",
        enters=True,
        texts=("value",),
    )

    value: str | None = None
    selector: Selector | None = None


class SelectOption(Action, frozen=True, tag="select_option"):
    """Choose an option by visible label, then by value, then by label substring, case-insensitively."""

    spec = ActionSpec(
        spellings=("selectdropdownoption",),
        renamed={"value": "text"},
        family="selects",
        words="text",
        enters=True,
        texts=("text",),
    )

    text: str | None = None
    selector: Selector | None = None
    timeout_ms: float | None = None


class GetOptions(Action, frozen=True, tag="get_options"):
    """Read a drop-down's options."""

    spec = ActionSpec(spellings=("getdropdownoptions",), family="reads")

    selector: Selector | None = None


class Wait(Action, frozen=True, tag="wait"):
    """Pause for `time_seconds`, or wait until the selector is visible for at most `timeout_seconds`."""

    spec = ActionSpec(spellings=("wait",), family="waits")

    time_seconds: float | None = None
    timeout_seconds: float | None = None
    selector: Selector | None = None


class Scroll(Action, frozen=True, tag="scroll"):
    """Scroll by `value` px, by one viewport without it, or to `top`, `bottom` or a text."""

    spec = ActionSpec(spellings=("scroll",), family="scrolls", texts=("value",))

    up: bool = False
    down: bool = False
    left: bool = False
    right: bool = False
    value: float | str | None = None


class Submit(Action, frozen=True, tag="submit"):
    """Press Enter in a field."""

    spec = ActionSpec(spellings=("submit",), family="keys")

    selector: Selector | None = None


class Assert(Action, frozen=True, tag="assert"):
    """Check that a text is in the page."""

    spec = ActionSpec(
        spellings=("assert",), renamed={"text_to_assert": "text"}, family="reads", words="text", texts=("text",)
    )

    text: str | None = None


class DragAndDrop(Action, frozen=True, tag="drag_and_drop"):
    """Drag from one CSS selector to another."""

    spec = ActionSpec(
        spellings=("draganddrop",),
        renamed={
            "source_selector": "source",
            "sourceSelector": "source",
            "target_selector": "target",
            "targetSelector": "target",
        },
    )

    source: str | None = None
    target: str | None = None


class LeftClickDrag(PointerAction, frozen=True, tag="left_click_drag"):
    """Drag from a selector or point to a target selector or point, in `steps` moves."""

    spec = ActionSpec(
        spellings=("leftclickdrag",),
        renamed={"targetSelector": "target_selector", "targetX": "target_x", "targetY": "target_y"},
    )

    target_selector: Selector | None = None
    target_x: float | None = None
    target_y: float | None = None
    steps: int | None = None


class Screenshot(Action, frozen=True, tag="screenshot"):
    """Take a screenshot."""

    spec = ActionSpec(spellings=("screenshot",), family="reads")


class Extract(Action, frozen=True, tag="extract"):
    """Read something off the page."""

    spec = ActionSpec(spellings=("extract",), family="reads", words="query", texts=("query",))

    query: str | None = None


class RequestUserInput(Action, frozen=True, tag="request_user_input"):
    """Ask the user."""

    spec = ActionSpec(spellings=("requestuserinput",), family="reads", texts=("prompt",))

    prompt: str | None = None


class Done(Action, frozen=True, tag="done"):
    """The agent says that it has finished."""

    spec = ActionSpec(spellings=("done", "finish"))


class Idle(Action, frozen=True, tag="idle"):
    """Do nothing."""

    spec = ActionSpec(spellings=("idle",))


class Undefined(Action, frozen=True, tag="undefined"):
    """Recorded as undefined: a no-op."""

    spec = ActionSpec(spellings=("undefined",))


class UnknownAction(Action, frozen=True, tag="unknown"):
    """An action of a type that we don't know (or that has none): `name` as recorded, `raw` as received."""

    spec = ActionSpec(words="name")

    name: str
    raw: Any
