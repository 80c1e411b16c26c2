"""Features of an episode that its task and actions alone show."""

from collections.abc import Sequence
from itertools import groupby

from score_model.constraints import Intent, placeholders_left
from score_model.contract import Observation
from score_model.contract import actions as a
from score_model.features._action_texts import ReadAction
from score_model.features._addresses import address_of

Values = dict[str, float | None]

_FAMILY = {
    **dict.fromkeys(("click", "double_click", "right_click", "middle_click", "triple_click"), "clicks"),
    "type": "types",
    **dict.fromkeys(("select", "select_option"), "selects"),
    **dict.fromkeys(("navigate", "go_back", "search"), "navigations"),
    **dict.fromkeys(("send_keys", "hold_key", "submit"), "keys"),
    "wait": "waits",
    "scroll": "scrolls",
    **dict.fromkeys(("extract", "get_options", "screenshot", "assert", "request_user_input"), "reads"),
}
_FAMILIES = {family: f"actions_{family}" for family in (*dict.fromkeys(_FAMILY.values()), "others")}
_SELECTORS = {kind: f"selectors_{kind}" for kind in ("xpath", "attribute", "text", "point")}


def intent_features(intent: Intent) -> Values:
    """How much the task demands."""
    demands = intent.constraints
    negative = sum(demand.negative for demand in demands)
    return {
        "intent_words": len(intent.text.split()),
        "intent_constraints": len(demands),
        "intent_negative": negative,
        "intent_login": float(bool(intent.login)),
    }


def action_features(
    observation: Observation, acts: Sequence[ReadAction], typed: Sequence[str], intent: Intent
) -> Values:
    """What the actions are: `acts` are those of the observation, read, and `typed` all that they give to pages."""
    families = [_FAMILY.get(act.kind, "others") for act in acts]
    lines = [act.line for act in acts]
    last = families[-1] if families else None
    return {
        "actions": len(acts),
        **{column: families.count(family) for family, column in _FAMILIES.items()},
        "actions_distinct_share": len(set(lines)) / len(acts) if acts else None,
        "actions_longest_run": _longest_run(lines),
        **_selector_shares(acts),
        "typed_characters": sum(map(len, typed)),
        "typed_distinct": len(set(typed)),
        "typed_placeholders": sum(map(placeholders_left, typed)),
        "waited_seconds": sum(
            bounded_seconds(action.time_seconds) for action in observation.actions if isinstance(action, a.Wait)
        ),
        "ends_with_click": float(last == "clicks"),
        "ends_with_keys": float(last == "keys"),
        "ends_with_navigation": float(last == "navigations"),
        "ends_with_typing": float(last == "types"),
        **_addresses(observation, acts),
        "act_named": _act_named(intent, acts),
    }


def bounded_seconds(seconds: float | None) -> float:
    """A duration within an hour: recorded numbers are what anybody sent."""
    if seconds is None or not seconds > 0:
        return 0.0
    return min(float(seconds), 3600.0)


def _longest_run(lines: Sequence[str]) -> int:
    return max((sum(1 for _ in run) for _, run in groupby(lines)), default=0)


def _selector_shares(acts: Sequence[ReadAction]) -> Values:
    """Of the actions that are about an element or a point: how they name it."""
    named_by = [act.named_by for act in acts if act.named_by is not None]
    return {column: named_by.count(kind) / len(named_by) if named_by else None for kind, column in _SELECTORS.items()}


def _addresses(observation: Observation, acts: Sequence[ReadAction]) -> Values:
    """Whether the agent stays on the task's site and in its layout (export contract, section 4: the seed rule)."""
    urls = {action.url for action in observation.actions if isinstance(action, a.Navigate)}
    start, visited = address_of(observation.start_url), [act.address for act in acts if act.address is not None]
    return {
        "urls_distinct": len(urls - {None}),
        "urls_off_site": sum(to.origin not in (None, start.origin) for to in visited) if start.origin else None,
        "urls_without_seed": sum(to.seed != start.seed for to in visited) if start.seed else None,
    }


def _act_named(intent: Intent, acts: Sequence[ReadAction]) -> float | None:
    """Whether the verb of the intent is among the words of the elements or addresses that the agent used."""
    if not intent.act:
        return None
    stem = intent.act.lower()[:5]
    return float(any(stem in text.lower() for act in acts for text in (*act.pressed, *act.addressed)))
