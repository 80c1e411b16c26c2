"""What a scorer says of one answer."""

import msgspec

from score_model.model._estimator import Driver


class ScoreResult(msgspec.Struct, frozen=True, kw_only=True):
    """How good an answer is.

    `probability` of success, calibrated; `interval` holds it (0 to 1 where the model abstains). `score` is the expected
    score in 0..1. `strength` orders answers to the same task, the greatest first, and means nothing across tasks.
    `drivers` are what moved the probability most. `abstain` says that the answer is unlike the training data, and
    `reason` why; then the numbers are a guess. `head` is what judged: `actions`, `traces` or `rule`.
    """

    probability: float
    score: float
    interval: tuple[float, float]
    strength: float
    drivers: tuple[Driver, ...]
    abstain: bool
    reason: str | None
    head: str
