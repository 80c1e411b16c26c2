"""How often each kind of work passes when others judge it: what finds the stretches that are worth testing."""

import math
from collections import defaultdict
from collections.abc import Sequence

from score_model.dataset.audit._columns import NO_DIGEST, PASSED, Columns
from score_model.dataset.audit._comparison import StratumKey
from score_model.dataset.audit._exact_test import Stratum

_DOWN = 0.05  # in an outage work passes at this fraction of its usual rate: some pages need no backend
_NO_YARDSTICK = 0.01  # score of a failure that nothing can be compared with: it neither makes nor breaks a stretch
_PRIOR_ROWS = 1.0
_LIKELY = (0.02, 0.98)


class Rates:
    """Rows and passes by miner × use case, and by validator within, over a set of rows."""

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
