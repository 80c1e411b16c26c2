"""Tests, their criteria and their results (contract section 4).

`extra` holds the recorded fields that a test or a criterion has no place for, under their recorded names.
"""

import enum
from typing import Any

import msgspec


class Operator(enum.StrEnum):
    """How a criterion compares the event's value with its own."""

    EQUALS = "equals"
    NOT_EQUALS = "not_equals"
    CONTAINS = "contains"
    NOT_CONTAINS = "not_contains"
    GREATER_THAN = "greater_than"
    LESS_THAN = "less_than"
    GREATER_EQUAL = "greater_equal"
    LESS_EQUAL = "less_equal"
    IN_LIST = "in_list"
    NOT_IN_LIST = "not_in_list"


class Criterion(msgspec.Struct, frozen=True):
    """What one field of the event's data must satisfy; `operator` is None for a bare value."""

    value: Any
    operator: Operator | None = None
    extra: dict[str, Any] = {}


class CheckEventTest(msgspec.Struct, frozen=True):
    """Passes if any backend event has the name and meets every criterion."""

    event_name: str
    event_criteria: dict[str, Criterion] = {}
    extra: dict[str, Any] = {}


class DataExtractionTest(msgspec.Struct, frozen=True):
    """Compares the solution's answer with `expected_answer` (a text or a list of texts)."""

    expected_answer: Any
    extra: dict[str, Any] = {}


class JudgedTest(msgspec.Struct, frozen=True):
    """A test that needs a language model (`JudgeBaseOnHTML`, `JudgeBaseOnScreenshot`): reported as not run."""

    name: str
    raw: Any


class UnknownTest(msgspec.Struct, frozen=True):
    """A test of a type that we don't know, kept as received."""

    name: str
    raw: Any


TaskTest = CheckEventTest | DataExtractionTest | JudgedTest | UnknownTest


class Check(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The result of one test, as the production API reports it."""

    name: str
    passed: bool | None
    value: Any = None


def parse_test(raw: Any) -> TaskTest:
    """The test of one recorded object; what can't be understood becomes an UnknownTest. Never raises."""
    if not isinstance(raw, dict):
        return UnknownTest("", raw)
    key = "type" if raw.get("type") else "name"
    name = raw.get(key)
    match name:
        case "CheckEventTest":
            event_name, criteria = raw.get("event_name"), raw.get("event_criteria")
            if isinstance(event_name, str) and (criteria is None or isinstance(criteria, dict)):
                parsed = {field: _criterion(value) for field, value in (criteria or {}).items()}
                if all(parsed.values()):
                    kept = {field: criterion for field, criterion in parsed.items() if criterion}
                    return CheckEventTest(event_name, kept, _extra(raw, key, "event_name", "event_criteria"))
        case "DataExtractionTest" if "expected_answer" in raw:
            return DataExtractionTest(raw["expected_answer"], _extra(raw, key, "expected_answer"))
        case "JudgeBaseOnHTML" | "JudgeBaseOnScreenshot":
            return JudgedTest(name, raw)
    return UnknownTest(name if isinstance(name, str) else "", raw)


def _criterion(raw: Any) -> Criterion | None:
    """A criterion, or None if its operator is unknown."""
    if not (isinstance(raw, dict) and "operator" in raw):
        return Criterion(raw)
    operator = raw["operator"]
    if not isinstance(operator, str) or operator not in Operator.__members__.values():
        return None
    return Criterion(raw.get("value"), Operator(operator), _extra(raw, "operator", "value"))


def _extra(raw: dict[str, Any], *used: str) -> dict[str, Any]:
    return {name: value for name, value in raw.items() if name not in used and value is not None}
