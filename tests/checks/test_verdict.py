"""Verdicts on whole solutions."""

import random
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from score_model.checks import BackendEvent, Verdict, run_tests
from score_model.contract import Criterion, Operator, SolutionStatus
from score_model.contract.task_tests import Check, CheckEventTest, DataExtractionTest, JudgedTest, TaskTest, UnknownTest

FILM = {"id": 4, "name": "The Long Quay", "year": 1974, "rating": 4.6, "genres": [{"id": 1, "name": "Drama"}]}
EVENTS = [
    BackendEvent("FILM_DETAIL", {**FILM, "name": "Other", "year": 2001}),
    BackendEvent("FILM_DETAIL", FILM),
    BackendEvent("LOGOUT", {}),
]
RIGHT = CheckEventTest("FILM_DETAIL", {"name": Criterion("quay"), "year": Criterion(1974, Operator.LESS_EQUAL)})
SPREAD = CheckEventTest("FILM_DETAIL", {"name": Criterion("quay"), "year": Criterion(2001)})
ABSENT = CheckEventTest("LOGIN")
JUDGED = JudgedTest("JudgeBaseOnHTML", {"type": "JudgeBaseOnHTML"})
UNKNOWN = UnknownTest("Later", {"type": "Later"})


def verdict(tests: Sequence[TaskTest], answer: Any = None, events: Sequence[BackendEvent] = EVENTS) -> Verdict:
    return run_tests(tests, events, answer=answer, agent_id="77")


def test_all_pass() -> None:
    """The score is the share of tests that passed; the text says how many."""
    assert verdict([RIGHT, CheckEventTest("LOGOUT")]) == Verdict(
        score=1.0, passed=True, status=SolutionStatus.PASSED, text="All checks passed (2/2)",
        checks=(Check(name="backend_event:FILM_DETAIL", passed=True), Check(name="backend_event:LOGOUT", passed=True)),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("tests", "score", "status", "text"),
    [
        ([RIGHT, ABSENT, RIGHT], 2 / 3, SolutionStatus.PARTIAL, "2 of 3 checks passed"),
        ([ABSENT], 0.0, SolutionStatus.FAILED, "0 of 1 checks passed"),
        ([RIGHT, JUDGED], 1.0, SolutionStatus.PASSED, "All checks passed (1/1), 1 not run"),
        ([RIGHT, ABSENT, UNKNOWN, JUDGED], 0.5, SolutionStatus.PARTIAL, "1 of 2 checks passed, 2 not run"),
        ([JUDGED, UNKNOWN], 0.0, SolutionStatus.FAILED, "No check could be run (2 not run)"),
        ([], 0.0, SolutionStatus.FAILED, "No check could be run (0 not run)"),
    ],
)
def test_scores_and_texts(tests: list[TaskTest], score: float, status: SolutionStatus, text: str) -> None:
    """What was not run is said, and counts neither for nor against; nothing run is never passed."""
    found = verdict(tests)
    assert (found.score, found.status, found.text) == (score, status, text)
    assert found.passed is (status is SolutionStatus.PASSED)


def test_judged_and_unknown_tests_are_never_passed() -> None:
    """They need what we don't have, and are reported as not run."""
    assert verdict([JUDGED, UNKNOWN]).checks == (
        Check(name="judged:JudgeBaseOnHTML", passed=None),
        Check(name="unknown:Later", passed=None),
    )


def test_one_event_must_meet_every_criterion() -> None:
    """Criteria that two events meet between them are not met; the right name with the wrong data is not enough."""
    assert verdict([SPREAD]).score == 0.0
    assert verdict([RIGHT], events=EVENTS[:1]).score == 0.0
    assert verdict([CheckEventTest("film_detail")]).score == 0.0


@pytest.mark.parametrize(
    ("event", "criteria"),
    [
        ({"username": "user77"}, {"username": Criterion("user<web_agent_id>", Operator.EQUALS)}),
        ({"id": 77}, {"id": Criterion("<your_book_id>")}),
        ({"id": 77}, {"id": Criterion(["1", "<web_agent_id>"], Operator.IN_LIST)}),
        ({"user": {"id": "77"}}, {"user": Criterion({"id": "<web_agent_id>"})}),
    ],
)
def test_placeholders(event: dict[str, Any], criteria: dict[str, Criterion]) -> None:
    """The agent's id takes their place wherever a value is expected."""
    tests = [CheckEventTest("E", criteria)]
    assert run_tests(tests, [BackendEvent("E", event)], agent_id="77").passed
    assert not run_tests(tests, [BackendEvent("E", event)], agent_id="78").passed


def test_a_placeholder_is_filled_as_it_is() -> None:
    """An agent's id is a text: nothing in it is read as a pattern or as another placeholder."""
    for agent_id in (r"\1", "<your_book_id>", r"\g<0>"):
        test = CheckEventTest("E", {"id": Criterion("a<web_agent_id>", Operator.EQUALS)})
        assert run_tests([test], [BackendEvent("E", {"id": f"a{agent_id}"})], agent_id=agent_id).passed


def nested(levels: int) -> Any:
    value: Any = "x"
    for _ in range(levels):
        value = [value]
    return value


@pytest.mark.parametrize("value", [list(range(300)), nested(40), nested(5_000)])
def test_tests_that_expect_too_much_are_not_run(value: Any) -> None:
    """A recorded test cannot make the evaluation slow or overflow the stack."""
    for test in (CheckEventTest("E", {"a": Criterion(value)}), DataExtractionTest(value)):
        assert verdict([test], answer="x", events=[BackendEvent("E", {"a": value})]).checks[0].passed is None


def test_an_oversized_event_meets_no_criterion() -> None:
    """Not even a negation, which a field that was never looked for would meet."""
    test = CheckEventTest("E", {"a": Criterion("x", Operator.NOT_EQUALS)})
    assert verdict([test], events=[BackendEvent("E", {"b": 1})]).passed
    assert not verdict([test], events=[BackendEvent("E", {"b": nested(5_000)})]).passed
    assert verdict([CheckEventTest("E")], events=[BackendEvent("E", {"b": nested(5_000)})]).passed


def test_the_answer_is_compared() -> None:
    """A DataExtractionTest runs on the answer, with the placeholders filled, and fails without one."""
    tests = [DataExtractionTest("user<web_agent_id>")]
    assert verdict(tests, answer=" User77 ").checks == (Check(name="data_extraction", passed=True),)
    assert verdict(tests).checks == (Check(name="data_extraction", passed=False),)
    assert verdict([DataExtractionTest(None)], answer=None).checks == (Check(name="data_extraction", passed=None),)


NAMES = st.sampled_from(["E", "F"])
FIELDS = st.sampled_from(["a", "b", "a_b", "name", "previous_values"])
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(0, 3) | st.sampled_from(["", "a", "1", "1.0", "true", "<web_agent_id>"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(FIELDS, inner, max_size=3),
    max_leaves=6,
)
DATA = st.dictionaries(FIELDS, JSON, max_size=4)
CRITERIA = st.dictionaries(FIELDS, st.builds(Criterion, JSON, st.none() | st.sampled_from(Operator)), max_size=2)
TESTS = st.lists(
    st.builds(CheckEventTest, NAMES, CRITERIA)
    | st.builds(DataExtractionTest, JSON)
    | st.sampled_from([JUDGED, UNKNOWN]),
    max_size=4,
)


@given(TESTS, st.lists(st.builds(BackendEvent, NAMES, DATA), max_size=5), JSON, st.randoms())
def test_the_order_of_events_does_not_matter(
    tests: list[TaskTest], events: list[BackendEvent], answer: Any, shuffler: random.Random
) -> None:
    """Services list the newest first, or not: the verdict is the same, sound, and never an exception."""
    found = verdict(tests, answer, events)
    shuffled = list(events)
    shuffler.shuffle(shuffled)
    assert verdict(tests, answer, shuffled) == found
    results = [check.passed for check in found.checks if check.passed is not None]
    assert len(found.checks) == len(tests)
    assert found.score == (sum(results) / len(results) if results else 0.0)
    assert found.passed is (bool(results) and all(results))
