"""How surprising so few passes are: an exact conditional test over strata.

Within a stratum (the same kind of work, the same miner), if the cell were like its controls, each way to hand the
passes to the rows would be equally likely: the cell's passes are hypergeometric given the stratum's totals, whatever
the difficulty of the work, and the strata are independent. Selecting rows by their outcome (passes and failures fetched
apart) does not disturb this as long as cell and controls were fetched alike. Strata in which nobody or everybody passes
add nothing.
"""

import math
from collections.abc import Iterable
from typing import NamedTuple

SMALLEST = 1e-300
_MOST_PASSES = 60
_LARGEST_STRATUM = 1500


class Stratum(NamedTuple):
    """Rows and passes of the cell and of its controls on one kind of work."""

    cell_rows: int
    cell_passes: int
    control_rows: int
    control_passes: int

    @property
    def informative(self) -> bool:
        """Whether both sides have rows, and both outcomes occur."""
        passes = self.cell_passes + self.control_passes
        return self.cell_rows > 0 and self.control_rows > 0 and 0 < passes < self.cell_rows + self.control_rows


def lower_tail(strata: Iterable[Stratum]) -> float:
    """The chance of as few passes in the cell as there are, or fewer, given each stratum's totals; never below 1e-300.

    Exact (integers, divided once per term) for up to 60 passes in strata of up to 1,500 rows; beyond that an upper
    bound: W. Hoeffding, "Probability inequalities for sums of bounded random variables" (1963), theorem 4 and the
    Chernoff bound of the binomial that it allows.
    """
    useful = sorted(stratum for stratum in strata if stratum.informative)
    if not useful:
        return 1.0
    seen = sum(stratum.cell_passes for stratum in useful)
    largest = max(stratum.cell_rows + stratum.control_rows for stratum in useful)
    if seen <= _MOST_PASSES and largest <= _LARGEST_STRATUM:
        return _exact(useful, seen)
    return _bound(useful, seen)


def _exact(strata: list[Stratum], seen: int) -> float:
    chances = [1.0] + [0.0] * seen
    for stratum in strata:
        terms = _hypergeometric(stratum, seen)
        chances = [
            math.fsum(chances[total - passes] * term for passes, term in terms if passes <= total)
            for total in range(seen + 1)
        ]
    return min(1.0, max(SMALLEST, math.fsum(chances)))


def _hypergeometric(stratum: Stratum, most: int) -> list[tuple[int, float]]:
    rows = stratum.cell_rows + stratum.control_rows
    passes = stratum.cell_passes + stratum.control_passes
    ways = math.comb(rows, stratum.cell_rows)
    fewest = max(0, stratum.cell_rows - (rows - passes))
    return [
        (k, math.comb(passes, k) * math.comb(rows - passes, stratum.cell_rows - k) / ways)
        for k in range(fewest, min(stratum.cell_rows, passes, most) + 1)
    ]


def _bound(strata: list[Stratum], seen: int) -> float:
    means = [(s.cell_rows, (s.cell_passes + s.control_passes) / (s.cell_rows + s.control_rows)) for s in strata]
    if seen >= math.fsum(rows * mean for rows, mean in means):
        return 1.0

    def log_bound(tilt: float) -> float:
        return tilt * seen + math.fsum(rows * math.log1p(mean * math.expm1(-tilt)) for rows, mean in means)

    low, high = 0.0, 60.0
    for _ in range(80):  # the bound is convex in the tilt
        left, right = low + (high - low) / 3, high - (high - low) / 3
        if log_bound(left) <= log_bound(right):
            high = right
        else:
            low = left
    return min(1.0, max(SMALLEST, math.exp(max(log_bound((low + high) / 2), math.log(SMALLEST)))))
