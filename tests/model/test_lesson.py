"""Promises of lessons: held-out scores come from fits that saw nothing of them, and shared parts are learnt once."""

from pathlib import Path

import numpy as np
import pytest

from score_model.model import Fitted, Lesson
from score_model.model._estimators.baselines import CountRecipe
from score_model.model._estimators.blend import BlendRecipe
from score_model.model._estimators.text import TextRecipe
from score_model.model._estimators.trees import TreeRecipe
from score_model.model._inputs import ACTION_COLUMNS
from tests.model.making import make_samples, rows_of


@pytest.fixture(scope="module")
def lesson(tmp_path_factory: pytest.TempPathFactory) -> Lesson:
    """Answers with actions."""
    rows = rows_of(tmp_path_factory.mktemp("rows"), [each for each in make_samples(240) if each.actions])
    return Lesson.of(rows, np.ones(len(rows)), 0)


def test_held_out_scores_have_not_seen_their_group(lesson: Lesson) -> None:
    """Each row is scored once, by a fit on the other inner folds, in which no row of its group is."""
    found, seen = lesson.held_out(CountRecipe()), np.zeros(len(lesson))
    for part, (_, held) in zip(lesson._inner, lesson.inner_folds, strict=True):
        assert not set(part.groups) & {lesson.groups[row] for row in held.tolist()}
        expected = CountRecipe().fit(part).logits(lesson.inputs.take(held))
        np.testing.assert_array_equal(found[held], expected)
        seen[held] += 1
    assert (seen == 1).all()


def test_what_was_learnt_is_not_learnt_again(lesson: Lesson) -> None:
    """A blend shares its parts with the models that stand beside it, held-out scores included."""
    text, trees = TextRecipe(), TreeRecipe(ACTION_COLUMNS)
    assert lesson.learn(BlendRecipe(text, trees)).trees is lesson.learn(trees)
    assert lesson.held_out(text) is lesson.held_out(TextRecipe())


def test_weightless_rows_teach_nothing(tmp_path: Path) -> None:
    """A row of weight 0 is no part of the lesson."""
    rows = rows_of(tmp_path, [each for each in make_samples(60) if each.actions])
    weights = (np.arange(len(rows)) % 2).astype(np.float64)
    lesson = Lesson.of(rows, weights, 0)
    assert len(lesson) == int(weights.sum())
    np.testing.assert_array_equal(lesson.labels, rows.labels[weights > 0])


def test_a_blend_is_the_weighted_sum_of_its_parts(lesson: Lesson, tmp_path: Path) -> None:
    """No weight is below 0, and reading back gives the same scores."""
    text, trees = TextRecipe(), TreeRecipe(ACTION_COLUMNS)
    blend = lesson.learn(BlendRecipe(text, trees))
    blend.save(tmp_path)
    parts: tuple[tuple[float, Fitted], ...] = (
        (blend.text_weight, lesson.learn(text)),
        (blend.tree_weight, lesson.learn(trees)),
    )
    assert min(weight for weight, _ in parts) >= 0.0
    rest = blend.logits(lesson.inputs) - sum(weight * part.logits(lesson.inputs) for weight, part in parts)
    np.testing.assert_allclose(rest, rest[0])
    np.testing.assert_array_equal(type(blend).load(tmp_path).logits(lesson.inputs), blend.logits(lesson.inputs))
