"""Constraints in words, as predicates: `<the field> <does NOT contain 'x'>`."""

from collections.abc import Sequence
from random import Random
from typing import Any

from score_model.arena.tasks._task import TaskConstraint
from score_model.contract import Operator as Op

PREDICATES: dict[Op, tuple[str, ...]] = {
    Op.EQUALS: ("equals {v}", "is equal to {v}", "is {v}", "is exactly {v}", "EQUALS {v}"),
    Op.NOT_EQUALS: (
        "is NOT {v}",
        "is NOT equal to {v}",
        "does NOT equal {v}",
        "is not equal to {v}",
        "is NOT EQUAL to {v}",
    ),
    Op.CONTAINS: ("contains {v}", "CONTAINS {v}", "includes {v}", "has {v} in it"),
    Op.NOT_CONTAINS: ("does NOT contain {v}", "does NOT CONTAIN {v}", "does not contain {v}", "does NOT include {v}"),
    Op.GREATER_THAN: ("is greater than {v}", "is GREATER THAN {v}", "is more than {v}", "is above {v}"),
    Op.LESS_THAN: ("is less than {v}", "is LESS THAN {v}", "is below {v}", "is under {v}"),
    Op.GREATER_EQUAL: (
        "is greater than or equal to {v}",
        "is GREATER THAN or EQUAL TO {v}",
        "is greater_equal {v}",
        "is at least {v}",
        "is {v} or more",
    ),
    Op.LESS_EQUAL: (
        "is less than or equal to {v}",
        "is LESS THAN or EQUAL TO {v}",
        "is less_equal {v}",
        "is at most {v}",
        "is {v} or less",
    ),
    Op.IN_LIST: ("is one of {v}", "is in the list {v}", "is one of the following: {v}", "is IN the list {v}"),
    Op.NOT_IN_LIST: ("is NOT one of {v}", "is NOT in the list {v}", "is none of {v}", "is not in the list {v}"),
}

_PLURAL: dict[Op, tuple[str, ...]] = {
    Op.EQUALS: ("include {v}", "have {v} among them", "contain the entry {v}", "list {v}"),
    Op.NOT_EQUALS: (
        "do NOT include {v}",
        "do not list {v}",
        "do NOT have {v} among them",
        "do NOT contain the entry {v}",
    ),
    Op.CONTAINS: ("contain {v}", "CONTAIN {v}", "include {v}", "have {v} among them"),
    Op.NOT_CONTAINS: ("do NOT contain {v}", "do NOT CONTAIN {v}", "do not include {v}", "do NOT include {v}"),
    Op.IN_LIST: (
        "contain at least one of {v}",
        "include at least one of {v}",
        "contain any of {v}",
        "include any of {v}",
    ),
    Op.NOT_IN_LIST: (
        "contain NONE of {v}",
        "do NOT contain any of {v}",
        "include none of {v}",
        "are NOT in the list {v}",
    ),
}
# A single choice has nothing inside it.
_CHOICE = PREDICATES | {Op.CONTAINS: ("contains {v}", "CONTAINS {v}", "includes {v}")}

NOUNS: dict[str, tuple[str, ...]] = {
    "name": ("name", "title"),
    "desc": ("description",),
    "director": ("director", "director's name"),
    "author": ("author", "author's name"),
    "cast": ("cast",),
    "year": ("year", "release year"),
    "duration": ("duration", "duration in minutes", "running time in minutes"),
    "page_count": ("page count", "page_count", "number of pages"),
    "rating": ("rating",),
    "price": ("price",),
    "quantity": ("quantity",),
    "first_name": ("first name",),
    "last_name": ("last name",),
    "bio": ("bio",),
    "location": ("location",),
    "website": ("website",),
    "favorite_genres": ("favourite genre",),
    "genre": ("genre",),
    "query": ("query", "search term"),
}
_PLURALS = {"genres": ("genres",)}
_CHOICES = frozenset(("genre", "favorite_genres"))
_UNQUOTED_LISTS = frozenset(("genres", "genre", "favorite_genres"))  # their values hold neither commas nor quotes


def noun(draw: Random, field: str) -> str:
    """What people call the field."""
    return draw.choice(_PLURALS.get(field) or NOUNS[field])


def predicate(draw: Random, constraint: TaskConstraint) -> str:
    """The constraint without its subject, to go with `noun`."""
    wordings = _PLURAL if constraint.field in _PLURALS else _CHOICE if constraint.field in _CHOICES else PREDICATES
    wording = draw.choice(wordings[constraint.operator])
    return wording.format(v=value(draw, constraint, listed="list {v}" in wording))


def value(draw: Random, constraint: TaskConstraint, *, listed: bool = False) -> str:
    """The constraint's value: texts in quotes, numbers sometimes; lists as `'A' or 'B'`, or in brackets if `listed`."""
    if not isinstance(constraint.value, list):
        return quoted(draw, constraint.value)
    if listed:
        bare = constraint.field in _UNQUOTED_LISTS
        return f"[{', '.join(str(item) if bare else quoted(draw, item, 0.0) for item in constraint.value)}]"
    share = draw.choice((0.0, 1.0))
    return join([quoted(draw, item, share) for item in constraint.value], "or")


def quoted(draw: Random, item: Any, share: float = 0.5) -> str:
    """A value as an intent quotes it; `share` is the probability of quotes around a number."""
    if isinstance(item, str) or draw.random() < share:
        return f"'{item}'"
    return str(item)


def join(parts: Sequence[str], last: str = "and") -> str:
    """`A`, `A and B`, or `A, B and C`."""
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} {last} {parts[-1]}"
