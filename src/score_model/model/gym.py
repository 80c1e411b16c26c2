"""A Gymnasium wrapper that adds the score model's potential-based shaping to an environment's reward (extra `gym`)."""

from collections.abc import Callable
from typing import Any, SupportsFloat

import msgspec

from score_model.contract import parse_action
from score_model.contract.actions import UnknownAction
from score_model.errors import UsageError
from score_model.extras import missing_extra
from score_model.model._inputs import TaskLike
from score_model.model._serving.scorer import Scorer
from score_model.model._shaping import check_gamma, shaping_term

try:
    import gymnasium
except ModuleNotFoundError as error:
    raise missing_extra(error, "the reward wrapper", "gym") from None


class ShapedReward(gymnasium.Wrapper[Any, Any, Any, Any]):
    """The environment with γ · Φ(s') − Φ(s) added to each reward, Φ being the score model's probability of success.

    `task_of` gives the task from the `info` of a reset, `recorded` a recorded action (JSON) from an action of the
    environment; without it the environment's actions must be recorded ones themselves. A terminal state's potential is
    0; one that was cut short keeps its own. `info["score_model"]` has `potential` (of the state that was reached),
    `shaping` (what was added) and `abstain`: whether the latest score was a guess.

    Raises ValueError if `gamma` lies outside 0..1.
    """

    def __init__(
        self,
        env: gymnasium.Env[Any, Any],
        scorer: Scorer,
        *,
        task_of: Callable[[dict[str, Any]], TaskLike],
        recorded: Callable[[Any], Any] | None = None,
        gamma: float = 0.99,
    ) -> None:
        super().__init__(env)
        check_gamma(gamma)
        self._scorer, self._task_of, self._gamma = scorer, task_of, gamma
        self._recorded = recorded or _check_recorded
        self._task: TaskLike | None = None
        self._actions: list[Any] = []
        self._potential, self._abstain = 0.0, False

    def reset(self, *, seed: int | None = None, options: dict[str, Any] | None = None) -> tuple[Any, dict[str, Any]]:
        """Starts an episode: no actions yet, potential 0."""
        observation, info = self.env.reset(seed=seed, options=options)
        self._task, self._actions = self._task_of(info), []
        self._potential, self._abstain = 0.0, False
        return observation, self._add_info(info, 0.0)

    def step(self, action: Any) -> tuple[Any, SupportsFloat, bool, bool, dict[str, Any]]:
        """One step, its reward shaped.

        Raises RuntimeError before the first reset, and UsageError for an action that is no recorded one where the
        wrapper was not told how to make one of it.
        """
        if self._task is None:
            raise RuntimeError("reset the environment before the first step")
        recorded = self._recorded(action)
        observation, reward, terminated, truncated, info = self.env.step(action)
        self._actions.append(recorded)
        reached = 0.0
        if not terminated:
            result = self._scorer.score(self._task, self._actions, drivers=0)
            reached, self._abstain = result.probability, result.abstain
        added = shaping_term(self._potential, reached, gamma=self._gamma)
        self._potential = reached
        return observation, float(reward) + added, terminated, truncated, self._add_info(info, added)

    def _add_info(self, info: dict[str, Any], added: float) -> dict[str, Any]:
        added_info = {"potential": self._potential, "shaping": added, "abstain": self._abstain}
        return {**info, "score_model": added_info}


def _check_recorded(action: Any) -> Any:
    parsed = action if isinstance(action, msgspec.Struct) else parse_action(action)
    if isinstance(parsed, UnknownAction):
        raise UsageError(
            f"{str(action)[:80]!r} is no recorded action: give `recorded`, which makes one of an environment's action"
        )
    return action
