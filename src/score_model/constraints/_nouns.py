"""Noun phrases: the words that name a field, and the thing that it is a field of."""

from collections.abc import Collection, Sequence

from score_model.constraints._lexicon import FILLERS, MEASURES, PHRASES, STOP, TEXT_FIELDS, UNITS, VERBS
from score_model.fields import ANYONE

DETERMINERS = frozenset(("a", "an", "any", "some", "the", "your", "my", "each", "every"))
_ARTICLES = frozenset(("the", "a", "an", "its", "their", "his", "her", "your", "my", "whose"))

LONGEST_NOUN = 4
"""Words of a noun phrase that are read."""

_HEADS = TEXT_FIELDS | MEASURES
_NO_OWNERS = FILLERS | ANYONE | _HEADS
_COUNTS = frozenset(("number", "count", "amount", "total", "quantity", "level", "value"))


def noun_before(words: Sequence[str]) -> list[str]:
    """The words of the noun phrase that `words` end with, without articles: [] if they end otherwise."""
    run: list[str] = []
    for place in range(len(words) - 1, -1, -1):
        word = words[place]
        is_noun = word in VERBS and words[place - 1 : place] and words[place - 1] in _ARTICLES  # `the view`
        if (word in STOP and not is_noun) or not word[0].isalpha() or len(run) == LONGEST_NOUN:
            break
        run.insert(0, word)
    return run


def field_name(words: Sequence[str]) -> str:
    """A noun phrase in snake_case: `poster's name` is `poster_name`."""
    return "_".join(plain for word in words if (plain := word.removesuffix("'s").replace("-", "_").strip("_")))


def field_of(words: Sequence[str], run: list[str]) -> str:
    """The field of a noun phrase with what stands before it: `number of X`, `name of the X`, `X in minutes`."""
    rest = list(words)
    while rest and rest[-1] != run[-1]:
        rest.pop()
    rest = rest[: len(rest) - len(noun_before(rest))]
    while rest and rest[-1] in DETERMINERS:
        rest.pop()
    if rest[-1:] == ["in"] and run[-1] in UNITS:
        return field_name(noun_before(rest[:-1])) or field_name(run)
    if rest[-1:] == ["of"]:
        head = noun_before(rest[:-1])
        if head and head[-1] in _COUNTS:
            return field_name(run)
        if head and head[-1] in _HEADS:
            return field_name([*run, *head])
    return field_name(run)


def owner_in(words: Sequence[str], field: str) -> str:
    """The last noun with an article that is not the field itself."""
    owner = ""
    last = field.rpartition("_")[2]
    for place, word in enumerate(words[:-1]):
        if word not in DETERMINERS or words[place + 1] in STOP:
            continue
        run: list[str] = []
        for following in words[place + 1 :]:
            if following in STOP or following in PHRASES or not following[0].isalpha() or len(run) == 3:
                break
            run.append(following)
        behind = words[place + 1 + len(run) : place + 3 + len(run)]
        if behind[:1] == ["of"] and len(behind) == 2:
            continue
        own = run[-1:] and (run[-1].endswith("'s") or field_name(run[-1:]) in field.split("_") or run[-1] == field)
        if run and not own and run[-1] != last and run[-1] not in _NO_OWNERS:
            owner = run[-1]
    return owner


def without_end(words: Sequence[str], ends: Collection[str]) -> list[str]:
    """The words without those of `ends` that they end with."""
    kept = list(words)
    while kept and kept[-1] in ends:
        kept.pop()
    return kept
