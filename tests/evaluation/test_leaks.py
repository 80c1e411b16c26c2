"""Promises that what is scored was not learnt from."""

from dataclasses import replace

import numpy as np

from score_model.evaluation import EvaluateSettings, evaluate
from score_model.evaluation._contest import Contest, said_out_of_fold
from score_model.evaluation._measured import Ground, ground_of
from score_model.evaluation._said import said_across
from score_model.evaluation._stress import TITLES, stress_splits
from score_model.model import ACTION_COLUMNS
from tests.evaluation.making import ground
from tests.model.making import trained


def _ground() -> Ground:
    rows, keys = ground()
    return ground_of(rows, keys, ~np.isnan(rows.labels))


def test_permuted_labels_give_chance() -> None:
    """Where labels mean nothing, no held-out figure says that they do: a leak would."""
    rows, keys = ground()
    acted = np.flatnonzero(~rows.empty)
    labels = rows.labels.copy()
    labels[acted] = np.random.default_rng(0).permutation(labels[acted])
    permuted = replace(rows, labels=labels, scores=labels)
    settings = EvaluateSettings(resamples=20, folds=3, repeats=1)
    values = {}
    for name, split in evaluate(trained()[0], permuted, keys, settings).heads["actions"].splits.items():
        metrics = split.tables["non_empty"].contestants["model"].metrics
        values[name] = metrics.get("auroc_within_parts", metrics["auroc"]).value or 0.0
    assert all(0.25 < value < 0.75 for value in values.values()), values
    assert abs(float(np.mean(list(values.values()))) - 0.5) < 0.08, values


def test_groups_never_cross() -> None:
    """In every fit of every split, near-copies of a scored task are not learnt from; out of fold each group is in one
    fold."""
    here = _ground()
    groups = np.array(here.acted.groups)
    seen = set()
    for stress in stress_splits(here.acted, here.keys, 3, 0):
        assert stress.skipped is None
        for holdout in stress.holdouts:
            assert not set(groups[holdout.learn]) & set(groups[holdout.held])
            assert len(holdout.learn) + len(holdout.held) + holdout.set_aside == len(here.acted)
            seen.add(stress.name)
    assert seen == set(TITLES)
    model = trained()[0]
    contest = Contest(ACTION_COLUMNS, "text", auto=False, settings=model.settings)
    scored, _ = said_out_of_fold(here.acted, contest, 3, 2, lambda done, total, detail: None)
    for parts in scored.parts:
        assert all(len(set(parts[groups == group])) == 1 for group in set(groups))


def test_what_is_held_out_is_not_learnt_from() -> None:
    """No template, use case, website, validator or later time of the scored rows is among those of the others."""
    here = _ground()
    assert here.keys is not None
    values = {
        "templates": here.keys.templates,
        "use_cases": tuple(zip(here.acted.inputs.websites, here.acted.inputs.use_cases, strict=True)),
        "websites": here.acted.inputs.websites,
        "validators": here.keys.validators,
    }
    for stress in stress_splits(here.acted, here.keys, 3, 0):
        for holdout in stress.holdouts:
            assert len(holdout.learn)
            if stress.name == "time":
                times = [time or 0 for time in here.keys.times]
                assert max(times[row] for row in holdout.learn) < min(times[row] for row in holdout.held)
            else:
                own = values[stress.name]
                assert not {own[row] for row in holdout.learn} & {own[row] for row in holdout.held}
    assert [each.skipped is None for each in stress_splits(here.acted, None, 3, 0)] == [False, True, True, False, False]


def test_a_part_s_labels_do_not_move_its_calibration_or_calls() -> None:
    """Probabilities and calls of a part stay as they are when its own labels are turned round."""
    chance = np.random.default_rng(0)
    logits, parts = chance.normal(size=200), np.repeat(np.arange(4), 50)
    labels = (logits + chance.normal(size=200) > 0).astype(float)
    trusted = np.ones(200, dtype=np.bool_)
    before = said_across(logits, labels, trusted, parts)
    turned = np.where(parts == 2, 1.0 - labels, labels)
    after = said_across(logits, turned, trusted, parts)
    inside = parts == 2
    assert np.array_equal(before.probability[inside], after.probability[inside])
    assert not np.array_equal(before.probability[~inside], after.probability[~inside])
