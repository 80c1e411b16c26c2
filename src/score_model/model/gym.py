"""A Gymnasium wrapper that adds the score model's potential-based shaping to an environment's reward (extra `gym`)."""

from collections.abc import Callable
from typing import Any, SupportsFloat

from score_model.errors import MissingExtraError
from score_model.model._scorer import Scorer
from score_model.model._shaping import shaping_term
from score_model.model._tasks import TaskLike

try:
    import gymnasium
except ModuleNotFoundError as error:
    if error.name != "gymnasium":
        raise
    raise MissingExtraError("the reward wrapper", "gym") from None


class ShapedReward(gymnasium.Wrapper[Any, Any, Any, Any]):
    """The environment with γ · Φ(s') − Φ(s) added to each reward, Φ being the score model's probability of success.

    `task_of` gives the task from the `info` of a reset, `recorded` a recorded action (JSON) from an action of the
    environment. A terminal state's potential is 0; one that was cut short keeps its own. `info` gets `potential` (of
    the state that was reached) and `shaping` (what was added).
    """

    def __init__(
        self,
        env: gymnasium.Env[Any, Any],
        scorer: Scorer,
        *,
        task_of: Callable[[dict[str, Any]], TaskLike],
        recorded: Callable[[Any], Any] = lambda action: action,
        gamma: float = 0.99,
    ) -> None:
        super().__init__(env)
        self._scorer, self._task_of, self._recorded, self._gamma = scorer, task_of, recorded, gamma
        self._task: TaskLike | None = None
        self._actions: list[Any] = []
        self._potential = 0.0

    def reset(self, *, seed: int | None = None, options: dict[str, Any] | None = None) -> tuple[Any, dict[str, Any]]:
        """Starts an episode: no actions yet, potential 0."""
        observation, info = self.env.reset(seed=seed, options=options)
        self._task, self._actions, self._potential = self._task_of(info), [], 0.0
        return observation, {**info, "potential": 0.0}

    def step(self, action: Any) -> tuple[Any, SupportsFloat, bool, bool, dict[str, Any]]:
        """One step, its reward shaped. Raises RuntimeError before the first reset."""
        if self._task is None:
            raise RuntimeError("reset the environment before the first step")
        observation, reward, terminated, truncated, info = self.env.step(action)
        self._actions.append(self._recorded(action))
        reached = 0.0 if terminated else self._scorer.score(self._task, self._actions, drivers=0).probability
        added = shaping_term(self._potential, reached, gamma=self._gamma)
        self._potential = reached
        return (
            observation,
            float(reward) + added,
            terminated,
            truncated,
            {**info, "potential": reached, "shaping": added},
        )
