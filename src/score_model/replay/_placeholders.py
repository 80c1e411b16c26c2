"""The agent's id in place of the placeholders in recorded actions (export contract, section 3)."""

import re
from typing import Any

import msgspec

from score_model.contract import Action, UnknownAction, UnknownSelector
from score_model.contract.actions import selector_fields

_PLACEHOLDER = re.compile("<web_agent_id>|<your_book_id>")
_FILLED = ("url", "text", "value")


def fill_action(action: Action, agent_uid: str) -> Action:
    """The action with `agent_uid` for every placeholder in its url, text and value, and in its selectors' values."""
    if isinstance(action, UnknownAction):
        return action
    changed: dict[str, Any] = {}
    for name in _FILLED:
        value = getattr(action, name, None)
        if isinstance(value, str):
            changed[name] = fill(value, agent_uid)
    for name in selector_fields(type(action)):
        selector = getattr(action, name)
        if selector is not None and not isinstance(selector, UnknownSelector):
            changed[name] = msgspec.structs.replace(selector, value=fill(selector.value, agent_uid))
    return msgspec.structs.replace(action, **changed) if changed else action


def fill(text: str, agent_uid: str) -> str:
    """The text with `agent_uid` for every placeholder."""
    return _PLACEHOLDER.sub(lambda _: agent_uid, text)
