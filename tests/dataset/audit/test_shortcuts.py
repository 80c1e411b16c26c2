"""Trivial predictors are measured out of sample, and only those that matter are called misleading."""

import random

import msgspec

from score_model.dataset._row import AuditRow
from score_model.dataset.audit import assess
from score_model.dataset.audit._report import Shortcut
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
