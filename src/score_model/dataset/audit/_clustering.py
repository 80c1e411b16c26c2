"""How much the answers of different miners to one task fail together, and what that leaves of the evidence.

A broken task fails for every miner: taken as independent, its failures would look like an outage. Tasks have no id
here; rows of one validator with the same website, use case and masked intent stand for one.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from score_model.dataset.audit._columns import PASSED, Columns

_PRIOR = 1.0  # weighs as much as ten pairs of work that passes 9 times in 10, and says "all together"


class Expectation(NamedTuple):
    """A row and the pass rate of its kind of work."""

    row: int
    rate: float


def togetherness(columns: Columns, rows: Iterable[Expectation]) -> float:
    """The correlation (0..1) between different miners' answers to one task, beyond what kind of work explains.

    Products of residuals over all pairs from one task, against what full correlation would give; shrunk towards 1, so
    that too few pairs to tell count as failing together.
    """
    tasks: dict[tuple[int, int], dict[int, list[float]]] = defaultdict(lambda: defaultdict(lambda: [0.0, 0.0]))
    for row, rate in rows:
        if 0 < rate < 1:
            sums = tasks[columns.validator[row], columns.task_shape(row)][columns.miner[row]]
            sums[0] += (columns.label[row] == PASSED) - rate
            sums[1] += (rate * (1 - rate)) ** 0.5
    together = most = _PRIOR
    for miners in tasks.values():
        together += _pairs([residual for residual, _ in miners.values()])
        most += _pairs([deviation for _, deviation in miners.values()])
    return min(1.0, max(0.0, together / most))


def design_effect(columns: Columns, rows: Sequence[int], correlation: float) -> float:
    """How many of these rows weigh as much as one: 1 + correlation × other miners' answers to the same task.

    L. Kish, "Survey Sampling" (1965), section 5.4.
    """
    if not rows:
        return 1.0
    tasks: dict[int, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    for row in rows:
        tasks[columns.task_shape(row)][columns.miner[row]] += 1
    pairs = sum(_pairs(list(miners.values())) for miners in tasks.values())
    return 1.0 + correlation * 2 * pairs / len(rows)


def _pairs(per_miner: Sequence[float]) -> float:
    """The sum of products over all pairs of different miners."""
    return (sum(per_miner) ** 2 - sum(value**2 for value in per_miner)) / 2
