"""Exact numbers: areas within parts, curves, the best of n, and what too few failures leave."""

from dataclasses import replace

import msgspec
import numpy as np
import pytest

from score_model.evaluation._curves import make_failure_curve
from score_model.evaluation._report.blocks import best_of_blocks
from score_model.evaluation._report.comparison import show
from score_model.evaluation._report.document import Text, make_entry
from score_model.evaluation._report.findings import describe_head
from score_model.evaluation._report.tables import best_of_grid
from score_model.evaluation._tables import measure_auroc_within, withhold_interval
from score_model.metrics import Estimate, auroc
from tests.evaluation.factories import rows_and_keys
from tests.evaluation.made_up_tables import SETTINGS, a_split, a_table, acted_labels, few_failures


def test_the_area_within_parts_counts_pairs_of_one_part() -> None:
    """It is the share of pairs in order among the pairs that lie in one part, and AUROC where there is one part."""
    chance = np.random.default_rng(1)
    passed, probability = chance.random(60) < 0.6, chance.random(60).round(1)
    parts = chance.integers(0, 3, 60)
    won = pairs = 0.0
    for up in np.flatnonzero(passed):
        for down in np.flatnonzero(~passed):
            if parts[up] == parts[down]:
                pairs += 1
                won += (np.sign(probability[up] - probability[down]) + 1) / 2
    assert measure_auroc_within(passed, probability, parts).value() == pytest.approx(won / pairs, abs=1e-12)
    whole = measure_auroc_within(passed, probability, np.zeros(60, dtype=np.int64)).value()
    assert whole == pytest.approx(auroc(passed, probability).value(), abs=1e-12)
    assert measure_auroc_within(passed, probability, np.arange(60)).value() is None


def test_the_curve_is_the_one_under_which_the_area_lies() -> None:
    """Its ends are 0 or above and 1, it never falls, and its area is AUROC; without a class there is none."""
    chance = np.random.default_rng(2)
    probability = chance.random(400)
    passed = chance.random(400) < probability
    tasks = tuple(str(row) for row in range(400))
    curve = make_failure_curve(passed, probability, tasks, SETTINGS)
    assert curve is not None
    caught = np.array(curve.caught, dtype=float)
    assert caught[-1] == 1.0
    assert (np.diff(caught) >= 0).all()
    area = float(np.sum((caught[1:] + caught[:-1]) / 2 * np.diff(curve.false_alarms)))
    assert area == pytest.approx(auroc(passed, probability).value(), abs=0.01)
    assert (np.array(curve.low, dtype=float) <= caught).all()
    assert (np.array(curve.high, dtype=float) >= caught).all()
    assert make_failure_curve(np.ones(3, dtype=np.bool_), np.array([0.1, 0.2, 0.3]), tasks[:3], SETTINGS) is None


def test_six_failures_give_no_interval() -> None:
    """With under ten failures or passes no figure, difference or bin of a table has an interval, nor is there a curve;
    the sentences count the failures, and what was held out has no figure in them."""
    labels = acted_labels()
    chance = np.random.default_rng(3)
    noise, good = chance.random(len(labels)), 0.7 * labels + 0.3 * chance.random(len(labels))
    table = few_failures(good, noise).tables["trusted"]
    every = [*table.differences.values()]
    for figures in table.contestants.values():
        every += [*figures.metrics.values(), *(each.observed for each in figures.reliability)]
        every += [part for best in figures.best_of for part in (best.picked, best.random, best.oracle, best.gain)]
    assert table.contestants["model"].metrics["auroc"].value == 1.0
    assert all(each.low is None and each.high is None and each.reason for each in every)
    assert table.differences["majority"].reason == "no interval: 6 failures, fewer than 10"
    splits = {"test": a_split(good, noise), "use_cases": a_split(good, noise)}
    splits["time"] = few_failures(good, noise, "time")
    last = describe_head("trees", splits, "test")[-1]
    assert f"without a figure on later answers (6 failures among {table.rows}: too few)" in last
    many = f"{int((labels < 0.5).sum())} failures"
    assert f"1.000 (1.000 to 1.000) on unseen use cases ({many}; the majority: 0.500 (" in last
    first = describe_head("trees", {"test": few_failures(good, noise)}, "test")[0]
    assert "the model has AUROC 1.000, from 6 failures, too few for an interval; the best shortcut" in first
    one = withhold_interval(table.differences["majority"], 40, 49)
    assert one == table.differences["majority"]
    known = Estimate(value=0.5, low=0.4, high=0.6, n=49, unit="rows", clusters=9)
    assert withhold_interval(known, 40, 49).reason == "no interval: 9 passes, fewer than 10"
    assert withhold_interval(known, 39, 49) is known
    passed = np.arange(100) >= 9
    assert make_failure_curve(passed, np.linspace(0, 1, 100), tuple(map(str, range(100))), SETTINGS) is None


def test_many_undefined_resamples_are_shown() -> None:
    """Beside an interval stands how many resamples had no value where those are more than a twentieth."""
    found = Estimate(value=0.5, low=0.4, high=0.6, n=9, unit="rows", clusters=9, resamples=1000, undefined=50)
    assert show(found) == "0.500 (0.400 to 0.600)"
    many = msgspec.structs.replace(found, undefined=51)
    assert show(many) == "0.500 (0.400 to 0.600; 51 of 1,000 resamples undefined)"
    assert make_entry(many).small == "0.400 to 0.600; 51 of 1,000 resamples undefined"


def test_a_retrained_table_has_every_figure() -> None:
    """What is retrained has recall at precision 0.9, the score's error and correlation, everyone's best of n and the
    model's reliability as well."""
    labels = acted_labels()
    table = a_table(np.linspace(0, 1, len(labels)), labels)
    for name, figures in table.contestants.items():
        assert figures.metrics.keys() >= {"recall_failure_at_precision_90", "score_mae", "spearman"}
        assert [each.n for each in figures.best_of] == [2, 4, 8]
        assert bool(figures.reliability) == (name == "model")


def test_the_best_of_n_has_its_baselines() -> None:
    """Each contestant's pick stands between picking at random and knowing the truth; an n that no task has is named."""
    rows = rows_and_keys()[0]
    rows = rows.take(~rows.empty)
    some = replace(rows.take(np.arange(120)), task_ids=tuple(f"t{row // 4}" for row in range(120)))
    table = a_table(np.where(some.labels > 0.5, 0.9, 0.1), np.linspace(0, 1, 120), rows=some)
    shape = best_of_grid(table)
    best = [f"best of {n}, 30 tasks" for n in (2, 4)]
    assert shape.headers == ("success rate of the pick", best[0], "share of the way", best[1], "share of the way")
    first = [row[0].text for row in shape.rows]
    assert first[:2] == ["the model", "majority"]
    assert first[-3:] == ["text only", "at random", "knowing the truth"]
    assert shape.rows[0][1].text == shape.rows[-1][1].text
    assert shape.rows[0][2].text == "1.000"
    assert shape.rows[1][2].text == "0.000"
    words = [block.text for block in best_of_blocks(table) if isinstance(block, Text)]
    assert words == ["No task has 8 answers: the best of so many can't be measured."]
    alone = replace(some, task_ids=tuple(map(str, range(120))))
    (block,) = best_of_blocks(a_table(np.linspace(0, 1, 120), np.linspace(0, 1, 120), rows=alone))
    assert block == Text("No task has 2 or 4 or 8 answers: the best of so many can't be measured.")


def test_pairs_need_no_scores() -> None:
    """Answers with a known outcome and no score are compared by their outcome, as best of n does and training too."""
    rows = rows_and_keys()[0]
    rows = rows.take(~rows.empty)
    tasks = tuple(str(row // 4) for row in range(len(rows)))
    without = replace(rows, scores=np.full(len(rows), np.nan), task_ids=tasks)
    metrics = a_table(without.labels, without.labels, rows=without).contestants["model"].metrics
    assert metrics["pairwise_accuracy"].value == 1.0
    assert metrics["score_mae"].reason == "no row has a score"
