"""For rows without tests: did the event named like the task's use case fire, and with what data?

The name alone does not decide (export contract, section 6): failures mostly emit the right event with the wrong data.
"""

import json
from collections import Counter
from collections.abc import Iterable
from typing import Any

import msgspec

from score_model.checks import BackendEvent
from score_model.replay._agreement import align_columns

_SHOWN_EVENTS = 20
_SHOWN_DATA = 200  # characters


class ExpectedEvents(msgspec.Struct, frozen=True, kw_only=True):
    """What a row's replay emitted of the event named like its use case.

    `data` has the fields of each, oldest first, at most 20 of the `fired`. `recorded` is the recorded label.
    """

    website: str
    use_case: str
    solution_id: str
    recorded: bool | None
    fired: int
    data: tuple[dict[str, Any], ...] = ()


def find_expected_events(
    events: Iterable[BackendEvent], *, website: str, use_case: str, solution_id: str, recorded: bool | None
) -> ExpectedEvents:
    """Looks the event up, whatever case and separators its name is written with."""
    wanted = _folded(use_case)
    found = [event.data for event in events if _folded(event.name) == wanted]
    return ExpectedEvents(
        website=website,
        use_case=use_case,
        solution_id=solution_id,
        recorded=recorded,
        fired=len(found),
        data=tuple(found[:_SHOWN_EVENTS]),
    )


def format_expected_events(rows: Iterable[ExpectedEvents]) -> list[str]:
    """A table by website and use case: of the rows recorded as passed and as failed, in how many did the event fire?"""
    counts: Counter[tuple[str, str, bool | None, bool]] = Counter()
    for row in rows:
        counts[row.website, row.use_case, row.recorded, row.fired > 0] += 1
    body = []
    for website, use_case in sorted({key[:2] for key in counts}):
        cells = []
        for label in (True, False, None):
            fired, silent = counts[website, use_case, label, True], counts[website, use_case, label, False]
            cells.append(f"{fired:,} of {fired + silent:,}" if fired + silent else "-")
        body.append((f"{website} {use_case}", *cells))
    head = ("expected event fired in", "recorded passes", "recorded failures", "rows without a label")
    return align_columns([head, *body]) if body else []


def format_data(row: ExpectedEvents) -> str:
    """One line that says what a row's expected events carried."""
    if not row.fired:
        return f"{row.website} {row.solution_id}: no {row.use_case}"
    shown = "; ".join(json.dumps(data, ensure_ascii=False) for data in row.data)
    shortened = shown if len(shown) <= _SHOWN_DATA else f"{shown[:_SHOWN_DATA]}…"
    return f"{row.website} {row.solution_id}: {row.fired:,} × {row.use_case} {shortened}"


def _folded(name: str) -> str:
    return "".join(character for character in name.casefold() if character.isalnum())
