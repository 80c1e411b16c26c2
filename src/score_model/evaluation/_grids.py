"""The report's tables."""

from collections.abc import Sequence

from score_model.evaluation._document import Entry, Grid, entry_of, grid
from score_model.evaluation._records import BASELINES, WITHOUT_TRACES, Cell, Part, Table

_TITLES = {
    "model": "the model",
    "majority": "majority",
    "empty_answer": "empty answer",
    "action_count": "number of actions",
    "use_case_rate": "use-case rate",
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
        row = [Entry(_TITLES[name]), entry_of(metrics[area])]
        row += [_range(table.contestants[name].repeated.get(area, ()))] if repeated else []
        row += [entry_of(table.differences.get(name)), *(entry_of(metrics.get(column)) for column in columns)]
        rows.append(row)
    return grid(headers, rows, first_is_ours=True)


def call_grid(table: Table) -> Grid:
    """What a yes or no is worth, success being the yes."""
    names = _contestants(table)
    rows = [
        [Entry(_TITLES[name]), *(entry_of(table.contestants[name].metrics.get(column)) for column in _CALLS)]
        for name in names
    ]
    return grid(["called passed at the threshold", *_CALLS.values()], rows, first_is_ours=True)


def best_of_grid(table: Table) -> Grid:
    """The success rate of the model's pick among n answers to a task."""
    rows = [
        [
            Entry(f"best of {each.n}", f"{each.picked.n:,} tasks"),
            *(entry_of(part) for part in (each.picked, each.random, each.oracle, each.gain)),
        ]
        for each in table.contestants["model"].best_of
        if each.picked.value is not None
    ]
    return grid(["success rate of the pick", "the model's", "at random", "the best there is", "share of the way"], rows)


def part_grid(parts: Sequence[Part]) -> Grid:
    """What each fit learnt from and scored."""
    rows: list[list[Entry | str]] = [
        [
            Entry(part.name),
            f"{part.held:,}",
            f"{part.failures:,}",
            f"{part.learnt:,}",
            f"{part.set_aside:,}",
            Entry("not made", part.skipped) if part.skipped else entry_of(part.auroc),
        ]
        for part in parts
    ]
    return grid(["held out", "answers", "failures", "learnt from", "set aside as near-copies", "AUROC, trusted"], rows)


def cell_grid(cells: Sequence[Cell]) -> Grid:
    """Counts and, where a cell is large enough, figures."""
    names = ("model", "text_only", "action_count", "use_case_rate")
    figures = any(cell.metrics is not None for cell in cells)
    headers = ["", "answers", "failures", "tasks"]
    if figures:
        headers += ["AUROC", *(f"AUROC, {_TITLES[name]}" for name in names[1:]), "Brier"]
    rows = []
    for cell in cells:
        row = [Entry(cell_name(cell)), *(Entry(f"{count:,}") for count in (cell.rows, cell.failures, cell.tasks))]
        if cell.metrics is not None:
            row += [
                *(entry_of(cell.metrics[name]["auroc"]) for name in names),
                entry_of(cell.metrics["model"]["brier"]),
            ]
        elif figures:
            row += [Entry("–")] * (len(names) + 1)
        rows.append(row)
    return grid(headers, rows)


def cell_name(cell: Cell) -> str:
    """The website and, where the cell is of one, its use case."""
    website = cell.website or "no website"
    return website if cell.use_case is None else f"{website} / {cell.use_case}"


def _contestants(table: Table) -> list[str]:
    return [name for name in ("model", WITHOUT_TRACES, *BASELINES) if name in table.contestants]


def _range(values: Sequence[float | None]) -> Entry:
    """The mean over the repeats, with the lowest and the highest."""
    known = [value for value in values if value is not None]
    if not known:
        return Entry("–")
    return Entry(f"{sum(known) / len(known):.3f}", f"{min(known):.3f} to {max(known):.3f}")
