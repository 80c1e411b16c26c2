"""The report in sentences that need no statistics to read; what misleads most comes first."""

from datetime import datetime

from score_model.dataset.audit._report import Auc, AuditReport, Count, OutageCell, WebsiteDip, WebsiteFetch

_MOST_NAMED = 12
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_MOSTLY_EMPTY = 0.5
_BLIND = ("low_power", "too_few_rows", "no_common_work", "outside_overlap")
_SHORTCUT_NAMES = {
    "num_actions": "the number of actions",
    "created_at": "the time of creation",
    "file_order": "the place in the file",
    "miner": "the miner",
    "validator": "the validator",
    "website": "the website",
    "use_case": "the use case",
}


def totals(report: AuditReport) -> list[str]:
    """Rows by label, split and label quality, by website and by use case; longer lists name the largest."""
    counts = report.counts
    total = counts.total
    labels = f"{total.passed:,} passed, {total.failed:,} failed"
    labels += f", {total.unknown:,} without a label" if total.unknown else ""
    splits = ", ".join(f"{split.name} {split.rows:,}" for split in counts.splits)
    qualities = ", ".join(f"{name} {rows:,}" for name, rows in counts.label_quality.items())
    return [
        f"Rows: {total.rows:,} ({labels}; {total.empty:,} hold no actions).",
        f"Splits: {splits}. Label quality: {qualities}.",
        f"Websites: {_named(counts.websites)}.",
        f"Use cases: {_named(counts.use_cases)}.",
    ]


def _named(counts: list[Count]) -> str:
    largest = sorted(counts, key=lambda count: (-count.rows, count.name))[:_MOST_NAMED]
    named = ", ".join(f"{clean(count.name)} {count.passed:,} of {count.rows:,}" for count in largest)
    more = f", and {len(counts) - len(largest):,} more in the metrics" if len(counts) > len(largest) else ""
    return f"{named} passed{more}" if named else "none"


def closing_words(report: AuditReport) -> list[str]:
    """The findings as plain sentences, the most misleading first, what to do last. No colours, no line breaks."""
    words: list[str] = []
    words += _empty_answers(report)
    words += [_outage(cell) for cell in report.outages]
    words += _fetch_bias(report)
    words += _disguise(report)
    words += _shortcuts(report)
    words += _labels(report)
    words += _copies(report)
    words += [_dip(dip) for dip in report.website_dips]
    words += _blind_spots(report)
    return [*words, _advice(report, alone=not words)]


def _empty_answers(report: AuditReport) -> list[str]:
    total = report.counts.total
    share = report.counts.empty_share_of_failures
    if not total.empty or share is None or report.counts.empty_share is None:
        return []
    sentence = f"{_count(total.empty, 'row')} of {total.rows:,} ({_percent(report.counts.empty_share)}) hold no actions"
    if total.failed:
        sentence += f", and {_percent(share)} of all failures are such empty answers"
    worst = [miner for miner in report.counts.miners if miner.empty > _MOSTLY_EMPTY * miner.rows]
    if worst and total.rows > max(miner.rows for miner in worst):
        sentence += f", nearly all from {_miners(worst)}" if _most(worst, total.empty) else ""
    return [f"{sentence}: a score over all rows mostly measures whether the agent answered at all."]


def _most(miners: list[Count], empty: int) -> bool:
    return sum(miner.empty for miner in miners) >= 0.9 * empty


def _miners(miners: list[Count]) -> str:
    if len(miners) > 3:
        return f"{len(miners)} of the miners"
    names = [clean(miner.name) for miner in miners]
    return f"miner{'s' if len(names) > 1 else ''} {_list(names)}"


def _outage(cell: OutageCell) -> str:
    fails = "its one answer failed" if cell.rows == 1 else f"{cell.failures:,} of {cell.rows:,} answers failed"
    joint = " (judged together with its other websites)" if cell.all_websites else ""
    if cell.failures == 1:
        marked = "This failure is marked environment_suspect and says nothing about the answer."
    else:
        marked = f"These {cell.failures:,} failures are marked environment_suspect and say nothing about the answers."
    return (
        f"{clean(cell.website)} under validator {cell.validator} looks down from {_window(cell.first, cell.last)}: "
        f"{fails} where other validators passed {_percent(cell.expected_rate)} of the same kind of work in the same "
        f"hours; {_chance(cell.p_value)}{joint}. {marked}"
    )


def _fetch_bias(report: AuditReport) -> list[str]:
    bias = report.fetch_bias
    if not bias.biased:
        return []
    whole = (
        "Passes and failures were fetched apart and reach back to different times: "
        f"{_count(bias.outside, 'row')} of {bias.rows:,} lie where only one of the two was fetched, so time gives the "
        f"label away (AUC {_auc(bias.time_auc)} for the time of creation, {_auc(bias.order_auc)} for the place in the "
        "file; 0.5 is a coin toss)."
    )
    return [whole, *(_website_fetch(website) for website in bias.websites if website.biased)]


def _website_fetch(website: WebsiteFetch) -> str:
    name = clean(website.website)
    if website.passes_from is None or website.failures_from is None:
        kind = "failures" if website.failures_from else "passes"
        return f"{name}: only {kind} were fetched; nothing can be learned from it until the others are."
    if not website.overlap:
        return f"{name}: passes and failures were never fetched for the same time."
    windows = _list([_window(first, last) for first, last in website.overlap])
    return (
        f"{name}: passes and failures can be compared only from {windows}; {website.outside:,} of "
        f"{_count(website.rows, 'row')} lie outside."
    )


def _disguise(report: AuditReport) -> list[str]:
    # Everybody knows that the score is the label; the other columns are those that surprise.
    columns = [clean(entry.column) for entry in report.label_in_disguise if entry.is_label and entry.column != "score"]
    if not columns:
        return []
    if len(columns) == 1:
        return [f"{columns[0]} is the label under another name: never give it to a model."]
    return [f"{_list(columns)} are the label under other names: never give them to a model."]


def _shortcuts(report: AuditReport) -> list[str]:
    words = []
    for title, pick in (("all rows", "all_rows"), ("rows with actions", "non_empty")):
        found = [(shortcut.name, getattr(shortcut, pick)) for shortcut in report.shortcuts]
        found = [(name, auc) for name, auc in found if auc.misleads]
        found.sort(key=lambda entry: -abs(entry[1].auc - 0.5))
        if found:
            listed = _list([f"{_SHORTCUT_NAMES[name]} ({_auc(auc.auc)}{_turned(auc)})" for name, auc in found])
            words.append(
                f"On {title}, without a look at the answer, passes can be told from failures (AUC) by {listed}."
            )
    return words


def _turned(auc: Auc) -> str:
    return ", lower passes" if auc.auc is not None and auc.auc < 0.5 else ""


def _labels(report: AuditReport) -> list[str]:
    words = []
    exact, near = report.contradictions
    if report.self_contradictions:
        words.append(
            f"{_count(report.self_contradictions, 'row')} with a contradiction inside: passed with score 0, failed "
            "with score 1, or fetched with different labels; marked contradicted."
        )
    if exact.groups:
        cases = _count(exact.groups, "case")
        words.append(f"Identical work both passed and failed in {cases} ({exact.rows:,} rows, marked contradicted).")
    if near.groups:
        words.append(
            f"The same actions but for names and numbers both passed and failed in {_count(near.groups, 'case')} "
            f"({near.rows:,} rows): a judge of the masked actions alone gets at least {near.least_errors:,} wrong."
        )
    quality = report.counts.label_quality
    if disagree := quality.get("replay_disagrees"):
        words.append(
            f"A replay came out otherwise than recorded for {_count(disagree, 'row')}; marked replay_disagrees."
        )
    if overridden := quality.get("overridden"):
        words.append(
            f"{_count(overridden, 'row')} with a label that a person gave, in the column override; marked overridden, "
            "and counted here as recorded."
        )
    return words


def _copies(report: AuditReport) -> list[str]:
    parts = [
        f"{_percent(copies.share_of_test)} of the test rows share their {name} with a train row"
        for copies, name in zip(report.near_copies, ("masked intent", "masked actions"), strict=True)
        if copies.share_of_test
    ]
    if not parts:
        return []
    return [f"{' and '.join(parts)}: a model that remembers them looks better than it is."]


def _dip(dip: WebsiteDip) -> str:
    judges = "the one validator that judged" if dip.validators == 1 else f"all {dip.validators} validators that judged"
    return (
        f"Hint: from {_window(dip.first, dip.last)} {clean(dip.website)} passed {dip.passes:,} of {dip.rows:,} answers "
        f"under {judges}, where its other hours promise about {dip.expected_passes:.0f}. The website may have been "
        "down, or its tasks hard; nothing is marked."
    )


def _blind_spots(report: AuditReport) -> list[str]:
    alone = sorted({clean(entry.website) for entry in report.testability if entry.verdict == "one_validator"})
    blind = [entry for entry in report.testability if entry.verdict in _BLIND]
    words = []
    if alone:
        words.append(f"Outages can't be told on {_few(alone)}: only one validator judged there.")
    if blind:
        names = [f"{clean(entry.website)} under {_validator(entry.validator)}" for entry in blind]
        words.append(f"Too little comparable work to notice even a full outage: {_few(names)}.")
    if report.undated_rows:
        words.append(f"{_count(report.undated_rows, 'row')} have no time and took no part in the search for outages.")
    return words


def _validator(uid: int | None) -> str:
    return "an unnamed validator" if uid is None else f"validator {uid}"


def _advice(report: AuditReport, *, alone: bool) -> str:
    todo = []
    if report.fetch_bias.biased:
        todo.append("fetch again unfiltered (--success all)")
    quality = report.counts.label_quality
    if set(quality) - {"ok"}:
        usable = f"train on the {_count(quality.get('ok', 0), 'row')} whose label_quality is ok"
        overridden = quality.get("overridden")
        todo.append(f"{usable} (and on the {overridden:,} overridden, by their override)" if overridden else usable)
    if report.counts.total.empty:
        todo.append("report every metric on rows with actions alone")
    if any(shortcut.non_empty.misleads for shortcut in report.shortcuts):
        todo.append("hold each model against the shortcuts above")
    if alone:
        return "What to do: nothing; the audit found nothing that would mislead."
    if not todo:
        return "What to do: keep this in mind; nothing needs to be fetched again or set aside."
    return f"What to do: {_list(todo)}."


def clean(text: str) -> str:
    """A name from outside, fit for one line of a terminal: control characters become '?', at most 60 characters."""
    return "".join(character if character.isprintable() else "?" for character in text[:60])


def _window(first: str, last: str) -> str:
    """A stretch of time in UTC; a day or year that both ends share is said once."""
    begin, end = datetime.fromisoformat(first), datetime.fromisoformat(last)
    if begin.date() == end.date():
        return f"{_day(begin)} {begin.year} {begin:%H:%M} to {end:%H:%M} UTC"
    year = f"{end.year} " if begin.year != end.year else ""
    return f"{_day(begin)} {begin.year} {begin:%H:%M} to {_day(end)} {year}{end:%H:%M} UTC"


def _day(moment: datetime) -> str:
    return f"{moment.day} {_MONTHS[moment.month - 1]}"


def _chance(p_value: float) -> str:
    exponent = 0
    while exponent < 12 and p_value <= 10.0 ** -(exponent + 1):
        exponent += 1
    odds = f"{10**exponent:,}" if exponent < 7 else f"10^{exponent}"
    return f"a chance of less than 1 in {odds}"


def _percent(share: float | None) -> str:
    return "0 %" if share is None else f"{100 * share:.0f} %"


def _auc(auc: float | None) -> str:
    return "unknown" if auc is None else f"{auc:.2f}"


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _list(items: list[str]) -> str:
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} and {items[-1]}"


def _few(items: list[str]) -> str:
    return _list(items) if len(items) <= 6 else f"{', '.join(items[:5])} and {len(items) - 5} more"
