"""One group of rows against its controls: the same kind of work by the same miner, at the same time."""

import math
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from score_model.dataset.audit._columns import NO_DIGEST, PASSED, Columns
from score_model.dataset.audit._significance import Stratum, few_passes_chance

_ENOUGH_SAME_WORK = 4  # controls with the very same masked actions, before they replace the use case as the yardstick
_NEIGHBOURS = 2  # controls looked at before and after each row, to see whether the website worked just then
StratumKey = tuple[int, int, int]  # miner, use case, masked actions or NO_DIGEST
_PRIOR = 1.0  # weighs as much as ten pairs of work that passes 9 times in 10, and says "all together"
_DOWN = 0.05  # in an outage work passes at this fraction of its usual rate: some pages need no backend
_NO_YARDSTICK = 0.01  # score of a failure that nothing can be compared with: it neither makes nor breaks a stretch
_PRIOR_ROWS = 1.0
_LIKELY = (0.02, 0.98)


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


class Expectation(NamedTuple):
    """A row and the pass rate of its kind of work."""

    row: int
    rate: float


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


def togetherness(columns: Columns, rows: Iterable[Expectation]) -> float:
    """The correlation (0..1) between different miners' answers to one task, beyond what kind of work explains.

    A broken task fails for every miner: taken as independent, its failures would look like an outage. Tasks have no id
    here; rows of one validator with the same website, use case and masked intent stand for one.

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


class Rates:
    """Rows and passes by miner × use case, and by validator within, over a set of rows.

    How often each kind of work passes when others judge it is what finds the stretches that are worth testing.
    """

    def __init__(self, columns: Columns, rows: Sequence[int]) -> None:
        self._columns = columns
        self._all: dict[tuple[int, int], list[int]] = defaultdict(lambda: [0, 0])
        self._own: dict[int, dict[tuple[int, int], list[int]]] = defaultdict(lambda: defaultdict(lambda: [0, 0]))
        for row in rows:
            kind = columns.miner[row], columns.use_case[row]
            passed = columns.label[row] == PASSED
            for counts in (self._all[kind], self._own[columns.validator[row]][kind]):
                counts[0] += 1
                counts[1] += passed

    def strata(self, validator: int) -> dict[StratumKey, Stratum]:
        """The validator's rows beside all others', for every kind of work that others judged of the same miners."""
        own = self._own[validator]
        miners = {miner for miner, _ in own}
        strata = {}
        for kind, (rows, passes) in self._all.items():
            mine = own.get(kind, (0, 0))
            if kind[0] in miners and rows > mine[0]:
                strata[*kind, NO_DIGEST] = Stratum(mine[0], mine[1], rows - mine[0], passes - mine[1])
        return strata

    def elsewhere(self, validator: int) -> dict[tuple[int, int], float]:
        """The pass rate, by kind of work, of rows that other validators judged; shrunk by one row to the use case's."""
        use_cases: dict[int, list[int]] = defaultdict(lambda: [0, 0])
        own = self._own[validator]
        others = {}
        for kind, (rows, passes) in self._all.items():
            mine = own.get(kind, (0, 0))
            others[kind] = rows - mine[0], passes - mine[1]
            use_cases[kind[1]][0] += rows - mine[0]
            use_cases[kind[1]][1] += passes - mine[1]
        rates = {}
        for kind, (rows, passes) in others.items():
            if rows:
                prior = use_cases[kind[1]][1] / use_cases[kind[1]][0]
                rates[kind] = (passes + _PRIOR_ROWS * prior) / (rows + _PRIOR_ROWS)
        return rates

    def usual(self) -> dict[tuple[int, int], float]:
        """The pass rate by kind of work over all rows."""
        return {kind: passes / rows for kind, (rows, passes) in self._all.items()}


def outage_scores(columns: Columns, rows: Sequence[int], rates: dict[tuple[int, int], float]) -> list[float]:
    """How much each row speaks for an outage against business as usual: a log likelihood ratio, in nats."""
    scores = []
    for row in rows:
        passed = columns.label[row] == PASSED
        rate = rates.get((columns.miner[row], columns.use_case[row]))
        if passed:
            scores.append(math.log(_DOWN))
        elif rate is None:
            scores.append(_NO_YARDSTICK)
        else:
            rate = min(_LIKELY[1], max(_LIKELY[0], rate))
            scores.append(math.log((1 - _DOWN * rate) / (1 - rate)))
    return scores
