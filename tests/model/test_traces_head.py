"""Promises of the head that learns from traces: it carries over to unseen websites, and its best features are named."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from score_model.model import Scorer, TrainSettings, save_model, train
from score_model.model.fitting import list_choices
from tests.model.factories import QUICK, make_samples, rows_of, traced


def test_traces_get_a_head_of_their_own(tmp_path: Path) -> None:
    """Where rows have traces both heads are trained, and only the one with traces carries over to an unseen website."""
    rows = traced(rows_of(tmp_path, make_samples(400)))
    model = train(rows, QUICK).model
    assert set(model.heads) == {"actions", "traces"}
    save_model(tmp_path / "model", model)
    scorer = Scorer.load(tmp_path / "model")
    unseen = replace(rows.inputs.take(np.arange(20)), websites=("autocrm",) * 20)
    assert not any(result.abstain for result in scorer.score_inputs(unseen, "traces"))
    assert all(result.abstain for result in scorer.score_inputs(unseen, "actions"))


def test_too_few_traces_are_said(tmp_path: Path) -> None:
    """With a handful of traces there is no such head, and the report says why."""
    rows = rows_of(tmp_path, make_samples(300))
    some = np.arange(len(rows)) < 5
    run = train(replace(rows, inputs=replace(rows.inputs, has_trace=some)), QUICK)
    assert set(run.model.heads) == {"actions"}
    assert "Too few rows have a trace" in (run.traces or "")


@pytest.mark.parametrize("graded", [False, True])
def test_the_expected_score_is_measured(tmp_path: Path, graded: bool) -> None:
    """Scores that are only 0 or 1 need no trees; graded ones have them tried, and the lower error decides."""
    rows = rows_of(tmp_path, make_samples(300))
    if graded:
        actions = rows.inputs.action_counts
        rows = replace(rows, scores=np.where(rows.labels > 0, 1.0, np.minimum(actions, 5) / 10.0))
    report = train(rows, QUICK).heads["actions"].expected
    assert (report.trees_mse is not None) is graded
    if report.trees_mse is not None and report.mixture_mse is not None:
        assert report.chosen == ("trees" if report.trees_mse < report.mixture_mse else "mixture")


def test_what_judges_by_traces_reads_them() -> None:
    """The default for traces is never text, which can't see them; asked for by name it can still be had."""
    assert [each.name for each in list_choices(network=False, traces=False)] == ["text", "trees", "blend"]
    assert [each.name for each in list_choices(network=True, traces=True)] == ["trees", "blend", "network"]


def test_text_does_not_judge_a_website_by_a_trace(tmp_path: Path) -> None:
    """A text model that was asked for sees no trace: it abstains on an unseen website in either head."""
    rows = traced(rows_of(tmp_path, make_samples(400)))
    trained = train(rows, TrainSettings(folds=3, repeats=1, model="text")).model
    scorer = Scorer(trained.heads, trained.rates)
    unseen = replace(rows.inputs.take(np.arange(20)), websites=("autocrm",) * 20)
    for head in ("actions", "traces"):
        assert all(result.abstain for result in scorer.score_inputs(unseen, head))
