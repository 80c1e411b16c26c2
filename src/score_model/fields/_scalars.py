"""How two single values compare (export contract, section 4).

Our own readings, where the contract leaves a choice:
- Two sides that are both numbers or numeric text ("4.70", "1,299") compare as numbers, with their `.` and `,`.
- If one side is a boolean, the other is a boolean too or the text "true" or "false"; 1 is not true.
- Two ISO dates, or two times of day ("1:30 PM", "13:30"), compare as instants and as times; a date alone is its start.
- A text of nothing but `.` and `,` keeps them, or it would be contained in everything.
- An object with a `name` stands for its name; two objects are equal if all their fields are.
"""

import re
from typing import Any, Literal

import msgspec

from score_model.contract import parse_instant
from score_model.errors import ContractError

_NUMBER = re.compile(r"[+-]?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)?(?:\.[0-9]+)?")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[Tt ][0-9:.,+\-Zz]+)?")
_TIME = re.compile(r"([0-9]{1,2}):([0-9]{2})(?::([0-9]{2}))?\s?(?:([ap])\.?m\.?)?")
_REMOVED = str.maketrans("", "", ".,")
_LONGEST_PARSED = 40
_MAX_BITS = 1024


class Scalar(msgspec.Struct, frozen=True, kw_only=True):
    """One value and everything that it can be compared as."""

    raw: Any
    kind: Literal["null", "flag", "number", "text", "other"]
    flag: bool | None = None
    number: int | float | None = None
    moment: tuple[str, int] | None = None
    folded: str = ""
    bare: str = ""

    @property
    def key(self) -> str:
        """The text that equality and order go by."""
        return self.bare or self.folded


def read_scalar(value: Any) -> Scalar:
    """What `value` can be compared as; lists and objects without a name are of the kind "other". Never raises."""
    shown = value
    if isinstance(value, dict) and isinstance(value.get("name"), str | int | float):
        shown = value["name"]
    if shown is None:
        return Scalar(raw=value, kind="null")
    if isinstance(shown, bool):
        return Scalar(raw=value, kind="flag", flag=shown)
    if isinstance(shown, int | float):
        number = _finite(shown)
        if number is None:
            return Scalar(raw=value, kind="other")
        text = str(number)
        return Scalar(raw=value, kind="number", number=number, folded=text, bare=text.translate(_REMOVED))
    if isinstance(shown, str):
        return _read_text(value, shown)
    return Scalar(raw=value, kind="other")


def same(one: Scalar, other: Scalar) -> bool:
    """Whether two values are equal."""
    if isinstance(one.raw, dict) and isinstance(other.raw, dict):
        return one.raw.keys() == other.raw.keys() and all(
            same(read_scalar(value), read_scalar(other.raw[key])) for key, value in one.raw.items()
        )
    if isinstance(one.raw, list) and isinstance(other.raw, list):
        return same_members([read_scalar(item) for item in one.raw], [read_scalar(item) for item in other.raw])
    if "other" in (one.kind, other.kind):
        return False
    if "null" in (one.kind, other.kind):
        return one.kind == other.kind
    if "flag" in (one.kind, other.kind):
        return one.flag is not None and one.flag == other.flag
    if one.number is not None and other.number is not None:
        return one.number == other.number
    if "number" in (one.kind, other.kind):
        return False
    if one.moment and other.moment and one.moment[0] == other.moment[0]:
        return one.moment == other.moment
    return one.key == other.key


def same_members(some: list[Scalar], others: list[Scalar]) -> bool:
    """Whether two lists hold the same values, in whatever order and number."""
    matched: set[int] = set()
    for one in some:  # each pair is compared once: comparing it from both sides would double the work at every level
        hits = {place for place, other in enumerate(others) if same(one, other)}
        if not hits:
            return False
        matched |= hits
    return len(matched) == len(others)


def contains(whole: Scalar, part: Scalar) -> bool:
    """Whether `whole` equals `part`, or is a text that contains it.

    A number contains only itself; the text of a number is searched as it is written ("4.7" is not in "47").
    """
    if same(whole, part):
        return True
    if whole.kind != "text" or part.kind not in ("text", "number"):
        return False
    if whole.number is not None and part.number is not None:
        return part.kind == "text" and part.folded in whole.folded
    return part.bare in whole.bare if part.bare else part.folded in whole.folded


def order(one: Scalar, other: Scalar) -> int | None:
    """Below, at or above 0 as `one` comes before, with or after `other`; None if the two have no order.

    Numbers, instants and times of day are ordered among themselves, and so are texts that are none of these.
    """
    if one.kind not in ("text", "number") or other.kind not in ("text", "number"):
        return None
    if one.number is not None and other.number is not None:
        return _sign(one.number, other.number)
    if one.number is not None or other.number is not None:
        return None
    if one.moment is not None and other.moment is not None and one.moment[0] == other.moment[0]:
        return _sign(one.moment[1], other.moment[1])
    if one.moment is not None or other.moment is not None:
        return None
    return (one.key > other.key) - (one.key < other.key)


def _sign(one: float, other: float) -> int:
    return (one > other) - (one < other)


def _read_text(value: Any, text: str) -> Scalar:
    folded = text.lower().strip()
    short = len(folded) <= _LONGEST_PARSED
    number = _parse_number(folded) if short else None
    return Scalar(
        raw=value,
        kind="text",
        flag={"true": True, "false": False}.get(folded),
        number=number,
        moment=_parse_moment(folded) if short and number is None else None,
        folded=folded,
        bare=folded.translate(_REMOVED).strip(),
    )


def _finite(number: float) -> int | float | None:
    """The number, whole where it is whole; None for what JSON has no number for, and for absurdly long integers."""
    if isinstance(number, int):
        return number if number.bit_length() <= _MAX_BITS else None
    if number != number or number in (float("inf"), float("-inf")):
        return None
    return int(number) if number.is_integer() else number


def _parse_number(text: str) -> int | float | None:
    if not _NUMBER.fullmatch(text) or not text[-1:].isdecimal():
        return None
    digits = text.replace(",", "")
    return _finite(float(digits)) if "." in digits else int(digits)


def _parse_moment(text: str) -> tuple[str, int] | None:
    if _DATE.fullmatch(text):
        try:
            return "instant", parse_instant(text.upper())
        except ContractError:
            return None
    if match := _TIME.fullmatch(text):
        hour, minute, second = int(match[1]), int(match[2]), int(match[3] or 0)
        if match[4] and 1 <= hour <= 12:
            hour = hour % 12 + (12 if match[4] == "p" else 0)
        elif match[4]:
            return None
        if hour < 24 and minute < 60 and second < 60:
            return "time of day", (hour * 60 + minute) * 60 + second
    return None
