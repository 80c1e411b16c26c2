"""Values as their kind: what a text is, and when two spellings are the same."""

import enum
import re
import unicodedata
from typing import Any

from score_model.contract import Criterion, Operator
from score_model.contract.placeholders import split_at_placeholders
from score_model.fields._operators import NEGATIVE, ORDERED, meets

MOST_TEXT = 50_000
"""Characters of a value that are read."""

_LONGEST_PARSED = 48
_LONGEST_FILLED = 64  # characters in place of a placeholder
_MOST_ITEMS = 200
_NUMBER = re.compile(
    r"[$€£]?\s?([+-]?(?:[0-9]{1,3}(?:,[0-9]{3}){1,6}|[0-9]{1,20})(?:\.[0-9]{1,12})?)\s?(?:%|[$€£]|usd|eur)?",
    re.IGNORECASE,
)
_DIGITS = frozenset("0123456789")
_STARTS_NUMBER = _DIGITS | frozenset("+-$€£")
_UNIT = re.compile(r"(minutes?|mins?\.?|pages?|stars?|hours?|people|persons?|guests?|dollars?|p\.|m)")
_ISO = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})(?:[tT ]([0-9:.]{1,16})(z|Z|[+-][0-9]{2}:?[0-9]{2})?)?")
_NAMED = re.compile(
    r"(?:([a-z]{3,9})\.? ([0-9]{1,2})(?:st|nd|rd|th)?,? ([0-9]{4})"
    r"|([0-9]{1,2})(?:st|nd|rd|th)? ([a-z]{3,9})\.?,? ([0-9]{4}))"
)
_SLASHED = re.compile(r"([0-9]{1,2})[/.]([0-9]{1,2})[/.]([0-9]{4})|([0-9]{4})/([0-9]{1,2})/([0-9]{1,2})")
_WEEKDAY = re.compile(r"^(?:mon|tue|wed|thu|fri|sat|sun)[a-z]{0,6},? ")
_TIME = re.compile(r"([0-9]{1,2})(?::([0-9]{2}))?(?::([0-9]{2})(?:\.[0-9]{1,6})?)?\s?(?:([ap])\.?m\.?)?")
_EMAIL = re.compile(r"[^\s@]{1,64}@[^\s@]{1,255}\.[^\s@.]{1,63}|[^\s@]{1,64}@[^\s@]{1,255}")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_TYPOGRAPHY = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-", "…": "...", "\u00a0": " "})
_NAME_FIELDS = frozenset((
    "name", "author", "director", "cast", "actor", "writer", "creator", "artist", "user", "person", "sender",
    "commenter", "poster", "host", "guest", "contact",
))  # fmt: skip


class ValueKind(enum.StrEnum):
    """What sort of thing a value is, which decides how it is compared."""

    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    TIME = "time"
    EMAIL = "email"
    NAME = "name"


def kind_of(value: str, field: str = "", operator: Operator = Operator.EQUALS) -> ValueKind:
    """What sort of value a text is, for a field of that name and an operator."""
    if operator in (Operator.CONTAINS, Operator.NOT_CONTAINS):
        return ValueKind.TEXT
    if read_date(value) is not None:
        return ValueKind.DATE
    if (":" in value or value[-2:].lower() in ("am", "pm", "m.")) and read_time(value) is not None:
        return ValueKind.TIME
    if read_number(value) is not None:
        return ValueKind.NUMBER
    if _EMAIL.fullmatch(value[:400]):
        return ValueKind.EMAIL
    return ValueKind.NAME if field.rpartition("_")[2].removesuffix("s") in _NAME_FIELDS else ValueKind.TEXT


def read_number(text: str) -> float | None:
    """The number that a text is ("4.70", "$1,299", "12%"), or None."""
    text = text.strip()
    if text[:1] not in _STARTS_NUMBER or len(text) > _LONGEST_PARSED or not (match := _NUMBER.fullmatch(text)):
        return None
    return float(match[1].replace(",", ""))


def read_measure(text: str) -> float | None:
    """The number that a text is, with or without a unit ("142 minutes", "4.5 stars")."""
    text = text.strip().lower()
    if text[:1] not in _STARTS_NUMBER or len(text) > _LONGEST_PARSED:
        return None
    if (number := read_number(text)) is not None:
        return number
    head, _, unit = text.rpartition(" ")
    return read_number(head) if head and _UNIT.fullmatch(unit) else None


def read_date(text: str) -> tuple[str, str | None] | None:
    """The day ("2025-11-13") and the time of day with its zone, if any, that a text is; None if it is no date."""
    text = text.strip()
    if not 8 <= len(text) <= _LONGEST_PARSED or not (text[0] in _DIGITS or text[-1] in _DIGITS):
        return None
    if match := _ISO.fullmatch(text):
        return _day(match[1], match[2], match[3], f"{match[4]}{(match[5] or '').upper()}" if match[4] else None)
    lowered = _WEEKDAY.sub("", text.lower())
    if match := _NAMED.fullmatch(lowered):
        month, day, year = (match[1], match[2], match[3]) if match[1] else (match[5], match[4], match[6])
        return _day(year, str(_MONTHS.index(month[:3]) + 1), day, None) if month[:3] in _MONTHS else None
    if match := _SLASHED.fullmatch(lowered):
        if match[4]:
            return _day(match[4], match[5], match[6], None)
        first, second = (match[1], match[2]) if int(match[1]) <= 12 else (match[2], match[1])
        return _day(match[3], first, second, None)
    return None


def read_time(text: str) -> str | None:
    """The time of day that a text is, as HH:MM:SS, or None."""
    text = text.strip().lower()
    if text[:1] not in _DIGITS or len(text) > 16 or not (match := _TIME.fullmatch(text)) or not (match[2] or match[4]):
        return None
    hour, minute, second = int(match[1]), int(match[2] or 0), int(match[3] or 0)
    if match[4]:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if match[4] == "p" else 0)
    return f"{hour:02d}:{minute:02d}:{second:02d}" if hour < 24 and minute < 60 and second < 60 else None


def fold(text: str) -> str:
    """A text without what people do not mean by it: case, width, kinds of quotes and dashes, runs of white space."""
    text = text[:MOST_TEXT]
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text).translate(_TYPOGRAPHY)
    return " ".join(text.casefold().split())


def fold_name(text: str) -> str:
    """A name without accents and punctuation as well."""
    folded = fold(text)
    if folded.isascii():
        return " ".join(folded.translate(_PUNCTUATION).split())
    apart = unicodedata.normalize("NFKD", folded)
    return " ".join("".join(c for c in apart if _is_of_name(c)).split())


def _is_of_name(character: str) -> bool:
    return character.isalnum() or character.isspace() or character in "<>"  # the marks of a placeholder


_PUNCTUATION = {code: None for code in range(128) if not _is_of_name(chr(code))}


def placeholders_left(text: str) -> int:
    """How many placeholders of a text were never filled in: `<web_agent_id>`, `{{name}}`, `${id}`."""
    return len(split_at_placeholders(text[:MOST_TEXT])) - 1


def same_value(expected: Any, seen: Any, kind: ValueKind = ValueKind.TEXT) -> bool:
    """Whether two JSON values are the same as values of the kind; a placeholder in `expected` stands for any word.

    A list equals what one of its elements equals, and an object with a `name` stands for its name. Never raises.
    """
    return compare(expected, Operator.EQUALS, seen, kind)


def compare(expected: Any, operator: Operator, seen: Any, kind: ValueKind) -> bool:
    """Whether `operator` holds between what was seen and what is expected. Never raises."""
    wanted = list(expected) if isinstance(expected, tuple) else expected
    if kind is ValueKind.DATE:
        wanted, seen = _same_precision(wanted, seen)
    want = [normal(item, kind) for item in wanted] if isinstance(wanted, list) else normal(wanted, kind)
    have = [normal(item, kind) for item in seen] if isinstance(seen, list) else normal(seen, kind)
    contains = operator in (Operator.CONTAINS, Operator.NOT_CONTAINS)
    if operator not in ORDERED and _is_filled(want, have, contains=contains):
        return operator not in NEGATIVE
    return meets(have, Criterion(want, operator))


def normal(value: Any, kind: ValueKind) -> Any:
    """A single value in the spelling that its kind is compared in; what is not of the kind stays as text."""
    if isinstance(value, dict) and isinstance(value.get("name"), str | int | float):
        value = value["name"]
    if not isinstance(value, str):
        return value
    match kind:
        case ValueKind.NUMBER:
            number = read_measure(value)
            return number if number is not None else fold(value)
        case ValueKind.DATE:
            date = read_date(value)
            return fold(value) if date is None else date[0] if date[1] is None else f"{date[0]}T{date[1]}"
        case ValueKind.TIME:
            return read_time(value) or fold(value)
        case ValueKind.NAME:
            return fold_name(value) or fold(value)
        case _:
            return fold(value)


def _same_precision(wanted: Any, seen: Any) -> tuple[Any, Any]:
    """Both sides as days if one of them says no time."""
    days = []
    for value in (wanted, seen):
        date = read_date(value) if isinstance(value, str) else None
        if date is None:
            return wanted, seen
        days.append(date)
    if all(date[1] is not None for date in days):
        return wanted, seen
    return days[0][0], days[1][0]


def _is_filled(wanted: Any, seen: Any, *, contains: bool) -> bool:
    """Whether a text with placeholders is met by what was seen with something in their place."""
    if isinstance(seen, list):
        return any(_is_filled(wanted, item, contains=contains) for item in seen[:_MOST_ITEMS])
    if isinstance(wanted, list):
        return any(_is_filled(item, seen, contains=contains) for item in wanted[:_MOST_ITEMS])
    if isinstance(seen, int) and not isinstance(seen, bool) and seen.bit_length() <= 64:
        seen = str(seen)
    if not isinstance(wanted, str) or not isinstance(seen, str):
        return False
    parts = split_at_placeholders(wanted)
    if len(parts) < 2:
        return False
    at = seen.find(parts[0])
    if at < 0 or (at and not contains):
        return False
    at += len(parts[0])
    for part in parts[1:]:
        end = seen.find(part, at + 1) if part else min(at + 1, len(seen))
        if end < at + 1 or end - at > _LONGEST_FILLED:
            return False
        at = end + len(part)
    return contains or at == len(seen) or (not parts[-1] and len(seen) - at <= _LONGEST_FILLED and " " not in seen[at:])


def _day(year: str, month: str, day: str, time: str | None) -> tuple[str, str | None] | None:
    if not (1 <= int(month) <= 12 and 1 <= int(day) <= 31):
        return None
    return f"{year}-{int(month):02d}-{int(day):02d}", time
