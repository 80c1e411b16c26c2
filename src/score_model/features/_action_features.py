"""Features of an episode that its task and actions alone show."""

from collections import Counter
from collections.abc import Sequence

from score_model.constraints import Intent, placeholders_left
from score_model.contract import Action, AttributeSelector, Observation, TextSelector, XPathSelector
from score_model.contract import actions as a
from score_model.features._action_texts import ActionTexts, kind_of, line_of, origin_of, seed_of

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
_FAMILIES = ("clicks", "types", "selects", "navigations", "keys", "waits", "scrolls", "reads", "others")


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


def action_features(observation: Observation, texts: Sequence[ActionTexts], intent: Intent) -> Values:
    """What the actions are; `texts` are theirs, one for one."""
    actions = observation.actions
    families = Counter(_FAMILY.get(kind_of(action), "others") for action in actions)
    lines = [line_of(action) for action in actions]
    last = actions[-1] if actions else None
    typed = [text for each in texts for text in each.typed]
    return {
        "actions": len(actions),
        **{f"actions_{family}": families[family] for family in _FAMILIES},
        "actions_distinct_share": len(set(lines)) / len(actions) if actions else None,
        "actions_longest_run": _longest_run(lines),
        **_selector_shares(actions),
        "typed_characters": sum(map(len, typed)),
        "typed_distinct": len(set(typed)),
        "typed_placeholders": sum(map(placeholders_left, typed)),
        "waited_seconds": sum(bounded_seconds(action.time_seconds) for action in actions if isinstance(action, a.Wait)),
        "ends_with_click": _ends_with(last, "clicks"),
        "ends_with_keys": _ends_with(last, "keys"),
        "ends_with_navigation": _ends_with(last, "navigations"),
        "ends_with_typing": _ends_with(last, "types"),
        **_addresses(observation),
        "act_named": _act_named(intent, texts),
    }


def bounded_seconds(seconds: float | None) -> float:
    """A duration within an hour: recorded numbers are what anybody sent."""
    if seconds is None or not seconds > 0:
        return 0.0
    return min(float(seconds), 3600.0)


def _longest_run(lines: Sequence[str]) -> int:
    longest = run = 0
    previous = None
    for line in lines:
        run = run + 1 if line == previous else 1
        longest = max(longest, run)
        previous = line
    return longest


def _selector_shares(actions: Sequence[Action]) -> Values:
    """Of the actions that are about an element or a point: how they name it."""
    named = [action for action in actions if getattr(action, "selector", None) is not None]
    points = sum(
        getattr(action, "selector", None) is None and getattr(action, "x", None) is not None for action in actions
    )
    total = len(named) + points
    kinds = Counter(type(getattr(action, "selector")) for action in named)  # noqa: B009 - not all actions have one
    if not total:
        return dict.fromkeys(("selectors_xpath", "selectors_attribute", "selectors_text", "selectors_point"))
    return {
        "selectors_xpath": kinds[XPathSelector] / total,
        "selectors_attribute": kinds[AttributeSelector] / total,
        "selectors_text": kinds[TextSelector] / total,
        "selectors_point": points / total,
    }


def _ends_with(last: Action | None, family: str) -> float:
    return float(last is not None and _FAMILY.get(kind_of(last)) == family)


def _addresses(observation: Observation) -> Values:
    """Whether the agent stays on the task's site and in its layout (export contract, section 4: the seed rule)."""
    urls = [action.url for action in observation.actions if isinstance(action, a.Navigate) and action.url is not None]
    seed, origin = seed_of(observation.start_url), origin_of(observation.start_url)
    return {
        "urls_distinct": len(set(urls)),
        "urls_off_site": sum(origin_of(url) not in (None, origin) for url in urls) if origin else None,
        "urls_without_seed": sum(seed_of(url) != seed for url in urls) if seed else None,
    }


def _act_named(intent: Intent, texts: Sequence[ActionTexts]) -> float | None:
    """Whether the verb of the intent is among the words of the elements or addresses that the agent used."""
    if not intent.act:
        return None
    stem = intent.act.lower()[:5]
    return float(any(stem in text.lower() for each in texts for text in (*each.pressed, *each.addressed)))
