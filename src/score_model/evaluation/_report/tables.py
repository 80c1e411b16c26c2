"""The report's tables."""

from collections.abc import Sequence

from score_model.evaluation._records import (
    BASELINES,
    LEAST_OF_EACH,
    VALIDATOR_RATE,
    WITHOUT_TRACES,
    About,
    Part,
    Slice,
    Table,
)
from score_model.evaluation._report.document import Entry, Grid, grid, make_entry, printable

_TITLES = {
    "model": "the model",
    "majority": "majority",
    "empty_answer": "empty answer",
    "action_count": "number of actions",
    "use_case_rate": "use-case rate",
    "validator_cell": "validator's rate on the website",
    "text_only": "text only",
    "without_traces": "the same without traces",
}

_MAIN = {
    "average_precision_failure": "average precision of failures",
    "recall_failure_at_precision_90": "failures found at precision ≥ 0.9",
    "brier": "Brier",
    "expected_calibration_error": "calibration error",
    "pairwise_accuracy": "pairs within a task in order",
    "score_mae": "score MAE",
    "spearman": "score Spearman",
}

_CALLS = {
    "precision": "precision",
    "recall": "recall",
    "f1": "F1",
    "false_positive_rate": "FPR",
    "negative_predictive_value": "NPV",
    "failure_f1": "F1 of failures",
}


def main_grid(table: Table) -> Grid:
    """Each contestant's figures, the model first. A column that nobody has a value in is left out."""
    names = _contestants(table)
    has = {name: [table.contestants[each].metrics.get(name) for each in names] for name in _MAIN}
    columns = [
        name for name, found in has.items() if any(each is not None and each.value is not None for each in found)
    ]
    within = "auroc_within_parts" in table.contestants["model"].metrics
    area = "auroc_within_parts" if within else "auroc"
    repeated = bool(table.contestants["model"].repeated)
    headers = ["", "AUROC within folds" if within else "AUROC"]
    headers += ["AUROC of the repeats"] if repeated else []
    headers += ["model minus this", *(_MAIN[name] for name in columns)]
    rows = []
    for name in names:
        metrics = table.contestants[name].metrics
        row = [Entry(_TITLES[name]), make_entry(metrics[area])]
        row += [_range(table.contestants[name].repeated.get(area, ()))] if repeated else []
        row += [make_entry(table.differences.get(name)), *(make_entry(metrics.get(column)) for column in columns)]
        rows.append(row)
    return grid(headers, rows, first_is_ours=True)


def call_grid(table: Table) -> Grid:
    """What a yes or no is worth, success being the yes."""
    names = _contestants(table)
    rows = [
        [Entry(_TITLES[name]), *(make_entry(table.contestants[name].metrics.get(column)) for column in _CALLS)]
        for name in names
    ]
    return grid(["called passed at the threshold", *_CALLS.values()], rows, first_is_ours=True)


def best_of_grid(table: Table) -> Grid:
    """The success rate of each contestant's pick among n answers to a task, for each n that a task has.

    Beside it, where answers differ, the share of the way from picking at random to knowing the truth.
    """
    model = table.contestants["model"].best_of
    made = [place for place, each in enumerate(model) if each.picked.value is not None]
    headers = ["success rate of the pick"]
    for place in made:
        headers += [f"best of {model[place].n}, {model[place].picked.n:,} tasks", "share of the way"]
    rows = [[Entry(_TITLES[name])] for name in _contestants(table)]
    for name, row in zip(_contestants(table), rows, strict=True):
        for place in made:
            best = table.contestants[name].best_of[place]
            row += [make_entry(best.picked), make_entry(best.gain)]
    bounds = [[Entry("at random")], [Entry("knowing the truth")]]
    for place in made:
        for row, bound, share in zip(bounds, (model[place].random, model[place].oracle), ("0", "1"), strict=True):
            row += [make_entry(bound), Entry(share)]
    return grid(headers, [*rows, *bounds], first_is_ours=True)


def part_grid(parts: Sequence[Part]) -> Grid:
    """What each fit learnt from and scored."""
    rows: list[list[Entry | str]] = [
        [
            Entry(printable(part.name)),
            f"{part.held:,}",
            f"{part.failures:,}",
            f"{part.learnt:,}",
            f"{part.purged:,}",
            _part_area(part),
        ]
        for part in parts
    ]
    return grid(["held out", "answers", "failures", "learnt from", "set aside as near-copies", "AUROC, trusted"], rows)


def _part_area(part: Part) -> Entry:
    if part.skipped:
        return Entry("not made", part.skipped)
    few = min(part.failures, part.held - part.failures) < LEAST_OF_EACH
    return Entry("–", "too few") if few else make_entry(part.auroc)


def slice_grid(slices: Sequence[Slice]) -> Grid:
    """Counts and, where a slice is large enough, figures."""
    found = [part.metrics for part in slices if part.metrics is not None]
    figures = bool(found)
    shown = ("model", "text_only", "action_count", "use_case_rate", VALIDATOR_RATE)
    names = [name for name in shown if all(name in metrics for metrics in found)]
    headers = ["", "answers", "failures", "tasks"]
    if figures:
        headers += ["AUROC", *(f"AUROC, {_TITLES[name]}" for name in names[1:]), "Brier"]
    rows = []
    for part in slices:
        row = [Entry(format_slice(part)), *(Entry(f"{count:,}") for count in (part.rows, part.failures, part.tasks))]
        if part.metrics is not None:
            row += [
                *(make_entry(part.metrics[name]["auroc"]) for name in names),
                make_entry(part.metrics["model"]["brier"]),
            ]
        elif figures:
            row += [Entry("–")] * (len(names) + 1)
        rows.append(row)
    return grid(headers, rows)


def format_slice(part: Slice) -> str:
    """The website and, where the slice is of one, its use case."""
    website = printable(part.website or "no website")
    return website if part.use_case is None else f"{website} / {printable(part.use_case)}"


def source_grid(about: About) -> Grid:
    """The files that the report is about."""
    files = [("the model", about.model), *(("a dataset", each) for each in about.datasets)]
    rows = [[Entry(what), Entry(printable(file.name)), Entry(file.sha256)] for what, file in files]
    return grid(["", "file", "SHA-256"], rows)


def _contestants(table: Table) -> list[str]:
    return [name for name in ("model", WITHOUT_TRACES, *BASELINES) if name in table.contestants]


def _range(values: Sequence[float | None]) -> Entry:
    """The mean over the repeats, with the lowest and the highest."""
    known = [value for value in values if value is not None]
    if not known:
        return Entry("–")
    return Entry(f"{sum(known) / len(known):.3f}", f"{min(known):.3f} to {max(known):.3f}")
