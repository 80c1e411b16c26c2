"""What a few words behind a value say: `2014 or later`, `'x' in its title`, `6 people`, `'birthday' occasion`."""

from collections.abc import Sequence

import msgspec

from score_model.constraints._lexicon import LESS, MEASURES, MORE, PHRASES, STOP, TEXT_FIELDS, UNITS
from score_model.constraints._tokens import Token
from score_model.contract import Operator

_HAVING = frozenset(("has", "have", "having", "with", "carry", "carries", "carrying", "bearing", "had"))
_THEIRS = frozenset(("its", "their", "his", "her", "your", "the", "a", "an", "my", "whose"))
_INSIDE = frozenset(("in", "among", "within", "as", "inside", "somewhere"))
_COMPARING = frozenset(("than", "recent", "expensive", "or", "equal", "popular"))
_MORE_OR_LESS = MORE | LESS
_LONGEST = 3


class Suffix(msgspec.Struct, frozen=True, kw_only=True):
    """`end` is the place of the first token behind the suffix; `owns` that its field is the one that is meant."""

    end: int
    operator: Operator | None = None
    field: str = ""
    owns: bool = False
    yields: bool = False
    unit: bool = False

    def replaces(self, field: str) -> bool:
        """Whether the noun behind a number says better than the one before it what is counted."""
        return not any(part in MEASURES for part in field.split("_")) if self.unit else False


def read_suffix(tokens: Sequence[Token], start: int, left: Sequence[str], *, numbers: bool) -> Suffix:
    """The suffix that starts at `start`, behind values to which `left` leads; without one, it ends where it starts."""
    if not numbers:
        return _of_text(tokens, start, left)
    at, field, unit = _counted(tokens, start)
    operator = None
    word = _word(tokens, at)
    following = _word(tokens, at + 1)
    compares = _word(tokens, at + 2) in _COMPARING
    if word == "+" or (word in ("or", "and") and following in MORE and not compares):
        operator = Operator.GREATER_EQUAL
        at += 1 if word == "+" else 2
    elif word in ("or", "and") and following in LESS and not compares:
        operator = Operator.LESS_EQUAL
        at += 2
    if operator is not None and not field:
        at, field, unit = _counted(tokens, at)
    return Suffix(end=at, operator=operator, field=field, unit=unit)


def _counted(tokens: Sequence[Token], start: int) -> tuple[int, str, bool]:
    """The noun behind a number: its end, the field that it makes, and whether it is a unit of measure."""
    word = _word(tokens, start)
    if word in UNITS:
        return start + 1, UNITS[word], True
    end = start
    while end < len(tokens) and end - start < 2 and tokens[end].kind == "word":
        if tokens[end].text in STOP or tokens[end].text in PHRASES:
            break
        end += 1
    if end == start or word in _MORE_OR_LESS:
        return start, "", False
    return end, "_".join(token.text.replace("-", "_") for token in tokens[start:end]), False


def _of_text(tokens: Sequence[Token], start: int, left: Sequence[str]) -> Suffix:
    word, following = _word(tokens, start), _word(tokens, start + 1)
    if word in ("or", "and") and following in _MORE_OR_LESS and _word(tokens, start + 2) not in _COMPARING:
        operator = Operator.GREATER_EQUAL if following in MORE else Operator.LESS_EQUAL
        return Suffix(end=start + 2, operator=operator)
    if word in _INSIDE and left and left[-1] in _HAVING:
        if following in ("it", "them"):
            return Suffix(end=start + 2, operator=Operator.CONTAINS)
        at = start + 2 if following in _THEIRS else start + 1
        end = _noun_end(tokens, at)
        field = "_".join(token.text.removesuffix("'s") for token in tokens[at:end])
        if end > at and (following in _THEIRS - {"the"} or field in TEXT_FIELDS):
            return Suffix(end=end, operator=Operator.CONTAINS, field=field, owns=True, yields=field in TEXT_FIELDS)
        return Suffix(end=start)
    if word == "as":
        at = start + 2 if following in _THEIRS else start + 1
        end = _noun_end(tokens, at)
        if end > at:
            return Suffix(end=end, field="_".join(token.text for token in tokens[at:end]))
        return Suffix(end=start)
    end = _noun_end(tokens, start)
    return Suffix(end=start, field="_".join(token.text for token in tokens[start:end]))


def _noun_end(tokens: Sequence[Token], start: int) -> int:
    end = start
    while end < len(tokens) and end - start < _LONGEST and tokens[end].kind == "word" and tokens[end].text not in STOP:
        end += 1
    return end


def _word(tokens: Sequence[Token], place: int) -> str:
    return tokens[place].text if place < len(tokens) and not tokens[place].is_value else ""
