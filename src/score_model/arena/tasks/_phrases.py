"""Phrases made of several constraints: an item that people look for, and what a form should say."""

from collections.abc import Sequence
from random import Random

from score_model.arena.sites import SiteSpec
from score_model.arena.tasks._predicates import join, noun, predicate, value
from score_model.arena.tasks._task import TaskConstraint
from score_model.arena.tasks._wording import GENRES, LENGTH, MAKER, NAME, PRICE, RATING, YEAR
from score_model.contract import Operator

_BY_FIELD = {
    "year": YEAR,
    "rating": RATING,
    "duration": LENGTH,
    "page_count": LENGTH,
    "price": PRICE,
    "director": MAKER,
    "author": MAKER,
    "name": NAME,
    "genres": GENRES,
    "genre": GENRES,
}
_WORDS = {
    "director": {"by": "directed by", "noun": "director"},
    "author": {"by": "written by", "noun": "author"},
    "duration": {"noun": "duration", "unit": " minutes", "plain": " minutes"},
    "page_count": {"noun": "page count", "unit": "", "plain": " pages"},
}

_THINGS = {"film": ("movie", "film"), "book": ("book",)}
_MADE = {"film": ("released",), "book": ("published", "released")}
_COMMENT_NOUNS = {
    "name": ("commenter's name", "commenter name", "name of the commenter"),
    "content": ("comment text", "content of the comment", "comment's content"),
}
_MESSAGE_NOUNS = {
    "name": ("name", "sender's name", "name of the sender"),
    "email": ("email", "e-mail address"),
    "subject": ("subject", "subject line"),
    "message": ("message", "text of the message"),
}


def modifier(draw: Random, constraint: TaskConstraint, made: str = "released") -> str:
    """The constraint as a modifier of its item; `made` is what happens to such items in their year."""
    wordings = _BY_FIELD.get(constraint.field, {}).get(constraint.operator)
    if wordings is None:
        return f"with a {noun(draw, constraint.field)} that {predicate(draw, constraint)}"
    words = _WORDS.get(constraint.field, {})
    return draw.choice(wordings).format(v=value(draw, constraint), made=made, **words)


def thing(draw: Random, spec: SiteSpec) -> str:
    """What people call an item of the site."""
    return draw.choice(_THINGS[spec.noun])


def item_phrase(draw: Random, spec: SiteSpec, constraints: Sequence[TaskConstraint]) -> str:
    """`a film released before 1990 and NOT directed by 'X'`, in one of three moods."""
    named = any(c.field == "name" and c.operator is Operator.EQUALS for c in constraints)
    head = f"{'the' if named else 'a'} {thing(draw, spec)}"
    mood = draw.choice(("where", "whose", "hung", "hung"))
    if mood == "hung":
        return f"{head} {modifiers(draw, spec, constraints)}"
    if mood == "whose":
        return f"{head} {join([f'whose {_statement(draw, c)}' for c in _positive_first(constraints)])}"
    return f"{head} where {clauses(draw, constraints)}"


def modifiers(draw: Random, spec: SiteSpec, constraints: Sequence[TaskConstraint]) -> str:
    """The constraints hung on a noun; negations last, so that a NOT reaches no further than its own."""
    made = draw.choice(_MADE[spec.noun])
    hung = [(c.negated, modifier(draw, c, made)) for c in constraints]
    hung.sort(key=lambda part: (part[0], part[1].startswith(("that ", "whose "))))
    return join([text for _, text in hung])


def clauses(draw: Random, constraints: Sequence[TaskConstraint], subject: str = "the") -> str:
    """`the year is at least 1990 and the director is NOT 'X'`; `subject` may be `its` or `your`."""
    return join([f"{subject} {_statement(draw, c)}" for c in constraints])


def message_clauses(draw: Random, constraints: Sequence[TaskConstraint]) -> str:
    """What a message says and who sends it."""
    return join([f"the {draw.choice(_MESSAGE_NOUNS[c.field])} {predicate(draw, c)}" for c in constraints])


def comment_clauses(draw: Random, constraints: Sequence[TaskConstraint]) -> str:
    """What a comment says and who signs it."""
    return join([f"the {draw.choice(_COMMENT_NOUNS[c.field])} {predicate(draw, c)}" for c in constraints])


def _statement(draw: Random, constraint: TaskConstraint) -> str:
    return f"{noun(draw, constraint.field)} {predicate(draw, constraint)}"


def _positive_first(constraints: Sequence[TaskConstraint]) -> list[TaskConstraint]:
    return sorted(constraints, key=lambda constraint: constraint.negated)
