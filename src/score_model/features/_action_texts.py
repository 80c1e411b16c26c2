"""The texts of actions: what was typed and chosen, what was pressed by name, where the agent went."""

import re
from collections.abc import Iterable
from typing import NamedTuple

from score_model.contract import Action, AttributeSelector, CssSelector, Selector, TextSelector, XPathSelector
from score_model.contract import actions as a
from score_model.features._addresses import Address, address_of, url_texts
from score_model.features._masks import masked, whole_characters

_LONGEST = 2_000  # characters of one text of an action that are looked at
_LONGEST_EPISODE = 20_000

_QUOTED = re.compile(r"""'([^']{1,200})'|"([^"]{1,200})\"""")

_SAID: dict[type[Action], str] = {
    a.Type: "text",
    a.SelectOption: "text",
    a.Select: "value",
    a.Search: "query",
    a.SendKeys: "keys",
    a.HoldKey: "key",
    a.Extract: "query",
    a.Assert: "text",
    a.UnknownAction: "name",
}
"""The field of an action that holds its words."""

_GIVING = frozenset((a.Type, a.SelectOption, a.Select, a.Search))
"""Those whose words are a value for the page."""


class ReadAction(NamedTuple):
    """One action, read once.

    `kind` is its kind in snake_case, such as `click` or `select_option`; `line` says in one line what it is, gives or
    goes to, and the element or point that it is about; `named_by` is how it names that: the kind of its selector,
    `point`, or None. `address` is the URL that it goes to. `typed` are values that it gives to the page, `pressed`
    words of its element, `addressed` the parts of its URL.
    """

    kind: str
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
    sort = type(action)
    field = _SAID.get(sort)
    said: str | None = getattr(action, field) if field is not None else None
    selector: Selector | None = getattr(action, "selector", None)
    about, named_by = getattr(selector, "value", None), None
    if selector is not None:
        named_by = _tag(selector)
    elif getattr(action, "x", None) is not None:
        about, named_by = f"at {getattr(action, 'x', None)} {getattr(action, 'y', None)}", "point"
    address: Address | None = None
    addressed: tuple[str, ...] = ()
    if isinstance(action, a.Navigate) and action.url is not None:
        address = address_of(action.url)
        said = action.url if address.path is None else address.path
        addressed = url_texts(action.url[:_LONGEST])
    kind = _tag(action)
    words = [kind]
    if said:
        words.append(said[:_LONGEST])
    if about:
        words.append(about[:_LONGEST])
    return ReadAction(
        kind=kind,
        line=" ".join(words),
        named_by=named_by,
        address=address,
        typed=(words[1],) if said and sort in _GIVING else (),
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
    return masked(whole_characters("\n".join(kept)[:_LONGEST_EPISODE]))
