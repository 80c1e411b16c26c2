"""`score-model dataset`: build a dataset from raw dumps, audit one, or correct its labels."""

from collections.abc import Iterator
from pathlib import Path

import cyclopts

from score_model.atomic import lock_output
from score_model.cli._console import ProgressLine, print_json, say
from score_model.cli._environment import DEFAULT_DATA_DIR, DataDir
from score_model.cli.mirror import DedupeStrategy, summary_of, tell, writable
from score_model.errors import UsageError

_MOST_FAULTS = 50

app = cyclopts.App(name="dataset", help="Build a dataset from a raw dump, audit one, or correct its labels.")


@app.command
def build(
    *raws: Path,
    output_prefix: str | None = None,
    dedupe_strategy: DedupeStrategy = "task_solution",
    no_parquet: bool = False,
    data_dir: DataDir = DEFAULT_DATA_DIR,
    json: bool = False,
) -> int:
    """Build a deduplicated, split, audited dataset from raw dumps that are already there.

    The same dumps always give the same bytes. Rows that break the contract go to a file of their own with the reason;
    then the exit code is 1.

        score-model dataset build data/score_model_pipeline/raw/leaderboard_20251110_163155.jsonl

    Parameters
    ----------
    raws: Path
        Raw dumps, read in this order.
    output_prefix: str | None
        Name of the output files; by default the first dump's.
    dedupe_strategy: Literal["task_solution", "task_agent", "task"]
        What makes two rows the same sample: the solution, the task and the miner, or the task.
    no_parquet: bool
        Write JSON lines only.
    data_dir: Path
        Where the project keeps its data.
    json: bool
        Print the result as one JSON object.
    """
    from score_model.dataset import DatasetPaths, Strategy
    from score_model.ingest import check_prefix, crawl_report, read_journal
    from score_model.mirror import journal_of, publish

    if not raws:
        raise UsageError("name at least one raw dump, such as data/score_model_pipeline/raw/leaderboard.jsonl")
    prefix = check_prefix(output_prefix or raws[0].stem)
    paths = DatasetPaths.of(writable(data_dir), prefix)
    with lock_output(paths.dataset):
        events = read_journal(journal_of(paths)) if [raw.resolve() for raw in raws] == [paths.raw.resolve()] else []
        with ProgressLine("building", "bytes") as line:
            published = publish(
                raws,
                paths,
                prefix=prefix,
                strategy=Strategy(dedupe_strategy),
                crawled=crawl_report(events) if events else None,
                parquet=False if no_parquet else None,
                progress=lambda stage, done, total: line.show(done, total, stage),
            )
    tell(published)
    if json:
        print_json(summary_of(published))
    return int(published.build.counts.rejected > 0)


@app.command
def audit(dataset: Path, *, json: bool = False) -> int:
    """Say which labels and which easy metrics of a dataset can't be trusted, and why. Writes nothing.

        score-model dataset audit data/score_model_pipeline/datasets/leaderboard_20251110_163155.jsonl

    Parameters
    ----------
    dataset: Path
        A dataset, JSON lines or Parquet.
    json: bool
        Print the whole report as one JSON object.
    """
    from score_model.dataset import AuditRow, audit_rows
    from score_model.dataset.audit import assess, closing_words, totals

    with ProgressLine("auditing", "rows") as line:

        def counted() -> Iterator[AuditRow]:
            for number, row in enumerate(audit_rows(dataset), 1):
                line.show(number)
                yield row

        report = assess(counted()).report
    say(*totals(report), *closing_words(report))
    if json:
        print_json(report)
    return 0


@app.command
def relabel(
    dataset: Path,
    *,
    traces_dir: Path | None = None,
    overrides: Path | None = None,
    output_prefix: str | None = None,
    json: bool = False,
) -> int:
    """Mark labels that a replay contradicts, and take over those that a person gave.

    Only the columns label_quality and override change; score and passed stay as they were recorded. The dataset's
    Parquet file, if it has one, is rewritten with it. Traces that can't be used and overrides of unknown solutions are
    counted and named; then the exit code is 1.

        score-model dataset relabel data/score_model_pipeline/datasets/leaderboard_20251110_163155.jsonl \\
            --traces-dir data/score_model_pipeline/raw_traces/leaderboard_20251110_163155 \\
            --overrides overrides.csv

    Parameters
    ----------
    dataset: Path
        A dataset, JSON lines.
    traces_dir: Path | None
        Traces of its solutions, as score-model replay writes them.
    overrides: Path | None
        A CSV file with the header task_id,solution_id,passed[,score][,note].
    output_prefix: str | None
        Name of a new dataset beside this one; by default this one is rewritten.
    json: bool
        Print the result as one JSON object.
    """
    from score_model.dataset import Overrides, read_overrides
    from score_model.ingest import check_prefix
    from score_model.relabel import RelabelPaths, ReplayedLabels
    from score_model.relabel import relabel as write_labels

    if traces_dir is None and overrides is None:
        raise UsageError("nothing to go by: give --traces-dir, --overrides or both")
    prefix = None if output_prefix is None else check_prefix(output_prefix)
    given = Overrides({}, []) if overrides is None else read_overrides(overrides)
    if faults := given.faults:
        say(*faults[:_MOST_FAULTS], *(["…"] if len(faults) > _MOST_FAULTS else []))
        raise UsageError(f"{overrides}: {len(faults):,} bad row{'s' if len(faults) > 1 else ''}; nothing was written")
    with lock_output(RelabelPaths.of(dataset, prefix).dataset):
        paths = RelabelPaths.of(dataset, prefix)
        replayed = ReplayedLabels()
        if traces_dir is not None:
            with ProgressLine("reading", "traces") as line:
                replayed.read(traces_dir, line.show)
        with ProgressLine("relabelling", "rows") as line:
            report = write_labels(dataset, paths, replayed=replayed, overrides=given, progress=line.show)
    say(*report.lines(), f"dataset: {paths.dataset}", f"report: {paths.report}")
    if json:
        print_json(
            {
                "dataset": str(paths.dataset),
                "parquet": None if paths.parquet is None else str(paths.parquet),
                "report_file": str(paths.report),
                "report": report,
            }
        )
    return int(not report.complete)
