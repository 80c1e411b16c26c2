"""What a reader of the report must know, in words; the most important first."""

from math import isnan

from score_model.evaluation._records import FEW_FAILURES
from score_model.evaluation._training_report.records import HeadReport, Measures
from score_model.model.fitting import BASELINES

TRIVIAL = tuple(BASELINES)
"""The baselines that stand in the report, the plainest first."""


def describe_trained_head(report: HeadReport, best: str, gap: tuple[float, float, float] | None) -> tuple[str, ...]:
    """Return the findings of a head's report.

    `best` is the best trivial baseline, `gap` the model's AUROC minus its own, with the ends of the interval.
    """
    measures = report.measures["trusted"]
    own = measures[report.model]
    sentences = [_describe_lead_figure(report, own, best, measures[best], gap)]
    counts = report.counts["trusted"]
    if counts.failures < FEW_FAILURES:
        sentences.append(
            f"Only {counts.failures} of {counts.rows} trusted answers with actions failed: models whose AUROC lies "
            "closer than 0.05 can't be ranked, and the order of the learnt models below may be chance."
        )
    others = [
        name
        for name, found in measures.items()
        if name not in TRIVIAL and (found.auroc_mean or 0) > (own.auroc_mean or 0)
    ]
    if others:
        sentences.append(f"By AUROC alone {' and '.join(others)} would be ahead of {report.model}.")
    if (effect := report.label_noise) is not None:
        sentences.append(
            f"{effect.suspect_rows} answers have suspect labels. AUROC on trusted rows: "
            f"{_number(effect.left_out_on_trusted)} without learning from them, {_number(effect.learnt_on_trusted)} "
            f"with; on all rows with actions: {_number(effect.left_out_on_all)} and {_number(effect.learnt_on_all)}."
        )
    if report.leakage:
        named = ", ".join(
            f"{leak.feature}{' being known' if leak.unknown else ''} ({leak.auroc:.3f})" for leak in report.leakage
        )
        sentences.append(
            f"ALARM: a single feature tells passes from failures with an AUROC above 0.97: {named}. Look for a leak. "
            "Only features that hold what was done, or what the site reported, against the task's constraints can be "
            "that good by right."
        )
    if report.preference.pairs == 0:
        sentences.append("No task has answers with different outcomes: preference is the log-odds of success.")
    return tuple(sentences)


def _describe_lead_figure(
    report: HeadReport, own: Measures, best: str, baseline: Measures, gap: tuple[float, float, float] | None
) -> str:
    if own.auroc_mean is None or baseline.auroc_mean is None:
        return "One class is missing: nothing can be said of this model."
    claim = (
        f"On trusted answers with actions, grouped out of fold, {report.model} has AUROC {own.auroc_mean:.3f} "
        f"({_number(own.auroc.low)} to {_number(own.auroc.high)}); the best trivial baseline, {best}, "
        f"{baseline.auroc_mean:.3f}"
    )
    if baseline.auroc_mean >= own.auroc_mean:
        return f"A shortcut beats the model. {claim}."
    if gap is None or gap[1] <= 0.0:
        return f"It is not certain that the model beats the shortcut. {claim}."
    return f"{claim}."


def _number(value: float | None) -> str:
    return "unknown" if value is None or isnan(value) else f"{value:.3f}"
