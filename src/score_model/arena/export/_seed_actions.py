"""Recorded actions of seeded answers, in every spelling that production has shown (export contract, section 3)."""

from typing import Any

import msgspec

from score_model.arena.export._seed_vocabulary import Step

SPELLINGS = 6  # how many spellings `respelled` knows; number 0 is the usual one


def _selector(where: str) -> dict[str, Any]:
    kind, _, value = where.partition(":")
    if kind == "text":
        xpath = f'//button[contains(normalize-space(.), "{value}")]'
        return {"type": "xpathSelector", "value": xpath, "case_sensitive": False}
    attribute = "custom" if kind == "css" else kind
    return {"type": "attributeValueSelector", "value": value, "attribute": attribute, "case_sensitive": False}


def recorded_action(step: Step, slots: dict[str, str], origin: str, seed: int) -> dict[str, Any]:
    """The usual `{"type", "attributes"}` record of one step of a use case."""
    verb, where, what = step
    match verb:
        case "navigate":
            url = f"{origin}{where.format_map(slots)}?seed={seed}"
            return {"type": "navigate", "attributes": {"url": url, "go_back": False, "go_forward": False}}
        case "click":
            return {"type": "click", "attributes": {"selector": _selector(where)}}
        case "fill":
            return {"type": "input", "attributes": {"text": what.format_map(slots), "selector": _selector(where)}}
        case "press":
            return {"type": "input", "attributes": {"keys": what}}
        case "select":
            text = what.format_map(slots)
            return {
                "type": "selectdropdownoption",
                "attributes": {"text": text, "selector": _selector(where), "timeout_ms": 1000},
            }
        case "scroll":
            value = int(slots["number"]) * 100
            return {
                "type": "scroll",
                "attributes": {"value": value, "up": False, "down": True, "left": False, "right": False},
            }
        case "wait":
            return {"type": "wait", "attributes": {"time_seconds": 0.2, "timeout_seconds": 5.0}}
        case _:
            raise AssertionError(f"a use case has a step of an unknown verb {verb!r}")


def respelled(action: dict[str, Any], spelling: int) -> dict[str, Any]:
    """The same action in another spelling, `spelling` in 0..SPELLINGS-1."""
    kind: str = action["type"]
    attributes: dict[str, Any] = action["attributes"]
    match spelling:
        case 1:
            return {"type": f"{kind.capitalize()}Action", **attributes}
        case 2:
            rest = {name: value for name, value in attributes.items() if name != "selector"}
            outer = {"selector": attributes["selector"]} if "selector" in attributes else {}
            return {"action": {"type": kind, **rest}, **outer}
        case 3:
            return {"name": f"browser.{kind}", "arguments": attributes}
        case 4:
            return {"function": {"name": kind, "arguments": msgspec.json.encode(attributes).decode()}}
        case 5:
            selector = attributes.get("selector")
            if selector is None or selector.get("attribute") != "id":
                return action
            rest = {name: value for name, value in attributes.items() if name != "selector"}
            return {"action": kind, "selector": f"#{selector['value']}", **rest}
        case _:
            return action
