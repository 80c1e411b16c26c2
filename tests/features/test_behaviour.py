"""What a trace shows of behaviour, step by step."""

from typing import Any

import msgspec
import pytest

from score_model.features import behaviour_of, behaviour_of_records, episode_features, prefix, step_features
from score_model.features._behaviour import runtime_of
from tests.features.factories import COMMENT, DETAIL, request, row, trace, with_end


def test_steps_hold_what_happened() -> None:
    """Events are those that a step added, pages are read, and the trace's target is kept."""
    behaviour = behaviour_of(trace())
    added = [[event.name for event in step.events] for step in behaviour.steps]
    assert added == [["FILM_DETAIL"], [], [], ["ADD_COMMENT"]]
    assert behaviour.late_events == ()
    assert behaviour.steps[0].target is None
    assert behaviour.steps[1].target is not None
    assert behaviour.steps[1].target.found is True
    change = behaviour.steps[3].change
    assert change is not None
    assert change.success_texts == 1


def test_events_that_come_late_are_kept() -> None:
    """What only the footer holds came after the last step."""
    made = trace()
    behaviour = behaviour_of(with_end(made, 4, DETAIL, COMMENT, COMMENT))
    assert [event.name for event in behaviour.late_events] == ["ADD_COMMENT"]
    assert len(behaviour.events()) == 3


def test_runtime_events_of_both_spellings_count_alike() -> None:
    """Traces time events by the clock or by the action; files that pages load besides do not count."""
    ours = [*request("POST", 302), *request("GET", 404, "image"), *request("GET", 500, "fetch")]
    recorded = [{"event_type": one["event_type"], "timestamp": 1795407683.4, "data": one["data"]} for one in ours]
    counts = runtime_of(ours)
    assert counts == runtime_of(recorded)
    assert (counts.requests, counts.writes, counts.writes_accepted, counts.writes_redirected) == (2, 1, 1, 1)
    assert (counts.client_errors, counts.server_errors) == (0, 1)


def test_hostile_events_count_nothing() -> None:
    """Events of any other shape are passed over."""
    shapes: list[Any] = [None, 1, "x", [], {}, {"event_type": []}, {"event_type": "request", "data": 5}]
    shapes += [{"event_type": "request", "data": {"url": "http://[", "resource_type": [], "method": {}}}]
    shapes += [{"event_type": "response", "data": {"url": "http://[", "status": "200"}}]
    shapes += [{"event_type": "response", "data": {"url": "x", "status": True}}]
    assert runtime_of(shapes).client_errors == 0


@pytest.mark.parametrize(
    ("error", "failure", "found"),
    [
        ("no element for id='x' within 2 s", "not_found", False),
        ("Page.fill: Timeout 3000ms exceeded.\nCall log:\n  - waiting for locator", "not_found", False),
        ("Timeout (element is not visible)", "blocked", None),
        ("Cannot type text into input[type=number]", "other", None),
    ],
)
def test_a_failure_tells_whether_the_target_was_there(error: str, failure: str, found: bool | None) -> None:
    """Where a trace does not describe targets, the error is what tells of them."""
    made = trace()
    failed = msgspec.structs.replace(made.steps[1], success=False, error=error, extra={})
    step = behaviour_of_records([failed]).steps[0]
    assert step.failure == failure
    assert step.target is not None
    assert step.target.found is found


@pytest.mark.parametrize("k", range(5))
def test_a_prefix_is_an_episode_that_ended_there(k: int) -> None:
    """Features of the first k actions are those of a recording that stops after them."""
    whole, made = row(), trace()
    shorter = row(actions=whole.actions[:k])
    events = made.steps[k - 1].browser_snapshot.backend_events if k else []
    ended = behaviour_of(with_end(made, k, *(events or [])))
    observation, behaviour = prefix(whole.observation(), behaviour_of(made), k)
    assert episode_features(observation, behaviour) == episode_features(shorter.observation(), ended)
    assert list(step_features(observation, behaviour)) == list(step_features(shorter.observation(), ended))
    assert episode_features(*prefix(whole.observation(), None, k)) == episode_features(shorter.observation(), None)


def test_steps_do_not_see_the_future() -> None:
    """The rows of a prefix are the first rows of the whole."""
    whole, behaviour = row().observation(), behaviour_of(trace())
    rows = list(step_features(whole, behaviour))
    assert list(step_features(*prefix(whole, behaviour, 2))) == rows[:2]


def test_there_is_no_negative_prefix() -> None:
    """An episode has no first -1 actions."""
    with pytest.raises(ValueError, match="-1"):
        prefix(row().observation(), None, -1)
