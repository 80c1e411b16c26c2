"""A task's tests, run on the backend events and the answer of one solution (export contract, section 4)."""

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from score_model.checks._events import BackendEvent
from score_model.contract import Criterion, SolutionStatus
from score_model.contract.placeholders import fill_placeholders
from score_model.contract.task_tests import Check, CheckEventTest, DataExtractionTest, JudgedTest, TaskTest
from score_model.fields import MAX_EXPECTED_VALUES, EventFields, meets, read_fields, within_bounds

_SEPARATORS = frozenset(("and", "or", "&"))
_MAX_WRAPPERS = 4
_MAX_ELEMENTS = 1_000
_MAX_BITS = 1024


def can_be_compared(expected: Any) -> bool:
    """Whether an expected answer is a text, a number, a boolean, or a list of these, and says anything at all."""
    texts = _texts(expected)
    return texts is not None and len(texts) > 0 and all(texts)


def is_expected_answer(answer: Any, expected: Any) -> bool:
    """Whether `answer` is `expected`, as trimmed lower-case texts or as unordered lists. Never raises.

    Our own readings, where the contract leaves a choice: an answer that is an object around a single value, such as
    `{"fields": {"email": "a@b.com"}}`, is that value. If either side is a text, the elements of both are split before
    they are compared as lists, so that the text "Ulysses, Crime and Punishment" is the list of "Crime and Punishment"
    and "Ulysses". Elements count as often as they occur.
    """
    for _ in range(_MAX_WRAPPERS):
        if isinstance(answer, dict) and len(answer) == 1:
            answer = next(iter(answer.values()))
    given, wanted = _texts(answer), _texts(expected)
    if given is None or wanted is None:
        return False
    if sorted(given) == sorted(wanted):
        return True
    if isinstance(answer, list) and isinstance(expected, list):
        return False
    parts = _split(wanted)
    return len(parts) > 0 and _split(given) == parts


def _texts(value: Any) -> list[str] | None:
    """The trimmed lower-case texts of a value or a list of values, or None where one is neither text nor number."""
    values = value if isinstance(value, list) else [value]
    if len(values) > _MAX_ELEMENTS:
        return None
    texts: list[str] = []
    for item in values:
        if isinstance(item, float) and item.is_integer():
            item = int(item)
        if not isinstance(item, str | int | float) or (isinstance(item, int) and item.bit_length() > _MAX_BITS):
            return None
        texts.append(str(item).strip().lower())
    return texts


def _split(texts: list[str]) -> list[str]:
    """The parts of all texts between commas and the separating words, in alphabetical order."""
    parts: list[str] = []
    for piece in ",".join(texts).split(","):
        words: list[str] = []
        for word in (*piece.split(), "&"):
            if word not in _SEPARATORS:
                words.append(word)
            elif words:
                parts.append(" ".join(words))
                words = []
    return sorted(parts)


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
