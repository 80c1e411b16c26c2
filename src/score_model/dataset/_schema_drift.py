"""Counting the names that the contract does not know: how a moved contract shows itself."""

from functools import cache

import msgspec

from score_model.contract import unknown_fields
from score_model.dataset._action_masks import ActionFacts

_MOST_NAMES = 200
_LONGEST_NAME = 80
_OTHER = "(other names)"
_MOST_SHAPES = 1000


class UnknownNames:
    """Counts of unknown entry fields, action types and action fields, by name; the number of names is bounded."""

    def __init__(self) -> None:
        self.fields: dict[str, int] = {}
        self.actions: dict[str, int] = {}
        self.action_fields: dict[str, int] = {}
        self._by_shape: dict[tuple[tuple[str, ...], ...], list[str]] = {}

    def entry(self, raw: bytes | msgspec.Raw) -> None:
        """Counts the unknown fields of one entry; entries of one shape are looked at once."""
        parts = _parts_decoder().decode(raw)
        shape = (tuple(parts), *(_keys(part) for part in parts.values()))
        names = self._by_shape.get(shape)
        if names is None:
            names = unknown_fields(raw)
            if len(self._by_shape) < _MOST_SHAPES:
                self._by_shape[shape] = names
        for name in names:
            _count(self.fields, name)

    def action(self, facts: ActionFacts) -> None:
        """Counts what is unknown in one action."""
        if facts.unknown_type is not None:
            _count(self.actions, facts.unknown_type)
        for name in facts.unknown_fields:
            _count(self.action_fields, name)


def sorted_counts(counts: dict[str, int]) -> dict[str, int]:
    """The counts, the most frequent first, then by name."""
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))


@cache
def _parts_decoder() -> msgspec.json.Decoder[dict[str, msgspec.Raw]]:
    return msgspec.json.Decoder(dict[str, msgspec.Raw])


def _keys(part: msgspec.Raw) -> tuple[str, ...]:
    return tuple(_parts_decoder().decode(part)) if memoryview(part)[0] == ord("{") else ()


def _count(counts: dict[str, int], name: str) -> None:
    name = name[:_LONGEST_NAME]
    if name not in counts and len(counts) >= _MOST_NAMES:
        name = _OTHER
    counts[name] = counts.get(name, 0) + 1
