"""The model beside its baselines, in words: their names, their areas, and which of them are ahead."""

from score_model.evaluation._records import BASELINES, LEAST_OF_EACH, VALIDATOR_RATE, Split, Table
from score_model.evaluation._report.document import interval, number
from score_model.metrics import Estimate

NAMES = {
    "model": "the model",
    "majority": "the majority",
    "empty_answer": "the empty-answer rule",
    "action_count": "the number of actions",
    "use_case_rate": "the use case's success rate",
    "validator_cell": "the validator and website's success rate",
    "text_only": "text only",
    "without_traces": "the same kind of model without traces",
}

SETS = {
    "trusted": "answers with actions, trusted labels",
    "non_empty": "answers with actions, all labels",
    "all": "all answers, all labels",
}

TEST = "test"
"""The split that measures the model as it was trained; every other measures models of its kind, learnt anew."""

_SHORTCUT, _TEXT = "A shortcut beats the model", "Text alone beats the model"


def read_auroc(table: Table, contestant: str) -> Estimate:
    """AUROC, within parts where rows were scored in parts."""
    metrics = table.contestants[contestant].metrics
    return metrics.get("auroc_within_parts", metrics["auroc"])


def find_best_shortcut(table: Table) -> str:
    """The baseline with the highest AUROC, text only left aside; of equal ones the plainest."""
    shortcuts = [name for name in BASELINES if name in table.contestants and name != "text_only"]
    return max(shortcuts, key=lambda name: read_auroc(table, name).value or 0.0)


def count_shortage(table: Table) -> str | None:
    """The failures or passes of a table that has too few of them for an interval, counted; None where it has enough."""
    least, word = min((table.failures, "failure"), (table.rows - table.failures, "pass"))
    return None if least >= LEAST_OF_EACH else pluralise(least, word)


def find_leads(split: Split) -> list[str]:
    """Baselines that are ahead on answers with actions: shortcuts that certainly are, those that may be, text alone."""
    found = find_certain_leads(split)
    for name, table in _non_empty_tables(split):
        best = find_best_shortcut(table)
        gap = table.differences.get(best)
        if gap is not None and gap.value is not None and gap.value < 0.0 and not _is_certain(gap):
            found.append(f"{_SHORTCUT}, not certainly: on {_describe_lead(split, name, best)}")
    return sorted(found, key=lambda sentence: not sentence.startswith(_SHORTCUT))


def find_certain_leads(split: Split, where: str = "") -> list[str]:
    """Baselines whose lead on answers with actions leaves no doubt; `where` those are, if that needs saying."""
    shortcuts, text = [], []
    for name, table in _non_empty_tables(split):
        ahead = [each for each in BASELINES if (gap := table.differences.get(each)) is not None and _is_certain(gap)]
        if "text_only" in ahead:
            ahead.remove("text_only")
            text.append(f"{_TEXT}: on {where}{_describe_lead(split, name, 'text_only')}")
        if ahead:
            best = max(ahead, key=lambda each: read_auroc(table, each).value or 0.0)
            others = [NAMES[each] for each in ahead if each != best]
            also = f" So {'do' if len(others) > 1 else 'does'} {', '.join(others)}." if others else ""
            shortcuts.append(f"{_SHORTCUT}: on {where}{_describe_lead(split, name, best)}{also}")
    return [*shortcuts, *text]


def _non_empty_tables(split: Split) -> list[tuple[str, Table]]:
    """The tables of answers with actions: one, where every label is trusted."""
    names = [name for name in ("non_empty", "trusted") if name in split.tables]
    if len(names) == 2 and split.tables["non_empty"].rows == split.tables["trusted"].rows:
        names = ["trusted"]
    return [(name, split.tables[name]) for name in names]


def _is_certain(gap: Estimate) -> bool:
    return gap.high is not None and gap.high < 0.0


def _describe_lead(split: Split, name: str, baseline: str) -> str:
    """By how much the baseline is ahead."""
    table = split.tables[name]
    gap = table.differences[baseline]
    subject = "the model" if split.name == TEST else "models of its kind, learnt anew,"
    doubt = "" if gap.low is not None else f", from {pluralise(table.failures, 'failure')} without an interval"
    judged = " Who judged an answer is provenance, and never a feature." if baseline == VALIDATOR_RATE else ""
    return (
        f"{SETS[name]}, {NAMES[baseline]} has AUROC {show(read_auroc(table, baseline))}, {subject} "
        f"{show(read_auroc(table, 'model'))}; the difference is {show(gap)}{doubt}.{judged}"
    )


def pluralise(count: int, word: str) -> str:
    """1 failure, 2 failures, 0 passes."""
    plural = f"{word}es" if word.endswith("s") else f"{word}s"
    return f"{count:,} {word if count == 1 else plural}"


def show(estimate: Estimate) -> str:
    """A value with its interval; a dash where there is none."""
    if estimate.value is None:
        return "–"
    around = interval(estimate)
    return f"{number(estimate.value)} ({around})" if around else number(estimate.value)
