"""How an answer is written does not tell whether it passes; only what it does."""

import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from random import Random
from typing import Any

import pytest

from score_model.arena.agents import AGENTS, Mix, ScriptedAnswer, answer, solution_id
from score_model.arena.agents._faults import wrong_texts
from score_model.arena.agents._profiles import ROUNDABOUT, some_manner
from score_model.arena.sites import catalog_of
from score_model.arena.tasks import GeneratedTask, generate_tasks

_SUPPORT = 50
_SLACK = 0.1  # what doing right and wrong may differ by: who stops early clicks less
_CHANCE = 2.5  # standard deviations
_IDLE = ("h1", "cookie-banner-close", "promo-dismiss", "newsletter-later", "sidebar-toggle", "Skip the tour")


@pytest.fixture(scope="module")
def dealt() -> list[tuple[GeneratedTask, ScriptedAnswer]]:
    """The answers with work in them of an arena of 400 tasks."""
    mix = Mix(3)
    return [
        (task, answer(task, AGENTS[name], uid, 3))
        for task in generate_tasks(400, 3)
        for name, uid in mix.of(task)
        if name != "no_answer"
    ]


def _marks(actions: Sequence[dict[str, Any]]) -> Iterator[str]:
    """Kinds of actions, selectors, typed texts and their words: whatever can be seen without knowing the task."""
    yield f"{len(actions)} actions"
    for action in actions:
        raw = json.dumps(action).replace("\\", "")
        yield from (
            f"type {kind}" for kind in re.findall(r"(navigate|click|input|select|scroll|wait)", raw.lower())[:1]
        )
        yield from (f"{name} {value}" for name, value in re.findall(r'"(go_back|keys|attribute)": (true|"[^"]*")', raw))
        yield from (f"at {value}" for value in re.findall(r'"value": "([^"]*)"', raw))
        for text in re.findall(r'"text": "([^"]*)"', raw):
            yield f"text {text}"
            yield from (f"word {word}" for word in re.findall(r"\w+", text.lower()))
        yield from (f"idle {name}" for name in _IDLE if name in raw)
        yield from ("idle of any kind" for name in _IDLE if name in raw)


def test_no_mark_tells_the_verdict(dealt: list[tuple[GeneratedTask, ScriptedAnswer]]) -> None:
    """Answers that have some kind of action, selector or text pass as often as others, within chance."""
    seen: Counter[str] = Counter()
    passed: Counter[str] = Counter()
    for _, given in dealt:
        marks = set(_marks(given.actions))
        seen.update(marks)
        passed.update(marks if given.expected.passed else ())
    share = sum(given.expected.passed for _, given in dealt) / len(dealt)
    common = {mark for mark, count in seen.items() if count >= _SUPPORT}
    assert {"type scroll", "go_back true", "at h1", "idle of any kind", "idle cookie-banner-close"} <= common
    for mark in sorted(common):
        chance = _CHANCE * (share * (1 - share) / seen[mark]) ** 0.5
        assert abs(passed[mark] / seen[mark] - share) <= _SLACK + chance, (mark, seen[mark], passed[mark])


def test_wrong_answers_are_as_roundabout_as_right_ones() -> None:
    """Of right answers 1 in 1.8 is straight; an agent that fails goes about it in the same manners, as often."""
    draw = Random(1)
    drawn = Counter(some_manner(draw) for _ in range(4000))
    for manner, weight in (("straight", 1.0), ("dead clicks", ROUNDABOUT / 2), ("detour", ROUNDABOUT / 2)):
        assert drawn[manner] / 4000 == pytest.approx(weight / (1 + ROUNDABOUT), abs=0.03)
    assert all((AGENTS[name].manner is not None) == AGENTS[name].passes for name in AGENTS)


def test_wrong_texts_are_what_right_answers_to_other_tasks_type() -> None:
    """What faulty agents type is typed as a right text elsewhere, nearly always."""
    tasks = list(generate_tasks(1560, 12))
    right = {
        (task.goal[task.main].act, part, text) for task in tasks for part, text in task.goal[task.main].form.items()
    }
    right |= {("search", "query", item.fields["name"]) for task in tasks[:52] for item in catalog_of(task.layout)}
    wrong = [
        (task.goal[task.main].act, constraint.part, text)
        for task in tasks[:520]
        if task.goal[task.main].act in ("contact", "profile", "register", "comment", "search")
        for constraint in task.constraints
        if constraint.part in ("subject", "message", "first_name", "last_name", "bio", "location", "website", "content")
        or constraint.part in ("username", "email", "query")
        for text in wrong_texts(task, constraint, Random(1))[:1]
        if (task.goal[task.main].act, constraint.part) != ("contact", "email")  # too many to meet one twice
    ]
    assert len(wrong) > 100
    assert sum(mark in right for mark in wrong) > 0.95 * len(wrong)


def test_an_id_is_made_of_public_things_alone(dealt: list[tuple[GeneratedTask, ScriptedAnswer]]) -> None:
    """Two answers alike have the same id whoever made them, so that ids can't be tried out for the profile."""
    for _, given in dealt[:50]:
        other = ScriptedAnswer(
            given.task_id, "no_answer", "no_answer", given.agent_uid, given.actions, [], given.expected
        )
        assert solution_id(other) == solution_id(given)
    assert len({solution_id(given) for _, given in dealt}) == len(dealt)


def test_order_says_nothing() -> None:
    """Neither an agent's number nor its place among those who hand in goes with its profile."""
    mix = Mix(5)
    low: Counter[str] = Counter()
    first: Counter[str] = Counter()
    total: Counter[str] = Counter()
    for task in generate_tasks(1000, 5):
        pairs = mix.of(task)
        middle = sorted(uid for _, uid in pairs)[len(pairs) // 2]
        for place, (name, uid) in enumerate(pairs):
            kind = "right" if AGENTS[name].passes else "wrong"
            total[kind] += 1
            low[kind] += uid < middle
            first[kind] += place == 0
    for counts in (low, first):
        assert counts["right"] / total["right"] == pytest.approx(counts["wrong"] / total["wrong"], abs=0.04)


def test_faults_are_dealt_where_there_is_room(dealt: list[tuple[GeneratedTask, ScriptedAnswer]]) -> None:
    """Hardly an agent of the default mix has to fall back to another one's fault."""
    of, own = Counter(given.profile for _, given in dealt), Counter(given.fault for _, given in dealt)
    fallen = Counter(given.profile for _, given in dealt if given.fault != given.profile)
    assert set(of) == set(own) == set(AGENTS) - {"no_answer"}
    for name in of:
        assert fallen[name] <= 0.1 * of[name], name
    assert fallen["violated_not"] == 0
