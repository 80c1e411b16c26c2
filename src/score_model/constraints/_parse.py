"""Intents into constraints: every value of a text becomes one, read from the words around it.

The text is read once, from left to right: what stands between two values says what the second is for, and a few words
after a value can turn its operator ("2014 or later") or name its field ("'x' in its title", "6 people").
"""

from collections.abc import Sequence

from score_model.constraints._clauses import COUNT_OF, Clause, change_of, read_clause
from score_model.constraints._groups import Group, read_group
from score_model.constraints._lexicon import ACCOUNT, PREPOSITIONS, SECRET, SIGN_IN
from score_model.constraints._records import Constraint, Intent
from score_model.constraints._suffixes import Suffix, read_suffix
from score_model.constraints._tokens import Token, tokens_of
from score_model.constraints._unquoted import with_loose_values
from score_model.contract import Operator as Op
from score_model.fields import ANYONE, ValueKind, kind_of, read_date, read_number, read_time

MOST_CONSTRAINTS = 50

_DENIED = {
    Op.EQUALS: Op.NOT_EQUALS, Op.CONTAINS: Op.NOT_CONTAINS, Op.IN_LIST: Op.NOT_IN_LIST,
    Op.GREATER_THAN: Op.LESS_EQUAL, Op.LESS_THAN: Op.GREATER_EQUAL,
    Op.GREATER_EQUAL: Op.LESS_THAN, Op.LESS_EQUAL: Op.GREATER_THAN,
}  # fmt: skip
_DIRECTIONS = frozenset(("left", "right", "up", "down"))
_MOVES = frozenset(("scroll", "swipe", "move", "slide", "pan"))
_SENTENCE_ENDS = frozenset(".;!?")
_POLITE = frozenset((
    "please", "first", "then", "now", "next", "finally", "also", "afterwards", "kindly", "once", "and", "that", "just",
    "successfully", ",", "to", "i", "want", "would", "need", "can", "could",
))  # fmt: skip
_LEAD_INS = frozenset(("after", "once", "when", "upon", "if"))
_BEARING = frozenset(("with", "having", "bearing", "carrying"))
_COUNTING = frozenset(("for", "with", "has", "have", "having", "of"))
_CONTROLS = frozenset(("dropdown", "picker", "selector", "list", "menu", "selection", "calendar", "option", "field"))
_MOMENTS = frozenset((
    "date", "time", "day", "deadline", "hour", "moment", "start", "end", "from", "until", "due", "departure", "arrival",
))  # fmt: skip
_LOOKS = frozenset(("go", "navigate"))


def parse_intent(text: str) -> Intent:
    """The constraints of an intent, in the order of the text. Never raises.

    At most 8,000 characters are read, and at most 50 constraints.
    """
    tokens = with_loose_values(tokens_of(text))
    reader = _Reader(tokens)
    reader.read()
    main, login = reader.found, reader.login
    if not main:
        main, login = [one for one in login if one.field in ACCOUNT], [one for one in login if one.field not in ACCOUNT]
    return Intent(
        text=text,
        constraints=tuple(main[:MOST_CONSTRAINTS]),
        login=tuple(login[:MOST_CONSTRAINTS]),
        act=_act(tokens),
    )


class _Reader:
    """Walks over the tokens; `left` are the words and marks since the last value."""

    def __init__(self, tokens: Sequence[Token]) -> None:
        self._tokens = tokens
        self._left: list[str] = []
        self._left_from = 0
        self._sentence: list[str] = []
        self._owner = ""
        self._previous: Constraint | None = None
        self._signing = False
        self.found: list[Constraint] = []
        self.login: list[Constraint] = []

    def read(self) -> None:
        """Reads all tokens into `found` and `login`."""
        at = 0
        while at < len(self._tokens) and len(self.found) + len(self.login) < MOST_CONSTRAINTS:
            token = self._tokens[at]
            if not token.is_value:
                self._pass(token)
                at += 1
                continue
            group = read_group(self._tokens, at, self._left)
            suffix = read_suffix(self._tokens, group.end, self._left, numbers=group.numbers)
            self._take(group, suffix)
            at = suffix.end
            self._left = []
            self._left_from = self._tokens[at - 1].end

    def _pass(self, token: Token) -> None:
        if token.kind == "mark" and token.text in _SENTENCE_ENDS:
            self._left, self._sentence, self._owner = [], [], ""
            self._signing = False
            self._left_from = token.end
            return
        if self._left and self._left[-1] in _MOVES and token.text in _DIRECTIONS:
            span = (token.start, token.end)
            self._add(Constraint(field="direction", operator=Op.EQUALS, value=token.text, span=span))
        self._left.append(token.text)
        self._sentence.append(token.text)
        if token.text in SIGN_IN:
            self._signing = True
        elif token.text == "up" and self._left[-2:-1] == ["sign"]:
            self._signing = False

    def _take(self, group: Group, suffix: Suffix) -> None:
        clause = read_clause(self._left)
        self._owner = clause.owner or self._owner
        field = self._field(clause, group, suffix)
        if self._is_idle(clause, group, suffix, field):
            return
        if self._is_thing(clause, suffix, field):
            self._owner = clause.field
        operator = suffix.operator or clause.operator
        span = (self._left_from, self._tokens[suffix.end - 1].end)
        for one in _constraints(field, self._owner, operator, clause, group, span):
            self._add(one)

    def _is_thing(self, clause: Clause, suffix: Suffix, field: str) -> bool:
        """Whether the noun before the value is what is counted or measured: `a film of 90 minutes`."""
        if clause.owner or clause.implied or clause.field in ("", COUNT_OF) or suffix.field != field:
            return False
        return field != clause.field and not (clause.explicit and self._owner)

    def _add(self, constraint: Constraint) -> None:
        signs_in = self._signing and constraint.field in ACCOUNT
        if constraint.value == "" and constraint.field in SECRET:
            return
        (self.login if signs_in or constraint.field in SECRET else self.found).append(constraint)
        self._previous = constraint

    def _field(self, clause: Clause, group: Group, suffix: Suffix) -> str:
        if clause.to and (changed := clause.changed or change_of(self._sentence)):
            return changed
        field = "" if clause.field == COUNT_OF or _is_elsewhere(clause, group) else clause.field
        if clause.field == COUNT_OF and group.numbers:
            field = "quantity"
        if suffix.field and _is_behind(field, clause, group, suffix):
            return suffix.field
        if field:
            return _by_kind(field, clause, group)
        if clause.explicit and not clause.implied:
            if clause.relative or self._previous is None:
                return self._owner or clause.owner
            return self._previous.field
        return _by_kind(field, clause, group)

    def _is_idle(self, clause: Clause, group: Group, suffix: Suffix, field: str) -> bool:
        """Whether a number only counts what is asked for anyway: `add 1 item`."""
        first = group.items[0]
        if not group.numbers or clause.explicit or suffix.operator or group.quoted or first != "1":
            return False
        return self._left[-1:] not in (["for"], ["and"]) and not (clause.field and clause.last == "to")


def _is_behind(field: str, clause: Clause, group: Group, suffix: Suffix) -> bool:
    """Whether the noun behind the value names the field better than the words before it."""
    if not field:
        return True
    if group.numbers:
        return suffix.replaces(field) if suffix.unit else clause.last in _COUNTING and not clause.explicit
    if suffix.yields and (clause.anyone or not (clause.implied or clause.relative or clause.last in _BEARING)):
        return False
    return suffix.owns


def _is_elsewhere(clause: Clause, group: Group) -> bool:
    """Whether the noun before `in`, `at` or `from` is what is somewhere, rather than the field: `a job at 'X'`."""
    return clause.roams and not clause.implied and not group.between


def _by_kind(field: str, clause: Clause, group: Group) -> str:
    """The field that a preposition suggests for the kind of the value: `on <a date>`, `at <a time>`, `in <a year>`."""
    value = group.items[0]
    kind = "date" if read_date(value) is not None else "time" if read_time(value) is not None else ""
    if kind and (field == "year" or field.rpartition("_")[2] in _CONTROLS):
        return kind
    if kind:
        told = not clause.implied and clause.last not in PREPOSITIONS
        return field if field and (told or _MOMENTS & set(field.split("_"))) else kind
    if clause.last in ("in", "from", "after", "before") and _is_year(value) and field in ("", "location"):
        return "year"
    if field == "year" and clause.implied and value.isdecimal() and len(value) < 4:
        return "age"
    if not field and clause.last == "in" and not group.numbers:
        return "location"
    return "email" if not field and "@" in value else field


def _is_year(value: str) -> bool:
    return len(value) == 4 and value.isdecimal() and 1000 <= int(value) <= 2999


def _constraints(
    field: str, owner: str, operator: Op, clause: Clause, group: Group, span: tuple[int, int]
) -> list[Constraint]:
    """The constraints on one group of values: a range is two, and `contains 'a' and 'b'` is one for each."""

    def one(op: Op, value: str | float | tuple[str | float, ...], kind: ValueKind) -> Constraint:
        return Constraint(field=field, owner=owner, operator=op, value=value, kind=kind, span=span)

    denied = clause.denied
    if group.between and len(group.items) == 2:
        low, high = (_value(item, field, Op.GREATER_EQUAL) for item in group.items)
        if denied:
            return [one(Op.LESS_THAN, *low)]
        return [one(Op.GREATER_EQUAL, *low), one(Op.LESS_EQUAL, *high)]
    several = len(group.items) > 1 or group.listed
    if several and (operator is Op.EQUALS or (operator is Op.CONTAINS and not group.all and not denied)):
        operator = Op.IN_LIST if group.listed or denied or not group.all else Op.EQUALS
    if operator is Op.IN_LIST:
        read = [_value(item, field, operator) for item in group.items]
        kinds = {kind for _, kind in read}
        kind = kinds.pop() if len(kinds) == 1 else ValueKind.TEXT
        values = tuple(value for value, _ in read) if kind is ValueKind.NUMBER else group.items
        return [one(_DENIED[operator] if denied else operator, values, kind)]
    operator = _DENIED[operator] if denied else operator
    return [one(operator, *_value(item, field, operator)) for item in group.items]


def _value(text: str, field: str, operator: Op) -> tuple[str | float, ValueKind]:
    kind = kind_of(text, field, operator)
    if kind is ValueKind.NUMBER:
        number = read_number(text)
        if number is not None:
            return number, kind
    return text, kind


def _act(tokens: Sequence[Token]) -> str | None:
    """The first verb of the sentence that asks for the main act: the sign-in comes before it."""
    sentences: list[list[str]] = [[]]
    for place, token in enumerate(tokens):
        if token.kind == "mark" and token.text in _SENTENCE_ENDS:
            sentences.append([])
        elif token.kind == "word" or token.text == ",":
            if token.text in ("then", "before") and sentences[-1] and place and tokens[place - 1].text in (",", "and"):
                sentences.append([])
            else:
                sentences[-1].append(token.text)
        else:
            sentences[-1].append("")
    acts = [verb for words in sentences if (verb := _verb(words))]
    return next((verb for verb in acts if verb not in SIGN_IN), acts[0] if acts else None)


def _verb(words: Sequence[str]) -> str:
    said = [*words]
    if said and said[0] in _LEAD_INS and "," in said:
        said = said[said.index(",") + 1 :]
    while said and (said[0] in _POLITE or said[0] in ANYONE or not said[0]):
        if said.pop(0) == "would" and said[:1] == ["like"]:
            said.pop(0)
    if not said:
        return ""
    if said[0] in _LOOKS and "and" in said[1:8]:
        following = said[said.index("and", 1) + 1 :]
        return following[0] if following and following[0] else said[0]
    return said[0]
