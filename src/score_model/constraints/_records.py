"""What an intent asks for, as values."""

import msgspec

from score_model.contract import Operator
from score_model.fields import NEGATIVE, ValueKind


class Constraint(msgspec.Struct, frozen=True, kw_only=True):
    """One demand of an intent on one field.

    `field` is what the intent calls the field, in snake_case ("" where it does not say), and `owner` the thing that the
    field is one of, where it says ("film", "commenter"); `value` is a number only where
    `kind` is, and a tuple only for `in_list` and `not_in_list`; `span` is where the demand stands in the intent, as
    offsets in characters, the end excluded.
    """

    field: str
    owner: str = ""
    operator: Operator
    value: str | float | tuple[str | float, ...]
    kind: ValueKind = ValueKind.TEXT
    span: tuple[int, int] = (0, 0)

    @property
    def negative(self) -> bool:
        """Whether it forbids something."""
        return self.operator in NEGATIVE


class Intent(msgspec.Struct, frozen=True, kw_only=True):
    """An intent and what it demands.

    `constraints` are those of the task proper, in the order of the text; `login` holds those on who signs in first
    (username, password), which the events of the main act do not show; `act` is the verb of the main act in lower case
    ("add", "search"), or None.
    """

    text: str
    constraints: tuple[Constraint, ...]
    login: tuple[Constraint, ...] = ()
    act: str | None = None


class Match(msgspec.Struct, frozen=True, kw_only=True):
    """How constraints fare against what was seen: met, contradicted, or not to be told from it."""

    satisfied: tuple[Constraint, ...] = ()
    violated: tuple[Constraint, ...] = ()
    missing: tuple[Constraint, ...] = ()

    @property
    def share(self) -> float | None:
        """The share (0 to 1) of constraints that are met, or None where there are none."""
        total = len(self.satisfied) + len(self.violated) + len(self.missing)
        return len(self.satisfied) / total if total else None

    @property
    def complete(self) -> bool:
        """Whether every constraint is met; an intent without constraints is met by anything."""
        return not self.violated and not self.missing
