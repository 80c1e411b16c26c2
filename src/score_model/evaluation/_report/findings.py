"""What a reader must know, in words, the most important first."""

from score_model.evaluation._records import FEW_FAILURES, WITHOUT_TRACES, Split, Table
from score_model.evaluation._report.comparison import (
    NAMES,
    SETS,
    TEST,
    count_shortage,
    find_best_shortcut,
    find_certain_leads,
    find_leads,
    pluralise,
    read_auroc,
    show,
)

_GUESSING = 0.5

_TEXT_WON = "The model is the baseline text only: nothing else that training tried was better."
_TEXT_ASKED = (
    "The model is the baseline text only, because training was asked for it: whether another kind would be better was "
    "not measured."
)


def describe_head(kind: str, splits: dict[str, Split], primary: str, *, auto: bool = True) -> tuple[str, ...]:
    """The findings about one head; `primary` names the split that they are about.

    `auto` says that training chose the kind by measurement, and was not asked for it.
    """
    split = splits[primary]
    if split.skipped is not None:
        return (f"Nothing can be said of this head: {split.skipped}.",)
    name = _pick_table(split)
    table = split.tables[name]
    warnings, facts = find_leads(split), _describe_lead_figure(split, name)
    if primary != TEST:
        warnings += find_certain_leads(splits[TEST], "its own test split, ")
        if worse := _warn_if_worse(splits[TEST], table):
            warnings = [" ".join([worse, *warnings[:1]]), *warnings[1:]]
        facts.append(_describe_own_figures(splits[TEST]))
    # The first is what a reader sees first, and may be all that is read: the warning, then the model's own figure.
    sentences = [*warnings[:1], *facts[-1:], *warnings[1:], *facts[:-1]] if warnings else facts
    if table.failures < FEW_FAILURES:
        sentences.append(
            f"Only {table.failures} of these {table.rows:,} answers failed: models whose AUROC lies closer than 0.05 "
            "can't be told apart on them."
        )
    if others := {name: folds for name, folds in split.kinds.items() if name != kind}:
        whole = sum(split.kinds.values())
        chosen = " and ".join(f"{name} in {number} of {whole} folds" for name, number in others.items())
        sentences.append(f"As trained the model is {kind}; out of fold the same choice gave {chosen}.")
    sentences += _describe_suspects(split)
    if kind == "text":
        sentences.append(_TEXT_WON if auto else _TEXT_ASKED)
    else:
        sentences += _describe_gains(table)
    sentences += _describe_easy_rows(split)
    sentences += _describe_stress(splits)
    return tuple(sentences)


def _pick_table(split: Split) -> str:
    return next(each for each in ("trusted", "non_empty") if each in split.tables)


def _describe_lead_figure(split: Split, name: str) -> list[str]:
    table = split.tables[name]
    own = read_auroc(table, "model")
    if own.value is None:
        return [f"On {SETS[name]}, AUROC is undefined: {own.reason}."]
    best = find_best_shortcut(table)
    few = count_shortage(table)
    doubt = "" if few is None else f", from {few}, too few for an interval"
    if split.name == TEST:
        claim, does = f"On {SETS[name]}, the model has AUROC {show(own)}{doubt}", "the model beats"
    else:
        claim = f"Models of this kind, learnt anew, have AUROC {show(own)}{doubt} on {SETS[name]}"
        does = "models of this kind beat"
    claim += f"; the best shortcut, {NAMES[best]}, {show(read_auroc(table, best))}"
    gap = table.differences[best]
    if gap.low is not None:
        claim += f"; the paired difference is {show(gap)}"
    if gap.value is None or gap.value < 0.0 or (gap.low is not None and gap.low > 0.0):
        return [f"{claim}."]
    return [f"It is not certain that {does} a shortcut. {claim}."]


def _describe_own_figures(test: Split) -> str:
    """Why the figures are not those of the model itself, and what its own are."""
    if test.skipped is not None:
        return (
            f"The figures are grouped out of fold over every row, because {test.skipped}; so there is no figure of "
            "this model itself."
        )
    found = 0 if (trusted := test.tables.get("trusted")) is None else trusted.failures
    why = f"the test split holds {pluralise(found, 'trusted failure')}, fewer than {FEW_FAILURES}"
    name = _pick_table(test)
    table = test.tables[name]
    own, best = read_auroc(table, "model"), find_best_shortcut(table)
    if own.value is None:
        figure = f"its AUROC is undefined: {own.reason}"
    else:
        few = count_shortage(table)
        doubt = "" if few is None else f", from {few}, too few for an interval"
        figure = f"it has AUROC {show(own)}{doubt}; the best shortcut, {NAMES[best]}, {show(read_auroc(table, best))}"
    return (
        f"The figures are grouped out of fold over every row, because {why}. On {SETS[name]} of its own test "
        f"split, {pluralise(table.failures, 'failure')} among {table.rows:,}, this model itself is measured too: "
        f"{figure}."
    )


def _warn_if_worse(test: Split, refits: Table) -> str | None:
    """The warning that this very model is worse than its kind: without an interval, where it is worse than guessing."""
    theirs = read_auroc(refits, "model")
    if test.skipped is not None or theirs.value is None or theirs.low is None:
        return None
    table = test.tables[_pick_table(test)]
    own = read_auroc(table, "model")
    if own.value is None:
        return None
    rows = f"{pluralise(table.failures, 'failure')} among {table.rows:,} answers"
    claim = f"AUROC is {show(own)} with {rows}, and theirs, learnt anew, {show(theirs)}."
    if own.high is not None and own.high < theirs.low:
        return f"This model does worse on its own test split than models of its kind: {claim}"
    if own.high is None and own.value < min(_GUESSING, theirs.low):
        return f"This model does worse on its own test split than models of its kind, not certainly: {claim}"
    return None


def _describe_suspects(split: Split) -> list[str]:
    """What suspect labels do to the figures."""
    trusted, every = split.tables.get("trusted"), split.tables["non_empty"]
    if trusted is None or trusted.rows == every.rows:
        return []
    best = find_best_shortcut(every)
    areas = f"{show(read_auroc(every, 'model'))}, and {show(read_auroc(every, best))} by {NAMES[best]}"
    share = f"{every.failures - trusted.failures:,} of {every.failures:,} failures have suspect labels"
    return [f"With all labels AUROC is {areas}: {share}."]


def _describe_gains(table: Table) -> list[str]:
    """What the model adds to text, and what traces add to the rest."""
    sentences = []
    for name in ("text_only", WITHOUT_TRACES):
        gap = table.differences.get(name)
        if gap is not None and gap.value is not None:
            claim = f"{NAMES[name]} has AUROC {show(read_auroc(table, name))}, the model's minus that is {show(gap)}"
            sentences.append(f"On the same answers {claim}.")
    return sentences


def _describe_easy_rows(split: Split) -> list[str]:
    """What the figure over all rows hides."""
    table = split.tables["all"]
    own, rule = read_auroc(table, "model"), read_auroc(table, "empty_answer")
    if not table.empty or own.value is None or rule.value is None:
        return []
    share = f"{table.empty:,} of {table.failures:,} failures have no actions"
    claim = f"Over all rows AUROC is {own.value:.3f}, and the rule that an answer without actions fails has"
    return [f"{claim} {rule.value:.3f} alone: {share}."]


def _describe_stress(splits: dict[str, Split]) -> list[str]:
    figures = []
    for name, word in (
        ("templates", "unseen action templates"),
        ("use_cases", "unseen use cases"),
        ("websites", "unseen websites"),
        ("validators", "unseen validators"),
        ("time", "later answers"),
    ):
        split = splits.get(name)
        if split is None or (table := split.tables.get("trusted")) is None:
            continue
        if (few := count_shortage(table)) is not None:
            figures.append(f"without a figure on {word} ({few} among {table.rows:,}: too few)")
            continue
        best = find_best_shortcut(table)
        figures.append(
            f"{show(read_auroc(table, 'model'))} on {word} ({pluralise(table.failures, 'failure')}; {NAMES[best]}: "
            f"{show(read_auroc(table, best))})"
        )
    claim = "Learnt anew and tried on trusted labels, in brackets the failures and the best shortcut there, AUROC is"
    return [f"{claim} {'; '.join(figures)}."] if figures else []
