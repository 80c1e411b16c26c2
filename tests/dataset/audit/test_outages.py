"""Outages are found where they are, and nowhere else: every scenario, simulated."""

import random

import msgspec
import pytest

from score_model.dataset.audit import Assessment, assess
from score_model.dataset.audit._outages import looks, maximal_segments
from tests.dataset.audit.scenarios import SCENARIOS, World, hit, simulate

_SOUND = [name for name, world in SCENARIOS.items() if not any(down.validator for down in world.downs)]
_SOUND += ["one validator"]
_TOO_SMALL = "tiny outage"
_DOWN = [name for name in SCENARIOS if name not in _SOUND and name != _TOO_SMALL]


def judged(world: World, seed: int) -> tuple[Assessment, set[int], set[int]]:
    """The assessment, the rows it sets aside, and the rows that were truly hit."""
    rows = simulate(world, seed)
    assessment = assess(rows)
    flagged = {ordinal for ordinal, quality in assessment.qualities.items() if quality == "environment_suspect"}
    return assessment, flagged, {row.ordinal for row in rows if hit(row, world.downs)}


@pytest.mark.parametrize("name", _SOUND)
def test_nothing_is_flagged_without_a_validators_outage(name: str) -> None:
    """Chance, hard work, weak miners, fetch bias and websites that are down for all are nobody's outage."""
    for seed in range(4):
        _, flagged, _ = judged(SCENARIOS[name], seed)
        assert not flagged, f"{name}, seed {seed}"


@pytest.mark.parametrize("name", _DOWN)
def test_an_outage_is_found(name: str) -> None:
    """Nearly all failures of an outage are set aside, and next to nothing else, with a correct account of it."""
    hits = found = wrong = 0
    for seed in range(4):
        assessment, flagged, true = judged(SCENARIOS[name], seed)
        hits += len(true)
        found += len(true & flagged)
        wrong += len(flagged - true)
        assert sum(cell.failures for cell in assessment.report.outages) == len(flagged)
        for cell in assessment.report.outages:
            assert cell.rows == cell.failures + cell.passes
            assert cell.p_value <= 0.001
            assert cell.compared_passes <= 0.2 * cell.expected_passes
    least = 0.6 if "thin" in name or "shared" in name else 0.95
    assert found >= least * hits
    assert wrong <= 0.1 * hits


def test_too_small_an_outage_is_not_guessed() -> None:
    """A handful of failures flags nothing, and the report says that no outage could have been seen."""
    for seed in range(5):
        assessment, flagged, _ = judged(SCENARIOS[_TOO_SMALL], seed)
        assert not flagged
        assert {entry.verdict for entry in assessment.report.testability} <= {"clear", "low_power", "too_few_rows"}


def test_passes_inside_an_outage_stay_ok() -> None:
    """Only failures are set aside: a lucky pass keeps its label, an empty answer too."""
    world = SCENARIOS["outage with 1 lucky pass in 40"]
    rows = simulate(world, 2)
    assessment = assess(rows)
    (cell,) = assessment.report.outages
    assert cell.passes > 0
    for row in rows:
        if row.passed or row.num_actions == 0:
            assert assessment.qualities.get(row.ordinal) != "environment_suspect"


def test_the_window_is_the_outages() -> None:
    """A partial outage is dated by its first and last failure, not by the whole day."""
    assessment, _, true = judged(SCENARIOS["outage of 4 hours"], 1)
    (cell,) = assessment.report.outages
    assert (cell.website, cell.validator, cell.all_websites) == ("alpha", 22, False)
    assert "2023-11-15T07:" <= cell.first <= "2023-11-15T07:59"
    assert "2023-11-15T10:" <= cell.last <= "2023-11-15T11:59"
    assert abs(cell.failures - len(true)) <= 3


def test_an_outage_everywhere_is_found_where_each_website_is_too_thin() -> None:
    """Ten websites with a few rows each are judged together, and every cell says so."""
    assessment, _, _ = judged(SCENARIOS["validator down everywhere, thin"], 1)
    assert {cell.validator for cell in assessment.report.outages} == {22}
    assert any(cell.all_websites for cell in assessment.report.outages)
    assert len({cell.website for cell in assessment.report.outages}) >= 5


def test_a_website_that_is_down_for_all_is_a_hint() -> None:
    """It is reported with its hours, and flags nothing."""
    assessment, flagged, _ = judged(SCENARIOS["website down for all"], 1)
    assert not flagged
    (dip,) = assessment.report.website_dips
    assert (dip.website, dip.validators) == ("alpha", 3)
    assert dip.passes <= 0.2 * dip.expected_passes


def test_a_single_validator_cannot_be_told() -> None:
    """Without others to compare with the verdict says so."""
    assessment, _, _ = judged(SCENARIOS["one validator"], 1)
    assert [entry.verdict for entry in assessment.report.testability] == ["one_validator"]


def test_one_broken_task_for_many_miners_is_no_outage() -> None:
    """Forty miners failing one validator's task, one after the other, are one failure."""
    world = World(rows=40, shared_tasks=True, miners=dict.fromkeys(range(40), 1.0), hopeless=0, empty=0)
    rows = simulate(world, 1)
    broken = rows[800].ordinal // 40 * 40
    rows = [
        msgspec.structs.replace(row, passed=False, score=0.0) if broken <= row.ordinal < broken + 40 else row
        for row in rows
    ]
    assert "environment_suspect" not in assess(rows).qualities.values()


@pytest.mark.slow
@pytest.mark.parametrize("name", _SOUND)
def test_false_alarms_are_rarer_than_one_dataset_in_a_hundred(name: str) -> None:
    """Over 100 datasets of each sound kind at most one is flagged."""
    alarms = sum(bool(judged(SCENARIOS[name], seed)[1]) for seed in range(3000, 3100))
    assert alarms <= 1


def by_definition(scores: list[float]) -> list[tuple[int, int]]:
    """Take the best stretch, then the best left and right of it, and so on."""

    def best(first: int, last: int) -> list[tuple[int, int]]:
        choices = [(sum(scores[a : b + 1]), a - b, -a) for a in range(first, last) for b in range(a, last)]
        choices = [choice for choice in choices if choice[0] > 0]
        if not choices:
            return []
        _, extent, start = max(choices)
        begin, end = -start, -start - extent
        return [*best(first, begin), (begin, end), *best(end + 1, last)]

    return best(0, len(scores))


def test_the_stretches_are_those_of_the_definition() -> None:
    """The linear algorithm equals repeated search for the best stretch."""
    chance = random.Random(3)
    for _ in range(60):
        scores = [chance.uniform(-3, 2) for _ in range(12)]
        found = maximal_segments(scores)
        assert [(segment.first, segment.last) for segment in found] == by_definition(scores)
        assert all(s.score == pytest.approx(sum(scores[s.first : s.last + 1])) for s in found)


def test_a_long_decline_stays_linear() -> None:
    """Fifty thousand rows with a few failures each hundred take no quadratic time (this test would hang)."""
    assert len(maximal_segments(([1.0] + [-1.0] * 2) * 60_000)) == 60_000


@pytest.mark.parametrize("rows", [5, 6, 13, 100, 257])
def test_all_stretches_together_spend_what_there_is(rows: int) -> None:
    """The prices of every stretch there is, as shares, add up to at most one."""
    spent = sum((rows - length + 1) / looks(length, rows, 5) for length in range(5, rows + 1))
    assert spent == pytest.approx(1.0 if rows > 5 else 0.5)
