"""What scripted agents hand in, and what they expect for it."""

from collections import Counter

import pytest

from score_model.arena.agents import AGENTS, ScriptedAnswer, answer
from score_model.arena.agents._style import style_of
from score_model.arena.tasks import ITEM, GeneratedTask, generate_tasks
from score_model.contract import SolutionStatus, parse_actions
from score_model.contract.actions import Navigate, UnknownAction
from score_model.contract.seed_rule import find_seed_fault
from score_model.contract.selectors import AttributeSelector, CssSelector, XPathSelector

_RIGHT = [name for name, profile in AGENTS.items() if profile.passes]
_WRONG = [name for name in AGENTS if name not in _RIGHT]
Answers = list[tuple[GeneratedTask, ScriptedAnswer]]


def _uid(number: int) -> int:
    return number * 37 % 256 + 1


@pytest.fixture(scope="module")
def answers() -> dict[str, Answers]:
    """Answers of every profile to four tasks of each use case."""
    tasks = list(generate_tasks(104, 8))
    return {
        name: [(task, answer(task, profile, _uid(number))) for number, task in enumerate(tasks)]
        for name, profile in AGENTS.items()
    }


def test_a_perfect_agent_passes_a_thousand_tasks() -> None:
    """Every task can be done on its website by what its pages promise: all checks pass."""
    for number, task in enumerate(generate_tasks(1040, 21)):
        given = answer(task, AGENTS["perfect"], _uid(number))
        assert given.expected.passed, task.intent
        assert given.expected.score == 1.0


@pytest.mark.parametrize("profile", _RIGHT)
def test_dead_clicks_and_detours_do_not_fail(answers: dict[str, Answers], profile: str) -> None:
    """Agents that get everything right pass, however roundabout."""
    assert all(given.expected.passed and given.fault == profile for _, given in answers[profile])


@pytest.mark.parametrize("profile", _WRONG)
def test_faulty_agents_never_pass(answers: dict[str, Answers], profile: str) -> None:
    """Agents that fail expect a failed or a partial verdict, never a passed one."""
    statuses = {given.expected.status for _, given in answers[profile]}
    assert SolutionStatus.PASSED not in statuses
    assert all(given.expected.score < 1 for _, given in answers[profile])


def test_faults_apply_wherever_there_is_room(answers: dict[str, Answers]) -> None:
    """An agent falls back to another fault only where the task has no NOT to violate, no bound, or no field."""
    for task, given in answers["violated_not"]:
        assert (given.fault == "violated_not") == any(constraint.negated for constraint in task.constraints)
    for task, given in answers["off_by_one"]:
        bounds = [c for c in task.constraints if isinstance(c.value, int | float) and not c.negated]
        assert (given.fault == "off_by_one") or not bounds, task.intent
    for name in ("wrong_item", "stopped_before_submit", "stale_selector", "wrong_seed", "no_answer"):
        assert all(given.fault == name for _, given in answers[name])
    left_out = Counter(given.fault for _, given in answers["forgotten_field"])
    assert left_out["forgotten_field"] > 0.6 * left_out.total()


def test_partial_verdicts_exist(answers: dict[str, Answers]) -> None:
    """Some failing work still meets some checks, so that scores are fractional."""
    scores = {given.expected.score for name in _WRONG for _, given in answers[name]}
    assert len(scores) > 6


def test_only_the_wrong_seed_breaks_the_seed_rule(answers: dict[str, Answers]) -> None:
    """Every address of every answer carries the task's seed, but those of one profile."""
    for name, given in answers.items():
        for task, one in given:
            assert (find_seed_fault(task.start_url, parse_actions(one.actions)) is None) == (name != "wrong_seed")


def test_answers_have_work_in_them(answers: dict[str, Answers]) -> None:
    """Only `no_answer` is empty; what never opens a browser expects no events and a score of 0."""
    for name, given in answers.items():
        assert all(bool(one.actions) == (name != "no_answer") for _, one in given)
    for name in ("no_answer", "wrong_seed"):
        assert all(not one.events and one.expected.score == 0 for _, one in answers[name])


def test_every_spelling_is_understood(answers: dict[str, Answers]) -> None:
    """The contract's parser knows every action and selector, and loses no field of them."""
    shapes = set()
    for given in answers.values():
        for _, one in given:
            for raw, action in zip(one.actions, parse_actions(one.actions), strict=True):
                assert not isinstance(action, UnknownAction)
                assert not action.extra, raw
                selector = getattr(action, "selector", None)
                assert selector is None or isinstance(selector, AttributeSelector | CssSelector | XPathSelector)
                shapes.add((frozenset(raw), type(selector)))
    assert len(shapes) > 10


def test_agents_have_styles_of_their_own(answers: dict[str, Answers]) -> None:
    """The same plan is written differently by different agents, and the same by the same one."""
    assert len({style_of(uid) for uid in range(1, 257)}) > 100
    assert style_of(77) == style_of(77)
    task, _ = answers["perfect"][0]
    written = [answer(task, AGENTS["perfect"], uid).actions for uid in range(1, 30)]
    assert written[0] == answer(task, AGENTS["perfect"], 1).actions
    assert len({str(actions) for actions in written}) > 10


def test_names_are_mostly_literal() -> None:
    """Agents type `user77`, as real ones do; a few leave the placeholder to the evaluator."""
    task = next(task for task in generate_tasks(60, 1) if task.use_case == "LOGIN")
    literal = [f"user{uid}" in str(answer(task, AGENTS["perfect"], uid).actions) for uid in range(1, 101)]
    assert 0.7 < sum(literal) / len(literal) < 0.98


def test_wrong_items_are_on_show_and_wrong(answers: dict[str, Answers]) -> None:
    """The wrong item is opened through the site: its event is there, with the right name and the wrong data."""
    seen = 0
    for task, given in answers["wrong_item"]:
        if task.goal[task.main].act == "detail" and any(c.part == ITEM for c in task.constraints):
            assert task.use_case in {event.name for event in given.events}
            seen += 1
    assert seen >= 5


def test_most_failures_emit_the_right_event(answers: dict[str, Answers]) -> None:
    """As on production, failing work mostly causes the event that the task is named after, with the wrong data."""
    working = ("wrong_item", "violated_not", "off_by_one")
    given = [pair for name in working for pair in answers[name]]
    named = [task.use_case in {event.name for event in one.events} for task, one in given]
    assert sum(named) / len(named) > 0.8


def test_answers_start_with_a_navigation(answers: dict[str, Answers]) -> None:
    """Nothing is clicked on a blank page."""
    for given in answers.values():
        for _, one in given:
            if one.actions:
                assert isinstance(parse_actions(one.actions)[0], Navigate)
