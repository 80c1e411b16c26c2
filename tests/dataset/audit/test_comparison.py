"""Answers that fail together count for less, and answers that do not count in full."""

import random

import msgspec
import pytest

from score_model.dataset import AuditRow
from score_model.dataset.audit._columns import read_columns
from score_model.dataset.audit._comparison import Expectation, design_effect, togetherness
from tests.dataset.audit.scenarios import World, digest, simulate

_BASE = simulate(World(rows=1, empty=0), 0)[0]


def answers(tasks: int, miners: int, *, together: bool) -> list[AuditRow]:
    """Each task answered by every miner, passing at 0.7, as one or each on its own."""
    chance = random.Random(9)
    rows: list[AuditRow] = []
    for task in range(tasks):
        luck = chance.random()
        for miner in range(miners):
            passed = (luck if together else chance.random()) < 0.7
            rows.append(
                msgspec.structs.replace(
                    _BASE, ordinal=len(rows), miner_uid=miner, passed=passed, masked_intent=digest(f"{task}")
                )
            )
    return rows


@pytest.mark.parametrize(("together", "least", "most"), [(True, 0.8, 1.0), (False, 0.0, 0.1)])
def test_togetherness_is_told_from_the_controls(together: bool, least: float, most: float) -> None:
    """It is near 1 where miners fail tasks together, near 0 where each fails alone."""
    columns = read_columns(answers(60, 6, together=together))
    found = togetherness(columns, (Expectation(row, 0.7) for row in columns.rows()))
    assert least <= found <= most


def test_too_few_pairs_count_as_together() -> None:
    """Without evidence the careful answer is taken."""
    columns = read_columns(answers(1, 2, together=False))
    assert togetherness(columns, []) == 1.0
    assert togetherness(columns, [Expectation(0, 0.9), Expectation(1, 0.9)]) > 0.8


def test_the_design_effect_is_the_size_of_a_task() -> None:
    """Six miners' answers that fail together weigh as one; a single miner's answers always count in full."""
    columns = read_columns(answers(10, 6, together=True))
    assert design_effect(columns, columns.rows(), 1.0) == pytest.approx(6.0)
    assert design_effect(columns, columns.rows(), 0.0) == 1.0
    alone = read_columns(answers(10, 1, together=True))
    assert design_effect(alone, alone.rows(), 1.0) == 1.0
    assert design_effect(alone, [], 1.0) == 1.0
