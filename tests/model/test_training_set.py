"""Promises of training sets: held-out scores come from fits that saw nothing of them; shared parts are fitted once."""

from pathlib import Path

import numpy as np
import pytest

from score_model.model import FittedModel, TrainingSet
from score_model.model._estimators.baselines import CountEstimator
from score_model.model._estimators.text import TextEstimator
from score_model.model._inputs import ACTION_COLUMNS
from score_model.model.fitting import ESTIMATORS, TEXT, TREES
from tests.model.factories import make_samples, rows_of


@pytest.fixture(scope="module")
def training_set(tmp_path_factory: pytest.TempPathFactory) -> TrainingSet:
    """Answers with actions."""
    rows = rows_of(tmp_path_factory.mktemp("rows"), [each for each in make_samples(240) if each.actions])
    return TrainingSet.of(rows, ACTION_COLUMNS, np.ones(len(rows)), 0)


def test_held_out_scores_have_not_seen_their_group(training_set: TrainingSet) -> None:
    """Each row is scored once, by a fit on the other inner folds, in which no row of its group is."""
    found, seen = training_set.predict_held_out(CountEstimator()), np.zeros(len(training_set))
    for part, (_, held) in zip(training_set.inner_parts, training_set.inner_folds, strict=True):
        assert not set(part.groups) & {training_set.groups[row] for row in held.tolist()}
        expected = CountEstimator().fit(part).predict_logits(training_set.inputs.take(held))
        np.testing.assert_array_equal(found[held], expected)
        seen[held] += 1
    assert (seen == 1).all()


def test_what_was_learnt_is_not_learnt_again(training_set: TrainingSet) -> None:
    """A blend shares its parts with the models that stand beside it, held-out scores included."""
    assert training_set.fit(ESTIMATORS["blend"]).trees is training_set.fit(TREES)
    assert training_set.predict_held_out(TEXT) is training_set.predict_held_out(TextEstimator())


def test_what_reads_no_columns_is_fitted_once_for_all(training_set: TrainingSet) -> None:
    """The same rows with other columns share the text model and its held-out scores, and not the trees."""
    fewer = training_set.select(ACTION_COLUMNS[:5])
    assert fewer.predict_held_out(TEXT) is training_set.predict_held_out(TEXT)
    assert fewer.fit(TEXT) is training_set.fit(TEXT)
    assert fewer.fit(TREES).columns == ACTION_COLUMNS[:5]
    assert training_set.fit(TREES).columns == ACTION_COLUMNS
    assert [part.columns for part in fewer.inner_parts] == [ACTION_COLUMNS[:5]] * 3


def test_weightless_rows_teach_nothing(tmp_path: Path) -> None:
    """A row of weight 0 is no part of the training_set."""
    rows = rows_of(tmp_path, [each for each in make_samples(60) if each.actions])
    weights = (np.arange(len(rows)) % 2).astype(np.float64)
    training_set = TrainingSet.of(rows, ACTION_COLUMNS, weights, 0)
    assert len(training_set) == int(weights.sum())
    np.testing.assert_array_equal(training_set.labels, rows.labels[weights > 0])


def test_a_blend_is_the_weighted_sum_of_its_parts(training_set: TrainingSet, tmp_path: Path) -> None:
    """No weight is below 0, and reading back gives the same scores."""
    text, trees = TEXT, TREES
    blend = training_set.fit(ESTIMATORS["blend"])
    blend.save(tmp_path)
    parts: tuple[tuple[float, FittedModel], ...] = (
        (blend.text_weight, training_set.fit(text)),
        (blend.tree_weight, training_set.fit(trees)),
    )
    assert min(weight for weight, _ in parts) >= 0.0
    rest = blend.predict_logits(training_set.inputs) - sum(
        weight * part.predict_logits(training_set.inputs) for weight, part in parts
    )
    np.testing.assert_allclose(rest, rest[0])
    np.testing.assert_array_equal(
        ESTIMATORS["blend"].load(tmp_path).predict_logits(training_set.inputs),
        blend.predict_logits(training_set.inputs),
    )
