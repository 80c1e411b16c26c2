"""An evaluation from end to end: rows and a model to a report."""

import numpy as np

from score_model.errors import UsageError
from score_model.evaluation._contestants import Contestants
from score_model.evaluation._eval_set import EvalSet, HoldoutKeys, make_eval_set
from score_model.evaluation._records import FEW_FAILURES, EvaluateSettings, EvaluationReport, HeadEvaluation
from score_model.evaluation._report.findings import describe_head
from score_model.evaluation._splits import OUT_OF_FOLD, TEST, measure_out_of_fold, measure_test_split
from score_model.evaluation._stress_splits import measure_stress_split, stress_splits
from score_model.model import Scorer, TrainedModel
from score_model.model.fitting import (
    ACTION_COLUMNS,
    AUTO,
    COLUMN_NAMES,
    Head,
    Progress,
    Rows,
    name_progress,
    one_thread,
)


def evaluate(
    trained: TrainedModel,
    rows: Rows,
    keys: HoldoutKeys | None,
    settings: EvaluateSettings,
    progress: Progress = lambda done, total, detail: None,
) -> EvaluationReport:
    """The report. `keys` are those of the rows (None: templates, validators and times are unknown).

    Deterministic: the same model, rows and settings give the same report. Raises UsageError if no row has a label.
    """
    known = ~np.isnan(rows.labels)
    if not known.any():
        raise UsageError("no row has a label: there is nothing to measure a model against")
    if keys is not None and len(keys.templates) != len(rows):
        raise UsageError(f"{len(keys.templates):,} keys for {len(rows):,} rows: they are not those of these rows")
    scorer = Scorer(trained.heads, trained.rates)
    heads, traces = {}, None
    for name, head in trained.heads.items():
        fit = known & rows.inputs.has_trace if name == "traces" else known
        if name == "traces" and not (fit & ~rows.empty).any():
            traces = "The model has a head for traces, and no row here has one: give --features made with traces."
            continue
        eval_set = make_eval_set(rows, keys, fit)
        columns = COLUMN_NAMES if name == "traces" else ACTION_COLUMNS
        contestants = Contestants(columns, head.estimator, trained.settings.model == AUTO, trained.settings)
        with one_thread():
            heads[name] = _evaluate_head(head, eval_set, contestants, scorer, settings, name_progress(progress, name))
    if "traces" not in trained.heads:
        traces = "The model has no head for traces: it judges by actions alone."
    return EvaluationReport(
        settings=settings,
        rows=len(rows),
        labelled=int(known.sum()),
        unlabelled=int((~known).sum()),
        heads=heads,
        traces=traces,
    )


def _evaluate_head(
    head: Head,
    eval_set: EvalSet,
    contestants: Contestants,
    scorer: Scorer,
    settings: EvaluateSettings,
    progress: Progress,
) -> HeadEvaluation:
    splits = {TEST: measure_test_split(head, eval_set, contestants, scorer, settings, progress)}
    trusted = splits[TEST].tables.get("trusted")
    primary = TEST
    if trusted is None or trusted.failures < FEW_FAILURES:
        splits[OUT_OF_FOLD] = measure_out_of_fold(eval_set, contestants, settings, progress)
        if not splits[OUT_OF_FOLD].skipped:
            primary = OUT_OF_FOLD
    if settings.stress:
        for stress in stress_splits(eval_set.non_empty, eval_set.keys, settings.folds, settings.seed):
            splits[stress.name] = measure_stress_split(stress, eval_set, contestants, settings, progress)
    sentences = describe_head(contestants.own.name, splits, primary, auto=contestants.auto)
    return HeadEvaluation(
        head=head.name,
        model=contestants.own.name,
        rows=len(eval_set.rows),
        primary=primary,
        sentences=sentences,
        splits=splits,
    )
