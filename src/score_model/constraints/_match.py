"""Whether what was seen meets an intent's constraints: backend events' payloads, and free texts."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property, lru_cache
from itertools import islice
from typing import Any, NamedTuple

from score_model.constraints._records import Constraint, Intent, Match
from score_model.contract import Operator
from score_model.fields import (
    ORDERED,
    NamedFields,
    ValueKind,
    compare,
    fold,
    fold_name,
    normal,
    placeholders_left,
    read_date,
    read_measure,
    read_time,
)

MOST_TEXTS = 2_000
MOST_CHARACTERS = 400_000
"""Of all texts together that match_texts reads."""

_MOST_NUMBERS = 200  # of one text
_LONGEST_MOMENT = 400  # characters of a text that can be a date, a time or a text with a placeholder
_LONGEST_LABEL = 200  # characters of a text that names a field and its value
_DIGIT = re.compile("[0-9]")
_REMOVED = str.maketrans("", "", ".,")
_NUMBERS = re.compile(r"(?<![\w.])[$€£]?([0-9]{1,15}(?:,[0-9]{3}){0,4}(?:\.[0-9]{1,8})?)(?![\w])")


def satisfies(constraint: Constraint, seen: Any) -> bool | None:
    """Whether a field's value meets the constraint: the export contract's operators on values compared as their kind.

    None if that can't be told: an order between things that have none ("cheap" and 5). Never raises.
    """
    if constraint.operator in ORDERED and not _has_order(constraint, seen):
        return None
    kind = constraint.kind
    if kind is ValueKind.TIME and isinstance(seen, str):
        seen = _time_of(seen)
    return compare(constraint.value, constraint.operator, seen, kind)


def match_data(intent: Intent, data: Any) -> Match:
    """The intent's constraints against one event's data, or any JSON object.

    A field is looked for wherever the payload nests it, by its words and their synonyms. A demand whose field is not
    there is satisfied if some value of the payload meets it; it is missing otherwise, and so is a prohibition. Never
    raises.
    """
    payload = NamedFields(data)
    return _sorted(intent, lambda constraint: _fares(constraint, payload))


def match_texts(intent: Intent, texts: Sequence[str]) -> Match:
    """The intent's constraints against texts that were typed, clicked or shown, which name no fields.

    A demand is satisfied if a text holds its value (or a number in the right order, where the text is that number or
    names the field), and missing otherwise. A prohibition is violated if a text is, or holds, what is forbidden,
    missing if there are no texts, and satisfied otherwise. At most 2,000 texts of 400,000 characters in all are read.
    Never raises.
    """
    read = _Texts(_read(texts))
    return _sorted(intent, lambda constraint: _fares_in_texts(constraint, read))


def _sorted(intent: Intent, fares: Callable[[Constraint], bool | None]) -> Match:
    kept: dict[bool | None, list[Constraint]] = {True: [], False: [], None: []}
    for constraint in intent.constraints:
        kept[fares(constraint)].append(constraint)
    return Match(satisfied=tuple(kept[True]), violated=tuple(kept[False]), missing=tuple(kept[None]))


def _fares(constraint: Constraint, payload: NamedFields) -> bool | None:
    named = constraint.field or constraint.negative  # without a field, a prohibition is about the thing's name
    found = payload.find(constraint.field, constraint.owner) if named else None
    if found is not None:
        result = satisfies(constraint, found.value)
        if result is not False or found.sure:
            return result
    if constraint.negative or constraint.operator in ORDERED:
        return None if found is None else satisfies(constraint, found.value)
    if any(satisfies(constraint, leaf) for leaf in payload.leaves):
        return True
    return None if found is None else False


def _has_order(constraint: Constraint, seen: Any) -> bool:
    values = seen if isinstance(seen, list) else [seen]
    if constraint.kind is ValueKind.NUMBER:
        return any(isinstance(normal(one, ValueKind.NUMBER), int | float) for one in values)
    if constraint.kind is ValueKind.DATE:
        return any(isinstance(one, str) and read_date(one) is not None for one in values)
    if constraint.kind is ValueKind.TIME:
        return any(isinstance(one, str) and read_time(one) is not None for one in values)
    return any(isinstance(one, str) for one in values)


def _time_of(seen: str) -> str:
    """The time of day of an instant, for a constraint on a time."""
    date = read_date(seen)
    return date[1][:8] if date is not None and date[1] is not None else seen


class _Texts:
    """Texts in the spellings that values are looked for in; the joined ones say at once whether any of them holds one,
    as no value has a line break."""

    def __init__(self, texts: Iterable[str]) -> None:
        self.folded = [fold(text) for text in texts]
        self.joined = "\n".join(self.folded)
        self.joined_bare = self.joined.translate(_REMOVED)

    @cached_property
    def bare(self) -> list[str]:
        return [text.strip() for text in self.joined_bare.split("\n")]

    @cached_property
    def names(self) -> list[str]:
        return [fold_name(text) for text in self.folded]

    @cached_property
    def with_digits(self) -> list[str]:
        return [text for text in self.folded if _DIGIT.search(text)]

    @cached_property
    def measures(self) -> list[float | None]:
        return [read_measure(text) for text in self.folded]

    @cached_property
    def numbers(self) -> list[float]:
        return [number for text in self.with_digits for number in _numbers_in(text)]


class _Wanted(NamedTuple):
    """A value in the same spellings; `moment` says that it is a date or a time, `open` that it has a placeholder."""

    folded: str
    bare: str
    name: str
    moment: bool
    open: bool
    digits: bool


@lru_cache(maxsize=256)
def _wanted(value: str, kind: ValueKind) -> _Wanted:
    """What was typed, clicked and shown is asked for the same values one after the other."""
    folded = fold(value)
    return _Wanted(
        folded=folded,
        bare=folded.translate(_REMOVED).strip(),
        name=fold_name(value) if kind is ValueKind.NAME else "",
        moment=kind in (ValueKind.DATE, ValueKind.TIME),
        open=placeholders_left(value) > 0,
        digits=_DIGIT.search(value) is not None,
    )


def _numbers_in(text: str) -> Iterator[float]:
    return (float(match[1].replace(",", "")) for match in islice(_NUMBERS.finditer(text), _MOST_NUMBERS))


def _read(texts: Sequence[str]) -> Iterator[str]:
    """The texts that are not blank, within the bounds."""
    left = MOST_CHARACTERS
    for text in texts[:MOST_TEXTS]:
        if left <= 0:
            return
        part = text[:left]
        left -= len(part)
        if not part.isspace() and part:
            yield part


def _fares_in_texts(constraint: Constraint, texts: _Texts) -> bool | None:
    if not texts.folded:
        return None
    if constraint.operator in ORDERED:
        return _ordered_in_texts(constraint, texts)
    inside = constraint.operator not in (Operator.NOT_EQUALS, Operator.NOT_IN_LIST)
    values = constraint.value if isinstance(constraint.value, tuple) else (constraint.value,)
    found = any(_occurs(value, texts, constraint.kind, inside=inside) for value in values)
    return not found if constraint.negative else found or None


def _occurs(value: str | float, texts: _Texts, kind: ValueKind, *, inside: bool) -> bool:
    """Whether a text is the value or, `inside`, holds it."""
    if not isinstance(value, str):
        return value in texts.measures or (inside and value in texts.numbers)
    wanted = _wanted(value, kind)
    if wanted.moment or wanted.open:
        operator = Operator.CONTAINS if inside and not wanted.moment else Operator.EQUALS
        alike = texts.with_digits if wanted.digits and not wanted.open else texts.folded
        if any(compare(value, operator, text, kind) for text in alike if len(text) <= _LONGEST_MOMENT):
            return True
    folded, bare, name = wanted.folded, wanted.bare, wanted.name
    if inside:
        held = folded in texts.joined or (bare and bare in texts.joined_bare)
        return bool(held or (name and any(name in text for text in texts.names)))
    return bool(folded in texts.folded or (bare and bare in texts.bare) or (name and name in texts.names))


def _ordered_in_texts(constraint: Constraint, texts: _Texts) -> bool | None:
    stems = [word.removesuffix("s") for word in constraint.field.split("_") if len(word) > 3]
    number = constraint.kind is ValueKind.NUMBER
    told: list[bool] = []
    for seen, text in zip(texts.measures if number else texts.folded, texts.folded, strict=True):
        if seen is not None and (whole := satisfies(constraint, seen)) is not None:
            if whole and _is_alike(constraint, text):
                return True
        elif number and len(text) < _LONGEST_LABEL and any(stem in text for stem in stems):
            told.extend(bool(satisfies(constraint, one)) for one in _numbers_in(text))
    return any(told) if told else None


def _is_alike(constraint: Constraint, text: str) -> bool:
    """Whether a text that is a number has about as many digits before the point as the bound: a year is no rating."""
    if not isinstance(constraint.value, float | int):
        return True
    number = read_measure(text)
    return number is not None and abs(len(str(int(number))) - len(str(int(constraint.value)))) <= 1
