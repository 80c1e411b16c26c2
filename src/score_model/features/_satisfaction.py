"""How far what happened meets what the intent demands: the same questions of events, texts and addresses.

Nothing here knows a website: the demands are the intent's, and the expected event is the one that the task's use case
names, as sites name their events after their use cases.
"""

from collections.abc import Sequence
from functools import lru_cache

import msgspec

from score_model.checks import BackendEvent
from score_model.constraints import Intent, Match, match_data, match_texts, parse_intent

Values = dict[str, float | None]

MOST_EVENTS = 50
"""Events of the expected name, the latest ones, that are matched with the intent."""

MOST_TEXTS = 200
_MOST_CHARACTERS = 10_000
_LONGEST_REMEMBERED = 2_000  # characters of a wording


def intent_of(text: str | None) -> Intent:
    """The parsed intent; the same wording is parsed once."""
    wording = text or ""
    return parsed(wording) if len(wording) <= _LONGEST_REMEMBERED else parse_intent(wording)


parsed = lru_cache(maxsize=4096)(parse_intent)


def login_of(intent: Intent) -> Intent | None:
    """What the intent demands of who signs in, as an intent of its own; None if that is nothing."""
    return msgspec.structs.replace(intent, constraints=intent.login, login=()) if intent.login else None


def same_name(name: str, use_case: str) -> bool:
    """Whether an event is named like the use case, in whatever spelling."""
    return _folded(name) == _folded(use_case)


def expected_events(events: Sequence[BackendEvent], use_case: str | None) -> list[BackendEvent]:
    """The events that the task is about: those named like its use case; all of them where it has none."""
    if not use_case:
        return list(events)
    return [event for event in events if same_name(event.name, use_case)]


def matches_of(intent: Intent, events: Sequence[BackendEvent]) -> list[Match]:
    """How the latest events meet the intent, one match for each."""
    return [match_data(intent, event.data) for event in events[-MOST_EVENTS:]]


def best_of(matches: Sequence[Match]) -> Match | None:
    """The match with the most met and, among those, the fewest contradicted; the latest of equals."""
    return max(reversed(matches), key=lambda match: (len(match.satisfied), -len(match.violated)), default=None)


def bounded(texts: Sequence[str]) -> list[str]:
    """The first of the texts, as many as are matched: 200, of 10,000 characters together."""
    kept, size = [], 0
    for text in texts[:MOST_TEXTS]:
        size += len(text)
        if size > _MOST_CHARACTERS:
            break
        kept.append(text)
    return kept


def match_features(name: str, match: Match | None, intent: Intent) -> Values:
    """A match as four columns that begin with `name`; None stands for nothing that could meet anything.

    The share is None, not 0, where the intent demands nothing.
    """
    total = len(intent.constraints)
    if match is None:
        return {
            f"{name}_satisfied": 0.0 if total else None,
            f"{name}_violated": 0.0 if total else None,
            f"{name}_missing": total,
            f"{name}_complete": 0.0,
        }
    return {
        f"{name}_satisfied": match.share,
        f"{name}_violated": len(match.violated) / total if total else None,
        f"{name}_missing": len(match.missing),
        f"{name}_complete": float(match.complete),
    }


def text_features(name: str, intent: Intent, *groups: Sequence[str]) -> Values:
    """The shares of demands that texts meet and contradict; None where the intent demands nothing.

    Texts may come in groups, each within the bounds: a demand is met if one group meets it and none contradicts it.
    """
    total = len(intent.constraints)
    if not total:
        return {f"{name}_satisfied": None, f"{name}_violated": None}
    matches = [_matched(intent, tuple(bounded(texts))) for texts in groups if texts]
    violated = {demand for match in matches for demand in match.violated}
    satisfied = {demand for match in matches for demand in match.satisfied} - violated
    return {f"{name}_satisfied": len(satisfied) / total, f"{name}_violated": len(violated) / total}


@lru_cache(maxsize=512)
def _matched(intent: Intent, texts: tuple[str, ...]) -> Match:
    """Steps and episodes ask the same of the same texts."""
    return match_texts(intent, texts)


def _folded(name: str) -> str:
    return "".join(character for character in name.casefold() if character.isalnum())
