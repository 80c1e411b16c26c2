"""The numbers of an episode."""

import json
from typing import Any

import pytest

from score_model.features import (
    EPISODE_COLUMNS,
    STEP_COLUMNS,
    behaviour_of,
    episode_features,
    episode_text,
    step_features,
)
from tests.features.factories import COMMENT, DETAIL, SITE, event, row, trace, with_end

FIELD = {"type": "xpathSelector", "value": "//input[1]"}


def features(last: dict[str, Any] = COMMENT, **changed: Any) -> dict[str, float | None]:
    """The features of the episode that ends with the event `last`."""
    return episode_features(row(**changed).observation(), behaviour_of(trace(last)))


def test_a_comment_that_was_made_as_demanded() -> None:
    """The expected event fired, its data meet every demand, and the form was accepted."""
    values = features()
    assert values["intent_constraints"] == 3
    assert values["expected_fired"] == values["event_best_complete"] == values["last_event_expected"] == 1
    assert values["event_best_satisfied"] == values["acted_satisfied"] == 1
    assert values["typed_satisfied"] == pytest.approx(2 / 3)
    assert (values["writes"], values["writes_redirected"], values["client_errors"]) == (1, 1, 0)
    assert (values["events"], values["success_appeared"], values["steps_failed"]) == (2, 1, 0)
    assert values["seconds_total"] == 1.0


def test_wrong_data_are_contradictions() -> None:
    """The right event with the wrong name contradicts one demand of three: the event's name alone does not decide."""
    wrong = event("ADD_COMMENT", name="Bob", movie={"name": "Inception"}, content="Visually spectacular")
    values = features(wrong)
    assert values["expected_fired"] == 1
    assert values["event_best_complete"] == 0
    assert values["event_best_violated"] == pytest.approx(1 / 3)


def test_without_the_expected_event_nothing_is_met() -> None:
    """Another event does not stand for the expected one, unless the task has no use case."""
    other = event("COMMENT_DRAFT", **COMMENT["data"])
    values = features(other)
    assert (values["expected_fired"], values["event_best_satisfied"], values["event_best_missing"]) == (0, 0, 3)
    without = features(other, use_case=None)
    assert without["expected_fired"] is None
    assert without["event_best_complete"] == 1


def test_the_best_event_and_the_last_one_are_told_apart() -> None:
    """A right comment before a wrong one: the best meets all demands, the last does not."""
    made = trace()
    wrong = event("ADD_COMMENT", name="Bob")
    values = episode_features(row().observation(), behaviour_of(with_end(made, 4, DETAIL, COMMENT, wrong)))
    assert (values["event_best_complete"], values["event_last_complete"], values["events_complete"]) == (1, 0, 1)


def test_actions_alone_give_what_they_can() -> None:
    """Without a trace exactly the columns that need one are null, and the others are as with it."""
    observation = row().observation()
    alone, whole = episode_features(observation, None), features()
    for column in EPISODE_COLUMNS:
        if column.needs_trace:
            assert alone[column.name] is None, column.name
        else:
            assert alone[column.name] == whole[column.name], column.name
    assert (alone["actions"], alone["actions_types"], alone["ends_with_click"]) == (4, 2, 1)
    assert alone["selectors_xpath"] == pytest.approx(2 / 3)
    assert (alone["urls_without_seed"], alone["urls_off_site"]) == (0, 0)


def test_columns_are_the_schema() -> None:
    """Rows have the schema's columns, in its order; every column of a whole trace's row can be filled."""
    observation, behaviour = row().observation(), behaviour_of(trace())
    assert list(episode_features(observation, behaviour)) == [column.name for column in EPISODE_COLUMNS]
    for values in step_features(observation, behaviour):
        assert list(values) == [column.name for column in STEP_COLUMNS]
        texts = {column.name for column in STEP_COLUMNS if column.type == "text"}
        assert all(isinstance(value, str) == (name in texts) for name, value in values.items() if value is not None)


def test_an_empty_answer_has_features() -> None:
    """No actions, no intent, no address: numbers or null, and no error."""
    observation = row(actions=[], intent=None, start_url=None, use_case=None).observation()
    values = episode_features(observation, None)
    assert values["actions"] == values["intent_constraints"] == 0
    assert values["actions_distinct_share"] is None
    assert list(step_features(observation, None)) == []


def test_leaving_the_site_or_the_layout_is_seen() -> None:
    """Other origins and other seeds are counted; a relative address stays on the site."""
    urls = [f"{SITE}/a?seed=7", f"{SITE}/a?seed=8", "http://evil.example/?seed=7", "/a?seed=7"]
    actions = [{"type": "navigate", "attributes": {"url": url}} for url in urls]
    values = episode_features(row(actions=actions).observation(), None)
    assert (values["urls_off_site"], values["urls_without_seed"], values["urls_distinct"]) == (1, 1, 4)


@pytest.mark.parametrize("seconds", [1e308, -5.0, 10**300])
def test_absurd_durations_are_bounded(seconds: float) -> None:
    """A wait counts for an hour at most and never for less than nothing."""
    actions = [{"type": "wait", "attributes": {"time_seconds": seconds}}] * 3
    value = episode_features(row(actions=actions).observation(), None)["waited_seconds"]
    assert value is not None
    assert 0 <= value <= 3 * 3600


def test_the_text_tells_what_was_done_and_not_by_whom() -> None:
    """Typed texts, addresses and selectors are in it; account numbers, opaque ids and the seed are masked."""
    actions = [
        {"type": "navigate", "attributes": {"url": "http://localhost:8000/login?seed=7"}},
        {"type": "input", "attributes": {"text": "user80", "selector": FIELD}},
        {"type": "input", "attributes": {"text": "111983ae-36a2-4833-ba0c-d6ce4aa12a8f", "selector": None}},
    ]
    text = episode_text(row(actions=actions).observation())
    other = json.loads(json.dumps(actions).replace("user80", "user93").replace("seed=7", "seed=9"))
    assert text.splitlines()[1:] == ["navigate /login?seed=#", "type user# //input[1]", "type #"]
    assert episode_text(row(actions=other).observation()) == text
    assert len(episode_text(row(intent="x" * 50_000).observation())) <= 20_000


def test_a_huge_url_costs_little() -> None:
    """A URL of megabytes is cut before it is parsed: what lies behind its first 8,000 characters changes nothing."""
    start = "http://localhost:8000/films?seed=7&name=Inception&x=" + "%41" * 3_000
    short, long = (
        row(actions=[{"type": "navigate", "attributes": {"url": start + "%42" * more}}]).observation()
        for more in (10, 1_000_000)
    )
    assert episode_features(long, None) == episode_features(short, None)
    assert episode_text(long) == episode_text(short)
