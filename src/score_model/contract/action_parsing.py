"""Every spelling of an action, parsed into its class (contract section 3). Nothing else parses actions."""

from collections.abc import Iterable
from functools import cache
from typing import Any

import msgspec

from score_model.contract import actions as a
from score_model.contract.selectors import Selector, UnknownSelector, parse_selector

_SELECTOR, _TEXT, _NUMBER_OR_TEXT = Selector | None, str | None, float | str | None  # types of fields
_SELECTOR_NAMES = frozenset({"selector", "target_selector"})  # a null there says nothing, whatever the action
_DEEPEST = 8  # envelopes within envelopes that are opened


def parse_actions(raw: Iterable[Any]) -> list[a.Action]:
    """The actions of a recorded list, in order and as many."""
    return [parse_action(item) for item in raw]


def parse_action(raw: Any) -> a.Action:
    """The action of one recorded object in any known spelling. Never raises.

    A type that we don't know gives an UnknownAction; a field that the action has no place for, or whose value is of
    the wrong type, stays in `extra` under its recorded name.
    """
    name, attributes = _spelling(raw)
    kind = a.type_of_spelling(_folded(name)) if name is not None else None
    if kind is None:
        return a.UnknownAction(name=name if name is not None else "", raw=raw)
    return _build(kind.resolve(attributes), attributes)


def _folded(name: str) -> str:
    plain = name.rsplit(".", 1)[-1].lower().replace("_", "").replace("-", "").replace(" ", "")
    return plain.removesuffix("action") or plain


def _spelling(raw: Any) -> tuple[str | None, dict[str, Any]]:
    """The recorded type name and the attributes of one action, whichever envelope it came in."""
    if not isinstance(raw, dict):
        return None, {}
    layers: list[dict[str, Any]] = []
    inner = dict(raw)
    for _ in range(_DEEPEST):
        wrapper = next((key for key in ("function", "action") if isinstance(inner.get(key), dict)), None)
        if wrapper is None:
            break
        wrapped = inner.pop(wrapper)
        if inner.get("type") == wrapper:  # {"type": "function", "function": {…}}
            del inner["type"]
        layers.extend(_attribute_layers(inner))
        inner = dict(wrapped)
    name = None
    for key in ("action", "type", "name"):
        name = _text(inner.get(key))
        if name is not None:
            del inner[key]
            break
    layers.extend(_attribute_layers(inner))
    return name, _merged(layers)


def _attribute_layers(fields: dict[str, Any]) -> Iterable[dict[str, Any]]:
    """The fields beside an action's `arguments` and `attributes`, then what these two hold."""
    nested = [_arguments(key, fields.pop(key, None)) for key in ("arguments", "attributes")]
    return [{k: v for k, v in fields.items() if v is not None or k not in {"action", "type", "name"}}, *nested]


def _merged(layers: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """One set of attributes; the inner one wins, and an outer one that differs stays as `outer.<name>`."""
    merged: dict[str, Any] = {}
    for layer in layers:
        for name, value in layer.items():
            if value is None and merged.get(name) is not None:
                continue
            if merged.get(name) is not None and merged[name] != value:
                merged[f"outer.{name}"] = merged[name]
            merged[name] = value
    return merged


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None


def _arguments(name: str, value: Any) -> dict[str, Any]:
    """Attributes as an object, or as the JSON text of one; anything else is kept under its own name."""
    if value is None:
        return {}
    if isinstance(value, dict):
        return value
    if isinstance(value, str):
        try:
            decoded = msgspec.json.decode(value)
        except (msgspec.DecodeError, UnicodeError, RecursionError):
            return {name: value}
        if isinstance(decoded, dict):
            return decoded
    return {name: value}


@cache
def _field_types(kind: type[a.Action]) -> dict[str, Any]:
    """The types of a type's fields; those that have a constant here are that very object."""
    known = (_SELECTOR, _TEXT, _NUMBER_OR_TEXT)
    return {
        field.name: next((one for one in known if one == field.type), field.type)
        for field in msgspec.structs.fields(kind)
        if field.name != "extra"
    }


def _build(kind: type[a.Action], attributes: dict[str, Any]) -> a.Action:
    fields, renamed = _field_types(kind), kind.spec.renamed
    values: dict[str, Any] = {}
    extra: dict[str, Any] = {}
    for recorded, value in sorted(attributes.items(), key=lambda item: item[0] not in fields):  # our own names first
        name = recorded if recorded in fields else renamed.get(recorded, recorded)
        if value is None and (name in fields or recorded in _SELECTOR_NAMES):
            continue
        if name not in fields or name in values:
            extra[recorded] = value
            continue
        fitting = _fitting(value, fields[name])
        if fitting is None:
            extra[recorded] = value
        else:
            values[name] = fitting
    return kind(**values, extra=extra)


def _fitting(value: Any, wanted: Any) -> Selector | Any | None:
    """`value` as the field's type, numbers and texts taken for each other; None if it can't be."""
    if wanted is _SELECTOR:
        selector = parse_selector(value)
        return None if isinstance(selector, UnknownSelector) and not value else selector
    if isinstance(value, int | float) and not isinstance(value, bool) and wanted is _TEXT:
        return str(value)
    if isinstance(value, str) and wanted is _NUMBER_OR_TEXT:
        return value
    try:
        return msgspec.convert(value, wanted, strict=False)
    except (msgspec.ValidationError, OverflowError, UnicodeError):  # a lone surrogate is no number
        return None
