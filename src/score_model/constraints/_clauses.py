"""What the words before a value say about it: the field, the operator, and whether it is denied."""

from collections.abc import Sequence

import msgspec

from score_model.constraints._lexicon import (
    COPULAS,
    FILLERS,
    MEASURES,
    NEGATIONS,
    PHRASES,
    PREPOSITIONS,
    STOP,
    TEXT_FIELDS,
    Phrase,
)
from score_model.constraints._nouns import (
    DETERMINERS,
    LONGEST_NOUN,
    field_name,
    field_of,
    noun_before,
    owner_in,
    without_end,
)
from score_model.contract import Operator
from score_model.fields import ANYONE

_MOST_WORDS = 60  # before a value: a clause that is longer says nothing clear about it
_MOST_BETWEEN = 5  # words between an operator and its value
_SENTENCE_MARKS = frozenset(".;!?")
_CLAUSE_MARKS = frozenset(("and", ",", "but", "while", "ensuring", ":", "(", ")", "plus", "&"))
_CHANGES = frozenset(("update", "change", "set", "modify", "increase", "decrease", "adjust", "reduce", "raise", "edit",
                      "switch", "turn", "rename", "updating", "changing", "setting", "modifying"))  # fmt: skip
_HOLDS = frozenset((":", ",", "contain", "contains", "include", "includes", "containing", "including", "list", "lists"))
_ADJACENT = frozenset(
    ("list", "lists", "listing", "like", "match", "over", "features")
)  # mean other things further away
_NOT_WITH = ANYONE | NEGATIONS
_BEHIND_FIELD = PREPOSITIONS | {":", "("} | NEGATIONS | COPULAS
_BEHIND_SUBJECT = COPULAS | NEGATIONS | _HOLDS
_BEHIND_CHANGED = NEGATIONS | {"be", ":", "to"}
_BEHIND_TO = NEGATIONS | {"be", ":"}
_PLACES = PREPOSITIONS - {"of", "for"}
COUNT_OF = "count_of"
"""The field of `quantity of <a thing>`: the count of a thing is no field of the thing."""


class Clause(msgspec.Struct, frozen=True, kw_only=True):
    """What was read before a value.

    `owner` is the noun that the field belongs to; `explicit` says that there is an operator, `implied` that a verb
    rather than a noun stands for the field, `relative` that it is a clause with `that` or `which`, `anyone` that a
    pronoun stands for the field's owner, `to` that it ends with `to` (`changed` is then what is set to the value), and
    `roams` that it ends with `in`, `at` or `from`, which say where rather than what.
    """

    field: str = ""
    owner: str = ""
    phrase: Phrase | None = None
    denied: bool = False
    explicit: bool = False
    last: str = ""
    implied: bool = False
    to: bool = False
    changed: str = ""
    roams: bool = False
    relative: bool = False
    anyone: bool = False

    @property
    def operator(self) -> Operator:
        """The operator that was said, or `equals`."""
        return self.phrase.operator if self.phrase is not None else Operator.EQUALS


def read_clause(before: Sequence[str]) -> Clause:
    """The clause that ends where a value starts; `before` are the words and marks since the value before it."""
    words = list(before[-_MOST_WORDS:])
    clause = _after_last(words, _CLAUSE_MARKS)
    phrase, start, end = _find_phrase(clause)
    between, ahead = clause[end:], clause[:start]
    denied = _is_denied(ahead, between) or (phrase is not None and phrase.denies)
    field, implied = _field(phrase, ahead, between, words[: len(words) - len(clause)])
    leading = ahead if phrase is not None else clause
    return Clause(
        field=field,
        owner=owner_in(words, field),
        phrase=phrase,
        denied=denied,
        explicit=phrase is not None and not phrase.weak,
        last=_last_word(clause),
        anyone=any(word in ANYONE for word in clause),
        relative=any(word in ("that", "which") for word in clause),
        to=_leads_to(leading),
        changed=_changed(words, leading),
        roams=phrase is None and clause[-1:] in (["in"], ["at"], ["from"]),
        implied=implied,
    )


def _after_last(words: list[str], marks: frozenset[str]) -> list[str]:
    stripped = len(words)
    while stripped and words[stripped - 1] in marks:
        stripped -= 1
    for place in range(stripped - 1, -1, -1):
        if words[place] in marks:
            return words[place + 1 :]
    return words


def _find_phrase(clause: Sequence[str]) -> tuple[Phrase | None, int, int]:
    """The phrase that ends nearest to the value, the longest of those, and its place; without one, all is between."""
    found: list[tuple[int, int, Phrase]] = []
    for start, word in enumerate(clause):
        for wording, phrase in PHRASES.get(word, ()):
            if tuple(clause[start : start + len(wording)]) == wording:
                found.append((start + len(wording), start, phrase))
                break
    found.sort(key=lambda one: (-one[0], one[1]))
    for end, start, phrase in found:
        between = clause[end:]
        if clause[start] in _ADJACENT and any(word not in DETERMINERS for word in between):
            continue
        if phrase.operator is Operator.EQUALS and not phrase.field:
            return phrase, start, end
        if len(between) <= _MOST_BETWEEN and not any(word in _PLACES for word in between):
            return phrase, start, end
    return None, 0, 0


def _is_denied(ahead: Sequence[str], between: Sequence[str]) -> bool:
    near = list(ahead)
    for place in range(len(near) - 2, 0, -1):
        if near[place] == "with" and near[place + 1] in DETERMINERS and near[place - 1] not in _NOT_WITH:
            near = near[place:]
            break
    rest = [*between]
    for place in range(len(rest) - 2, 0, -1):
        if rest[place] == "with" and rest[place + 1] in DETERMINERS and rest[place - 1] not in _NOT_WITH:
            rest, near = rest[place:], []
            break
    return any(word in NEGATIONS for word in (*near, *rest))


def _field(phrase: Phrase | None, ahead: list[str], between: list[str], earlier: list[str]) -> tuple[str, bool]:
    """The field, and whether only a verb or the sense of a comparison implies it."""
    said = list(noun_before(without_end(between, _BEHIND_FIELD)))
    said = [word for word in said if word not in FILLERS and word not in ANYONE]
    if said and phrase is None and between[-1] in ("in", "at", "from") and (field := _verb_field(between)):
        return field, True
    if said and between[-1] == "of" and len(said) == 1 and said[0] in ("number", "quantity", "count"):
        return COUNT_OF, True
    if said:
        return field_of(between, said), False
    subject = _subject(ahead, earlier)
    if phrase is not None and phrase.field:
        if phrase.weak and subject and _is_told(subject, ahead):
            return subject, False
        if phrase.field == "name" and _stands_for_verb(ahead):
            return _verb_field(ahead) or "name", True
        if phrase.field == "content" and subject and not _is_told(subject, ahead):
            return "content", True
        return phrase.field, True
    if phrase is None:
        return _verb_field(between), True
    return subject or _verb_field([*ahead]), False


def _subject(ahead: list[str], earlier: list[str]) -> str:
    """The noun phrase that an operator is about."""
    stripped = without_end(ahead, _BEHIND_SUBJECT)
    if not stripped and earlier and ahead and ahead[0] in ("which", "that"):
        stripped = without_end(earlier, frozenset((",",)))
    run = [word for word in noun_before(stripped) if word not in FILLERS or word == "text"]
    if not run:
        return ""
    rest = stripped[: len(stripped) - len(noun_before(stripped))]
    if run[-1] in ANYONE and rest[-2:] != ["number", "of"]:
        return _verb_field([*rest, *run[:-1]])
    if run[-1].endswith(("ed", "ing")) and (field := _participle_field(run[-1])):
        return field
    if len(run) == 1 and run[0] in TEXT_FIELDS and rest[-1:] == ["whose"]:
        before = noun_before(rest[:-1])
        if before and before[-1] in ANYONE and (field := _verb_field(rest[:-1])):
            return field
    return field_of(stripped, run)


def _is_told(subject: str, ahead: Sequence[str]) -> bool:
    """Whether a comparison that implies a field is about its subject all the same: `whose price is over …`."""
    parts = subject.split("_")
    if any(part in MEASURES or part in ("date", "day", "year", "deadline", "age") for part in parts):
        return True
    return "whose" in ahead[-len(parts) - 3 :] or ("where" in ahead and ahead[-1:] != [parts[-1]])


def _stands_for_verb(ahead: Sequence[str]) -> bool:
    run = noun_before(without_end(list(ahead), COPULAS))
    return bool(run) and run[-1] in ANYONE


def _verb_field(words: Sequence[str]) -> str:
    """The field that the last verb with a preposition implies: `directed by` the director."""
    for start in range(len(words) - 1, -1, -1):
        for wording, phrase in PHRASES.get(words[start], ()):
            if phrase.field and tuple(words[start : start + len(wording)]) == wording:
                longer = _verb_ending(words, start + len(wording)) if phrase.weak else None
                return longer or phrase.field
    return ""


def _participle_field(word: str) -> str:
    """The field of `released` or `priced`, whose preposition is part of the comparison: `released in or after`."""
    fields = [
        (wording[1:] != ("in",), len(wording), phrase.field)
        for wording, phrase in PHRASES.get(word, ())
        if phrase.field and not phrase.weak and len(wording) <= 2
    ]
    return min(fields)[2] if fields else ""


def _verb_ending(words: Sequence[str], end: int) -> str | None:
    """The field of the longest verb phrase that ends at `end`: `written by` rather than `by`."""
    for start in range(max(0, end - 4), end):
        for wording, phrase in PHRASES.get(words[start], ()):
            if phrase.field and not phrase.weak and tuple(words[start:end]) == wording:
                return phrase.field
    return None


def _changed(words: Sequence[str], clause: Sequence[str]) -> str:
    """The field that a verb of change is about, if the clause says `to` what: `set your location to …`."""
    if not _leads_to(clause):
        return ""
    for place in range(len(words) - 1, -1, -1):
        if words[place] in _CHANGES:
            run: list[str] = []
            for word in words[place + 1 :]:
                if word in DETERMINERS and not run:
                    continue
                if word in STOP or not word[0].isalpha() or len(run) == LONGEST_NOUN:
                    break
                run.append(word)
            return field_name(run)
    tail = without_end(clause, _BEHIND_CHANGED)
    noun = noun_before(tail)
    rest = without_end(tail[: len(tail) - len(noun)], DETERMINERS)
    return field_name(noun) if noun and not (rest and rest[-1] in PREPOSITIONS) else ""


def _leads_to(clause: Sequence[str]) -> bool:
    return without_end(clause, _BEHIND_TO)[-1:] == ["to"]


def change_of(words: Sequence[str]) -> str:
    """What a sentence says that it changes: `quantity` of `update the quantity of …`."""
    return _changed(words, ["to"])


def _last_word(words: Sequence[str]) -> str:
    return next((word for word in reversed(words) if word not in ",:("), "")
