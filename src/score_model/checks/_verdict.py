"""A task's tests, run on the backend events and the answer of one solution (export contract, section 4)."""

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from score_model.checks._answers import can_be_compared, is_expected_answer
from score_model.checks._bounds import MAX_EXPECTED_VALUES, within_bounds
from score_model.checks._criteria import meets
from score_model.checks._events import BackendEvent
from score_model.checks._fields import EventFields, read_fields
from score_model.contract import (
    Check,
    CheckEventTest,
    Criterion,
    DataExtractionTest,
    JudgedTest,
    SolutionStatus,
    TaskTest,
    fill_placeholders,
)


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """What the tests say of a solution.

    `score` is tests passed / tests run, 0.0 if none could be run; `passed` means that at least one ran and none failed;
    `status` is passed, partial or failed; `checks` are in the order of the tests.
    """

    score: float
    passed: bool
    status: SolutionStatus
    text: str
    checks: tuple[Check, ...]


def run_tests(
    tests: Sequence[TaskTest], events: Iterable[BackendEvent], *, answer: Any = None, agent_id: str
) -> Verdict:
    """The verdict on the events after the last action and on the solution's answer. Never raises.

    The values of the agent `agent_id` (such as "77") take the place of placeholders in expected values. The order of
    the events does not matter. Checks are named `backend_event:<event name>`, `data_extraction`, `judged:<test>` and
    `unknown:<test>`: the first is the production API's spelling, the others are ours.

    Not run, with `passed` None, are judged and unknown tests, tests that expect more than 200 values or 32 levels of
    them, and a DataExtractionTest without an expected text, number or list of these. An event with more than 5,000
    values or 32 levels meets no criterion.
    """
    fields = _Fields(events, {test.event_name for test in tests if isinstance(test, CheckEventTest)})
    checks = tuple(_run(test, fields, answer, agent_id) for test in tests)
    ran = sum(check.passed is not None for check in checks)
    passed = sum(check.passed is True for check in checks)
    return Verdict(
        score=passed / ran if ran else 0.0,
        passed=0 < ran == passed,
        status=_status(passed, ran),
        text=_text(passed, ran, len(checks) - ran),
        checks=checks,
    )


class _Fields:
    """The fields of the events that some test names; each event is read once."""

    def __init__(self, events: Iterable[BackendEvent], names: set[str]) -> None:
        self._by_name: dict[str, list[EventFields | None]] = {}
        for event in events:
            if event.name in names:
                self._by_name.setdefault(event.name, []).append(read_fields(event.data))

    def any_meets(self, name: str, criteria: dict[str, Criterion]) -> bool:
        """Whether one event of the name meets every criterion."""
        return any(
            not criteria
            or (fields is not None and all(meets(fields.find(field), wanted) for field, wanted in criteria.items()))
            for fields in self._by_name.get(name, ())
        )


def _run(test: TaskTest, fields: _Fields, answer: Any, agent_id: str) -> Check:
    match test:
        case CheckEventTest():
            name, result = f"backend_event:{test.event_name}", None
            if within_bounds([wanted.value for wanted in test.event_criteria.values()], max_values=MAX_EXPECTED_VALUES):
                criteria = {
                    field: Criterion(fill_placeholders(wanted.value, agent_id), wanted.operator)
                    for field, wanted in test.event_criteria.items()
                }
                result = fields.any_meets(test.event_name, criteria)
            return Check(name=name, passed=result)
        case DataExtractionTest():
            expected, result = test.expected_answer, None
            if within_bounds(expected, max_values=MAX_EXPECTED_VALUES) and can_be_compared(expected):
                result = is_expected_answer(answer, fill_placeholders(expected, agent_id))
            return Check(name="data_extraction", passed=result)
        case JudgedTest():
            return Check(name=f"judged:{test.name}", passed=None)
        case _:
            return Check(name=f"unknown:{test.name}", passed=None)


def _status(passed: int, ran: int) -> SolutionStatus:
    if passed == 0:
        return SolutionStatus.FAILED
    return SolutionStatus.PASSED if passed == ran else SolutionStatus.PARTIAL


def _text(passed: int, ran: int, not_run: int) -> str:
    if not ran:
        return f"No check could be run ({not_run} not run)"
    result = f"All checks passed ({passed}/{ran})" if passed == ran else f"{passed} of {ran} checks passed"
    return f"{result}, {not_run} not run" if not_run else result
