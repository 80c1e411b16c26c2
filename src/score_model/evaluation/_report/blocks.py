"""The report's blocks: what a reader sees, in the order in which it matters."""

from collections.abc import Iterator, Sequence

from score_model.evaluation._records import EvaluationReport, HeadEvaluation, Slice, Split, Table
from score_model.evaluation._report.charts import area_chart, curve_chart, reliability_chart
from score_model.evaluation._report.comparison import (
    NAMES,
    SETS,
    count_shortage,
    find_best_shortcut,
    find_leads,
    read_auroc,
)
from score_model.evaluation._report.document import Block, Bullets, Fold, Heading, Picture, Pictures, Text
from score_model.evaluation._report.tables import (
    best_of_grid,
    call_grid,
    format_slice,
    main_grid,
    part_grid,
    slice_grid,
    source_grid,
)
from score_model.metrics import Estimate

TITLE = "How good is this score model?"

_HEADS = {"actions": "Judging by actions alone", "traces": "Judging by traces"}

_NONE = Estimate(value=None, low=None, high=None, n=0, unit="rows", clusters=0)
"""A contestant that is missing: a chart leaves its place empty."""


def report_blocks(report: EvaluationReport) -> Iterator[Block]:
    """The whole report, the head whose findings warn the most first."""
    heads = sorted(report.heads.values(), key=lambda head: (not find_leads(head.splits[head.primary]), head.head))
    yield Heading(1, TITLE)
    if heads:
        whose = f"{_HEADS[heads[0].head]}: " if len(heads) > 1 else ""
        yield Text(f"{whose}{heads[0].sentences[0]}", lead=True)
    yield Text(
        f"{report.labelled:,} labelled answers of {report.rows:,}. Intervals are 95 %, from "
        f"{report.settings.resamples:,} resamples of whole tasks, seed {report.settings.seed}. AUROC is the chance "
        "that a passed answer is put above a failed one: 0.5 is guessing. Average precision and failures found are "
        "about the failures; precision, recall, F1, FPR and NPV about the call that an answer passed."
    )
    if report.traces is not None:
        yield Text(report.traces)
    for number, head in enumerate(heads):
        yield from _head(head, head.sentences[1:] if number == 0 else head.sentences)
    if report.about is not None:
        yield Heading(2, "What this is about")
        yield source_grid(report.about)


def _head(head: HeadEvaluation, sentences: Sequence[str]) -> Iterator[Block]:
    yield Heading(2, f"{_HEADS[head.head]}: {head.model}")
    yield Bullets(tuple(sentences))
    primary = head.splits[head.primary]
    if charts := tuple(_charts(head, primary)):
        yield Pictures(charts)
    yield Heading(3, primary.title)
    yield from _split(primary)
    yield from _measure_slices(primary.websites, primary.use_cases)
    rest = [split for name, split in head.splits.items() if name != head.primary]
    if rest:
        yield Heading(3, "Other ways to hold rows out")
    for split in rest:
        yield _fold_block(split)


def _fold_block(split: Split) -> Block:
    if split.skipped is not None:
        return Fold(f"{split.title}: not made", (Text(f"Not made: {split.skipped}."), *_parts(split)))
    table = next(iter(split.tables.values()))
    own = read_auroc(table, "model")
    figure = "undefined" if own.value is None else f"{own.value:.3f}"
    return Fold(f"{split.title}: AUROC {figure}, {table.failures:,} failures", tuple(_split(split)))


def _split(split: Split) -> Iterator[Block]:
    if split.notes:
        yield Text(" ".join(split.notes))
    for name, table in split.tables.items():
        title = SETS[name]
        yield Heading(4, f"{title[0].upper()}{title[1:]}")
        yield Text(_counts(table, easy=name == "all"))
        yield main_grid(table)
        yield call_grid(table)
        yield from best_of_blocks(table)
    yield from _parts(split)


def best_of_blocks(table: Table) -> Iterator[Block]:
    """The best of n for each n that some task has answers for; the others are named."""
    model = table.contestants["model"].best_of
    if any(each.gain.value is not None for each in model):
        yield best_of_grid(table)
    elif any(each.picked.value is not None for each in model):
        yield Text("No task has answers that differ in outcome: neither pairs nor the best of n can be measured.")
        return
    if missing := [f"{each.n}" for each in model if each.picked.value is None]:
        yield Text(f"No task has {' or '.join(missing)} answers: the best of so many can't be measured.")


def _parts(split: Split) -> Iterator[Block]:
    if split.parts:
        yield Heading(4, "What was held out")
        yield part_grid(split.parts)


def _counts(table: Table, *, easy: bool) -> str:
    counts = f"{table.rows:,} answers to {table.tasks:,} tasks, of which {table.failures:,} failed"
    if easy:
        counts += f", {table.empty:,} of them by having no actions. This is the easy table: look at the others first"
    few = count_shortage(table)
    return f"{counts}." if few is None else f"{counts}. {few} are too few for an interval: the values stand alone."


def _measure_slices(websites: Sequence[Slice], use_cases: Sequence[Slice]) -> Iterator[Block]:
    if websites:
        yield Heading(3, "By website")
        yield Text("Trusted labels. Where fewer than 10 answers passed or failed there are counts and no figures.")
        yield slice_grid(websites)
    if use_cases:
        title = (
            f"By use case: {len(use_cases)} of them, {sum(each.metrics is not None for each in use_cases)} with figures"
        )
        yield Fold(title, (slice_grid(use_cases),))


def _charts(head: HeadEvaluation, primary: Split) -> Iterator[Picture]:
    table = primary.tables.get("trusted")
    if table is not None and primary.curve is not None:
        words = (
            f"Trusted labels, {table.rows:,} rows, {table.failures:,} failures. Low probabilities are flagged first."
        )
        yield Picture(curve_chart(f"{head.head}-curve", primary.curve), words)
        bins = table.contestants["model"].reliability
        widest = max(bins, key=lambda each: abs(each.predicted - (each.observed.value or 0.0)))
        words = (
            f"{len(bins)} groups of equal size by predicted probability. The farthest off says {widest.predicted:.2f} "
            f"where {widest.observed.value or 0.0:.2f} passed."
        )
        yield Picture(reliability_chart(f"{head.head}-reliability", bins), words)
    if rows := list(_areas_by_split(head)):
        words = "Trusted labels, 95 % intervals. The shortcut is the best baseline but text only. "
        words += "What has fewer than 10 failures or passes is not drawn."
        yield Picture(area_chart(f"{head.head}-splits", "AUROC by what was held out", rows), words, wide=True)
    if rows := list(_areas_by_website(primary)):
        chart = area_chart(f"{head.head}-websites", "AUROC by website", rows)
        yield Picture(chart, _small(primary.websites), wide=True)


def _areas_by_split(head: HeadEvaluation) -> Iterator[tuple[str, list[tuple[str, Estimate]]]]:
    titles = {
        "test": "own test split",
        "out_of_fold": "grouped out of fold",
        "templates": "unseen action templates",
        "use_cases": "unseen use cases",
        "websites": "unseen websites",
        "validators": "unseen validators",
        "time": "later answers",
    }
    for name, split in head.splits.items():
        table = split.tables.get("trusted")
        if table is not None and count_shortage(table) is None and read_auroc(table, "model").value is not None:
            label = f"{titles[name]} ({table.failures:,} failures)"
            yield (
                label,
                [
                    ("the model", read_auroc(table, "model")),
                    ("text only", read_auroc(table, "text_only") if "text_only" in table.contestants else _NONE),
                    ("the best shortcut", read_auroc(table, find_best_shortcut(table))),
                ],
            )


def _areas_by_website(split: Split) -> Iterator[tuple[str, list[tuple[str, Estimate]]]]:
    for part in split.websites:
        if part.metrics is not None:
            label = f"{format_slice(part)} ({part.failures:,} failures)"
            areas = {name: figures["auroc"] for name, figures in part.metrics.items()}
            yield label, [(NAMES[name], areas.get(name, _NONE)) for name in ("model", "text_only", "use_case_rate")]


def _small(slices: Sequence[Slice]) -> str:
    small = [f"{format_slice(part)} ({part.failures:,} failures)" for part in slices if part.metrics is None]
    return f"Too small for a figure: {', '.join(small)}." if small else "Trusted labels."
