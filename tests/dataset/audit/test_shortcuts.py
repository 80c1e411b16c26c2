"""Trivial predictors are measured out of sample, and only those that matter are called misleading."""

import random
from itertools import product

import msgspec
import pytest

from score_model.dataset import AuditRow
from score_model.dataset.audit import assess
from score_model.dataset.audit._report import Shortcut
from score_model.dataset.audit._shortcuts import Ranking, pooled, rank
from tests.dataset.audit.scenarios import World, digest, simulate


def shortcut(rows: list[AuditRow], name: str) -> Shortcut:
    """The named shortcut of the rows' report."""
    (found,) = [entry for entry in assess(rows).report.shortcuts if entry.name == name]
    return found


def coin_tosses(count: int) -> list[AuditRow]:
    """Rows whose label has nothing to do with anything, each miner seen twice."""
    chance = random.Random(4)
    base = simulate(World(rows=1, empty=0), 0)[0]
    return [
        msgspec.structs.replace(
            base,
            ordinal=number,
            passed=chance.random() < 0.5,
            miner_uid=number // 2,
            masked_intent=digest(f"{number}"),
            exact_work=None,
            created_us=chance.randrange(10**15),
            num_actions=chance.randrange(1, 9),
        )
        for number in range(count)
    ]


def test_an_id_that_says_nothing_scores_one_half() -> None:
    """Neither a constant column nor one with a thousand values looks like a predictor."""
    rows = coin_tosses(2000)
    for name in ("miner", "validator", "website", "use_case", "created_at", "num_actions"):
        auc = shortcut(rows, name).all_rows
        assert auc.auc is not None
        assert abs(auc.auc - 0.5) < 0.04, name
        assert not auc.misleads
    assert shortcut(rows, "website").all_rows.auc == 0.5


def test_an_id_that_decides_scores_near_one() -> None:
    """A validator that passes everything, beside one that fails everything, is found."""
    rows = [msgspec.structs.replace(row, validator_uid=int(bool(row.passed))) for row in coin_tosses(400)]
    auc = shortcut(rows, "validator").non_empty
    assert auc.auc == 1.0
    assert auc.misleads


def test_the_direction_is_kept() -> None:
    """Where later rows fail more the AUC lies below one half; file order is the place in the file."""
    rows = [msgspec.structs.replace(row, passed=row.ordinal < 100) for row in coin_tosses(200)]
    assert shortcut(rows, "file_order").all_rows.auc == 0.0


def test_empty_answers_count_only_in_all_rows() -> None:
    """The number of actions tells failures of empty answers, and nothing among answers with actions."""
    rows = simulate(World(rows=600, empty=0.5), 3)
    found = shortcut(rows, "num_actions")
    assert found.all_rows.misleads
    assert not found.non_empty.misleads
    assert found.all_rows.failed - found.non_empty.failed == sum(row.num_actions == 0 for row in rows)


def test_rows_set_aside_no_longer_make_the_validator_a_shortcut() -> None:
    """After an outage's failures are set aside, the validator predicts nothing."""
    rows = simulate(World(rows=600), 3)
    rows = [msgspec.structs.replace(row, passed=False) if row.validator_uid == 22 else row for row in rows]
    found = shortcut(rows, "validator")
    assert found.non_empty.misleads
    assert not found.trusted.misleads


def test_a_handful_of_rows_misleads_nobody() -> None:
    """With fewer than ten of a label nothing is called misleading."""
    rows = [msgspec.structs.replace(row, passed=row.ordinal < 5) for row in coin_tosses(15)]
    assert not shortcut(rows, "file_order").all_rows.misleads


def by_pairs(failures: list[int], passes: list[int]) -> float:
    """The definition: every pass against every failure, ties half."""
    won = sum(
        p * f * (1.0 if high > low else 0.5 if high == low else 0.0)
        for (high, p), (low, f) in product(enumerate(passes), enumerate(failures))
    )
    return won / (sum(passes) * sum(failures))


def delong(failures: list[int], passes: list[int]) -> float:
    """The variance from single placements, as in the paper."""
    high = [value for value, count in enumerate(passes) for _ in range(count)]
    low = [value for value, count in enumerate(failures) for _ in range(count)]

    def beats(a: int, b: int) -> float:
        return 1.0 if a > b else 0.5 if a == b else 0.0

    mean = by_pairs(failures, passes)
    tops = [sum(beats(a, b) for b in low) / len(low) for a in high]
    bottoms = [sum(beats(a, b) for a in high) / len(high) for b in low]
    s10 = sum((v - mean) ** 2 for v in tops) / (len(high) - 1)
    s01 = sum((v - mean) ** 2 for v in bottoms) / (len(low) - 1)
    return s10 / len(high) + s01 / len(low)


def test_the_auc_and_its_variance_equal_brute_force() -> None:
    """On random small tables with many ties both agree with their definitions."""
    chance = random.Random(5)
    for _ in range(50):
        failures = [chance.randrange(4) for _ in range(6)]
        passes = [chance.randrange(4) for _ in range(6)]
        if sum(failures) < 2 or sum(passes) < 2:
            continue
        ranking = rank(failures, passes)
        assert ranking is not None
        assert ranking.auc == pytest.approx(by_pairs(failures, passes), abs=1e-12)
        least = 1 / (2 * min(sum(failures), sum(passes))) ** 2
        assert ranking.variance == pytest.approx(max(least, delong(failures, passes)), abs=1e-12)


def test_one_label_alone_has_no_auc() -> None:
    """Without a pass, or without a failure, there is nothing to rank."""
    assert rank([3, 1], [0, 0]) is None
    assert rank([], []) is None


def test_a_perfect_separation_does_not_claim_certainty() -> None:
    """The variance of AUC 1 stays above zero."""
    ranking = rank([5, 0], [0, 5])
    assert ranking is not None
    assert ranking.auc == 1.0
    assert ranking.variance > 0


def test_folds_weigh_by_their_pairs() -> None:
    """The pooled AUC is that over all pairs from the same fold."""
    joined = pooled([Ranking(1.0, 0.1, 2, 3), Ranking(0.5, 0.2, 1, 2)])
    assert joined is not None
    assert joined.auc == pytest.approx((6 * 1.0 + 2 * 0.5) / 8)
    assert (joined.passed, joined.failed) == (3, 5)
    assert pooled([]) is None
