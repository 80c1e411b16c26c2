"""Digests of what an agent did: equal digests mean equal, or nearly equal, work."""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from hashlib import blake2b
from typing import Any
from urllib.parse import urlsplit

import msgspec

from score_model.contract import Action, parse_action
from score_model.contract.actions import UnknownAction, selector_fields
from score_model.contract.selectors import AttributeSelector, CssSelector, TextSelector, UnknownSelector, XPathSelector
from score_model.dataset._split import framed

_VALUES = re.compile(r"'[^']*+'|\"[^\"]*+\"|\d++")
_MARK = "§"


class ActionFacts(msgspec.Struct, frozen=True, gc=False):
    """What the audit needs of one action: its mask and itself, both framed as parts of a digest, and unknown names.

    `known` says that the contract knows the action's type and all of its fields.
    """

    mask: bytes
    exact: bytes
    known: bool
    unknown_type: str | None
    unknown_fields: tuple[str, ...]


@lru_cache(maxsize=32768)
def action_facts(raw: bytes) -> ActionFacts:
    """The facts of one action's JSON bytes. Never raises; many actions repeat, so the answers are kept."""
    exact = framed(raw)
    try:
        recorded = msgspec.json.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return ActionFacts(exact, exact, False, "(unreadable)", ())
    action = parse_action(recorded)
    if isinstance(action, UnknownAction):
        return ActionFacts(framed(f"unknown {action.name}"), exact, False, action.name or "(no type)", ())
    kind = str(action.__struct_config__.tag)
    mask = " ".join((kind, *_field_masks(action)))
    unknown = tuple(_unknown_names(kind, action))
    return ActionFacts(framed(mask), exact, not unknown, None, unknown)


def _unknown_names(kind: str, action: Action) -> Iterable[str]:
    yield from (f"{kind}.{name}" for name in action.extra)
    for field in selector_fields(type(action)):
        selector = getattr(action, field)
        if isinstance(selector, UnknownSelector):
            yield f"{kind}.{field} of an unknown type"
        elif selector is not None:
            yield from (f"{kind}.{field}.{name}" for name in selector.extra)


def mask_actions(actions: Sequence[bytes | msgspec.Raw]) -> bytes:
    """A 16-byte digest of the masked action sequence: kinds, selectors and paths stay, values go."""
    return blake2b(b"".join([action_facts(bytes(action)).mask for action in actions]), digest_size=16).digest()


def _field_masks(action: Action) -> Iterable[str]:
    for name in action.__struct_fields__:
        value = getattr(action, name)
        if name == "extra" or value is None or value is False:
            continue
        if name == action.spec.url:
            yield f"url={_masked_url(value)}"
        elif name in action.spec.texts:
            yield name
        elif isinstance(value, msgspec.Struct):
            yield f"{name}={_masked_selector(value)}"
        elif isinstance(value, str):
            yield f"{name}={_masked(value)}"
        else:
            yield name


def _masked_selector(selector: Any) -> str:
    match selector:
        case AttributeSelector():
            return f"{selector.attribute}:{_masked(selector.value)}"
        case CssSelector() | TextSelector() | XPathSelector():
            return f"{selector.__struct_config__.tag}:{_masked(selector.value)}"
        case UnknownSelector():
            return "unknown"
    raise TypeError(f"not a selector: {type(selector).__name__}")


def _masked(value: str) -> str:
    return _VALUES.sub(_MARK, value).casefold()


def _masked_url(url: str) -> str:
    """The path alone: host, port and the query with its seed are the site's business."""
    try:
        return _masked(urlsplit(url).path)
    except ValueError:
        return _masked(url)
