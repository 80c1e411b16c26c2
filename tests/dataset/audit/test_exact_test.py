"""The conditional test equals enumeration, and its bound lies above it."""

import math
from itertools import combinations, product

import pytest

from score_model.dataset.audit._exact_test import SMALLEST, Stratum, _bound, lower_tail


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
