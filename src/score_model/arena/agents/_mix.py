"""Who answers which task: several agents each, so that good and bad work on the same task can be compared."""

from collections.abc import Sequence
from random import Random

from score_model.arena.agents._manner import ROUNDABOUT
from score_model.arena.agents._profiles import AGENTS, NO_ANSWER
from score_model.arena.tasks import GeneratedTask

# Of the answers about 40 % pass, 45 % are work that fails and 15 % are empty; every task has at least one right answer
# and two that fail with work in them. It also has a right answer with dead clicks or detours, an empty one, or both.
_FAILING = 2
_BOTH = 0.48  # of the tasks; those without a roundabout answer have an empty one
_MOST_UID = 256
_AGENTS = 24  # numbers in one arena

Pairing = tuple[str, int]  # a profile's name and an agent's number


class Mix:
    """Deals out the tasks of one arena: to every profile that `agents` names or, without, to the default mix."""

    def __init__(self, seed: int, agents: Sequence[str] | None = None) -> None:
        self._seed = seed
        self._agents = agents
        uids = Random(f"arena agents {seed}")  # noqa: S311 - no secret
        self._uids = sorted(uids.sample(range(1, _MOST_UID + 1), _AGENTS))

    def of(self, task: GeneratedTask) -> list[Pairing]:
        """Who answers the task, in the order in which they hand in; agents have numbers of their own."""
        draw = Random(f"arena mix {self._seed} {task.id}")  # noqa: S311 - no secret
        names = self._drawn(task, draw) if self._agents is None else list(self._agents)
        draw.shuffle(names)
        return list(zip(names, draw.sample(self._uids, len(names)), strict=True))

    def _drawn(self, task: GeneratedTask, draw: Random) -> list[str]:
        right = [profile.name for profile in AGENTS.values() if profile.passes]
        failing = [
            name for name, profile in AGENTS.items() if not profile.passes and name != NO_ANSWER and profile.room(task)
        ]
        names = [right[0], *draw.sample(failing, _FAILING)]
        also = draw.random()
        if also < ROUNDABOUT:
            names.append(draw.choice(right[1:]))
        if also < _BOTH or also >= ROUNDABOUT:
            names.append(NO_ANSWER)
        return names
