"""The texts of actions: what was typed and chosen, what was pressed by name, where the agent went."""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import parse_qsl, unquote, urlsplit

from score_model.contract import (
    Action,
    AttributeSelector,
    CssSelector,
    Observation,
    Selector,
    TextSelector,
    XPathSelector,
)
from score_model.contract import actions as a

_LONGEST = 2_000  # characters of one text of an action that are looked at
_LONGEST_EPISODE = 20_000
_LONGEST_URL = 8_000  # characters of a URL that are parsed
_MOST_PARAMETERS = 100

_QUOTED = re.compile(r"""'([^']{1,200})'|"([^"]{1,200})\"""")
_SEED = re.compile(r"\bseed=\d+")
_ACCOUNT = re.compile(r"\b((?:new)?user|agent|miner|validator|replay)[-_ ]?(?:\d+|[0-9a-f]{12,})", re.IGNORECASE)
_OPAQUE = re.compile(r"(?<![^\W_])(?:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{12,}+)(?!\w)", re.IGNORECASE)


class ActionTexts(NamedTuple):
    """The texts of one action: `typed` are values that it gives to the page, `pressed` words of the elements that it is
    about, `addressed` the parts of a URL that it goes to."""

    typed: tuple[str, ...] = ()
    pressed: tuple[str, ...] = ()
    addressed: tuple[str, ...] = ()

    def all(self) -> tuple[str, ...]:
        """All of them."""
        return self.typed + self.pressed + self.addressed


def texts_of(action: Action) -> ActionTexts:
    """The texts of one action; empty for one without any."""
    typed: str | None = None
    url: str | None = None
    match action:
        case a.Type() | a.SelectOption():
            typed = action.text
        case a.Select():
            typed = action.value
        case a.Search():
            typed = action.query
        case a.Navigate():
            url = action.url
    return ActionTexts(
        (typed[:_LONGEST],) if typed else (),
        tuple(words_of_selector(getattr(action, "selector", None))),
        url_texts(url[:_LONGEST]) if url else (),
    )


def words_of_selector(selector: Selector | None) -> Iterable[str]:
    """The texts by which a selector names its element: what an XPath quotes, a text, a value of an attribute."""
    match selector:
        case TextSelector() | AttributeSelector():
            return (selector.value[:_LONGEST],)
        case XPathSelector() | CssSelector():
            return [first or second for first, second in _QUOTED.findall(selector.value[:_LONGEST])]
        case _:
            return ()


def url_texts(url: str | None) -> tuple[str, ...]:
    """The decoded parts of a URL's path and the values of its query, but for the seed; none if it can't be parsed."""
    return _url_texts((url or "")[:_LONGEST_URL])


@lru_cache(maxsize=1024)
def _url_texts(url: str) -> tuple[str, ...]:
    try:
        parts = urlsplit(url)
        query = parse_qsl(parts.query, max_num_fields=_MOST_PARAMETERS)
    except ValueError:
        return ()
    path = (unquote(part).replace("-", " ").replace("_", " ") for part in parts.path.split("/"))
    return (*(part for part in path if part), *(value for name, value in query if name != "seed" and value))


def seed_of(url: str | None) -> str | None:
    """The `seed` of a URL's query; None if there is none."""
    return _origin_and_seed((url or "").strip()[:_LONGEST_URL])[1]


def origin_of(url: str | None) -> str | None:
    """Scheme, host and port of an absolute URL, else None."""
    return _origin_and_seed((url or "").strip()[:_LONGEST_URL])[0]


@lru_cache(maxsize=1024)
def _origin_and_seed(url: str) -> tuple[str | None, str | None]:
    """The answers of a site go to the same few addresses."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return None, None
    origin = f"{parts.scheme}://{parts.netloc}".lower() if parts.scheme and parts.netloc else None
    try:
        query = parse_qsl(parts.query, keep_blank_values=True, max_num_fields=_MOST_PARAMETERS)
    except ValueError:
        return origin, None
    return origin, next((value.strip().lstrip("0") for name, value in query if name == "seed"), None)


def episode_text(observation: Observation) -> str:
    """The intent and, line by line, what each action is and says: for models of words.

    What tells who acted is masked: numbers of accounts (`user80`), opaque ids, the seed. At most 20,000 characters.
    """
    lines = [observation.intent or ""]
    size = len(lines[0])
    for action in observation.actions:
        line = line_of(action)
        size += len(line) + 1
        if size > _LONGEST_EPISODE:
            break
        lines.append(line)
    return masked(whole_characters("\n".join(lines)[:_LONGEST_EPISODE]))


def whole_characters(text: str) -> str:
    """The text with U+FFFD for halves of surrogate pairs, which JSON can hold and UTF-8 can't."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text


def masked(text: str) -> str:
    """The text without what tells who acted."""
    text = _ACCOUNT.sub(r"\1#", _SEED.sub("seed=#", text))
    return _OPAQUE.sub("#", text)


def line_of(action: Action) -> str:
    """The action in one line: its kind, what it gives or goes to, and the element or point that it is about."""
    kind = kind_of(action)
    words: Sequence[str | None] = ()
    match action:
        case a.Type() | a.SelectOption():
            words = (action.text,)
        case a.Select():
            words = (action.value,)
        case a.SendKeys():
            words = (action.keys,)
        case a.HoldKey():
            words = (action.key,)
        case a.Search() | a.Extract():
            words = (action.query,)
        case a.Assert():
            words = (action.text,)
        case a.Navigate():
            words = (_path_and_query(action.url),)
        case a.UnknownAction():
            words = (action.name,)
    selector = getattr(action, "selector", None)
    value = getattr(selector, "value", None)
    if selector is None and getattr(action, "x", None) is not None:
        value = f"at {getattr(action, 'x', None)} {getattr(action, 'y', None)}"
    return " ".join(word[:_LONGEST] for word in (kind, *words, value) if word)


def _path_and_query(url: str | None) -> str | None:
    """Without scheme and host, which are the same for all of a site's solutions and say nothing of the work."""
    try:
        parts = urlsplit((url or "").strip()[:_LONGEST_URL])
    except ValueError:
        return url
    return f"{unquote(parts.path)}?{unquote(parts.query)}" if parts.query else unquote(parts.path)


def kind_of(action: Action) -> str:
    """The action's kind in snake_case, such as `click` or `select_option`."""
    return str(type(action).__struct_config__.tag)
