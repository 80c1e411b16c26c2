"""Promises of reward shaping: by Ng, Harada and Russell's theorem it must not change which behaviour is best."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import gymnasium
import pytest
from hypothesis import given
from hypothesis import strategies as st

from score_model.contract import parse_action
from score_model.errors import UsageError
from score_model.model import Scorer, save_model, shaped_rewards
from score_model.model.gym import ShapedReward
from tests.model.factories import click, trained_model, typing

FINITE = st.floats(-100, 100)


def discounted(rewards: Sequence[float], gamma: float) -> float:
    """The return Σ γᵗ rₜ."""
    return sum(gamma**step * reward for step, reward in enumerate(rewards))


@given(
    start=FINITE,
    episodes=st.lists(st.lists(st.tuples(FINITE, FINITE), min_size=1, max_size=12), min_size=2, max_size=5),
    gamma=st.floats(0, 1),
)
def test_returns_differ_by_a_constant_of_the_start(
    start: float, episodes: list[list[tuple[float, float]]], gamma: float
) -> None:
    """Whatever happens after the same start, the shaped return is the return − Φ(start)."""
    for episode in episodes:
        rewards = [reward for reward, _ in episode]
        potentials = [start, *(potential for _, potential in episode)]
        shaped = shaped_rewards(rewards, potentials, gamma=gamma)
        assert discounted(shaped, gamma) - discounted(rewards, gamma) == pytest.approx(-start, abs=1e-9)


def test_a_cut_episode_keeps_its_last_potential() -> None:
    """By hand: γ = 0.5, rewards 0 and 1, Φ = 0.2, 0.6, 0.8, cut short."""
    found = shaped_rewards([0.0, 1.0], [0.2, 0.6, 0.8], gamma=0.5, terminated=False)
    assert found == pytest.approx([0.5 * 0.6 - 0.2, 1.0 + 0.5 * 0.8 - 0.6])


@pytest.mark.parametrize(("potentials", "gamma"), [([0.0], 0.9), ([0.0, 0.0, 0.0], 0.9), ([0.0, 0.0], 1.5)])
def test_what_cannot_be_shaped(potentials: list[float], gamma: float) -> None:
    """Potentials that do not fit the rewards, and a discount that is none, are refused."""
    with pytest.raises(ValueError, match=r"potentials|gamma"):
        shaped_rewards([1.0], potentials, gamma=gamma)


class Films(gymnasium.Env[Any, Any]):
    """An episode of at most three actions; action 0 types the right film, 1 the wrong one, 2 finishes."""

    observation_space = gymnasium.spaces.Discrete(4)
    action_space = gymnasium.spaces.Discrete(3)

    def __init__(self) -> None:
        self._taken: list[int] = []

    def reset(self, *, seed: int | None = None, options: dict[str, Any] | None = None) -> tuple[int, dict[str, Any]]:
        """No actions yet; the task is in the info."""
        super().reset(seed=seed)
        self._taken = []
        intent = "Search for the film whose name equals 'Marrow Hill'"
        return 0, {"task": {"website": "autocinema", "useCase": "SEARCH_FILM", "intent": intent}}

    def step(self, action: int) -> tuple[int, float, bool, bool, dict[str, Any]]:
        """1 for finishing after the right film."""
        self._taken.append(int(action))
        ended = action == 2
        reward = float(ended and 0 in self._taken)
        return min(3, len(self._taken)), reward, ended, len(self._taken) >= 3 and not ended, {}


RECORDED = (typing("Marrow Hill"), typing("Glass Harbour"), click("go"))


def test_the_wrapper_shapes_what_an_environment_gives(tmp_path: Path) -> None:
    """Over every sequence of actions the terminated return is unchanged (Φ(start) is 0), while steps get denser."""
    save_model(tmp_path / "model", trained_model())
    scorer = Scorer.load(tmp_path / "model")
    env = ShapedReward(Films(), scorer, task_of=lambda info: info["task"], recorded=lambda a: RECORDED[a], gamma=0.9)
    for actions in ([0, 2], [1, 2], [2], [0, 1, 2]):
        _, info = env.reset(seed=1)
        assert info["score_model"] == {"potential": 0.0, "shaping": 0.0, "abstain": False}
        rewards, shaped, potentials = [], [], [0.0]
        for action in actions:
            _, reward, terminated, _, info = env.step(action)
            shaped.append(float(reward))
            rewards.append(float(reward) - info["score_model"]["shaping"])
            potentials.append(info["score_model"]["potential"])
        assert terminated
        assert potentials[-1] == 0.0
        assert shaped == pytest.approx(shaped_rewards(rewards, potentials, gamma=0.9))
        assert discounted(shaped, 0.9) == pytest.approx(discounted(rewards, 0.9))


def test_the_wrapper_needs_a_reset() -> None:
    """A step before the first reset is the caller's mistake."""
    env = ShapedReward(Films(), Scorer({}, trained_model().rates), task_of=lambda info: info["task"])
    with pytest.raises(RuntimeError, match="reset"):
        env.step(0)


@pytest.mark.parametrize("gamma", [-0.1, 1.5, float("nan"), float("inf")])
def test_a_discount_that_is_none_is_refused(gamma: float) -> None:
    """By the wrapper as by `shaped_rewards`: before the first episode, not as a wrong reward in it."""
    scorer = Scorer({}, trained_model().rates)
    with pytest.raises(ValueError, match="gamma"):
        ShapedReward(Films(), scorer, task_of=lambda info: info["task"], gamma=gamma)
    with pytest.raises(ValueError, match="gamma"):
        shaped_rewards([1.0], [0.0, 0.0], gamma=gamma)


class Recording(Films):
    """The same films, whose actions are recorded ones."""

    def step(self, action: Any) -> tuple[int, float, bool, bool, dict[str, Any]]:
        """The film by its place in RECORDED."""
        return super().step(RECORDED.index(action) if action in RECORDED else 1)


def test_actions_that_are_no_recorded_ones_are_refused() -> None:
    """Nothing could be made of them, and every step would have the same potential: without `recorded` they are named,
    before the environment takes the step; recorded ones need no `recorded`."""
    model = trained_model()
    env = ShapedReward(Recording(), Scorer(model.heads, model.rates), task_of=lambda info: info["task"])
    env.reset()
    for action in (0, "click", None, [1.0], {"type": "no such action"}):
        with pytest.raises(UsageError, match="no recorded action: give `recorded`"):
            env.step(action)
    for recorded in (RECORDED[0], parse_action(RECORDED[0])):
        *_, info = env.step(recorded)
        assert 0.0 < info["score_model"]["potential"] < 1.0


def test_a_guess_is_told() -> None:
    """`abstain` of the latest score is in the info, and is forgotten with the next episode."""
    model = trained_model()
    scorer = Scorer(model.heads, model.rates)
    env = ShapedReward(Recording(), scorer, task_of=lambda info: info["task"] | {"website": "autocrm"})
    env.reset()
    *_, info = env.step(RECORDED[0])
    assert info["score_model"]["abstain"]
    assert not env.reset()[1]["score_model"]["abstain"]
    assert "potential" not in info
