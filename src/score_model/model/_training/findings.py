"""What a reader of the report must know, in words; the most important first."""

import numpy as np

from score_model.arrays import Bools
from score_model.model._inputs import Rows
from score_model.model._report import HeadReport, Measures
from score_model.model._settings import LEARNT
from score_model.model._training.cross_validation import OutOfFold
from score_model.model._training.measure import compare

_FEW_FAILURES = 100
_BASELINES = ("majority", "action_count", "use_case_rate")


def head_sentences(report: HeadReport, believed: Rows, scored: OutOfFold, trusted: Bools, seed: int) -> tuple[str, ...]:
    """`believed` are the trusted rows with actions, `trusted` marks them among the rows that were scored."""
    measures = report.measures["trusted"]
    own = measures[report.model]
    best = max(_BASELINES, key=lambda name: measures[name].auroc_mean or 0.0)
    gap = compare(believed, scored.logits[report.model][0, trusted], scored.logits[best][0, trusted], seed)
    sentences = [_headline(report, own, best, measures[best], gap)]
    counts = report.counts["trusted"]
    if counts.failures < _FEW_FAILURES:
        sentences.append(
            f"Only {counts.failures} of {counts.rows} trusted answers with actions failed: models whose AUROC lies "
            "closer than 0.05 can't be ranked, and the order of the learnt models below may be chance."
        )
    others = [name for name in LEARNT if name in measures and (measures[name].auroc_mean or 0) > (own.auroc_mean or 0)]
    if others:
        sentences.append(f"By AUROC alone {' and '.join(others)} would be ahead of {report.model}.")
    if (effect := report.suspect) is not None:
        sentences.append(
            f"{effect.suspect_rows} answers have suspect labels. AUROC on trusted rows: "
            f"{_number(effect.left_out_on_trusted)} without learning from them, {_number(effect.learnt_on_trusted)} "
            f"with; on all rows with actions: {_number(effect.left_out_on_all)} and {_number(effect.learnt_on_all)}."
        )
    if report.alarms:
        named = ", ".join(
            f"{alarm.feature}{' being known' if alarm.unknown else ''} ({alarm.auroc:.3f})" for alarm in report.alarms
        )
        sentences.append(
            f"ALARM: a single feature tells passes from failures with an AUROC above 0.97: {named}. Look for a leak. "
            "Only features that hold what was done, or what the site reported, against the task's constraints can be "
            "that good by right."
        )
    if report.preference.pairs == 0:
        sentences.append("No task has answers with different outcomes: preference is the log-odds of success.")
    return tuple(sentences)


def _headline(
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
    return "unknown" if value is None or np.isnan(value) else f"{value:.3f}"
