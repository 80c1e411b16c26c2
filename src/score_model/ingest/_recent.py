"""The rows that a reader has met lately."""

from collections.abc import Iterable, Sequence

import msgspec

from score_model.ingest._identity import Identity


class RecentRows:
    """Remembers at least the last `size` identities and at most twice as many, in two generations."""

    def __init__(self, size: int, identities: Iterable[Identity] = ()) -> None:
        self._size = size
        self._older: set[Identity] = set()
        self._newer = set(identities)

    def hold_any(self, identities: Sequence[Identity]) -> bool:
        """Whether any of the identities was met."""
        return not (self._newer.isdisjoint(identities) and self._older.isdisjoint(identities))

    def add_new(
        self, identities: Sequence[Identity], items: Sequence[msgspec.Raw], room: int | None
    ) -> list[tuple[Identity, msgspec.Raw]]:
        """The items that were not met yet, with their identities, at most `room` (None: all); from now on they are."""
        newer, older = self._newer, self._older
        if len(set(identities)) < len(identities):  # one answer holds a row twice
            first: dict[Identity, msgspec.Raw] = {}
            for identity, item in zip(identities, items, strict=True):
                first.setdefault(identity, item)
            identities, items = list(first), list(first.values())
        pairs = zip(identities, items, strict=True)
        new = [(identity, item) for identity, item in pairs if identity not in newer and identity not in older][:room]
        newer.update(identity for identity, _ in new)
        if len(self._newer) >= self._size:
            self._older, self._newer = self._newer, set()
        return new
