"""An evaluation from end to end: rows and a model to a report."""

import numpy as np

from score_model.errors import UsageError
from score_model.evaluation._contestants import Contest
from score_model.evaluation._eval_set import Ground, Keys, ground_of
from score_model.evaluation._records import FEW_FAILURES, EvaluateSettings, EvaluationReport, HeadEvaluation
from score_model.evaluation._report.findings import head_sentences
from score_model.evaluation._splits import OUT_OF_FOLD, TEST, folded, own_test
from score_model.evaluation._stress_splits import stress_split, stress_splits
from score_model.model import (
    ACTION_COLUMNS,
    COLUMN_NAMES,
    Head,
    Progress,
    Rows,
    Scorer,
    Trained,
    name_progress,
    one_thread,
)


def evaluate(
    trained: Trained,
    rows: Rows,
    keys: Keys | None,
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
        ground = ground_of(rows, keys, fit)
        columns = COLUMN_NAMES if name == "traces" else ACTION_COLUMNS
        contest = Contest(columns, head.model_name, trained.settings.model == "auto", trained.settings)
        with one_thread():
            heads[name] = _head(head, ground, contest, scorer, settings, name_progress(progress, name))
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


def _head(
    head: Head, ground: Ground, contest: Contest, scorer: Scorer, settings: EvaluateSettings, progress: Progress
) -> HeadEvaluation:
    splits = {TEST: own_test(head, ground, contest, scorer, settings, progress)}
    trusted = splits[TEST].tables.get("trusted")
    primary = TEST
    if trusted is None or trusted.failures < FEW_FAILURES:
        splits[OUT_OF_FOLD] = folded(ground, contest, settings, progress)
        if not splits[OUT_OF_FOLD].skipped:
            primary = OUT_OF_FOLD
    if settings.stress:
        for stress in stress_splits(ground.acted, ground.keys, settings.folds, settings.seed):
            splits[stress.name] = stress_split(stress, ground, contest, settings, progress)
    sentences = head_sentences(contest.kind, splits, primary, auto=contest.auto)
    return HeadEvaluation(
        head=head.name,
        model=contest.kind,
        rows=len(ground.rows),
        primary=primary,
        sentences=sentences,
        splits=splits,
    )
