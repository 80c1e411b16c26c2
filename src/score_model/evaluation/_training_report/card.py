"""The model's card (README.md): what it is, how well it measured, what it must not be used for."""

import msgspec

from score_model.evaluation._training_report.records import HeadReport, Measures, TrainReport
from score_model.model import TrainSettings

_COLUMNS = ("auroc_mean", "average_precision_failure", "pairwise_accuracy", "log_loss", "brier")
_TITLES = "| model | AUROC | 95 % of AUROC | average precision of failures | pairs in order | log loss | Brier |"
_SETS = {
    "trusted": "Trusted labels, answers with actions",
    "non_empty": "All labels, answers with actions",
    "all": "All labels, all answers (an answer without actions fails by the rule: this is the easy table)",
}


def training_files(report: TrainReport, settings: TrainSettings) -> dict[str, bytes]:
    """Return what stands beside the weights in a model's folder, by file name: metrics.json and the card."""
    return {
        "metrics.json": msgspec.json.format(msgspec.json.encode(report, order="deterministic"), indent=1) + b"\n",
        "README.md": write_card(report, settings).encode(),
    }


def write_card(report: TrainReport, settings: TrainSettings) -> str:
    """Return the card as Markdown. It holds no times and no paths: the same training gives the same card."""
    lines = [
        "# Score model",
        "",
        "How likely is it that these browser actions solved this task?",
        "",
        (
            f"Trained on {report.labelled:,} labelled rows of {report.rows:,}, seed {settings.seed}, "
            f"suspect labels weighing {settings.suspect_weight:g}. Every figure below is grouped out of fold "
            f"({settings.folds} folds, {settings.repeats} repeats): near-copies of a task never stood on both sides."
        ),
        "",
    ]
    if not settings.network:
        lines += ["The network did not take part: it needs the extra `torch`.", ""]
    if report.traces is not None:
        lines += [report.traces, ""]
    for head in report.heads.values():
        lines += _head_lines(head)
    lines += [
        "## Limits",
        "",
        "- An answer without actions has probability 0 by rule, whatever the model says.",
        "- A website that was not in the training data is unsupported unless there is a trace: `abstain` is set, and",
        "  the probability is no more than the success rate of what is known.",
        "- The interval is that of Venn-Abers prediction on the calibration rows. It holds for inputs like those.",
        "- Who answered, who judged and when are no features, and must not become any.",
        "",
    ]
    return "\n".join(lines)


def _head_lines(head: HeadReport) -> list[str]:
    lines = [f"## Head `{head.head}`: {head.model}", "", *(f"- {sentence}" for sentence in head.sentences), ""]
    lines += [
        (
            f"Chosen by {head.chosen_by}. Calibration: {head.calibration_kind}. Expected score: "
            f"{head.expected.chosen}. Answers to one task are ranked by {head.preference.rank_by} "
            f"({head.preference.pairs:,} pairs)."
        ),
        "",
    ]
    for name, title in _SETS.items():
        counts = head.counts[name if name in head.counts else "all"]
        size = f"{counts.rows:,} rows of {counts.tasks:,} tasks, {counts.failures:,} failures."
        lines += [f"### {title}", "", size, ""]
        lines += [_TITLES, "| --- " * 7 + "|"]
        lines += [_row(model, found) for model, found in head.measures[name].items()]
        lines.append("")
    if head.features:
        lines += ["### Features that the trees use most", ""]
        lines += [f"- {name}: gain {gain:,.0f}" for name, gain in list(head.features.items())[:15]]
        lines.append("")
    return lines


def _row(model: str, found: Measures) -> str:
    interval = f"{_cell(found.auroc.low)} to {_cell(found.auroc.high)}"
    cells = [_cell(getattr(found, name)) for name in _COLUMNS]
    return f"| {model} | {cells[0]} | {interval} | {' | '.join(cells[1:])} |"


def _cell(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"
