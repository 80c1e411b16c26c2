"""What a column of the feature tables is."""

from typing import Literal

import msgspec


class Column(msgspec.Struct, frozen=True):
    """One column: numbers are 64-bit floats, null where they can't be told; `needs_trace` ones are null without one."""

    name: str
    type: Literal["number", "text"]
    level: Literal["step", "episode"]
    needs_trace: bool
    description: str


def columns(
    level: Literal["step", "episode"], needs_trace: bool, described: str, *, texts: frozenset[str] = frozenset()
) -> tuple[Column, ...]:
    """The columns of a list with one `name: description` a line."""
    made = []
    for line in described.strip().splitlines():
        name, _, description = line.strip().partition(": ")
        made.append(Column(name, "text" if name in texts else "number", level, needs_trace, description))
    return tuple(made)
