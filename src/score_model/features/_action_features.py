"""Features of an episode that its task and actions alone show."""

import re
from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import NamedTuple, get_args

from score_model.constraints import Intent, placeholders_left
from score_model.contract import Action, Observation
from score_model.contract import actions as a
from score_model.contract.selectors import AttributeSelector, CssSelector, Selector, TextSelector, XPathSelector
from score_model.features._texts import Address, address_of, mask_identities, url_texts
from score_model.printable import whole_characters

_LONGEST = 2_000  # characters of one text of an action that are looked at
_LONGEST_EPISODE = 20_000

_QUOTED = re.compile(r"""'([^']{1,200})'|"([^"]{1,200})\"""")

Values = dict[str, float | None]

_FAMILIES = {family: f"actions_{family}" for family in get_args(a.Family)}
_SELECTORS = {kind: f"selectors_{kind}" for kind in ("xpath", "attribute", "text", "point")}


class ReadAction(NamedTuple):
    """One action, read once.

    `kind` is its kind in snake_case, such as `click` or `select_option`, `family` what it is counted as; `line` says in
    one line what it is, gives or goes to, and the element or point that it is about; `named_by` is how it names that:
    the kind of its selector, `point`, or None. `address` is the URL that it goes to. `typed` are values that it gives
    to the page, `pressed` words of its element, `addressed` the parts of its URL.
    """

    kind: str
    family: a.Family
    line: str
    named_by: str | None
    address: Address | None
    typed: tuple[str, ...]
    pressed: tuple[str, ...]
    addressed: tuple[str, ...]

    @property
    def texts(self) -> tuple[str, ...]:
        """All texts but the line."""
        return self.typed + self.pressed + self.addressed


def read_action(action: Action) -> ReadAction:
    """What one action says."""
    spec = action.spec
    said: str | None = getattr(action, spec.words) if spec.words is not None else None
    selector: Selector | None = getattr(action, "selector", None)
    about, named_by = getattr(selector, "value", None), None
    if selector is not None:
        named_by = _tag(selector)
    elif getattr(action, "x", None) is not None:
        about, named_by = f"at {getattr(action, 'x', None)} {getattr(action, 'y', None)}", "point"
    address: Address | None = None
    addressed: tuple[str, ...] = ()
    url = action.destination
    if url is not None:
        address = address_of(url)
        said = url if address.path is None else address.path
        addressed = url_texts(url[:_LONGEST])
    kind = _tag(action)
    words = [kind]
    if said:
        words.append(said[:_LONGEST])
    if about:
        words.append(about[:_LONGEST])
    return ReadAction(
        kind=kind,
        family=spec.family,
        line=" ".join(words),
        named_by=named_by,
        address=address,
        typed=(words[1],) if said and spec.enters else (),
        pressed=_words_of(selector) if selector is not None else (),
        addressed=addressed,
    )


def _tag(record: Action | Selector) -> str:
    return str(type(record).__struct_config__.tag)


def _words_of(selector: Selector) -> tuple[str, ...]:
    """The texts by which a selector names its element: what an XPath quotes, a text, a value of an attribute."""
    match selector:
        case TextSelector() | AttributeSelector():
            return (selector.value[:_LONGEST],)
        case XPathSelector() | CssSelector():
            return tuple(first or second for first, second in _QUOTED.findall(selector.value[:_LONGEST]))
        case _:
            return ()


def text_of(intent: str | None, lines: Iterable[str]) -> str:
    """The text of an episode with these lines of its actions; those beyond the bound are not asked for."""
    kept = [intent or ""]
    size = len(kept[0])
    for line in lines:
        size += len(line) + 1
        if size > _LONGEST_EPISODE:
            break
        kept.append(line)
    return mask_identities(whole_characters("\n".join(kept)[:_LONGEST_EPISODE]))


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
    families = [act.family for act in acts]
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
    urls = {action.destination for action in observation.actions}
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
