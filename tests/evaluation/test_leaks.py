"""Promises that what is scored was not learnt from."""

from dataclasses import replace

import numpy as np
import pytest

from score_model.errors import UsageError
from score_model.evaluation import EvaluateSettings, evaluate
from score_model.evaluation._contestants import Contestants, fit_and_predict, predict_every_fold
from score_model.evaluation._eval_set import EvalSet, make_eval_set
from score_model.evaluation._stress_splits import TITLES, stress_splits
from score_model.model.fitting import ACTION_COLUMNS, TEXT, fold_pairs, grouped_folds
from tests.evaluation.factories import rows_and_keys
from tests.model.factories import trained_model


def _ground() -> EvalSet:
    rows, keys = rows_and_keys()
    return make_eval_set(rows, keys, ~np.isnan(rows.labels))


def test_permuted_labels_give_chance() -> None:
    """Where labels mean nothing, no held-out figure says that they do: a leak would."""
    rows, keys = rows_and_keys()
    non_empty = np.flatnonzero(~rows.empty)
    labels = rows.labels.copy()
    labels[non_empty] = np.random.default_rng(0).permutation(labels[non_empty])
    permuted = replace(rows, labels=labels, scores=labels)
    settings = EvaluateSettings(resamples=20, folds=3, repeats=1)
    values, errors = {}, {}
    for name, split in evaluate(trained_model(), permuted, keys, settings).heads["actions"].splits.items():
        table = split.tables["non_empty"]
        metrics, passes = table.contestants["model"].metrics, table.rows - table.failures
        values[name] = metrics.get("auroc_within_parts", metrics["auroc"]).value or 0.0
        errors[name] = ((table.rows + 1) / (12 * table.failures * passes)) ** 0.5  # Mann & Whitney 1947
    assert all(abs(value - 0.5) < 4 * errors[name] for name, value in values.items()), values
    assert abs(float(np.mean(list(values.values()))) - 0.5) < 0.08, values


def test_groups_never_cross() -> None:
    """In every fit of every split, near-copies of a scored task are not learnt from; out of fold each group is in one
    fold."""
    here = _ground()
    groups = np.array(here.non_empty.groups)
    seen = set()
    for stress in stress_splits(here.non_empty, here.keys, 3, 0):
        assert stress.skipped is None
        for holdout in stress.holdouts:
            assert not set(groups[holdout.learn]) & set(groups[holdout.held])
            assert len(holdout.learn) + len(holdout.held) + holdout.purged == len(here.non_empty)
            seen.add(stress.name)
    assert seen == set(TITLES)
    model = trained_model()
    contestants = Contestants(ACTION_COLUMNS, TEXT, auto=False, settings=model.settings)
    scored, _ = predict_every_fold(here, contestants, 3, 2, lambda done, total, detail: None)
    for parts in scored.parts:
        assert all(len(set(parts[groups == group])) == 1 for group in set(groups))


def test_what_is_held_out_is_not_learnt_from() -> None:
    """No template, use case, website, validator or later time of the scored rows is among those of the others."""
    here = _ground()
    assert here.keys is not None
    values = {
        "templates": here.keys.templates,
        "use_cases": tuple(zip(here.non_empty.inputs.websites, here.non_empty.inputs.use_cases, strict=True)),
        "websites": here.non_empty.inputs.websites,
        "validators": here.keys.validators,
    }
    for stress in stress_splits(here.non_empty, here.keys, 3, 0):
        for holdout in stress.holdouts:
            assert len(holdout.learn)
            if stress.name == "time":
                times = [time or 0 for time in here.keys.times]
                assert max(times[row] for row in holdout.learn) < min(times[row] for row in holdout.held)
            else:
                own = values[stress.name]
                assert not {own[row] for row in holdout.learn} & {own[row] for row in holdout.held}
    assert [each.skipped is None for each in stress_splits(here.non_empty, None, 3, 0)] == [
        False,
        True,
        True,
        False,
        False,
    ]


@pytest.mark.parametrize("auto", [True, False])
def test_the_labels_of_scored_rows_move_nothing(auto: bool) -> None:
    """Kind, probabilities, calls and expected scores of held-out rows stay as they are when their own labels and scores
    are turned round: nothing of them is used."""
    here = _ground()
    fold_of = grouped_folds(here.non_empty.groups, here.non_empty.labels, 3, 0)
    learn, held = next(iter(fold_pairs(fold_of)))
    inside = fold_of == 0
    turned = replace(
        here.non_empty,
        labels=np.where(inside, 1.0 - here.non_empty.labels, here.non_empty.labels),
        scores=np.where(inside, 1.0 - here.non_empty.scores, here.non_empty.scores),
    )
    chosen = Contestants(ACTION_COLUMNS, TEXT, auto=auto, settings=trained_model().settings)
    before, after = (
        fit_and_predict(eval_set, learn, held, chosen, chosen.kinds, lambda what: None)
        for eval_set in (here, replace(here, non_empty=turned))
    )
    assert before.kind == after.kind
    assert set(before.predictions) == {
        "model", "majority", "empty_answer", "action_count", "use_case_rate", "text_only", "validator_cell",
    }  # fmt: skip
    for name, said in before.predictions.items():
        for field in ("probability", "called", "score"):
            np.testing.assert_array_equal(getattr(said, field), getattr(after.predictions[name], field))


def test_too_many_values_are_dealt_into_folds() -> None:
    """Hundreds of validators are not hundreds of training runs."""
    here = _ground()
    assert here.keys is not None
    many = replace(here.keys, validators=tuple(f"v{number % 60}" for number in range(len(here.non_empty))))
    found = {stress.name: stress for stress in stress_splits(here.non_empty, many, 3, 0)}["validators"]
    assert len(found.holdouts) == 3
    assert any("60 of them" in note for note in found.notes)


def test_keys_of_other_rows_are_refused() -> None:
    """Fewer keys than rows: one line, not a crash."""
    rows, keys = rows_and_keys()
    with pytest.raises(UsageError, match="keys for"):
        evaluate(trained_model(), rows, keys.take([0, 1]), EvaluateSettings(resamples=20))
