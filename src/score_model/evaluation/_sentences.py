"""What a reader must know, in words, the most important first."""

from score_model.evaluation._document import number
from score_model.evaluation._records import BASELINES, FEW_FAILURES, WITHOUT_TRACES, Split, Table
from score_model.metrics import Estimate

NAMES = {
    "model": "the model",
    "majority": "the majority",
    "empty_answer": "the empty-answer rule",
    "action_count": "the number of actions",
    "use_case_rate": "the use case's success rate",
    "text_only": "text only",
    "without_traces": "the same kind of model without traces",
}

SETS = {
    "trusted": "answers with actions, trusted labels",
    "non_empty": "answers with actions, all labels",
    "all": "all answers, all labels",
}


def area_of(table: Table, contestant: str) -> Estimate:
    """AUROC, within parts where rows were scored in parts."""
    metrics = table.contestants[contestant].metrics
    return metrics.get("auroc_within_parts", metrics["auroc"])


def best_shortcut(table: Table) -> str:
    """The baseline with the highest AUROC, text only left aside; of equal ones the plainest."""
    shortcuts = [name for name in BASELINES if name in table.contestants and name != "text_only"]
    return max(shortcuts, key=lambda name: area_of(table, name).value or 0.0)


def head_sentences(kind: str, splits: dict[str, Split], primary: str) -> tuple[str, ...]:
    """The findings about one head; `primary` names the split that they are about."""
    split = splits[primary]
    if split.skipped is not None:
        return (f"Nothing can be said of this head: {split.skipped}.",)
    name = next(each for each in ("trusted", "non_empty") if each in split.tables)
    sentences = [*beaten(split), *_headline(split, name)]
    table = split.tables[name]
    if table.failures < FEW_FAILURES:
        sentences.append(
            f"Only {table.failures} of these {table.rows:,} answers failed: models whose AUROC lies closer than 0.05 "
            "can't be told apart on them."
        )
    if primary != "test":
        test = splits["test"]
        found = _failures(test)
        word = "failure" if found == 1 else "failures"
        why = test.skipped or f"the test split holds {found} trusted {word}, fewer than {FEW_FAILURES}"
        sentences.append(f"The figures are grouped out of fold over every row, because {why}.")
    if others := {name: folds for name, folds in split.kinds.items() if name != kind}:
        whole = sum(split.kinds.values())
        chosen = " and ".join(f"{name} in {number} of {whole} folds" for name, number in others.items())
        sentences.append(f"As trained the model is {kind}; out of fold the same choice gave {chosen}.")
    sentences += _suspects(split)
    if kind == "text":
        sentences.append("The model is the baseline text only: nothing else that training tried was better.")
    else:
        sentences += _added(table)
    sentences += _easy(split)
    sentences += _stress(splits)
    return tuple(sentences)


def beaten(split: Split) -> list[str]:
    """Baselines that are certainly better on answers with actions."""
    found = []
    for name in ("non_empty", "trusted"):
        table = split.tables.get(name)
        if table is None:
            continue
        for baseline in BASELINES:
            gap = table.differences.get(baseline)
            if gap is None or gap.value is None or gap.high is None or gap.high >= 0.0:
                continue
            word = "Text alone" if baseline == "text_only" else "A shortcut"
            found.append(
                f"{word} beats the model: on {SETS[name]}, {NAMES[baseline]} has AUROC "
                f"{shown(area_of(table, baseline))}, the model {shown(area_of(table, 'model'))}; "
                f"the difference is {shown(gap)}."
            )
    return found


def _headline(split: Split, name: str) -> list[str]:
    table = split.tables[name]
    own = area_of(table, "model")
    if own.value is None:
        return [f"On {SETS[name]}, AUROC is undefined: {own.reason}."]
    best = best_shortcut(table)
    claim = (
        f"On {SETS[name]}, the model has AUROC {shown(own)}; the best shortcut, {NAMES[best]}, "
        f"{shown(area_of(table, best))}"
    )
    gap = table.differences[best]
    if gap.low is None or gap.high is None:
        return [f"{claim}."]
    if gap.low <= 0.0 <= gap.high:
        return [f"It is not certain that the model beats a shortcut. {claim}; the paired difference is {shown(gap)}."]
    return [f"{claim}; the paired difference is {shown(gap)}."]


def _suspects(split: Split) -> list[str]:
    """What suspect labels do to the figures."""
    trusted, every = split.tables.get("trusted"), split.tables["non_empty"]
    if trusted is None or trusted.rows == every.rows:
        return []
    best = best_shortcut(every)
    areas = f"{shown(area_of(every, 'model'))}, and {shown(area_of(every, best))} by {NAMES[best]}"
    share = f"{every.failures - trusted.failures:,} of {every.failures:,} failures have suspect labels"
    return [f"With all labels AUROC is {areas}: {share}."]


def _added(table: Table) -> list[str]:
    """What the model adds to text, and what traces add to the rest."""
    sentences = []
    for name in ("text_only", WITHOUT_TRACES):
        gap = table.differences.get(name)
        if gap is not None and gap.value is not None:
            claim = f"{NAMES[name]} has AUROC {shown(area_of(table, name))}, the model's minus that is {shown(gap)}"
            sentences.append(f"On the same answers {claim}.")
    return sentences


def _easy(split: Split) -> list[str]:
    """What the figure over all rows hides."""
    table = split.tables["all"]
    own, rule = area_of(table, "model"), area_of(table, "empty_answer")
    if not table.empty or own.value is None or rule.value is None:
        return []
    share = f"{table.empty:,} of {table.failures:,} failures have no actions"
    claim = f"Over all rows AUROC is {own.value:.3f}, and the rule that an answer without actions fails has"
    return [f"{claim} {rule.value:.3f} alone: {share}."]


def _stress(splits: dict[str, Split]) -> list[str]:
    shown_parts = []
    for name, word in (
        ("templates", "unseen action templates"),
        ("use_cases", "unseen use cases"),
        ("websites", "unseen websites"),
        ("validators", "unseen validators"),
        ("time", "later answers"),
    ):
        split = splits.get(name)
        if split is not None and (table := split.tables.get("trusted")) is not None:
            shown_parts.append(f"{shown(area_of(table, 'model'))} on {word}")
    return [f"Learnt anew and tried on trusted labels, AUROC is {'; '.join(shown_parts)}."] if shown_parts else []


def _failures(split: Split) -> int:
    table = split.tables.get("trusted")
    return 0 if table is None else table.failures


def shown(estimate: Estimate) -> str:
    """A value with its interval; a dash where there is none."""
    if estimate.value is None:
        return "–"
    if estimate.low is None or estimate.high is None:
        return number(estimate.value)
    return f"{number(estimate.value)} ({number(estimate.low)} to {number(estimate.high)})"
