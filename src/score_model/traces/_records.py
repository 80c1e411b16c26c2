"""The lines of a trace: one header, one step per action, one footer (design, "Formats").

Every record keeps the fields that it has no place for in `extra`, under their recorded names; a line that lacks a field
reads as None there. What a verdict says is in the footer's `verdict` and nowhere else.
"""

from typing import Any

import msgspec

from score_model.checks import Verdict
from score_model.errors import ContractError
from score_model.printable import whole_characters

TRACE_VERSION = 1

MAX_BYTES = 2 << 30
"""Bytes of JSON lines in a trace."""

MAX_LOADED_BYTES = 512 << 20
"""Bytes of JSON lines in a trace that is loaded whole, unless told otherwise."""

MAX_LINE_BYTES = 32 << 20
"""Bytes of one line: two pages, two screenshots and the events of one action."""

MAX_STEPS = 10_000
"""Steps of a trace."""


class TraceHeader(msgspec.Struct, frozen=True, kw_only=True):
    """What was replayed, as whom, where and when.

    `task` has the leaderboard export's spelling and must not hold the task's tests. `browser` is product and version;
    `versions` of the software that replayed, by package. `clock` is "recorded" or "now"; `clock_shift_ms` is what was
    added to the browser's clock. `sites` maps recorded origins to where they ran. Instants are ISO 8601 texts.
    """

    task: dict[str, Any] | None = None
    solution_id: str | None = None
    solution_created_at: str | None = None
    web_agent_id: str | None = None
    validator_id: str | None = None
    browser: str | None = None
    versions: dict[str, str] | None = None
    clock: str | None = None
    clock_shift_ms: int | None = None
    timezone: str | None = None
    locale: str | None = None
    sites: dict[str, str] | None = None
    replayed_at: str | None = None
    trace_version: int = TRACE_VERSION
    extra: dict[str, Any] = {}


class BrowserSnapshot(msgspec.Struct, frozen=True, kw_only=True):
    """The page and the backend around one action, under the documented names.

    None means not captured; an empty list means that nothing happened. Screenshots are Base64 texts. `timestamp` is an
    ISO 8601 text, or seconds since the epoch.
    """

    iteration: int | None = None
    current_url: str | None = None
    prev_html: str | None = None
    current_html: str | None = None
    html_diff: str | None = None
    js_events: list[Any] | None = None
    backend_events_before: list[Any] | None = None
    backend_events: list[Any] | None = None
    screenshot_before: str | None = None
    screenshot_after: str | None = None
    timestamp: str | float | None = None
    extra: dict[str, Any] = {}


class TraceStep(msgspec.Struct, frozen=True, kw_only=True):
    """One action as recorded and what came of it; `execution_time` is in seconds."""

    project_id: str | None = None
    task_id: str | None = None
    web_agent_id: str | None = None
    action_index: int
    action: Any
    success: bool | None = None
    error: str | None = None
    execution_time: float | None = None
    browser_snapshot: BrowserSnapshot = BrowserSnapshot()
    extra: dict[str, Any] = {}


class TraceFooter(msgspec.Struct, frozen=True, kw_only=True):
    """How the replay ended.

    `verdict` is None where no tests were run, `error` says why a replay broke off. `timings` are seconds by phase.
    `budgets_hit` names the budgets that cut the replay short. `backend_events` are all of them, oldest first.
    """

    verdict: Verdict | None = None
    error: str | None = None
    timings: dict[str, float] | None = None
    counts: dict[str, int] | None = None
    budgets_hit: list[str] | None = None
    final_url: str | None = None
    backend_events: list[Any] | None = None
    extra: dict[str, Any] = {}


TraceRecord = TraceHeader | TraceStep | TraceFooter


class Trace(msgspec.Struct, frozen=True):
    """One replay; `footer` is None if the file ends after a step."""

    header: TraceHeader
    steps: tuple[TraceStep, ...]
    footer: TraceFooter | None = None


_KINDS: dict[str, type[TraceRecord]] = {"header": TraceHeader, "step": TraceStep, "footer": TraceFooter}
_NAMES: dict[type[msgspec.Struct], frozenset[str]] = {
    record: frozenset(record.__struct_fields__) - {"extra"}
    for record in (TraceHeader, BrowserSnapshot, TraceStep, TraceFooter)
}


def decode_line(line: bytes) -> TraceRecord:
    """The record of one line, which is a step if it has no `kind`. Raises ContractError with what is wrong."""
    try:
        value = msgspec.json.decode(line)
        if not isinstance(value, dict):
            raise ContractError("not a JSON object")
        kind = value.pop("kind", "step")
        if not isinstance(kind, str) or kind not in _KINDS:
            raise ContractError(f"not a line of a trace: kind is {str(kind)[:40]!r}")
        record = _KINDS[kind]
        if record is TraceStep:
            snapshot = value.pop("browser_snapshot", None) or {}
            if not isinstance(snapshot, dict):
                raise ContractError("not a trace step: browser_snapshot is no object")
            value["browser_snapshot"] = _with_extra(snapshot, BrowserSnapshot)
        return msgspec.convert(_with_extra(value, record), record)
    except (msgspec.ValidationError, UnicodeDecodeError, RecursionError) as broken:
        raise ContractError(f"not a line of a trace: {broken}") from None
    except msgspec.DecodeError as broken:
        raise ContractError(f"not JSON, or torn: {broken}") from None


def encode_line(record: TraceRecord) -> bytes:
    """The record as one line of UTF-8 JSON, with its end of line.

    A documented field wins over one of the same name in `extra`. Halves of surrogate pairs, which pages can hold and
    UTF-8 can't, become U+FFFD. Raises ContractError if a value is nested too deeply.
    """
    fields = _documented(record)
    if isinstance(record, TraceStep):
        fields["browser_snapshot"] = _documented(record.browser_snapshot)
    else:
        fields = {"kind": "header" if isinstance(record, TraceHeader) else "footer", **fields}
    try:
        try:
            return msgspec.json.encode(fields) + b"\n"
        except UnicodeEncodeError:
            return msgspec.json.encode(_whole_characters(msgspec.to_builtins(fields))) + b"\n"
    except RecursionError:
        raise ContractError("a value is nested too deeply for a trace") from None


def _with_extra(value: dict[str, Any], record: type[msgspec.Struct]) -> dict[str, Any]:
    names = _NAMES[record]
    known = {name: field for name, field in value.items() if name in names}
    known["extra"] = {name: field for name, field in value.items() if name not in names}
    return known


def _documented(record: TraceRecord | BrowserSnapshot) -> dict[str, Any]:
    names = _NAMES[type(record)]
    fields = {name: getattr(record, name) for name in record.__struct_fields__ if name in names}
    return fields | {name: value for name, value in record.extra.items() if name not in names and name != "kind"}


def _whole_characters(value: Any) -> Any:
    """The JSON value with U+FFFD for every half of a surrogate pair."""
    if isinstance(value, str):
        return whole_characters(value)
    if isinstance(value, list):
        return [_whole_characters(item) for item in value]
    if isinstance(value, dict):
        return {_whole_characters(name): _whole_characters(item) for name, item in value.items()}
    return value
