"""Recorded selectors as Playwright locators (contract section 3).

Values come from outside: they are escaped so that they can name elements and nothing else. `>>`, by which Playwright
chains selectors and reaches its other engines, never passes: inside quotes it is spelled otherwise, elsewhere refused.
"""

import re
from collections.abc import Callable

from playwright.async_api import Locator, Page

from score_model.contract.selectors import (
    AttributeSelector,
    CssSelector,
    Selector,
    TextSelector,
    UnknownSelector,
    XPathSelector,
)
from score_model.printable import one_line
from score_model.replay._actions.result import ActionFailedError
from score_model.replay._text import plain

_LONGEST_DESCRIPTION = 120
_QUOTED = re.compile(r""""(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'""", re.DOTALL)
_LITERAL = re.compile(r""""[^"]*"|'[^']*'""")  # XPath knows no escapes
_WHITE_SPACE = re.compile(r"[ \t\n\r\f]+")  # HTML's, of which Unicode has more
_NEXT_CLASS = re.compile(r"\.(?!\d)")  # the dot of `btn.primary`, not that of `py-2.5`
_CSS_ESCAPE = re.compile(r"\\(?:([0-9a-fA-F]{1,6})\s?|(.))", re.DOTALL)
_LAST_CODE_POINT = 0x10FFFF


def locate(page: Page, selector: Selector) -> Locator:
    """All elements of the page that the selector finds, in document order.

    Shadow roots that are open are searched too, except by XPath; frames are not. Raises ActionFailedError for a
    selector that can't be used.
    """
    match selector:
        case AttributeSelector():
            return page.locator(f"css={build_attribute_css(selector)}")
        case CssSelector(value=value):
            return page.locator(f"css={_one_engine(value, _QUOTED, _spelled_in_css)}")
        case XPathSelector(value=value):
            path = value if value.startswith(("/", "(")) else f"//{value}"
            return page.locator(f"xpath={_one_engine(path, _LITERAL, _spelled_in_xpath)}")
        case TextSelector(value=value, case_sensitive=case_sensitive):
            text = plain(value).strip()
            if not text:
                raise ActionFailedError("the selector has no text to look for")
            return page.get_by_text(_exact_case(text) if case_sensitive else text)
        case UnknownSelector():
            raise ActionFailedError(f"the selector can't be understood: {describe(selector)}")


def describe(selector: Selector) -> str:
    """The selector in a few words, for error lines."""
    match selector:
        case AttributeSelector(attribute=attribute, value=value):
            words = f"{attribute}={value!r}"
        case UnknownSelector(raw=raw):
            words = repr(raw)
        case _:
            words = repr(selector.value)
    words = one_line(words)
    return words if len(words) <= _LONGEST_DESCRIPTION else words[: _LONGEST_DESCRIPTION - 1] + "…"


def build_attribute_css(selector: AttributeSelector) -> str:
    """The CSS selector of an attribute selector, in ASCII and with every special character escaped.

    The value is compared exactly, as the evaluator does, whatever `case_sensitive` says: recorded selectors carry its
    default. An id or a class may be written as in CSS, so a value with backslashes is read both ways.
    """
    value = plain(selector.value)
    match selector.attribute:
        case "id":
            readings = [name for name in _readings(value.removeprefix("#")) if name]
            parts = [f"[id={_css_string(name)}]" for name in readings]
        case "class":
            readings = [reading for reading in _readings(value) if _class_names(reading)]
            parts = ["".join(f"[class~={_css_string(n)}]" for n in _class_names(reading)) for reading in readings]
        case "href":
            parts = [f"a[href={_css_string(value)}]"]
        case attribute:
            parts = [f"[{_css_name(plain(attribute))}={_css_string(value)}]"]
    if not parts:
        raise ActionFailedError(f"the selector names no {selector.attribute}")
    return ", ".join(parts)


def _readings(value: str) -> list[str]:
    """The value as it stands, and with CSS escapes undone where it has some."""
    unescaped = _CSS_ESCAPE.sub(_unescaped, value)
    return [value] if unescaped == value else [value, unescaped]


def _unescaped(match: re.Match[str]) -> str:
    if match[1] is None:
        return str(match[2])
    code = int(match[1], 16)
    return plain(chr(code)) if 0 < code <= _LAST_CODE_POINT else "\ufffd"


def _class_names(value: str) -> list[str]:
    return [name for word in _WHITE_SPACE.split(value) for name in _NEXT_CLASS.split(word) if name]


def _css_string(text: str) -> str:
    return f'"{"".join(c if c.isascii() and c.isalnum() else f"{chr(92)}{ord(c):x} " for c in text)}"'


def _css_name(text: str) -> str:
    kept = [c.isascii() and (c.isalpha() or (index > 0 and (c.isdigit() or c in "-_"))) for index, c in enumerate(text)]
    return "".join(c if keep else f"\\{ord(c):x} " for c, keep in zip(text, kept, strict=True))


def _exact_case(text: str) -> re.Pattern[str]:
    """A pattern, in the syntax of JavaScript too, for the text with any white space for its white space."""
    return re.compile(r"\s+".join("".join(map(_pattern_unit, word)) for word in text.split()))


def _pattern_unit(c: str) -> str:
    if c.isascii() and c.isalnum():
        return c
    units = c.encode("utf-16-be")
    return "".join(f"\\u{units[at : at + 2].hex()}" for at in range(0, len(units), 2))


def _one_engine(value: str, quoted: re.Pattern[str], spelled: Callable[[str], str]) -> str:
    """The value without `>>`, which inside quotes is spelled otherwise and elsewhere refused."""
    text = plain(value)
    if not text.strip():
        raise ActionFailedError("the selector is empty")
    text = quoted.sub(lambda match: spelled(match[0]), text)
    if ">>" in text:
        raise ActionFailedError("'>>' is no part of a CSS selector or an XPath")
    return text


def _spelled_in_css(string: str) -> str:
    return string.replace(">>", r"\3e \3e ")


def _spelled_in_xpath(literal: str) -> str:
    quote = literal[0]
    return literal if ">>" not in literal else f"concat({re.sub('>(?=>)', f'>{quote}, {quote}', literal)})"
