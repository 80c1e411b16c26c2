"""One group of rows against its controls: the same kind of work by the same miner, at the same time."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from score_model.dataset.audit._clustering import Expectation, design_effect, togetherness
from score_model.dataset.audit._columns import NO_DIGEST, PASSED, Columns
from score_model.dataset.audit._exact_test import Stratum
from score_model.dataset.audit._thin_test import few_passes_chance

_ENOUGH_SAME_WORK = 4  # controls with the very same masked actions, before they replace the use case as the yardstick
_NEIGHBOURS = 2  # controls looked at before and after each row, to see whether the website worked just then

StratumKey = tuple[int, int, int]  # miner, use case, masked actions or NO_DIGEST


class Comparison(NamedTuple):
    """A cell beside its controls. Only rows with a control on the same work count; `rows` and `passes` are the cell's.

    `strata` also holds the controls' other work of the same miners (with no rows of the cell).

    `expected` is the number of passes the cell would have at its controls' rates on the same work; `expected_then` also
    scales each row by how the nearest controls in time did: a website that was down for everyone expects nothing.
    `failed_tasks` is the least number of different tasks among its failures. `chance` is that of so few passes, weighed
    down where miners fail a task together; not corrected for the search.
    """

    strata: dict[StratumKey, Stratum]
    rows: int
    passes: int
    expected: float
    expected_then: float
    control_rows: int
    control_passes: int
    failed_tasks: int
    chance: float


def compare(columns: Columns, cell: Sequence[int], controls: Sequence[int], *, same_time: bool) -> Comparison:
    """Compares the rows of `cell` with `controls` (both ascending in time, with known labels and actions).

    Strata are miner × use case; where at least four controls share miner, use case and masked action sequence with a
    row of the cell, these form a stratum of their own. How the strata are cut never looks at a label.
    """
    keys = _stratum_keys(columns, cell, controls)
    miners = {key[0] for key in keys[: len(cell)]}
    tally: dict[StratumKey, list[int]] = {}
    for position, key in enumerate(keys):
        if key[0] in miners:
            row, side = (cell[position], 0) if position < len(cell) else (controls[position - len(cell)], 2)
            counts = tally.setdefault(key, [0, 0, 0, 0])
            counts[side] += 1
            counts[side + 1] += columns.label[row] == PASSED
    strata = {key: Stratum(*counts) for key, counts in tally.items() if counts[2] > 0}
    shared = [stratum for stratum in strata.values() if stratum.cell_rows > 0]
    rate = {key: stratum.control_passes / stratum.control_rows for key, stratum in strata.items()}
    compared = [(row, key) for row, key in zip(cell, keys, strict=False) if key in strata]
    beside = [
        Expectation(row, rate[key])
        for row, key in zip(controls, keys[len(cell) :], strict=True)
        if rate.get(key, 0.0) > 0  # work that nobody passes says nothing about the website's health
    ]
    expected = sum(rate[key] for _, key in compared)
    expected_then = expected
    if same_time:
        health = _Health(columns, beside)
        expected_then = sum(rate[key] * health.near(columns.created[row]) for row, key in compared if rate[key] > 0)
    telling = [row for row, key in compared if rate[key] > 0]
    effect = design_effect(columns, telling, togetherness(columns, beside))
    return Comparison(
        strata=strata,
        rows=len(compared),
        passes=sum(stratum.cell_passes for stratum in shared),
        expected=expected,
        expected_then=expected_then,
        control_rows=sum(stratum.control_rows for stratum in shared),
        control_passes=sum(stratum.control_passes for stratum in shared),
        failed_tasks=_fewest_tasks(columns, [row for row in telling if columns.label[row] != PASSED]),
        chance=few_passes_chance(strata) ** (1 / effect),
    )


def _stratum_keys(columns: Columns, cell: Sequence[int], controls: Sequence[int]) -> list[StratumKey]:
    def fine(row: int) -> StratumKey:
        return columns.miner[row], columns.use_case[row], columns.work[row]

    same_work = Counter(fine(row) for row in controls)
    matched = {key for key in map(fine, cell) if key[2] != NO_DIGEST and same_work[key] >= _ENOUGH_SAME_WORK}
    keys = []
    for side in (cell, controls):
        for row in side:
            key = fine(row)
            keys.append(key if key in matched else (key[0], key[1], NO_DIGEST))
    return keys


class _Health:
    """How the controls did around a moment, against what they do on this work over the whole window (1 = as usual)."""

    def __init__(self, columns: Columns, beside: Sequence[Expectation]) -> None:
        self._times = [columns.created[row] for row, _ in beside]
        self._passes = [0]
        self._expected = [0.0]
        for row, rate in beside:
            self._passes.append(self._passes[-1] + (columns.label[row] == PASSED))
            self._expected.append(self._expected[-1] + rate)

    def near(self, moment: int) -> float:
        """Passes over expected passes of the two controls before and the two after, at most 1."""
        middle = bisect_left(self._times, moment)
        first, last = max(0, middle - _NEIGHBOURS), min(len(self._times), middle + _NEIGHBOURS)
        passes = self._passes[last] - self._passes[first]
        expected = self._expected[last] - self._expected[first]
        return min(1.0, passes / expected) if expected > 0 else 0.0


def _fewest_tasks(columns: Columns, rows: Sequence[int]) -> int:
    """A miner answers a task once, and a task has one masked intent: so many rows are at least so many tasks."""
    shapes = {columns.task_shape(row) for row in rows}
    by_miner = Counter(columns.miner[row] for row in rows)
    return max(len(shapes), max(by_miner.values(), default=0))
