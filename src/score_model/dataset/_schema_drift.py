"""Names that the contract does not know: how a moved contract shows itself."""

from collections.abc import Sequence

import msgspec

from score_model.contract.leaderboard import LeaderboardEntry, unknown_fields
from score_model.dataset._action_masks import ActionFacts
from score_model.dataset._flatten import KnownEntry, entry_bytes

_MOST_NAMES = 200
_LONGEST_NAME = 80
_OTHER = "(other names)"


class Drift(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """Names in one row that the contract does not know: entry fields, action types and action fields."""

    fields: tuple[str, ...]
    actions: tuple[str, ...]
    action_fields: tuple[str, ...]


def find_drift(line: bytes, entry: LeaderboardEntry, facts: Sequence[ActionFacts]) -> Drift | None:
    """The drift of a valid line, its decoded entry and the facts of its actions; None if all names are known."""
    strange = [fact for fact in facts if not fact.known]
    if type(entry) is KnownEntry and not strange:
        return None
    return Drift(
        () if type(entry) is KnownEntry else tuple(unknown_fields(entry_bytes(line))),
        tuple(fact.unknown_type for fact in strange if fact.unknown_type is not None),
        tuple(name for fact in strange for name in fact.unknown_fields),
    )


class UnknownNames:
    """Counts of unknown entry fields, action types and action fields, by name; the number of names is bounded."""

    def __init__(self) -> None:
        self.fields: dict[str, int] = {}
        self.actions: dict[str, int] = {}
        self.action_fields: dict[str, int] = {}

    def add(self, drift: Drift) -> None:
        """Counts the unknown names of one row."""
        for counts, names in (
            (self.fields, drift.fields),
            (self.actions, drift.actions),
            (self.action_fields, drift.action_fields),
        ):
            for name in names:
                _count(counts, name)


def sorted_counts(counts: dict[str, int]) -> dict[str, int]:
    """The counts, the most frequent first, then by name."""
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))


def _count(counts: dict[str, int], name: str) -> None:
    name = name[:_LONGEST_NAME]
    if name not in counts and len(counts) >= _MOST_NAMES:
        name = _OTHER
    counts[name] = counts.get(name, 0) + 1
