"""How an agent writes its actions: selectors, detours of the hand, spelling. Every agent has a style of its own."""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from score_model.arena.export import SPELLINGS, respelled

_RESPELLED = 0.15  # of agents write another spelling than the usual one


@dataclass(frozen=True)
class Style:
    """Habits. The `…_ways` are the kinds of selectors that it takes, in turn at random."""

    button_ways: tuple[str, ...]
    link_ways: tuple[str, ...]
    field_ways: tuple[str, ...]
    clicks_through: float  # how often it follows links where an address would do
    waits: float  # how often it waits after a click
    pause: float  # seconds
    presses_enter: bool
    says_own_name: bool  # types its number, not the placeholder
    ends_with_slash: bool
    spelling: int


def style_of(uid: int) -> Style:
    """The style of the agent with this number; the same for ever."""
    draw = Random(f"arena agent {uid}")  # noqa: S311 - no secret
    return Style(
        button_ways=draw.choice((("text",), ("id",), ("id", "text"), ("css",), ("xpath", "text"))),
        link_ways=draw.choice((("id",), ("href",), ("id", "href"), ("text",), ("css", "text"))),
        field_ways=draw.choice(
            (("id",), ("id", "placeholder"), ("placeholder",), ("name",), ("css", "id"), ("xpath",))
        ),
        clicks_through=draw.choice((0.0, 0.2, 0.5, 1.0)),
        waits=draw.choice((0.2, 0.6, 1.0)),
        pause=draw.choice((0.1, 0.15, 0.2, 0.3)),
        presses_enter=draw.random() < 0.3,
        says_own_name=draw.random() < 0.85,
        ends_with_slash=draw.random() < 0.7,
        spelling=draw.randrange(1, SPELLINGS) if draw.random() < _RESPELLED else 0,
    )


def selector(way: str, *, element_id: str, label: str, href: str | None, name: str, tag: str) -> dict[str, Any]:
    """An element's selector of one kind; where a kind does not fit the element, its id."""
    match way:
        case "text" if tag in ("a", "button"):
            return _xpath(f"//{tag}[contains(normalize-space(.), {_literal(label)})]")
        case "href" if href is not None:
            return _attribute("href", href)
        case "placeholder" if tag == "input":
            return _attribute("placeholder", label)
        case "name" if tag in ("input", "select"):
            return _attribute("name", name)
        case "css":
            return _attribute("custom", f'[name="{name}"]' if tag in ("input", "select") else f"#{element_id}")
        case "xpath":
            return _xpath(f"//*[@id={_literal(element_id)}]")
        case _:
            return _attribute("id", element_id)


def spelled(actions: Sequence[dict[str, Any]], style: Style) -> list[dict[str, Any]]:
    """The actions in the agent's spelling."""
    return [respelled(action, style.spelling) for action in actions]


def _literal(text: str) -> str:
    return f"'{text}'" if "'" not in text else f'"{text}"'


def _attribute(attribute: str, value: str) -> dict[str, Any]:
    return {"type": "attributeValueSelector", "value": value, "attribute": attribute, "case_sensitive": False}


def _xpath(value: str) -> dict[str, Any]:
    return {"type": "xpathSelector", "value": value, "case_sensitive": False}
