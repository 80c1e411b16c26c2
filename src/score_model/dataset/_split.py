"""Groups and splits: near-copies of a task stay on one side (docs/architecture.md, "Group and split").

A group is what reads the same once values are masked. Two wordings that differ only in values (quoted texts, names,
numbers, dates, prices, addresses) give the same mask; two that ask about different fields, or by different operators,
do not.
"""

import re
from functools import lru_cache
from hashlib import blake2b
from typing import Final

import msgspec

MARK: Final = "§"

_LONGEST: Final = 4096  # characters of an intent that take part: bounds the work on a hostile text

_DEEPEST: Final = 32  # lists within lists

_TYPOGRAPHIC: Final = str.maketrans(
    {
        "‘": "'",
        "’": "'",
        "‚": "'",
        "‛": "'",
        "`": "'",
        "´": "'",
        "′": "'",
        "“": '"',
        "”": '"',
        "„": '"',
        "‟": '"',
        "″": '"',
    }
    | {"«": '"', "»": '"'}
)

_UPPER: Final = "A-Z" + "".join(letter for letter in map(chr, range(0xC0, 0x530)) if letter.isupper())
_LOWER: Final = "a-z" + "".join(letter for letter in map(chr, range(0xC0, 0x530)) if letter.islower())
_BETWEEN_VALUES: Final = frozenset({"", "and", "or"})
_LETTERS: Final = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_" + "".join(
    letter for letter in map(chr, range(0xC0, 0x530)) if letter.isalpha()
)


def _quoted(quote: str) -> str:
    """A value between quotes, some of which may be apostrophes of the value.

    A quote opens only at the start of a word and closes only at the end of one. A value runs on to the last closing
    quote before the next opening one: `'Girls' Night'`, `'Rock 'n' Roll'`. Each quote has one role, so that there is
    one way to match. Only character classes are possessive: Python before 3.11.5 gets possessive groups wrong.
    """
    rest = rf"[^{quote}]*+"
    opens = rf"{quote}(?<![^\s(\[{{:=,/>\-\"]{quote})(?=\S)"
    may_close = r"(?=[\s.,;:!?)\]}/\-\"…—–]|$)"
    inside = rf"{rest}(?:{quote}(?:(?<=\s{quote})|(?<!\s{quote})(?!{may_close})){rest})*"
    between = rf"{rest}(?:(?<=\w){quote}(?=\w){rest})*"
    closes = rf"{quote}(?<!\s{quote}){may_close}"
    return f"{opens}{inside}{closes}(?:{between}{closes})*"


_NUMBER: Final = r"[$€£¥+#]*\d[\w$€£¥]*+(?:[.,:/+\-](?=[\w$€£¥]*\d)[\w$€£¥]*+)*%?(?: ?[AaPp]\.?[Mm]\b)?"
"""A number, date, time or price, and what hangs on it: 5pm, 13th, 4K, 2025-11-10T23:18."""

_WORD: Final = rf"(?=[{_LOWER}])\w++"
_NAME: Final = (
    rf"[{_UPPER}](?<![\w'][{_UPPER}])(?<!^[{_UPPER}])(?<![.!?] [{_UPPER}]){_WORD}"
    rf"(?:['\-.]\w++|(?: (?:of|the|de|la|van|von|der|&))* [{_UPPER}]{_WORD})*"
)
"""A run of capitalised words that does not begin a sentence, with the little words of titles between."""

# Every alternative starts with a character, not with an assertion: the regex engine then skips plain words quickly.
_VALUE: Final = re.compile(
    "|".join(
        (
            _quoted("'"),
            _quoted('"'),
            r"\[[^\[\]]*+\]",  # a list of values
            r"<\w+>",  # a placeholder such as <web_agent_id>
            _NUMBER,
            _NAME,
        )
    )
)
_GLUED: Final = frozenset(_LETTERS)
_ADDRESS: Final = re.compile(r"\b[a-z][a-z0-9+.\-]*://[^\s'\"<>]+|[\w.+\-<>]+@[\w\-]+(?:\.[\w\-]+)+", re.IGNORECASE)


@lru_cache(maxsize=8192)
def mask_intent(text: str) -> str:
    """`text` with its values replaced by a mark, in lower case, white space normalised. Never raises; idempotent.

    Names are capitalised words inside a sentence, e-mail addresses, placeholders and user names such as `user80`.
    Values side by side (`May 3, 2025`) give one mark; a full stop at the end does not matter.
    """
    masked = _masked(text[:_LONGEST])
    for _ in range(_DEEPEST):  # lists in lists come out one by one
        before = masked
        if "[" in before or "://" in before or "@" in before:
            masked = _masked(before)
        if masked == before:
            break
    return masked


def _masked(text: str) -> str:
    plain = " ".join(text.split())
    if not plain.isascii() or "`" in plain:
        plain = plain.translate(_TYPOGRAPHIC)
    if "@" in plain or "://" in plain:
        plain = _ADDRESS.sub(MARK, plain)
    pieces = _VALUE.sub(MARK, plain).casefold().split(MARK)
    return " ".join(_joined(pieces).rstrip(" .!?;,").split())


def _joined(pieces: list[str]) -> str:
    """The texts between marks, joined by marks again: one mark for values side by side, none of a word's letters."""
    if len(pieces) == 1:
        return pieces[0]
    last = len(pieces) - 1
    parts: list[str] = []
    for index, piece in enumerate(pieces):
        rest = piece
        if index and rest[:1] in _GLUED:
            rest = rest.lstrip(_LETTERS)
        if index != last and rest[-1:] in _GLUED:
            rest = rest.rstrip(_LETTERS)
        if 0 < index < last and rest.strip(" ,") in _BETWEEN_VALUES:
            continue
        parts.append(rest)
    return MARK.join(parts)


class Group(msgspec.Struct, frozen=True, gc=False):
    """A task's group: 16 hexadecimal digits, the split that follows from it, and a digest of the masked intent."""

    id: str
    split: str
    masked_intent: bytes


def digest(*parts: str | bytes, size: int) -> bytes:
    """A stable digest of `size` bytes of the parts; parts can't run into one another."""
    encoded = [part if isinstance(part, bytes) else part.encode("utf-8", "surrogatepass") for part in parts]
    return blake2b(b"".join([b"%d:%b" % (len(part), part) for part in encoded]), digest_size=size).digest()


@lru_cache(maxsize=32768)
def group_of(website: str | None, use_case: str | None, intent: str | None) -> Group:
    """The group of website + use case + masked intent; a stable hash of it gives train 80 %, val 10 %, test 10 %."""
    masked = mask_intent(intent or "")
    group = digest((website or "").casefold(), (use_case or "").casefold(), masked, size=8).hex()
    return Group(group, split_of(group), digest(masked, size=8))


def split_of(group: str) -> str:
    """The split of a group; it depends on nothing else, so it does not move when the dataset grows."""
    share = int.from_bytes(digest("split", group, size=8), "big") % 100
    if share < 80:
        return "train"
    return "val" if share < 90 else "test"
