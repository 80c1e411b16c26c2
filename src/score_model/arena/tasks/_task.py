"""A generated task: what is asked, how it is tested, and what only its author knows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from score_model.arena.sites import Layout, SiteSpec
from score_model.contract import Operator, format_instant
from score_model.contract.task_tests import TaskTest, parse_test

NEGATIONS = frozenset((Operator.NOT_EQUALS, Operator.NOT_CONTAINS, Operator.NOT_IN_LIST))
ITEM = "item"  # the part of an act that says which item it is about


@dataclass(frozen=True)
class TaskConstraint:
    """What the event of a task's main act must satisfy in one field.

    `part` says what decides it: ITEM for the choice of the item, else the form field of that name.
    """

    field: str
    operator: Operator
    value: Any
    part: str = ITEM

    @property
    def negated(self) -> bool:
        """Whether it forbids something."""
        return self.operator in NEGATIONS


@dataclass(frozen=True)
class Step:
    """One act of a visitor: an act of the site (`login`, `edit`, …), the item it is about, what its form gets.

    `form` has texts by form field; choices in lists go by their visible text.
    """

    act: str
    item_id: int | None = None
    form: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class GeneratedTask:
    """A task of one website at one seed.

    `tests` are wire objects as `contract.parse_test` reads them. `constraints` (on the act at `goal[main]`) and `goal`
    (the acts of a perfect answer) are for scripted agents alone; `created_us` is µs since the epoch.
    """

    id: str
    spec: SiteSpec
    use_case: str
    intent: str
    title: str
    seed: int
    tests: Sequence[Mapping[str, Any]]
    constraints: tuple[TaskConstraint, ...]
    goal: tuple[Step, ...]
    main: int
    difficulty: str
    tags: tuple[str, ...]
    created_us: int

    @property
    def website(self) -> str:
        """The name of the task's website."""
        return self.spec.name

    @property
    def layout(self) -> Layout:
        """The website's variant at the task's seed."""
        return Layout(self.website, self.seed)

    @property
    def start_url(self) -> str:
        """Where the task starts, with its seed."""
        return f"{self.spec.origin}/?seed={self.seed}"

    @property
    def parsed_tests(self) -> list[TaskTest]:
        """The tests as `checks.run_tests` takes them."""
        return [parse_test(test) for test in self.tests]

    def wire(self) -> dict[str, Any]:
        """The task as the task API stores it (export contract, section 2), with its tests."""
        return {
            "id": self.id,
            "title": self.title,
            "description": self.intent,
            "inputs": {"url": self.start_url, "seed": self.seed},
            "created_at": format_instant(self.created_us),
            "metadata": {
                "website": self.website,
                "use_case": self.use_case,
                "difficulty": self.difficulty,
                "tags": list(self.tags),
            },
            "tests": [dict(test) for test in self.tests],
        }
