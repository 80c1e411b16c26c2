"""What a scorer says of one answer, and which of several answers to a task it puts first."""

from collections.abc import Sequence

import msgspec

from score_model.model._estimator import Driver

RULE = "rule"
"""The head of an answer without actions, which no model needs to see."""


class ScoreResult(msgspec.Struct, frozen=True, kw_only=True):
    """How good an answer is.

    `probability` of success, calibrated; `interval` holds it. `score` is the expected score in 0..1. `strength` orders
    answers to the same task that the same head judged, the greatest first, and means nothing across tasks or heads
    (`best_first`). `drivers` are what moved the head's own probability most. `head` is what judged: `actions`, `traces`
    or `rule`.

    `abstain` says that the answer is unlike the training data, and `reason` why; then the interval is 0 to 1. Where the
    model saw no trace either, probability and score are those of the success rate that `reason` names (use case →
    website → everything), and the strength is the head's own guess.
    """

    probability: float
    score: float
    interval: tuple[float, float]
    strength: float
    drivers: tuple[Driver, ...]
    abstain: bool
    reason: str | None
    head: str


def best_first(results: Sequence[ScoreResult]) -> list[int]:
    """The places of the results of answers to one task, the best first; equal ones keep their order (`standings`)."""
    return sorted(range(len(results)), key=standings(results).__getitem__)


def standings(results: Sequence[ScoreResult]) -> list[int]:
    """The standing of each result among answers to one task: 1 for the best, the same for those that nothing tells
    apart, then one more than there are better ones.

    By strength where one head judged them all. Strengths of different heads are on different scales: where heads mix,
    the calibrated probability comes first and the strength only tells apart what it leaves equal. Answers without
    actions are last in any case.
    """
    mixed = len({result.head for result in results} - {RULE}) > 1
    keys = [(result.head == RULE, -result.probability if mixed else 0.0, -result.strength) for result in results]
    first: dict[tuple[bool, float, float], int] = {}
    for standing, key in enumerate(sorted(keys), 1):
        first.setdefault(key, standing)
    return [first[key] for key in keys]
