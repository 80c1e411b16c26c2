"""Where a task is drawn: a website at a seed, what it shows, and the draw itself."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from score_model.arena.sites import Item, Layout, SiteSpec
from score_model.arena.tasks._constrain import (
    GENRE_OPERATORS,
    LONG_TEXT_OPERATORS,
    NUMBER_OPERATORS,
    TEXT_OPERATORS,
    constrain,
    meets_constraint,
)
from score_model.arena.tasks._form_values import Pools
from score_model.arena.tasks._task import Step, TaskConstraint
from score_model.contract import Operator
from score_model.contract.placeholders import AGENT_ID

USERNAME = f"user{AGENT_ID}"
_COUNTS, _COUNT_WEIGHTS = (1, 2, 3, 4), (30, 34, 22, 14)  # constraints of a task


@dataclass(frozen=True)
class Scene:
    """One website at one seed. `items` is what it shows."""

    draw: Random
    spec: SiteSpec
    layout: Layout
    items: tuple[Item, ...]

    @property
    def login(self) -> Step:
        """The agent signs in as itself."""
        return Step("login", form={"username": USERNAME, "password": self.spec.password})

    def count(self, most: int) -> int:
        """How many constraints to draw."""
        return min(most, self.draw.choices(_COUNTS, _COUNT_WEIGHTS)[0])


@dataclass(frozen=True)
class Drawn:
    """The main act of a task: its constraints, what does it, and the sentence that asks for it.

    `seen_first` is the sentence that also asks to open the item's page before, where that can be asked for.
    """

    constraints: tuple[TaskConstraint, ...]
    step: Step
    sentence: str
    before: tuple[Step, ...] = ()
    seen_first: str | None = None


def operators_of(spec: SiteSpec, name: str) -> Sequence[Operator]:
    """What a field of an item can be compared by."""
    if name in ("desc", "cast"):
        return LONG_TEXT_OPERATORS if name == "desc" else LONG_TEXT_OPERATORS[:-1]
    kinds = {field.name: field.kind for field in spec.fields}
    match kinds[name]:
        case "genres":
            return GENRE_OPERATORS
        case "integer":
            return NUMBER_OPERATORS
        case "decimal":
            return NUMBER_OPERATORS[:-2]  # lists of ratings or prices are nothing that people ask for
        case _:
            return TEXT_OPERATORS


def item_constraints(scene: Scene, goal: Item, fields: Sequence[str], count: int) -> tuple[TaskConstraint, ...]:
    """Up to `count` constraints, at least one, that the goal meets and for each of which another item on show fails."""
    draw = scene.draw
    made: list[TaskConstraint] = []
    for name in draw.sample(fields, len(fields)):
        others = [item.fields[name] for item in scene.items if item.id != goal.id]
        constraint = constrain(draw, name, goal.fields[name], others, operators_of(scene.spec, name))
        if constraint is not None:
            made.append(constraint)
        if len(made) == count:
            break
    return tuple(made)


def form_constraints(
    scene: Scene,
    pools: Pools,
    count: int,
    operators: Callable[[str], Sequence[Operator]],
    current: dict[str, Any] | None = None,
) -> tuple[tuple[TaskConstraint, ...], dict[str, Any]]:
    """Up to `count` constraints on fields of a form, and the values that meet them.

    `pools` draw a value for each field; with `current`, what is there already must not meet a constraint.
    """
    draw = scene.draw
    made: list[TaskConstraint] = []
    values: dict[str, Any] = {}
    for name in draw.sample(sorted(pools), len(pools)):
        value = pools[name]()
        others = [pools[name]() for _ in range(6)]
        if current is not None:
            others = [current[name], *others[:2]]
        constraint = constrain(draw, name, value, others, operators(name), part=name)
        if constraint is None or (current is not None and meets_constraint(constraint, {name: current[name]})):
            continue
        values[name] = value
        made.append(constraint)
        if len(made) == count:
            break
    return tuple(made), values
