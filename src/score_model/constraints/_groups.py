"""Values that belong together: `'a', 'b' or 'c'`, `[a, b]`, `between 3 and 5`."""

from collections.abc import Sequence

import msgspec

from score_model.constraints._tokens import Token

_JOINTS = frozenset((",", "or", "and", "nor", "&", "/"))
_RANGE_JOINTS = frozenset(("and", "to", "-", "–", "through", "until"))
_MOST_ITEMS = 100


class Group(msgspec.Struct, frozen=True, kw_only=True):
    """One or several values with what joins them; `end` is the place of the token behind them."""

    items: tuple[str, ...]
    end: int
    numbers: bool
    quoted: bool
    listed: bool = False
    all: bool = False
    between: bool = False


def read_group(tokens: Sequence[Token], start: int, left: Sequence[str]) -> Group:
    """The group of values that starts at `start`; `left` are the words before it."""
    first = tokens[start]
    if first.kind == "list":
        return Group(items=first.items, end=start + 1, numbers=False, quoted=True, listed=True)
    numbers = first.kind == "number" or _is_number(first)
    ranged = _range_end(tokens, start, left)
    if ranged is not None:
        items = (first.text, tokens[ranged - 1].text)
        return Group(items=items, end=ranged, numbers=numbers, quoted=first.quoted, between=True)
    items_found = [first.text]
    joints: set[str] = set()
    at = start + 1
    while len(items_found) < _MOST_ITEMS:
        joint_end = at
        while joint_end < len(tokens) and tokens[joint_end].text in _JOINTS and not tokens[joint_end].is_value:
            joint_end += 1
        if joint_end == at or joint_end >= len(tokens) or not _fits(first, tokens[joint_end]):
            break
        if joint_end - at > 2 or _starts_anew(tokens, at, joint_end):
            break
        joints.update(token.text for token in tokens[at:joint_end])
        items_found.append(tokens[joint_end].text)
        at = joint_end + 1
    return Group(
        items=tuple(items_found),
        end=at,
        numbers=numbers,
        quoted=first.quoted,
        all=len(items_found) > 1 and "and" in joints and "or" not in joints,
    )


def _is_number(token: Token) -> bool:
    return token.quoted and token.text.replace(".", "", 1).isdecimal() and len(token.text) <= 20


def _fits(first: Token, other: Token) -> bool:
    if not other.is_value or other.kind == "list" or first.quoted != other.quoted:
        return False
    return (first.kind == "number" or _is_number(first)) == (other.kind == "number" or _is_number(other))


def _starts_anew(tokens: Sequence[Token], at: int, value: int) -> bool:
    """Whether a number behind an `and` counts something of its own: `rated 4 and 3 copies`."""
    if tokens[value].kind != "number" or value + 1 >= len(tokens):
        return False
    return tokens[at].text == "and" and tokens[value + 1].kind == "word" and tokens[value + 1].text not in ("and", "or")


def _range_end(tokens: Sequence[Token], start: int, left: Sequence[str]) -> int | None:
    """The end of a range that starts with this value, or None."""
    near = left[-4:]
    if not ("between" in near or near[-1:] in (["from"], ["range"], ["ranging"]) or near[-2:] == ["range", "of"]):
        return None
    if start + 2 >= len(tokens) or tokens[start + 1].text not in _RANGE_JOINTS or tokens[start + 1].is_value:
        return None
    text = tokens[start].quoted and not _is_number(tokens[start])  # `from 'Oslo' to 'Lima'` is no range
    if "between" not in near and (text or tokens[start + 1].text == "and"):
        return None
    return start + 3 if _fits(tokens[start], tokens[start + 2]) else None
