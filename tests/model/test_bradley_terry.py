"""Promises of pairs within tasks: those that a whole list would give, without the whole list."""

import tracemalloc
from collections import defaultdict
from itertools import combinations
from random import Random

import numpy as np
import pytest

from score_model.model._calibration.bradley_terry import pairs_within_tasks


def whole_lists(tasks: list[str], scores: list[float]) -> list[list[int]]:
    """The definition: every pair of a task that differs, and of more than 200 every so-many-th."""
    rows = defaultdict(list)
    for row, task in enumerate(tasks):
        if not np.isnan(scores[row]):
            rows[task].append(row)
    pairs = []
    for task in sorted(rows):
        found = [
            [first, second] if scores[first] > scores[second] else [second, first]
            for first, second in combinations(rows[task], 2)
            if scores[first] != scores[second]
        ]
        pairs += found[:: max(1, -(-len(found) // 200))]
    return pairs


@pytest.mark.parametrize("seed", range(8))
def test_pairs_are_those_of_the_definition(seed: int) -> None:
    """Few answers or many, ties and unknown scores: the pairs and their order are the same."""
    chance = Random(seed)
    tasks = [f"t{chance.randrange(4)}" for _ in range(chance.choice((0, 1, 7, 60, 240)))]
    scores = [chance.choice((0.0, 0.25, 1.0, float("nan"), chance.random())) for _ in tasks]
    assert pairs_within_tasks(tasks, np.array(scores)).tolist() == whole_lists(tasks, scores)


def test_thousands_of_answers_to_one_task_take_little_memory() -> None:
    """20,000 answers to one task have 10^8 pairs: at most 200 of them are ever made."""
    scores = np.random.default_rng(0).integers(0, 2, 20_000).astype(np.float64)
    tracemalloc.start()
    pairs = pairs_within_tasks(["t"] * len(scores), scores)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert 100 < len(pairs) <= 200
    assert (scores[pairs[:, 0]] > scores[pairs[:, 1]]).all()
    assert peak < 8_000_000
