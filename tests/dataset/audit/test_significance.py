"""The conditional test equals enumeration, and its bound lies above it."""

import math
import random
from itertools import combinations, product

import pytest

from score_model.dataset.audit._significance import (
    SMALLEST,
    Stratum,
    _bound,
    few_passes_chance,
    lower_tail,
    predictive_lower_tail,
)


def enumerated(strata: list[Stratum]) -> float:
    """Every way to hand each stratum's passes to its rows, counted."""
    per_stratum = []
    for s in strata:
        rows, passes = s.cell_rows + s.control_rows, s.cell_passes + s.control_passes
        per_stratum.append([sum(row < s.cell_rows for row in chosen) for chosen in combinations(range(rows), passes)])
    seen = sum(s.cell_passes for s in strata)
    outcomes = list(product(*per_stratum))
    return sum(sum(outcome) <= seen for outcome in outcomes) / len(outcomes)


CASES = [
    [Stratum(3, 0, 5, 5)],
    [Stratum(2, 0, 3, 3), Stratum(2, 0, 2, 2), Stratum(1, 0, 4, 0)],
    [Stratum(3, 1, 4, 3), Stratum(2, 0, 3, 2)],
    [Stratum(2, 2, 3, 0), Stratum(4, 1, 3, 3)],
]


@pytest.mark.parametrize("strata", CASES)
def test_the_tail_equals_enumeration(strata: list[Stratum]) -> None:
    """On cells small enough to enumerate, the chance is the share of arrangements."""
    assert lower_tail(strata) == pytest.approx(enumerated(strata), rel=1e-12)


@pytest.mark.parametrize("strata", CASES)
def test_the_bound_is_an_upper_bound(strata: list[Stratum]) -> None:
    """What large cells use never makes a cell more surprising than it is."""
    useful = [stratum for stratum in strata if stratum.informative]
    assert _bound(useful, sum(stratum.cell_passes for stratum in useful)) >= lower_tail(strata)


def test_the_bound_keeps_its_power() -> None:
    """For a large cell with next to no passes the bound is still beyond doubt."""
    assert lower_tail([Stratum(3000, 100, 6000, 5400)]) <= 1e-200
    assert lower_tail([Stratum(3000, 2700, 6000, 5400)]) == 1.0


def test_work_that_nobody_or_everybody_passes_tells_nothing() -> None:
    """Such strata leave the chance where it was."""
    telling = [Stratum(3, 0, 5, 5)]
    silent = [Stratum(9, 0, 9, 0), Stratum(4, 4, 4, 4), Stratum(5, 0, 0, 0)]
    assert lower_tail(silent) == 1.0
    assert lower_tail(telling + silent) == lower_tail(telling)


def test_the_chance_never_reaches_zero() -> None:
    """An absurdly clear case is bounded, not zero."""
    assert lower_tail([Stratum(700, 0, 700, 700)]) == SMALLEST
    assert math.isfinite(math.log(lower_tail([Stratum(90_000, 0, 90_000, 90_000)])))


def cells(*counts: tuple[int, int, int, int], miner: int = 0) -> dict[tuple[int, int, int], Stratum]:
    """Strata of one miner, keyed as the comparison keys them."""
    return {(miner, number, 0): Stratum(*count) for number, count in enumerate(counts)}


def test_use_cases_that_pass_always_or_never_tell_more() -> None:
    """Failures are more surprising where other use cases are all or nothing than where they are coin tosses."""
    cell = [(1, 0, 2, 2)] * 5
    clear = predictive_lower_tail(cells(*cell, *[(0, 0, 4, 4)] * 5, *[(0, 0, 4, 0)] * 3))
    tosses = predictive_lower_tail(cells(*cell, *[(0, 0, 4, 2)] * 8))
    assert clear < tosses / 50


def test_work_that_others_fail_too_is_no_surprise() -> None:
    """Failing hopeless use cases has a high chance."""
    assert predictive_lower_tail(cells(*[(3, 0, 3, 0)] * 4, *[(0, 0, 3, 3)] * 4)) > 0.5


def test_a_weak_miner_is_measured_by_itself() -> None:
    """A strong miner's controls lend nothing to a weak miner's rows."""
    weak = cells(*[(2, 0, 2, 0)] * 5, miner=1)
    assert predictive_lower_tail({**weak, **cells(*[(0, 0, 9, 9)] * 5, miner=2)}) == predictive_lower_tail(weak)


def test_without_controls_everything_is_possible() -> None:
    """A stratum without controls says nothing."""
    assert predictive_lower_tail(cells((9, 0, 0, 0))) == 1.0


def test_large_cells_take_the_exact_test() -> None:
    """Beyond 60 comparable rows the hierarchy is not asked."""
    many = cells(*[(10, 0, 10, 9)] * 8)
    assert few_passes_chance(many) != predictive_lower_tail(many)
    few = cells(*[(5, 0, 10, 9)] * 8)
    assert few_passes_chance(few) == predictive_lower_tail(few)


def rare_chances(spread: float, runs: int) -> int:
    """How many of so many sound cells get a chance of 1 in 100 or less, their use cases differing by this much."""
    chance = random.Random(f"{spread}")
    rare = 0
    for _ in range(runs):
        mean = chance.uniform(0.3, 0.9)
        strata = []
        for _ in range(10):
            rate = chance.betavariate(mean * spread, (1 - mean) * spread)
            rows, controls = chance.randrange(4), chance.randrange(1, 5)
            passes, control_passes = (sum(chance.random() < rate for _ in range(n)) for n in (rows, controls))
            strata.append((rows, passes, controls, control_passes))
        rare += predictive_lower_tail(cells(*strata)) <= 0.01
    return rare


@pytest.mark.parametrize("spread", [0.2, 1.0, 10.0])
def test_small_chances_are_rare(spread: float) -> None:
    """Without an outage hardly any cell looks surprising, however use cases differ."""
    assert rare_chances(spread, runs=60) <= 3


@pytest.mark.slow
@pytest.mark.parametrize("spread", [0.2, 1.0, 10.0])
def test_small_chances_are_as_rare_as_they_say(spread: float) -> None:
    """Without an outage a chance below 1 in 100 comes about once in 100 cells (once in 60 at most)."""
    assert rare_chances(spread, runs=2000) <= 2000 / 60
