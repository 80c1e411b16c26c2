"""Where a payload holds the field that an intent names, whatever the site calls it and however deep it nests it."""

import re
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

import msgspec

from score_model.fields._bounds import MAX_PAYLOAD_VALUES, within_bounds

_BEFORE_EDIT = frozenset(("previous_values", "previous", "old_values", "before"))
"""What fields held before an edit: never what a demand on the field means."""

_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+|[^\W\d_a-zA-Z]+")
_TIMES = re.compile("(?:running|run|playing|screen|total)[_ -]?time", re.IGNORECASE)
_EMAIL = re.compile("e[_ -]mail", re.IGNORECASE)
_SAME: Mapping[str, str] = {
    alike: group[0]
    for group in (
        ("author", "director", "writer", "creator", "maker", "by"),
        ("year", "released", "publication"),
        ("page", "duration", "length", "runtime", "minute"),
        ("desc", "description", "synopsis", "plot", "summary"),
        ("price", "cost", "amount", "fee"),
        ("name", "title"),
        ("genre", "category"),
        ("cast", "actor", "star", "starring"),
        ("query", "search", "keyword", "term"),
        ("content", "text", "body", "comment", "message", "review"),
        ("email", "mail"),
        ("rating", "score"),
        ("location", "place", "city", "address"),
        ("company", "employer", "organization", "organisation"),
        ("people", "guest", "person"),
        ("job", "position"),
        ("website", "url", "link", "homepage"),
        ("favorite", "favourite"),
        ("username", "login", "account"),
        ("quantity", "qty", "copy"),
        ("phone", "telephone", "mobile"),
        ("movie", "film"),
    )
    for alike in group
}
_EMPTY = frozenset((
    "number", "count", "total", "of", "the", "in", "new", "selected", "is", "release", "released", "value", "address",
    "publication", "line", "entry", "type", "code", "target", "sender", "running",
))  # fmt: skip
"""Words that add little to a field's name: they count only where nothing else is left."""

ANYONE = frozenset(("someone", "somebody", "anyone", "anybody", "person", "people", "place", "area", "somewhere",
                    "anywhere", "one", "ones", "something", "anything", "those", "everything"))  # fmt: skip
"""Nouns that stand for what a verb before them is about: `directed by someone whose name …`, `located in a place …`."""

_NOBODY = ANYONE - {"person", "people"}
_MOST_PLACES = 2_000
_NAMES = ("name", "title", "query", "content", "text", "label", "message")


class Found(msgspec.Struct, frozen=True):
    """A field of a payload: its value, or all values where it sits in a list; `sure` that its own name says so."""

    value: Any
    sure: bool


class NamedFields:
    """The fields of one payload, by path."""

    def __init__(self, data: Any) -> None:
        """Payloads of more than 5,000 values or 32 levels have no fields."""
        self._fields: dict[tuple[str, ...], list[Any]] = {}
        if within_bounds([data], max_values=MAX_PAYLOAD_VALUES):
            for path, value in islice(_walk(data), _MOST_PLACES):
                self._fields.setdefault(path, []).append(value)
        self._parts = {path: (_parts(path[-1:]), _parts(path)) for path in self._fields}

    @property
    def leaves(self) -> Iterator[Any]:
        """The single values, in the order of the payload."""
        for values in self._fields.values():
            for value in values:
                if isinstance(value, list):
                    yield from (item for item in value if not isinstance(item, dict | list))
                elif not isinstance(value, dict):
                    yield value

    def find(self, field: str, owner: str = "") -> Found | None:
        """The field that fits best, or None if none does."""
        if not self._fields:
            return None
        wanted = _parts((field,))
        about = _parts((owner,)) if owner else frozenset[str]()
        if wanted == {"name"} and about and (held := self._held(about)) is not None:
            return held
        found = self._best(wanted, about if len(wanted) <= 1 else frozenset())
        if found is not None:
            return found
        if wanted == {"user"}:
            found = self._best(frozenset(("username",)), frozenset())
        if found is None and owner and wanted <= {"name"}:
            found = self._best(about, frozenset())
        return found or self._named(wanted)

    def _held(self, about: frozenset[str]) -> Found | None:
        """The field that is the owner's name itself: `a director whose name …` and `{"director": "Jane Doe"}`."""
        for path, (last, _) in self._parts.items():
            values = self._fields[path]
            if last == about and path[-1] not in _NAMES and all(isinstance(value, str) for value in values):
                return Found(values[0] if len(values) == 1 else values, True)
        return None

    def _best(self, wanted: frozenset[str], about: frozenset[str]) -> Found | None:
        if not wanted:
            return None
        best: tuple[tuple[int, ...], tuple[str, ...]] | None = None
        for place, (path, (last, whole)) in enumerate(self._parts.items()):
            shared = wanted & whole
            if ("id" in last and "id" not in wanted) or not wanted & last or (not shared - _EMPTY and wanted - _EMPTY):
                continue
            flags = all(isinstance(value, bool) for value in self._fields[path])  # `filters_applied.year` is no year
            extra = len(whole - wanted - about - _EMPTY)
            rank = (2 * len(shared) - ("name" in shared), -flags, len(about & whole), -extra, -len(path), -place)
            if best is None or rank > best[0]:
                best = rank, path
        if best is None:
            return None
        values = self._fields[best[1]]
        return Found(values[0] if len(values) == 1 else _flat(values), True)

    def _named(self, wanted: frozenset[str]) -> Found | None:
        """The payload's main name or text, for a noun that stands for the thing itself (`the movie that is NOT …`)."""
        if len(wanted) > 2:
            return None
        for name in _NAMES:
            for path in ((name,), *(path for path in self._fields if path[-1] == name and len(path) == 2)):
                if path in self._fields:
                    return Found(self._fields[path][0], False)
        return None


def _walk(data: Any) -> Iterator[tuple[tuple[str, ...], Any]]:
    """The places of a payload and what they hold, shallowest first."""
    pending: deque[tuple[tuple[str, ...], Any]] = deque([((), data)])
    while pending:
        path, value = pending.popleft()
        if path:
            yield path, value
        if isinstance(value, dict):
            pending.extend(
                ((*path, key), child)
                for key, child in value.items()
                if isinstance(key, str) and key not in _BEFORE_EDIT
            )
        elif isinstance(value, list):
            pending.extend(((*path, ""), child) for child in value if isinstance(child, dict))


def _flat(values: Sequence[Any]) -> list[Any]:
    return [item for value in values for item in (value if isinstance(value, list) else [value])]


def _parts(names: Sequence[str]) -> frozenset[str]:
    """The words of names, one for each group of synonyms, plurals as singulars; empty words only if nothing is left."""
    found = [
        _SAME.get(stem, stem)
        for name in names
        for word in _WORDS.findall(_EMAIL.sub("email", _TIMES.sub("duration", name[:200])))
        if (stem := _stem(word.lower())) not in _NOBODY
    ]
    return frozenset([word for word in found if word not in _EMPTY] or found)


def _stem(word: str) -> str:
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word
