"""`score-model mirror`: the leaderboard, as a trusted dataset."""

import asyncio
import os
import shlex
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import cyclopts

from score_model.atomic import lock_output
from score_model.cli._console import ProgressLine, print_json, say
from score_model.cli._environment import (
    DEFAULT_DATA_DIR,
    DataDir,
    Whole,
    timestamp_for_names,
    utc_now,
    variable,
)
from score_model.errors import RemoteError, UsageError

if TYPE_CHECKING:
    from score_model.client import ClientSettings
    from score_model.ingest import Cell, CrawlPlan
    from score_model.mirror import Published

Success = Literal["true", "false", "all"]
DedupeStrategy = Literal["task_solution", "task_agent", "task"]
Sort = Literal["created_at_desc", "created_at_asc", "score_desc", "score_asc"]


def mirror(
    *,
    website: list[str] | None = None,
    use_case: list[str] | None = None,
    miner_uid: list[int] | None = None,
    success: list[Success] | None = None,
    pages_per_filter: str = "5",
    limit: Whole = 200,
    sort: Sort | None = None,
    max_records: Whole | None = None,
    dedupe_strategy: DedupeStrategy = "task_solution",
    output_prefix: str | None = None,
    base_url: Annotated[str | None, cyclopts.Parameter(env_var="AUTOPPIA_LEADERBOARD_URL")] = None,
    concurrency: Whole = 4,
    max_requests_per_second: float = 20.0,
    resume: bool = False,
    update: bool = False,
    data_dir: DataDir = DEFAULT_DATA_DIR,
    json: bool = False,
) -> int:
    """Crawl the leaderboard export into a raw dump and build a deduplicated, split, audited dataset from it.

    Every combination of the given filters is fetched page by page. A killed crawl goes on with --resume; a finished one
    fetches nothing more, unless --update asks for what is new since.

        score-model mirror --website autocinema --website autobooks --pages-per-filter all

    Credentials come from the environment: AUTOPPIA_PROD_API_TOKEN (bearer token) and AUTOPPIA_LEADERBOARD_API_KEY.

    Parameters
    ----------
    website: list[str] | None
        Website to fetch; repeatable, all by default.
    use_case: list[str] | None
        Use case to fetch, such as SEARCH_FILM; repeatable.
    miner_uid: list[int] | None
        Miner to fetch; repeatable.
    success: list[Literal["true", "false", "all"]] | None
        Fetch passes, failures, or both together (the default; fetched apart, time predicts the label); repeatable.
    pages_per_filter: str
        Pages to fetch for each combination of filters, or 'all' to read to the end.
    limit: int
        Rows per page, 1 to 500.
    sort: Literal["created_at_desc", "created_at_asc", "score_desc", "score_asc"] | None
        Order to fetch in; by default the server's, which is newest first.
    max_records: int | None
        Stop after so many rows in all.
    dedupe_strategy: Literal["task_solution", "task_agent", "task"]
        What makes two rows the same sample: the solution, the task and the miner, or the task.
    output_prefix: str | None
        Name of the output files; by default leaderboard_ and the UTC time.
    base_url: str | None
        The export's URL, or its origin alone; by default the production leaderboard.
    concurrency: int
        Connections at once.
    max_requests_per_second: float
        Cap on requests; 0 for none.
    resume: bool
        Go on with an unfinished crawl of this prefix.
    update: bool
        Fetch what is new since this prefix was finished.
    data_dir: Path
        Where the project keeps its data.
    json: bool
        Print the result as one JSON object.
    """
    from score_model.dataset import DatasetPaths, Strategy
    from score_model.ingest import CrawlMode, CrawlPlan, check_prefix, filter_grid
    from score_model.mirror import fetch, has_rows, publish

    if output_prefix is None and (resume or update):
        raise UsageError(f"--{'resume' if resume else 'update'} needs --output-prefix{_prefixes(data_dir)}")
    prefix = check_prefix(f"leaderboard_{timestamp_for_names()}" if output_prefix is None else output_prefix)
    plan = CrawlPlan(
        cells=filter_grid(
            websites=[_named("--website", name).lower() for name in website or []],
            use_cases=[_named("--use-case", name) for name in use_case or []],
            successes=[{"true": True, "false": False, "all": None}[choice] for choice in success or ["all"]],
            miner_uids=miner_uid or [],
        ),
        pages_per_filter=_pages(pages_per_filter),
        limit=limit,
        sort=sort,
        max_records=max_records,
    )
    settings = _client_settings(base_url, concurrency, max_requests_per_second)
    paths = DatasetPaths.of(writable(data_dir), prefix)
    started = time.monotonic()
    try:
        with lock_output(paths.dataset):
            with ProgressLine("fetching", "rows") as line:
                crawling = fetch(
                    settings,
                    plan,
                    paths,
                    mode=CrawlMode(resume=resume, update=update),
                    now=utc_now,
                    progress=_CrawlProgress(line, plan),
                )
                fetched, crawled = asyncio.run(crawling)
            took = time.monotonic() - started
            if fetched:
                say(f"{crawled.rows:,} rows in {crawled.pages:,} pages: {paths.raw} ({took:.1f} s)")
            else:
                say(f"{paths.raw} is complete: nothing to fetch (--update fetches what is new since)")
            with ProgressLine("building", "bytes") as line:
                published = publish(
                    [paths.raw],
                    paths,
                    prefix=prefix,
                    strategy=Strategy(dedupe_strategy),
                    crawled=crawled,
                    progress=lambda stage, done, total: line.show(done, total, stage),
                )
    except KeyboardInterrupt:
        say(f"What was fetched is kept. To go on: {_resume_command(prefix)}")
        raise
    except RemoteError as error:
        if has_rows(paths):
            error.args = (f"{error}. What was fetched is kept; to go on: {_resume_command(prefix)}",)
        raise
    tell(published)
    if json:
        print_json(summary_of(published) | {"fetched": fetched, "raw": str(paths.raw), "rows": crawled.rows})
    return int(published.build.counts.rejected > 0)


def tell(published: "Published") -> None:
    """Says where the dataset is and what the audit found."""
    counts, paths = published.build.counts, published.paths
    say(
        f"{counts.samples:,} samples ({counts.duplicates:,} duplicates, {counts.conflicts:,} conflicts, "
        f"{counts.rejected:,} rejected): {paths.dataset}"
    )
    if published.build.parquet is None:
        say("no Parquet file: pyarrow is not installed (pip install 'score-model[data]')")
    if published.build.rejected_file:
        say(f"rejected rows with their reasons: {published.build.rejected_file}")
    say(f"metrics: {paths.metrics}", "", *published.metrics.summary)


def summary_of(published: "Published") -> dict[str, Any]:
    """A published dataset for `--json`."""
    build = published.build
    return {
        "prefix": published.metrics.prefix,
        "dataset": str(build.dataset),
        "parquet": None if build.parquet is None else str(build.parquet),
        "rejected_file": None if build.rejected_file is None else str(build.rejected_file),
        "metrics": str(published.paths.metrics),
        "counts": build.counts.metrics(),
        "summary": published.metrics.summary,
    }


class _CrawlProgress:
    """Shows the rows fetched of those expected: the totals of the cells that have been met so far."""

    def __init__(self, line: ProgressLine, plan: "CrawlPlan") -> None:
        self._line, self._cells = line, len(plan.cells)
        self._most = None if plan.pages_per_filter is None else plan.pages_per_filter * plan.limit
        self._expected: dict[Cell, int] = {}

    def page(self, cell: "Cell", cells_done: int, rows: int, expected: int | None) -> None:
        if expected is not None:
            self._expected[cell] = expected if self._most is None else min(expected, self._most)
        total = sum(self._expected.values()) if self._expected else None
        self._line.show(rows, total, f"filter {cells_done + 1} of {self._cells}, {cell}")


def _client_settings(base_url: str | None, concurrency: int, max_requests_per_second: float) -> "ClientSettings":
    from score_model.client import ClientSettings, Secret, leaderboard_endpoint

    token, key = variable("AUTOPPIA_PROD_API_TOKEN"), variable("AUTOPPIA_LEADERBOARD_API_KEY")
    return ClientSettings(
        base_url=leaderboard_endpoint(base_url),
        bearer_token=Secret(token) if token else None,
        api_key=Secret(key) if key else None,
        run_id=variable("AUTOPPIA_RUN_ID"),
        concurrency=concurrency,
        max_requests_per_second=max_requests_per_second,
    )


def _named(flag: str, name: str) -> str:
    if not name.strip():
        raise UsageError(f"{flag} is empty; leave it out to fetch all")
    return name


def _pages(text: str) -> int | None:
    if text == "all":
        return None
    if not text.isascii() or not text.isdecimal():
        raise UsageError(f"--pages-per-filter {text}: a number of pages, or 'all'")
    return int(text)


def writable(data_dir: Path) -> Path:
    """The data directory, with its folders made; raises UsageError if it can't be written to."""
    for folder in (data_dir / name for name in ("raw", "datasets", "metrics")):
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise UsageError(f"can't write to {data_dir}: {error.strerror}") from None
        if not os.access(folder, os.W_OK | os.X_OK):
            raise UsageError(f"can't write to {folder}: permission denied")
    return data_dir


def _prefixes(data_dir: Path) -> str:
    """What could have been meant, newest last."""
    journals = sorted((data_dir / "raw").glob("*.journal.jsonl"), key=lambda path: path.stat().st_mtime)
    names = [path.name.removesuffix(".journal.jsonl") for path in journals[-5:]]
    return f" (in {data_dir}: {', '.join(names)})" if names else f" (there are none in {data_dir})"


def _resume_command(prefix: str) -> str:
    """The present command line, made to go on."""
    given = sys.argv[1:] if len(sys.argv) > 1 else []
    words = given if given[:1] == ["mirror"] else ["mirror", *given]
    if not any(word == "--output-prefix" or word.startswith("--output-prefix=") for word in words):
        words = [*words, "--output-prefix", prefix]
    return shlex.join(["score-model", *words, *([] if "--resume" in words else ["--resume"])])
