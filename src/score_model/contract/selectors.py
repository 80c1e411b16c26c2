"""Selectors: how a recorded action names its element (contract section 3).

`extra` holds the recorded fields that a selector has no place for, under their recorded names.
"""

from typing import Any

import msgspec


class AttributeSelector(msgspec.Struct, frozen=True, tag="attribute", tag_field="kind"):
    """An element whose `attribute` equals `value`; `id` and `class` have their CSS meaning, `href` means a link."""

    attribute: str
    value: str
    case_sensitive: bool = False
    extra: dict[str, Any] = {}


class CssSelector(msgspec.Struct, frozen=True, tag="css", tag_field="kind"):
    """A raw CSS selector: the attribute `custom`, or the plain text of the production API's steps."""

    value: str
    extra: dict[str, Any] = {}


class TextSelector(msgspec.Struct, frozen=True, tag="text", tag_field="kind"):
    """An element that contains the text `value` (`tagContainsSelector`)."""

    value: str
    case_sensitive: bool = False
    extra: dict[str, Any] = {}


class XPathSelector(msgspec.Struct, frozen=True, tag="xpath", tag_field="kind"):
    """An XPath; a recorded value that starts neither with `/` nor with `(` means `//value`."""

    value: str
    extra: dict[str, Any] = {}


class UnknownSelector(msgspec.Struct, frozen=True, tag="unknown", tag_field="kind"):
    """A selector of a type that we don't know, kept as received."""

    raw: Any


Selector = AttributeSelector | CssSelector | TextSelector | XPathSelector | UnknownSelector


def _folded(name: str) -> str:
    return name.lower().replace("_", "").removesuffix("selector")


def parse_selector(raw: Any) -> Selector:
    """The selector of any known spelling; what can't be understood becomes an UnknownSelector. Never raises."""
    if isinstance(raw, str) and raw:
        return CssSelector(raw) if not raw.startswith(("/", "(")) else XPathSelector(raw)
    if not isinstance(raw, dict):
        return UnknownSelector(raw)
    kind, value, attribute = raw.get("type"), raw.get("value"), raw.get("attribute")
    if isinstance(value, int | float) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(kind, str) or not isinstance(value, str):
        return UnknownSelector(raw)
    case_sensitive = raw.get("case_sensitive") is True
    match _folded(kind):
        case "attributevalue" if isinstance(attribute, str) and attribute:
            if attribute.lower() == "custom":
                return CssSelector(value, _extra(raw, "attribute"))
            return AttributeSelector(
                _attribute_name(attribute), value, case_sensitive, _extra(raw, "attribute", "case_sensitive")
            )
        case "tagcontains":
            return TextSelector(value, case_sensitive, _extra(raw, "case_sensitive"))
        case "xpath":
            return XPathSelector(value if value.startswith(("/", "(")) else f"//{value}", _extra(raw))
        case _:
            return UnknownSelector(raw)


def _extra(raw: dict[str, Any], *used: str) -> dict[str, Any]:
    """The fields that the selector does not hold; a null, and the default `case_sensitive: false`, say nothing."""
    return {
        name: value
        for name, value in raw.items()
        if name not in {"type", "value"}
        and value is not None
        and not (name in used and (name != "case_sensitive" or isinstance(value, bool)))
        and not (name == "case_sensitive" and value is False)
    }


def _attribute_name(attribute: str) -> str:
    lowered = attribute.lower()
    return lowered if lowered in {"id", "class", "href"} else attribute
