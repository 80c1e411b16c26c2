"""Potential-based reward shaping (Ng, Harada & Russell 1999): a denser reward that leaves the best policy the best."""

from collections.abc import Sequence


def shaping_term(before: float, after: float, *, gamma: float) -> float:
    """F(s, s') = γ · Φ(s') − Φ(s)."""
    return gamma * after - before


def check_gamma(gamma: float) -> None:
    """Raises ValueError if it is no discount."""
    if not 0.0 <= gamma <= 1.0:
        raise ValueError(f"gamma is {gamma}: it must lie in 0..1")


def shaped_rewards(
    rewards: Sequence[float], potentials: Sequence[float], *, gamma: float, terminated: bool = True
) -> list[float]:
    """The rewards of an episode of n steps with the shaping term of each step added.

    `potentials` are Φ of the n + 1 states, as `Scorer.potentials` gives them. Where the episode `terminated`, Φ of the
    last state counts as 0 (as it must for terminal states, Grześ 2017), and the discounted return changes by −Φ(s₀):
    by the same for every episode from the same start. Where it was cut short, Φ of the last state counts. Raises
    ValueError if the lengths do not fit or `gamma` lies outside 0..1.
    """
    if len(potentials) != len(rewards) + 1:
        raise ValueError(f"{len(rewards)} rewards need {len(rewards) + 1} potentials, not {len(potentials)}")
    check_gamma(gamma)
    after = list(potentials[1:])
    if terminated and after:
        after[-1] = 0.0
    return [reward + shaping_term(potentials[step], after[step], gamma=gamma) for step, reward in enumerate(rewards)]
