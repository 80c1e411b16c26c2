"""Training: labelled rows to a model with its report."""

import numpy as np

from score_model.errors import UsageError
from score_model.model._baselines import Rates
from score_model.model._folder import Trained
from score_model.model._libraries import one_thread
from score_model.model._out_of_fold import Progress, row_weights
from score_model.model._report import TrainReport
from score_model.model._rows import ACTION_COLUMNS, COLUMN_NAMES, Rows
from score_model.model._settings import TrainSettings
from score_model.model._train_head import train_head


def train(
    rows: Rows, settings: TrainSettings, progress: Progress = lambda done, total, detail: None
) -> tuple[Trained, TrainReport]:
    """The model and what training found out, from the rows of the settings' splits that have a label.

    The head `actions` learns from every such row, the head `traces` from those with a trace, if there are enough.
    Deterministic: the same rows and settings give the same model, on however many cores. Raises UsageError if there is
    too little to learn from.
    """
    with one_thread():
        return _train(rows, settings, progress)


def _train(rows: Rows, settings: TrainSettings, progress: Progress) -> tuple[Trained, TrainReport]:
    labelled = rows.take(rows.in_splits(settings.splits) & ~np.isnan(rows.labels))
    if len(labelled) == 0:
        raise UsageError(f"no labelled rows in the splits {', '.join(settings.splits)}")
    weights = row_weights(labelled, settings)
    weights[labelled.empty] = 0.0
    if not weights.any():
        raise UsageError("no answer with actions has a label that is trusted")
    head, report = train_head("actions", labelled, ACTION_COLUMNS, settings, _named(progress, "actions"))
    heads, reports, reason = {"actions": head}, {"actions": report}, None
    traced = labelled.take(labelled.inputs.has_trace)
    if len(traced) == 0:
        reason = "No row has a trace: the model judges by actions alone, and a trace that is given to it is not used."
    else:
        try:
            heads["traces"], reports["traces"] = train_head(
                "traces", traced, COLUMN_NAMES, settings, _named(progress, "traces")
            )
        except UsageError as too_few:
            reason = f"Too few rows have a trace for a head of their own: {too_few}."
    used = labelled.take(weights > 0)
    rates = Rates.of(used.inputs, used.labels, weights[weights > 0])
    return Trained(settings, heads, rates), TrainReport(
        rows=len(rows), labelled=len(labelled), heads=reports, traces=reason
    )


def _named(progress: Progress, head: str) -> Progress:
    return lambda done, total, detail: progress(done, total, f"{head}: {detail}")
