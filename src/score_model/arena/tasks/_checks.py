"""A task's tests: one for the main act or, for some tasks, up to six, so that half the work gets half the score."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

from score_model.arena.tasks import _sentences as sentences
from score_model.arena.tasks._scene import USERNAME, Drawn, Scene
from score_model.arena.tasks._task import ITEM, Step, TaskConstraint
from score_model.contract import Operator

MOST_TESTS = 6
_SEVERAL = 0.6  # of the tasks that can have several tests get them
_BARE = 0.25  # of the criteria that can do without an operator

_Test = Mapping[str, Any]


@dataclass
class Checked:
    """Tests and what they add to the task: acts between or after the others, and their words."""

    tests: Sequence[_Test]
    sentence: str
    between: list[Step] = field(default_factory=list)
    after: list[Step] = field(default_factory=list)


def add_checks(scene: Scene, act: str, drawn: Drawn, *, signs_in: bool) -> Checked:
    """The tests of a task whose main act is `act`; `signs_in` says that the agent logs in before it."""
    draw, events = scene.draw, scene.spec.events
    main = event_test(draw, events[act], drawn.constraints)
    checked = Checked([main], drawn.sentence)
    kinds = _possible(act, drawn, signs_in=signs_in)
    if not kinds or draw.random() >= _SEVERAL:
        return checked
    wanted = draw.sample(kinds, draw.randint(1, len(kinds)))
    before: list[_Test] = []
    behind: list[_Test] = []
    if "login" in wanted:
        before.append(_by_itself(events["login"]))
    if "search" in wanted:
        query = drawn.constraints[0]
        before.append(event_test(draw, events["search"], [TaskConstraint("query", Operator.EQUALS, query.value)]))
    if "seen" in wanted and drawn.seen_first:
        checked.sentence = drawn.seen_first
        checked.between.append(Step("detail", drawn.step.item_id))
        before.append(event_test(draw, events["detail"], drawn.constraints))
    if "cart" in wanted:
        told = [constraint for constraint in drawn.constraints if constraint.part == ITEM]
        before.append(event_test(draw, events["cart"], told))
    if "apart" in wanted:
        behind.extend(event_test(draw, events[act], [constraint]) for constraint in drawn.constraints)
    if "logout" in wanted:
        checked.after.append(Step("logout"))
        behind.append(_by_itself(events["logout"]))
    if "used" in wanted:
        username, password = drawn.step.form["username"], drawn.step.form["password"]
        checked.sentence = draw.choice(sentences.REGISTER_AND_LOGIN).format(main=drawn.sentence)
        checked.after.append(Step("login", form={"username": username, "password": password}))
        behind.append(_by_itself(events["login"], username))
    room = MOST_TESTS - 1 - len(before)
    checked.tests = [*before, main, *(behind if len(behind) <= room else behind[-room:])]
    return checked


def _possible(act: str, drawn: Drawn, *, signs_in: bool) -> list[str]:
    """The kinds of further tests that fit, each with acts that the text asks for."""
    kinds = {
        "login": signs_in,
        "search": any(step.act == "search" for step in drawn.before),
        "seen": drawn.seen_first is not None,
        "cart": act == "purchase",
        "apart": len(drawn.constraints) > 1,
        "logout": signs_in and act != "logout",
        "used": act == "register",
    }
    return [kind for kind, possible in kinds.items() if possible]


def event_test(draw: Random, event: str, constraints: Sequence[TaskConstraint]) -> _Test:
    """A CheckEventTest as it is stored; criteria without an operator mean what their kind of value means by itself."""
    criteria: dict[str, Any] = {}
    for constraint in constraints:
        text = isinstance(constraint.value, str)
        usual = Operator.CONTAINS if text else Operator.EQUALS
        bare = constraint.operator is usual and not isinstance(constraint.value, list) and draw.random() < _BARE
        wire = {"operator": constraint.operator.value, "value": constraint.value}
        criteria[constraint.field] = constraint.value if bare else wire
    return {"type": "CheckEventTest", "event_name": event, "event_criteria": criteria}


def _by_itself(event: str, username: str = USERNAME) -> _Test:
    criteria = {"username": {"operator": Operator.EQUALS.value, "value": username}}
    return {"type": "CheckEventTest", "event_name": event, "event_criteria": criteria}
