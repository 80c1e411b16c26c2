"""Exact numbers: areas within parts, curves, differences from baselines, and what they make the report say."""

import msgspec
import numpy as np
import pytest
from numpy.typing import NDArray

from score_model.evaluation import EvaluateSettings, Split
from score_model.evaluation._curves import failure_curve
from score_model.evaluation._said import Said
from score_model.evaluation._sentences import head_sentences
from score_model.evaluation._tables import area_within, table_of
from score_model.metrics import auroc
from tests.evaluation.making import ground

SETTINGS = EvaluateSettings(resamples=200)


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
    assert area_within(passed, probability, parts).value() == pytest.approx(won / pairs, abs=1e-12)
    whole = area_within(passed, probability, np.zeros(60, dtype=np.int64)).value()
    assert whole == pytest.approx(auroc(passed, probability).value(), abs=1e-12)
    assert area_within(passed, probability, np.arange(60)).value() is None


def test_the_curve_is_the_one_under_which_the_area_lies() -> None:
    """Its ends are 0 or above and 1, it never falls, and its area is AUROC; without a class there is none."""
    chance = np.random.default_rng(2)
    probability = chance.random(400)
    passed = chance.random(400) < probability
    tasks = tuple(str(row) for row in range(400))
    curve = failure_curve(passed, probability, tasks, SETTINGS)
    assert curve is not None
    caught = np.array(curve.caught, dtype=float)
    assert caught[-1] == 1.0
    assert (np.diff(caught) >= 0).all()
    area = float(np.sum((caught[1:] + caught[:-1]) / 2 * np.diff(curve.false_alarms)))
    assert area == pytest.approx(auroc(passed, probability).value(), abs=0.01)
    assert (np.array(curve.low, dtype=float) <= caught).all()
    assert (np.array(curve.high, dtype=float) >= caught).all()
    assert failure_curve(np.ones(3, dtype=np.bool_), np.array([0.1, 0.2, 0.3]), tasks[:3], SETTINGS) is None


def _split(model: NDArray[np.float64], counts: NDArray[np.float64]) -> Split:
    rows = ground()[0]
    rows = rows.take(~rows.empty)
    said = {"model": model, "majority": np.full(len(rows), 0.6), "empty_answer": np.full(len(rows), 0.6)}
    said |= {"action_count": counts, "use_case_rate": np.full(len(rows), 0.6), "text_only": model}
    every = {name: [Said.of(each, each >= 0.5)] for name, each in said.items()}
    whole = np.zeros((1, len(rows)), dtype=np.int64)
    table = table_of(rows, every, whole, SETTINGS, whole=False)
    return Split(name="test", title="", tables={"trusted": table, "non_empty": table, "all": table})


def test_a_shortcut_that_beats_the_model_comes_first() -> None:
    """The report's first sentence names the shortcut where the paired difference leaves no doubt, and only there."""
    rows = ground()[0]
    labels = rows.labels[~rows.empty]
    chance = np.random.default_rng(3)
    noise, good = chance.random(len(labels)), 0.7 * labels + 0.3 * chance.random(len(labels))
    beaten = head_sentences("trees", {"test": _split(noise, good)}, "test")
    assert beaten[0].startswith("A shortcut beats the model: on answers with actions, all labels, the number of")
    better = head_sentences("trees", {"test": _split(good, noise)}, "test")
    assert better[0].startswith("On answers with actions, trusted labels, the model has AUROC")
    same = head_sentences("trees", {"test": _split(good, good)}, "test")
    assert same[0].startswith("It is not certain that the model beats a shortcut.")


def test_few_failures_are_said_to_rank_nothing() -> None:
    """With fewer than 100 failures, and only then, the report says which differences it can't tell."""
    number = int((~ground()[0].empty).sum())
    split = _split(np.linspace(0, 1, number), np.linspace(0, 1, number))
    few = {name: msgspec.structs.replace(table, failures=99) for name, table in split.tables.items()}
    enough = {name: msgspec.structs.replace(table, failures=100) for name, table in split.tables.items()}
    for tables, said in ((few, True), (enough, False)):
        sentences = head_sentences("trees", {"test": msgspec.structs.replace(split, tables=tables)}, "test")
        assert any("closer than 0.05 can't be told apart" in each for each in sentences) == said
