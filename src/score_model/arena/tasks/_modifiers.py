"""Constraints in words, as people hang them on a noun: `released before 2014`, `that is NOT directed by 'X'`.

One that starts with `that` or `whose` has a verb of its own; every other is a participle or a preposition.
"""

from random import Random

from score_model.arena.tasks._number_words import LENGTH, PRICE, RATING, YEAR
from score_model.arena.tasks._predicates import noun, predicate, value
from score_model.arena.tasks._task import Constraint
from score_model.arena.tasks._text_words import GENRES, MAKER, NAME

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


def modifier(draw: Random, constraint: Constraint, made: str = "released") -> str:
    """The constraint as a modifier of its item; `made` is what happens to such items in their year."""
    wordings = _BY_FIELD.get(constraint.field, {}).get(constraint.operator)
    if wordings is None:
        return f"with a {noun(draw, constraint.field)} that {predicate(draw, constraint)}"
    words = _WORDS.get(constraint.field, {})
    return draw.choice(wordings).format(v=value(draw, constraint), made=made, **words)
