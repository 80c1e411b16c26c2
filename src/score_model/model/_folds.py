"""Grouped folds: near-copies of a task never stand on both sides."""

from collections.abc import Iterator, Sequence
from random import Random

import numpy as np

from score_model.arrays import Floats, Ints
from score_model.errors import UsageError


# Not scikit-learn's StratifiedGroupKFold: the same rows and seed must give the same model (docs/model.md), and its
# folds differ between the releases that we accept: its pull request 32540 mended the shuffle. Nor does it always give
# every fold the same number of failures where that can be done.
def grouped_folds(groups: Sequence[str], labels: Floats, folds: int, seed: int) -> Ints:
    """The fold of each row, 0..folds-1; all rows of a group have the same.

    Groups are dealt out in a seeded order, those with the most failures first, each to the fold that has the fewest
    failures so far and then the fewest rows, so that no fold is without failures where there are enough of them. Raises
    UsageError if there are fewer groups than folds.
    """
    rows: dict[str, list[int]] = {}
    for row, group in enumerate(groups):
        rows.setdefault(group, []).append(row)
    if len(rows) < folds:
        raise UsageError(f"{len(rows)} groups of tasks are too few for {folds} folds: more data, or fewer folds")
    order = sorted(rows)
    Random(seed).shuffle(order)  # noqa: S311 - reproducible on purpose
    failures = {group: int(np.sum(labels[rows[group]] == 0.0)) for group in order}
    order.sort(key=lambda group: -failures[group])
    failed, size = [0] * folds, [0] * folds
    fold_of = np.empty(len(groups), dtype=np.int64)
    for group in order:
        fold = min(range(folds), key=lambda number: (failed[number] if failures[group] else 0, size[number]))
        fold_of[rows[group]] = fold
        failed[fold] += failures[group]
        size[fold] += len(rows[group])
    return fold_of


def fold_pairs(fold_of: Ints) -> Iterator[tuple[Ints, Ints]]:
    """For each fold the rows outside of it (to learn from) and in it (to be scored), in ascending order."""
    for fold in range(int(fold_of.max()) + 1):
        yield np.flatnonzero(fold_of != fold), np.flatnonzero(fold_of == fold)
