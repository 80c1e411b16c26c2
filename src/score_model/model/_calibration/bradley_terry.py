"""Which of two answers to the same task is better: Bradley & Terry's model (1952) over features of the answers."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

import msgspec
import numpy as np

from score_model.arrays import Floats, Ints
from score_model.model._estimators.logistic import fit_logistic
from score_model.model._inputs import Inputs

_MOST_PAIRS_OF_A_TASK = 200
_PENALTY = 10.0  # per standardised feature: pairs within tasks are few
_LOGIT_PENALTY = 0.1


class Preference(msgspec.Struct, frozen=True):
    """P(a better than b) = σ(strength(a) − strength(b)).

    strength = `logit_weight` · log-odds of success + `weights` · (feature − centre) / scale, unknown features counting
    as 0.
    """

    columns: tuple[str, ...]
    centres: tuple[float, ...]
    scales: tuple[float, ...]
    weights: tuple[float, ...]
    logit_weight: float

    def __post_init__(self) -> None:
        """Raises ValueError if the sizes do not fit together or a scale is not positive."""
        sizes = {len(self.columns), len(self.centres), len(self.scales), len(self.weights)}
        if len(sizes) != 1 or any(scale <= 0 for scale in self.scales):
            raise ValueError("not a preference model")

    def strengths(self, inputs: Inputs, logits: Floats) -> Floats:
        """The strength of each answer; only differences within a task mean anything."""
        if not self.columns:
            return self.logit_weight * logits
        features = standardise(inputs.select(self.columns), np.array(self.centres), np.array(self.scales))
        result: Floats = self.logit_weight * logits + features @ np.array(self.weights)
        return result


def standardise(matrix: Floats, centres: Floats, scales: Floats) -> Floats:
    """(value − centre) / scale within ±5, 0 where the value is unknown."""
    return np.nan_to_num(np.clip((matrix - centres) / scales, -5.0, 5.0), nan=0.0)


def pairs_within_tasks(task_ids: Sequence[str], scores: Floats) -> Ints:
    """The pairs (better row, worse row) of the same task whose scores differ; at most 200 of a task, evenly chosen."""
    rows: dict[str, list[int]] = defaultdict(list)
    for row, task in enumerate(task_ids):
        if not np.isnan(scores[row]):
            rows[task].append(row)
    pairs: list[tuple[int, int]] = []
    for task in sorted(rows):
        places = rows[task]
        pairs += [
            (places[first], places[second])
            if scores[places[first]] > scores[places[second]]
            else (places[second], places[first])
            for first, second in _unequal(scores[places])
        ]
    return np.array(pairs, dtype=np.int64).reshape(-1, 2)


def _unequal(values: Floats) -> Iterator[tuple[int, int]]:
    """Pairs of places (the earlier first) whose values differ, every so-many-th of them in their order.

    The others are counted and never made: a task with thousands of answers has millions of pairs.
    """
    partners = len(values) - 1 - np.arange(len(values)) - _equals_after(values)
    ends = np.cumsum(partners)
    total = int(ends[-1])
    step = max(1, -(-total // _MOST_PAIRS_OF_A_TASK))
    for number in range(0, total, step):
        first = int(np.searchsorted(ends, number, side="right"))
        others = np.flatnonzero(values[first + 1 :] != values[first])
        yield first, first + 1 + int(others[number - int(ends[first] - partners[first])])


def _equals_after(values: Floats) -> Ints:
    """For each value how many after it are equal to it."""
    order = np.argsort(values, kind="stable")
    ascending = values[order]
    found = np.empty(len(values), dtype=np.int64)
    found[order] = np.searchsorted(ascending, ascending, side="right") - 1 - np.arange(len(values))
    return found


def fit_preference(inputs: Inputs, columns: tuple[str, ...], logits: Floats, pairs: Ints) -> Preference:
    """Learns from pairs of rows (better, worse) by logistic regression without an intercept on their differences.

    `logits` are out-of-fold log-odds. Without pairs the log-odds alone decide.
    """
    if len(pairs) == 0:
        return Preference((), (), (), (), 1.0)
    matrix = inputs.select(columns)
    known = ~np.isnan(matrix)
    counts = np.maximum(known.sum(axis=0), 1)
    centres = np.where(known, matrix, 0.0).sum(axis=0) / counts
    spread = np.sqrt((np.where(known, matrix - centres, 0.0) ** 2).sum(axis=0) / counts)
    varied = spread > 1e-9
    kept = tuple(name for name, varies in zip(columns, varied, strict=True) if varies)
    centres, scales = centres[varied], spread[varied]
    features = np.column_stack([standardise(matrix[:, varied], centres, scales), logits])
    better, worse = features[pairs[:, 0]], features[pairs[:, 1]]
    differences = np.vstack([better - worse, worse - better])  # both ways round: no side is better by its place
    labels = np.concatenate([np.ones(len(pairs)), np.zeros(len(pairs))])
    penalties = np.array([_PENALTY] * len(kept) + [_LOGIT_PENALTY])
    weights = fit_logistic(differences, labels, np.full(len(labels), 0.5), penalties)
    return Preference(
        kept, tuple(centres.tolist()), tuple(scales.tolist()), tuple(weights[:-1].tolist()), float(weights[-1])
    )
