"""`score-model dataset`: build a dataset from raw dumps, or audit one."""

from collections.abc import Iterator
from pathlib import Path

import cyclopts

from score_model.cli._console import ProgressLine, print_json, say
from score_model.cli._environment import DEFAULT_DATA_DIR, DataDir
from score_model.cli.mirror import DedupeStrategy, summary_of, tell, writable
from score_model.errors import UsageError

app = cyclopts.App(name="dataset", help="Build a dataset from a raw dump, or audit one.")


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
