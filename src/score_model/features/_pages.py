"""What a page holds, and what changed between two: counts and texts, read without building a tree.

Pages are hostile, and building a tree of them takes time that grows with the square of their nesting. A page is cut at
every `<` instead; few of the pieces differ, within a page and from page to page of a site, so most are looked at once.
All time is linear in the length. The price: nesting and CSS are not seen, so a hidden text counts as shown, and a raw
`<` inside an attribute is taken for the beginning of a text.
"""

import html as entities
import re
from collections import Counter
from functools import lru_cache
from typing import NamedTuple

import msgspec

MOST_CHARACTERS = 4 << 20
"""Characters of a page that are looked at."""

MOST_TEXTS = 2_000
"""Different texts of a page, and of a change, that are kept."""

_LONGEST_TEXT = 400
_LONGEST_SAID = 160  # characters of a text that tells a user of success or failure: longer ones tell of other things
_LONGEST_TAG = 1 << 16
_MOST_REMEMBERED = 1_000  # characters of a piece that is remembered

_HEAD = re.compile(r"""([a-zA-Z][^\s/>]*+)(?:[^"'>]++|"[^"]*+"|'[^']*+')*>""")
_INPUT_TYPE = re.compile(r"""\stype\s*=\s*["']?([a-zA-Z-]+)""")
_WORD = re.compile(r"[^\W_]")
_TROUBLE = re.compile(
    r"\b(?:error|invalid|incorrect|required|fail(?:ed|ure|s)?|wrong|not found|denied|forbidden|unauthori[sz]ed|problem"
    r"|must (?:be|have|match|contain)|can(?:not|'t|’t)|could not|does not exist|already (?:exists|taken|in use)"
    r"|try again|do(?:es)? not match|mismatch|please (?:enter|fill|correct|select|log in|sign in))\b",
    re.IGNORECASE,
)
_SUCCESS = re.compile(
    r"\b(?:success(?:ful(?:ly)?)?|thank(?:s| you)|confirm(?:ed|ation)|saved|(?:has|have) been|was (?:added|sent|saved)"
    r"|added to|updated|deleted|removed|created|submitted|sent|complete[d]?|booked|welcome(?: back)?"
    r"|(?:logged|signed) (?:in|out))\b",
    re.IGNORECASE,
)
_UNREAD = frozenset(("script", "style", "noscript", "template"))
_HEADINGS = frozenset(("title", "h1", "h2"))
_NO_FIELDS = frozenset(("hidden", "submit", "button", "image", "reset"))
_BUTTONS = frozenset(("submit", "button", "image", "reset"))
_LINK, _BUTTON, _FIELD, _FORM = 1, 2, 3, 4


class Page(msgspec.Struct, frozen=True):
    """One page: numbers of elements, characters of its markup and of its text, and the different texts themselves."""

    characters: int = 0
    elements: int = 0
    links: int = 0
    buttons: int = 0
    fields: int = 0
    forms: int = 0
    text_characters: int = 0
    trouble_texts: int = 0
    texts: tuple[str, ...] = ()
    headings: tuple[str, ...] = ()


class Change(msgspec.Struct, frozen=True):
    """From one page to the next: pieces of markup that came and went, their texts, what the pages share (0 to 1)."""

    appeared: int = 0
    vanished: int = 0
    similarity: float = 1.0
    appeared_characters: int = 0
    vanished_characters: int = 0
    trouble_texts: int = 0
    success_texts: int = 0
    texts: tuple[str, ...] = ()


class _Piece(NamedTuple):
    element: bool
    kind: int
    heading: bool
    text: str
    trouble: bool
    success: bool


class _Read(NamedTuple):
    page: Page
    pieces: dict[str, _Piece]


_NOTHING = _Piece(False, 0, False, "", False, False)
_BLANK = _Read(Page(), {})
_UNCHANGED = Change()


class PageReader:
    """Reads the pages of one trace in their order; remembers the last one."""

    def __init__(self) -> None:
        self._html = ""
        self._last = _BLANK

    def read(self, html: str | None) -> Page | None:
        """The page, or None for none."""
        return None if html is None else self._read(html).page

    def change(self, before: str | None, after: str | None) -> tuple[Page | None, Page | None, Change | None]:
        """Both pages and what changed; None where a page was not captured."""
        if before is None or after is None:
            return self.read(before), self.read(after), None
        old = self._read(before)
        if before == after:
            return old.page, old.page, _UNCHANGED
        new = self._read(after)
        return old.page, new.page, self._difference(old.pieces, new.pieces)

    def _read(self, html: str) -> _Read:
        if html != self._html:
            self._html, self._last = html, self._parsed(html)
        return self._last

    def _parsed(self, html: str) -> _Read:
        times_of = Counter(_without_scripts(html[:MOST_CHARACTERS]).split("<"))
        pieces = {
            token: _remembered(token) if len(token) <= _MOST_REMEMBERED else _piece_of(token) for token in times_of
        }
        counts = [0] * 5
        elements = characters = trouble = 0
        texts: dict[str, None] = {}
        headings: dict[str, None] = {}
        for times, (element, kind, heading, text, tells_trouble, _) in zip(
            times_of.values(), pieces.values(), strict=True
        ):
            if element:
                elements += times
                counts[kind] += times
            if text:
                characters += times * len(text)
                trouble += times * tells_trouble
                if len(texts) < MOST_TEXTS:
                    texts[text] = None
                if heading:
                    headings[text] = None
        page = Page(
            characters=len(html),
            elements=elements,
            links=counts[_LINK],
            buttons=counts[_BUTTON],
            fields=counts[_FIELD],
            forms=counts[_FORM],
            text_characters=characters,
            trouble_texts=trouble,
            texts=tuple(texts),
            headings=tuple(headings)[:MOST_TEXTS],
        )
        return _Read(page, pieces)

    def _difference(self, old: dict[str, _Piece], new: dict[str, _Piece]) -> Change:
        came = [piece for token, piece in new.items() if token not in old]
        went = [piece for token, piece in old.items() if token not in new]
        shared = len(new) - len(came)
        appeared = [piece for piece in came if piece.text]
        texts = dict.fromkeys(piece.text for piece in appeared[:MOST_TEXTS])
        return Change(
            appeared=len(came),
            vanished=len(went),
            similarity=shared / (shared + len(came) + len(went)),
            appeared_characters=sum(len(piece.text) for piece in appeared),
            vanished_characters=sum(len(piece.text) for piece in went),
            trouble_texts=sum(piece.trouble for piece in appeared),
            success_texts=sum(piece.success for piece in appeared),
            texts=tuple(texts),
        )


@lru_cache(maxsize=1 << 16)
def _remembered(token: str) -> _Piece:
    """The pages of a site repeat themselves, within a trace and from trace to trace."""
    return _piece_of(token)


def _piece_of(token: str) -> _Piece:
    """What a tag and the text behind it come to; `token` is without its `<`."""
    first = token[:1]
    if not first or first in "!?":
        return _NOTHING
    if first == "/":
        return _with_text(token.partition(">")[2], element=False, kind=0, heading=False)
    head = _HEAD.match(token, 0, _LONGEST_TAG)
    if head is None:
        if not (first.isascii() and first.isalpha()):
            return _with_text(token, element=False, kind=0, heading=False)
        return _Piece(True, 0, False, "", False, False)  # a tag that does not end
    name = head[1].lower()
    text = "" if name in _UNREAD else token[head.end() :]
    return _with_text(text, element=True, kind=_kind(name, head[0]), heading=name in _HEADINGS)


def _kind(name: str, head: str) -> int:
    if name == "a":
        return _LINK if " href" in head else 0
    if name == "button":
        return _BUTTON
    if name == "input":
        found = _INPUT_TYPE.search(head)
        type_ = found[1].lower() if found else "text"
        return _BUTTON if type_ in _BUTTONS else 0 if type_ in _NO_FIELDS else _FIELD
    if name in ("select", "textarea"):
        return _FIELD
    return _FORM if name == "form" else 0


def _with_text(raw: str, *, element: bool, kind: int, heading: bool) -> _Piece:
    text = " ".join((entities.unescape(raw) if "&" in raw else raw).split())
    if not _WORD.search(text):
        return _Piece(element, kind, False, "", False, False)
    short = len(text) <= _LONGEST_SAID
    return _Piece(
        element,
        kind,
        heading,
        text[:_LONGEST_TEXT],
        short and _TROUBLE.search(text) is not None,
        short and _SUCCESS.search(text) is not None,
    )


def _without_scripts(html: str) -> str:
    """The page without what is between the tags of scripts and styles, and without comments; browsers write them so."""
    for start, end in (("<!--", "-->"), ("<script", "</script"), ("<style", "</style")):
        if start not in html:
            continue
        kept, at = [], 0
        while (begins := html.find(start, at)) >= 0:
            ends = html.find(end, begins)
            if start == "<!--":
                kept.append(html[at:begins])
            else:
                opened = html.find(">", begins) + 1
                kept.append(html[at : opened or len(html)])
            if ends < 0:
                at = len(html)
                break
            at = ends + len(end) if start == "<!--" else ends
        html = "".join((*kept, html[at:]))
    return html
