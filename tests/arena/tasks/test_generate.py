"""Which tasks the generator makes, and in what shape."""

from collections import Counter
from uuid import UUID

import pytest

from score_model.arena.sites import SITES
from score_model.arena.tasks import DEFAULT_START_US, GeneratedTask, generate_tasks
from score_model.contract import Operator, format_instant
from score_model.contract.task_api import ProductionTask
from score_model.contract.task_tests import CheckEventTest
from score_model.errors import UsageError

USE_CASES = sorted(name for spec in SITES.values() for name in spec.events.values())


@pytest.fixture(scope="module")
def tasks() -> list[GeneratedTask]:
    return list(generate_tasks(1040, 2))


def test_the_first_tasks_do_not_depend_on_the_count(tasks: list[GeneratedTask]) -> None:
    """A longer run starts with the shorter one; another seed gives other tasks."""
    assert list(generate_tasks(40, 2)) == tasks[:40]
    assert not {task.id for task in generate_tasks(40, 3)} & {task.id for task in tasks}


def test_every_use_case_in_turn(tasks: list[GeneratedTask]) -> None:
    """All use cases of both sites come equally often, and each turn has every one."""
    assert Counter(task.use_case for task in tasks) == dict.fromkeys(USE_CASES, 40)
    assert sorted(task.use_case for task in tasks[26:52]) == USE_CASES


def test_all_operators_and_up_to_six_checks(tasks: list[GeneratedTask]) -> None:
    """Tests use all ten operators and bare values; there are one to six of them, and mostly one."""
    criteria = [
        criterion
        for task in tasks
        for test in task.parsed_tests
        if isinstance(test, CheckEventTest)
        for criterion in test.event_criteria.values()
    ]
    used = Counter(criterion.operator for criterion in criteria)
    assert set(used) == {None, *Operator}
    assert min(used.values()) > 50
    checks = Counter(len(task.tests) for task in tasks)
    assert set(checks) == set(range(1, 7))
    assert 0.5 < checks[1] / len(tasks) < 0.62
    assert Counter(min(len(task.constraints), 4) for task in tasks).keys() == {1, 2, 3, 4}


def test_tasks_are_what_the_task_api_stores(tasks: list[GeneratedTask]) -> None:
    """The wire form has ids like UUIDs, the seed in the start URL, metadata and tests that the contract understands."""
    assert len({task.id for task in tasks}) == len(tasks)
    for number, task in enumerate(tasks[:100]):
        wire = task.wire()
        assert str(UUID(wire["id"])) == task.id
        assert 1 <= task.seed <= 300
        assert wire["inputs"] == {"url": f"{SITES[task.website].origin}/?seed={task.seed}", "seed": task.seed}
        assert wire["metadata"]["website"] == task.website
        assert wire["metadata"]["use_case"] in SITES[task.website].events.values()
        assert wire["metadata"]["difficulty"] in ("e", "m", "h")
        assert wire["description"] == task.intent
        assert wire["created_at"] == format_instant(DEFAULT_START_US + number * 90_000_000)
        assert all(isinstance(test, CheckEventTest) and not test.extra for test in task.parsed_tests)
        assert ProductionTask(**{key: wire[key] for key in ("id", "title", "created_at")}).title
        assert set(wire) == {"id", "title", "description", "inputs", "created_at", "metadata", "tests"}


def test_the_main_act_is_checked(tasks: list[GeneratedTask]) -> None:
    """One test has all constraints of the act that the use case is named after."""
    for task in tasks:
        fields = {constraint.field for constraint in task.constraints}
        assert any(
            isinstance(test, CheckEventTest) and test.event_name == task.use_case and set(test.event_criteria) == fields
            for test in task.parsed_tests
        )
        assert task.spec.events[task.goal[task.main].act] == task.use_case


def test_one_website_alone() -> None:
    """Tasks can be made for one website."""
    assert {task.website for task in generate_tasks(30, sites=["autobooks"])} == {"autobooks"}


@pytest.mark.parametrize(
    ("count", "sites"), [(-1, ["autocinema"]), (1, ["autozone"]), (1, []), (1, ["autocinema", "nowhere"])]
)
def test_bad_arguments(count: int, sites: list[str]) -> None:
    """A negative count and unknown or missing sites are refused before any task is made."""
    with pytest.raises(UsageError):
        generate_tasks(count, sites=sites)
