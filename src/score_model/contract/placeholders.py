"""Placeholders for what differs from agent to agent (export contract, section 3).

They stand in task texts, expected values and recorded actions; before those are used, the agent's own values take
their place.
"""

import re
from typing import Any, TypeVar

import msgspec

from score_model.contract.actions import Action, UnknownAction, selector_fields
from score_model.contract.selectors import UnknownSelector

AGENT_ID = "<web_agent_id>"

_MEANINGS = {AGENT_ID: "{id}", "<your_book_id>": "{id}"}
"""What each placeholder stands for; `{id}` is the agent's id."""

_KNOWN = re.compile("|".join(map(re.escape, _MEANINGS)))
_ANY = re.compile(
    r"<[A-Za-z][\w -]{0,40}>|\{\{?\s?[A-Za-z][\w .-]{0,40}\s?\}?\}|web_agent_id(?<!\wweb_agent_id)\b|\$\{\w{1,40}\}"
)
_FILLED = ("url", "text", "value")
T = TypeVar("T")


def fill_placeholders(value: T, agent_id: str) -> T:
    """Return a JSON value with the values of the agent `agent_id` (such as "77") for every placeholder.

    Texts are filled inside lists and objects too, but not the names of an object's fields.
    """
    filled: Any = value
    if isinstance(value, str):
        filled = _KNOWN.sub(lambda placeholder: _MEANINGS[placeholder[0]].format(id=agent_id), value)
    elif isinstance(value, list):
        filled = [fill_placeholders(item, agent_id) for item in value]
    elif isinstance(value, dict):
        filled = {key: fill_placeholders(item, agent_id) for key, item in value.items()}
    return filled  # type: ignore[no-any-return]


def fill_action(action: Action, agent_id: str) -> Action:
    """Return the action with its url, text and value filled, and the values of its selectors."""
    if isinstance(action, UnknownAction):
        return action
    changed: dict[str, Any] = {}
    for name in _FILLED:
        value = getattr(action, name, None)
        if isinstance(value, str):
            changed[name] = fill_placeholders(value, agent_id)
    for name in selector_fields(type(action)):
        selector = getattr(action, name)
        if selector is not None and not isinstance(selector, UnknownSelector):
            changed[name] = msgspec.structs.replace(selector, value=fill_placeholders(selector.value, agent_id))
    return msgspec.structs.replace(action, **changed) if changed else action


def split_at_placeholders(text: str) -> list[str]:
    """Return the pieces of a text around what looks like a placeholder, known or not.

    As such count `<web_agent_id>`, `{{name}}`, `{name}`, `${id}` and a bare `web_agent_id`.
    """
    return _ANY.split(text)
