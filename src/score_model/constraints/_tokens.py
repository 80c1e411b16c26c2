"""An intent as words, marks and values: one pass over the text, with a bound on its length."""

import re
from typing import Literal

import msgspec

MOST_TEXT = 8_000
"""Characters of an intent that are read; the rest is ignored."""

_MONTH = "(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]{0,6}\\.?"
_DAY = "[0-9]{1,2}(?:st|nd|rd|th)?"
_TOKEN = re.compile(
    rf"""
    (?P<bare>[\w.+-]{{0,64}}<\w{{1,40}}>[\w.@+-]{{0,64}}
      | [\w.+-]{{1,64}}@[\w-]{{1,64}}(?:\.[\w-]{{1,64}}){{1,8}}
      | \{{\{{[^{{}}\n]{{1,40}}\}}\}}
      | https?://[^\s'"<>]{{1,500}}
      | [0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}(?:T[0-9:.]{{1,16}}(?:Z|[+-][0-9]{{2}}:?[0-9]{{2}})?)?
      | \+[0-9]{{1,3}}(?:[\s-][0-9]{{2,5}}){{1,5}}\b | [0-9]{{3,5}}(?:-[0-9]{{2,5}}){{1,4}}(?![\w-])
      | {_MONTH}\s{_DAY},?\s[0-9]{{4}}\b | {_DAY}\s{_MONTH},?\s[0-9]{{4}}\b
      | [0-9]{{1,2}}:[0-9]{{2}}(?::[0-9]{{2}})?(?:\s?[ap]\.?m\b\.?)? | [0-9]{{1,2}}\s?[ap]m\b)
    | (?P<number>[$€£]?[+-]?[0-9]{{1,20}}(?:,[0-9]{{3}}){{0,5}}(?:\.[0-9]{{1,10}})?%?(?![\w]))
    | (?P<symbol>>=|<=|==|!=|<>|[≥≤≠><=])
    | (?P<word>\w(?:[\w-]|['’](?=\w)){{0,80}}(?:(?<=s)['’](?=\s\w))?)
    | (?P<mark>[.,;:!?()&+/–—\[\]-])
    """,
    re.VERBOSE | re.IGNORECASE,
)
_PLAIN = re.compile("[A-Za-z]{1,64}(?= [^0-9])")
"""The words that nothing but a word can be, which most of an intent is: neither a date nor an address begins there."""

_QUOTES = {"'": "'", '"': '"', "‘": "’", "“": "”", "`": "`", "«": "»"}
_QUOTE_MARK = re.compile("['\"‘’“”`«»]")
_BEFORE = frozenset(" \t\n([{:,;-—–/=><≥≤≠")
_AFTER = frozenset(" \t\n.,;:!?)]}—–-/")
_LONGEST_LIST = 2_000
_MOST_MARKS = 40  # within a quotation


class Token(msgspec.Struct, frozen=True):
    """A piece of an intent; `text` is a word in lower case, a mark, or a value as written, without its quotes."""

    kind: Literal["word", "mark", "value", "number", "list"]
    text: str
    start: int
    end: int
    quoted: bool = False
    items: tuple[str, ...] = ()
    raw: str = ""

    @property
    def is_value(self) -> bool:
        """Whether it can be what something is compared with."""
        return self.kind in ("value", "number", "list")


def tokens_of(text: str) -> list[Token]:
    """The tokens of the first MOST_TEXT characters, in order. Never raises."""
    text = text[:MOST_TEXT]
    quotes = _Quotes(text)
    found: list[Token] = []
    at = no_list_before = 0
    while at < len(text):
        character = text[at]
        if character == " ":
            at += 1
        elif (match := _PLAIN.match(text, at)) is not None:
            word = match.group()
            found.append(Token("word", word.lower(), at, match.end(), raw=word))
            at = match.end()
        elif character in _QUOTES and (end := quotes.end(at)) is not None:
            found.append(Token("value", text[at + 1 : end], at, end + 1, quoted=True))
            at = end + 1
        elif character == "[" and at >= no_list_before:
            closed = _read_list(text, at, quotes)
            if closed is None:
                no_list_before = min(at + _LONGEST_LIST, len(text))
                at += 1
                continue
            found.append(closed)
            at = closed.end
        elif (match := _TOKEN.match(text, at)) is not None:
            found.append(_token(match))
            at = match.end()
        else:
            at += 1
    return found


def _token(match: re.Match[str]) -> Token:
    start, end, text = match.start(), match.end(), match.group()
    match match.lastgroup:
        case "bare":
            kept = text.rstrip(".,-+") if not text.endswith(("m.", "M.")) else text
            return Token("value", kept, start, start + len(kept))
        case "number":
            return Token("number", text, start, end)
        case "mark":
            return Token("mark", text, start, end)
        case _:
            return Token("word", text.lower().replace("’", "'").rstrip("'"), start, end, raw=text)


def _read_list(text: str, start: int, quotes: "_Quotes") -> Token | None:
    """`[a, b, 'c, d']` as one token, or None if it has no end nearby."""
    items: list[str] = []
    piece_from = at = start + 1
    quoted: str | None = None
    last = min(len(text), start + _LONGEST_LIST)
    while at < last:
        character = text[at]
        if character in _QUOTES and (end := quotes.end(at)) is not None:
            quoted = text[at + 1 : end]
            at = end
        elif character in ",]":
            item = quoted if quoted is not None else text[piece_from:at].strip()
            if item:
                items.append(item)
            quoted, piece_from = None, at + 1
            if character == "]":
                return Token("list", text[start : at + 1], start, at + 1, items=tuple(items)) if items else None
        at += 1
    return None


class _Quotes:
    """Where quotations end: a quotation may itself hold apostrophes and quotations ('You've read 'Emma' twice').

    Every mark is looked at a bounded number of times, whatever the text.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._marks: dict[str, list[int]] = {}
        self._place: dict[int, int] = {}
        for mark in _QUOTE_MARK.finditer(text):
            marks = self._marks.setdefault(_family(mark.group()), [])
            self._place[mark.start()] = len(marks)
            marks.append(mark.start())
        self._opening = {at for at in self._place if self._looks_open(at)}
        self._closing = {at for at in self._place if self._looks_closed(at)}
        self._ends: dict[int, int | None] = {}

    def end(self, start: int) -> int | None:
        """The offset of the mark that closes the quotation opened at `start`, or None if none is opened there."""
        if start not in self._ends:
            self._ends[start] = self._find(start)
        return self._ends[start]

    def _find(self, start: int) -> int | None:
        if start not in self._opening:
            return None
        marks = self._marks[_family(self._text[start])]
        depth = 1
        for place in range(self._place[start] + 1, min(len(marks), self._place[start] + _MOST_MARKS)):
            at = marks[place]
            closes = at in self._closing
            if closes and (at == start + 1 or at not in self._opening):
                depth -= 1
                if depth == 0 and not self._is_inside(marks, place):
                    return at
                depth = max(depth, 1)
            elif at in self._opening and at != start + 1:
                depth += 1
        return self._last_closing(marks, start)

    def _last_closing(self, marks: list[int], start: int) -> int | None:
        """The first mark that can close at all: the quotations within were not what they looked like."""
        first = self._place[start] + 1
        return next((at for at in marks[first : first + _MOST_MARKS] if at in self._closing), None)

    def _is_inside(self, marks: list[int], place: int) -> bool:
        """Whether the closing mark is an apostrophe (`the boys' club'`): the next mark of weight then closes too."""
        at = marks[place]
        if self._text[at] not in "'’" or not self._text[at - 1].isalpha() or not self._text[at + 1 : at + 2].isspace():
            return False
        if self._text[at - 1] not in "sSnN":
            return False
        for following in marks[place + 1 : place + 4]:
            if following in self._opening:
                return False
            if following in self._closing:
                return True
        return False

    def _looks_open(self, at: int) -> bool:
        character = self._text[at]
        if character not in _QUOTES:
            return False
        if at and self._text[at - 1] not in _BEFORE and self._text[at - 1] not in _QUOTES:
            return False
        following = self._text[at + 1 : at + 2]
        return bool(following) and not following.isspace()

    def _looks_closed(self, at: int) -> bool:
        if self._text[at] in "‘“«":
            return False
        following = self._text[at + 1 : at + 2]
        return not following or following in _AFTER or following in _QUOTES or following in "’”»"


def _family(character: str) -> str:
    if character in "'‘’":
        return "'"
    return '"' if character in '"“”' else "`" if character == "`" else "«"
