"""Promises of a whole evaluation."""

from dataclasses import replace
from pathlib import Path

import msgspec
import numpy as np
import pytest

from score_model.errors import UsageError
from score_model.evaluation import BASELINES, EvaluateSettings, evaluate, write_report
from score_model.evaluation._contestants import Contestants
from score_model.evaluation._eval_set import make_eval_set
from score_model.evaluation._splits import predict_test_split
from score_model.model import Scorer
from score_model.model.fitting import ACTION_COLUMNS, COLUMN_NAMES
from tests.evaluation.factories import QUICK, report, rows_and_keys
from tests.model.factories import trained_model


def test_every_figure_has_its_baselines_and_intervals() -> None:
    """Each table of each split measures the model and every baseline, each AUROC with an interval or a reason."""
    found = report().heads["actions"]
    assert list(found.splits) == ["test", "out_of_fold", "templates", "use_cases", "websites", "validators", "time"]
    for split in found.splits.values():
        assert split.skipped is None
        for table in split.tables.values():
            assert set(table.contestants) == {"model", *BASELINES}
            assert set(table.differences) == set(BASELINES)
            for figures in table.contestants.values():
                area = figures.metrics["auroc"]
                assert (area.low is not None and area.high is not None) or area.reason


def test_the_headline_is_not_the_easy_one() -> None:
    """Trusted labels on answers with actions come first, all rows last; few failures are said to be few."""
    found = report().heads["actions"]
    assert found.primary == "out_of_fold"
    assert list(found.splits["out_of_fold"].tables) == ["trusted", "non_empty", "all"]
    assert found.sentences[0].startswith("Models of this kind, learnt anew, have AUROC")
    assert "trusted failures, fewer than 100" in found.sentences[1]
    tables = found.splits["out_of_fold"].tables
    assert tables["trusted"].empty == tables["non_empty"].empty == 0 < tables["all"].empty
    assert tables["trusted"].rows < tables["non_empty"].rows < tables["all"].rows


def test_the_spec_s_metrics_are_there() -> None:
    """All metrics that an evaluation promises are measured on the test split, as the model was trained."""
    table = report().heads["actions"].splits["test"].tables["trusted"]
    own = table.contestants["model"]
    assert own.metrics.keys() >= {
        "auroc", "average_precision_failure", "precision", "recall", "f1", "false_positive_rate",
        "negative_predictive_value", "recall_failure_at_precision_90", "brier", "expected_calibration_error",
        "score_mae", "spearman", "pairwise_accuracy",
    }  # fmt: skip
    assert [best.n for best in own.best_of] == [2, 4, 8]
    assert own.reliability


def test_a_shortcut_is_no_better_than_its_rows_allow() -> None:
    """What says the same of every row has AUROC 0.5 within folds, whatever the folds' success rates; and the rule about
    empty answers only helps where there are some."""
    tables = report().heads["actions"].splits["out_of_fold"].tables
    for name in ("majority", "empty_answer"):
        area = tables["trusted"].contestants[name].metrics["auroc_within_parts"]
        assert (area.value, area.low, area.high) == (0.5, 0.5, 0.5)
    assert tables["all"].contestants["majority"].metrics["auroc"].value == 0.5
    assert (tables["all"].contestants["empty_answer"].metrics["auroc"].value or 0) > 0.5


def test_repeats_are_told_apart() -> None:
    """Out of fold each repeat's value is kept, and the first is the one with the interval."""
    own = report().heads["actions"].splits["out_of_fold"].tables["trusted"].contestants["model"]
    assert len(own.repeated["auroc_within_parts"]) == QUICK.repeats
    assert own.repeated["auroc_within_parts"][0] == own.metrics["auroc_within_parts"].value


def test_small_cells_have_counts_only() -> None:
    """A use case with fewer than ten failures or passes has no figure; together the cells hold every trusted row."""
    split = report().heads["actions"].splits["out_of_fold"]
    for cells in (split.websites, split.use_cases):
        assert sum(cell.rows for cell in cells) == split.tables["trusted"].rows
        for cell in cells:
            assert (cell.metrics is None) == (min(cell.failures, cell.rows - cell.failures) < 10)
    assert any(cell.metrics is not None for cell in split.websites)


def test_calls_are_made_at_the_threshold_that_is_shipped() -> None:
    """Precision, recall and their like are those of `Scorer.threshold`; the notes say on what rows it was chosen."""
    rows, keys = rows_and_keys()
    here = make_eval_set(rows, keys, ~np.isnan(rows.labels))
    model = trained_model()
    head, scorer = model.heads["actions"], Scorer(model.heads, model.rates)
    contestants = Contestants(ACTION_COLUMNS, head.estimator, auto=True, settings=model.settings)
    scored, notes = predict_test_split(here, scorer, head, contestants, lambda done, total, detail: None)
    assert scored is not None
    own, threshold = scored.predictions["model"][0], scorer.threshold("actions")
    assert threshold is not None
    np.testing.assert_array_equal(own.called, own.probability >= threshold)
    assert f"{threshold:.3f}" in notes[0]
    everything = msgspec.structs.replace(model.settings, splits=("train", "val", "test"))
    flattered = Contestants(ACTION_COLUMNS, head.estimator, auto=True, settings=everything)
    nothing, notes = predict_test_split(here, scorer, head, flattered, lambda done, total, detail: None)
    assert nothing is None
    assert "learnt from the test split" in notes[0]


def test_the_folder_is_scored_where_baselines_can_t_learn() -> None:
    """A dataset that is all test still measures the model; only the baselines that learn are missing."""
    rows, keys = rows_and_keys()
    found = evaluate(trained_model(), replace(rows, splits=("test",) * len(rows)), keys, QUICK)
    test = found.heads["actions"].splits["test"]
    assert set(test.tables["trusted"].contestants) == {"model", "majority", "empty_answer"}
    assert test.tables["trusted"].contestants["model"].metrics["auroc"].value is not None
    assert any("no baselines that learn" in note for note in test.notes)


@pytest.mark.parametrize("kept", ["few", "suspect", "passed"])
def test_what_can_t_be_measured_is_said(kept: str, tmp_path: Path) -> None:
    """Eight rows, no trusted label, or no failure: reasons in place of figures, and a report all the same."""
    rows, keys = rows_and_keys()
    if kept == "few":
        chosen = np.arange(8)
    else:
        chosen = np.flatnonzero(rows.labels == 1.0)[:60] if kept == "passed" else np.arange(60)
    some = rows.take(chosen)
    if kept == "suspect":
        some = replace(some, qualities=("environment_suspect",) * len(some))
    found = evaluate(trained_model(), some, keys.take(chosen.tolist()), QUICK)
    head = found.heads["actions"]
    assert all(split.skipped for name, split in head.splits.items() if name != "test")
    assert head.sentences[0].startswith("Nothing can be said of this head: ")
    write_report(tmp_path, found)
    assert "not made" in (tmp_path / "report.md").read_text()


def test_bad_input_is_one_clear_error() -> None:
    """Rows without labels and impossible settings are the user's mistakes."""
    rows, keys = rows_and_keys()
    unlabelled = type(rows)(**{**vars(rows), "labels": np.full(len(rows), np.nan)})
    with pytest.raises(UsageError, match="no row has a label"):
        evaluate(trained_model(), unlabelled, keys, QUICK)
    for changes in ({"resamples": 1}, {"folds": 1}, {"repeats": 0}, {"seed": -1}):
        with pytest.raises(UsageError, match=next(iter(changes))):
            msgspec.structs.replace(QUICK, **changes)


def test_what_traces_add_is_measured_on_the_same_rows() -> None:
    """A head that judges by traces is measured on rows with a trace, beside its own kind without them."""
    rows, keys = rows_and_keys()
    chance = np.random.default_rng(4)
    has_trace = chance.random(len(rows)) < 0.8
    place = COLUMN_NAMES.index("event_best_satisfied")
    matrix = rows.inputs.matrix.copy()
    matrix[:, place] = np.where(has_trace, 0.8 * rows.labels + 0.2 * chance.random(len(rows)), np.nan)
    seen = replace(rows, inputs=replace(rows.inputs, matrix=matrix, has_trace=has_trace))
    model = trained_model()
    by_traces = replace(model, heads={"traces": replace(model.heads["actions"], name="traces")})
    quick = EvaluateSettings(resamples=20, folds=2, repeats=1, stress=False)
    found = evaluate(by_traces, seen, keys, quick)
    head = found.heads["traces"]
    assert head.rows == int(has_trace.sum())
    table = head.splits["out_of_fold"].tables["trusted"]
    assert set(table.contestants) == {"model", "without_traces", *BASELINES}
    assert (table.differences["without_traces"].value or 0) > 0
    assert any("without traces has AUROC" in sentence for sentence in head.sentences)
    assert "no row here has one" in (evaluate(by_traces, rows, keys, quick).traces or "")
