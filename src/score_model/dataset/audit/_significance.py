"""How surprising so few passes are: an exact conditional test over strata, and a hierarchical one for thin cells.

Within a stratum (the same kind of work, the same miner), if the cell were like its controls, each way to hand the
passes to the rows would be equally likely: the cell's passes are hypergeometric given the stratum's totals, whatever
the difficulty of the work, and the strata are independent. Selecting rows by their outcome (passes and failures fetched
apart) does not disturb this as long as cell and controls were fetched alike. Strata in which nobody or everybody passes
add nothing.

In thin cells, with one or two rows per use case, counting alone can't tell much. What helps is how use cases differ on
this website: where others pass a use case either always or never, two passes of two tell much more than where
everything is a coin toss. Each use case's pass rate is drawn from a beta distribution, common to one miner's use cases;
its mean and spread are not estimated but averaged over, weighted by how well they explain the controls (a
beta-binomial hierarchy with a flat hyperprior on a grid). The chance of the cell's few passes is the posterior
predictive one, so that the uncertainty of a thinly judged use case is part of it. A. Gelman et al., "Bayesian Data
Analysis", section 5.3.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import NamedTuple

SMALLEST = 1e-300
_MOST_PASSES = 60
_LARGEST_STRATUM = 1500
_THIN_ROWS = 60
_MEANS = tuple((2 * step + 1) / 24 for step in range(12))
_SPREADS = (0.125, 0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0)  # a + b of the beta distribution


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


def few_passes_chance(strata: Mapping[tuple[int, int, int], Stratum]) -> float:
    """The exact test for large cells, the hierarchical one up to 60 comparable rows: the choice looks at no label."""
    if sum(stratum.cell_rows for stratum in strata.values() if stratum.control_rows) > _THIN_ROWS:
        return lower_tail(strata.values())
    return predictive_lower_tail(strata)


def predictive_lower_tail(strata: Mapping[tuple[int, int, int], Stratum]) -> float:
    """The chance of as few passes in the cell or fewer, as the controls predict them; never below 1e-300.

    Keys are (miner, use case, masked actions or 0). Strata without cell rows tell how that miner's use cases differ.
    """
    by_miner: dict[int, list[Stratum]] = defaultdict(list)
    for (miner, _, _), stratum in sorted(strata.items()):
        if stratum.control_rows:
            by_miner[miner].append(stratum)
    seen = sum(stratum.cell_passes for group in by_miner.values() for stratum in group)
    chances = [1.0] + [0.0] * seen
    for group in by_miner.values():
        if any(stratum.cell_rows for stratum in group):
            chances = _convolve(chances, _predictive(group, seen))
    return min(1.0, max(SMALLEST, math.fsum(chances)))


def _predictive(strata: list[Stratum], most: int) -> list[float]:
    """Chances of 0..most passes of one miner's rows in the cell."""
    grid = [(mean * spread, (1 - mean) * spread) for mean in _MEANS for spread in _SPREADS]
    weights = [
        math.fsum(_log_rising(a, s.control_passes, b, s.control_rows - s.control_passes) for s in strata)
        for a, b in grid
    ]
    best = max(weights)
    total = math.fsum(math.exp(weight - best) for weight in weights)
    parts = []
    for (a, b), weight in zip(grid, weights, strict=True):
        share = math.exp(weight - best) / total
        if share > 1e-9:
            chances = [share] + [0.0] * most
            for s in strata:
                if s.cell_rows:
                    rest = s.control_rows - s.control_passes
                    chances = _convolve(chances, _beta_binomial(s.cell_rows, a + s.control_passes, b + rest, most))
            parts.append(chances)
    return [math.fsum(chances) for chances in zip(*parts, strict=True)]


def _log_rising(a: float, passes: int, b: float, failures: int) -> float:
    """Log chance of these outcomes, in one order, under Beta(a, b)."""
    return (
        (math.lgamma(a + passes) - math.lgamma(a))
        + (math.lgamma(b + failures) - math.lgamma(b))
        - (math.lgamma(a + b + passes + failures) - math.lgamma(a + b))
    )


def _beta_binomial(rows: int, a: float, b: float, most: int) -> list[float]:
    return [math.comb(rows, k) * math.exp(_log_rising(a, k, b, rows - k)) for k in range(min(rows, most) + 1)]


def _convolve(left: list[float], right: Iterable[float]) -> list[float]:
    result = [0.0] * len(left)
    for shift, factor in enumerate(right):
        for position in range(len(left) - shift):
            result[position + shift] += left[position] * factor
    return result
