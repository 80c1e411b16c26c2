"""`score-model replay`: do every recorded solution again in a real browser, and write down what happened."""

import asyncio
import secrets
import shlex
import shutil
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from score_model.atomic import lock_output
from score_model.cli._console import ProgressLine, print_json, say
from score_model.cli._environment import (
    DEFAULT_DATA_DIR,
    DataDir,
    Whole,
    clock_us,
    command_settings,
    variable,
)
from score_model.errors import ContractError, RemoteError, UsageError

if TYPE_CHECKING:
    from score_model.contract import Sample
    from score_model.replay import Destination, ReplaySettings, ReplaySummary, SiteMap

Success = Literal["true", "false", "all"]
Clock = Literal["recorded", "now"]


def replay(
    *,
    dataset: Path,
    output_dir: Path | None = None,
    website: list[str] | None = None,
    success: Success = "all",
    limit: Whole | None = None,
    per_website_limit: Whole | None = None,
    max_actions: Whole | None = None,
    capture_screenshots: bool = False,
    dry_run: bool = False,
    parallel: Whole = 2,
    site: list[str] | None = None,
    clock: Clock = "recorded",
    timezone: str = "UTC",
    uncompressed: bool = False,
    data_dir: DataDir = DEFAULT_DATA_DIR,
    json: bool = False,
) -> int:
    """Replay recorded solutions in a real browser, write a trace of each, and compare the verdicts with the labels.

    The browser reaches the sites of the chosen rows and nothing else. Sites run where the production ones do
    (http://localhost:8000 and on), unless --site or [replay.sites.NAME] in score_model.toml says otherwise. A solution
    whose trace is there is not replayed again: the same command goes on where a run ended.

        score-model replay --dataset data/score_model_pipeline/datasets/X.jsonl --site autodrive=http://localhost:9012

    Needs the extra `replay` and a Chromium; SCORE_MODEL_BROWSER names one that is not found by itself.

    Parameters
    ----------
    dataset: Path
        The dataset, JSON lines or Parquet.
    output_dir: Path | None
        Folder of the traces; by default raw_traces/ and the dataset's name, in the data directory.
    website: list[str] | None
        Website to replay; repeatable, all by default.
    success: Literal["true", "false", "all"]
        Replay recorded passes, failures, or both.
    limit: int | None
        Replay at most so many solutions.
    per_website_limit: int | None
        At most so many of each website; applied before --limit.
    max_actions: int | None
        Do at most so many actions of each solution.
    capture_screenshots: bool
        Keep a screenshot before and after each action.
    dry_run: bool
        Only list what would be replayed.
    parallel: int
        Solutions at a time.
    site: list[str] | None
        Where a website runs, as NAME=URL; repeatable.
    clock: Literal["recorded", "now"]
        Whether pages see the time at which the solution was made, or the present.
    timezone: str
        Time zone that pages see, such as Europe/Berlin.
    uncompressed: bool
        Write plain JSON lines.
    data_dir: Path
        Where the project keeps its data.
    json: bool
        Print the result as one JSON object.
    """
    from score_model.replay import Destination, ReplaySettings, SiteMap

    sites = SiteMap.build(site or [], command_settings().get("replay", {}).get("sites"))
    settings = ReplaySettings(
        parallel=parallel,
        max_actions=max_actions,
        clock=clock,
        timezone=timezone,
        screenshots=capture_screenshots,
        uncompressed=uncompressed,
        browser=_browser(),
    )
    chosen = _Chosen(dataset, website or [], success, limit, per_website_limit)
    output = output_dir or data_dir / "raw_traces" / dataset.stem
    destination = Destination(output=output, run_id=secrets.token_hex(8), compressed=not uncompressed)
    rows, names = _counted(chosen, sites)
    if dry_run:
        return _list(chosen, sites, destination, json=json)
    with lock_output(destination.failures):
        say(f"{rows:,} solutions of {dataset}, {parallel} at a time, into {output}")
        started = time.monotonic()
        try:
            with ProgressLine("replaying", "solutions") as line:
                summary = asyncio.run(_replayed(chosen, sites, names, settings, destination, line, rows))
        except KeyboardInterrupt:
            say(f"Whole traces are kept. To go on: {_same_command()}")
            raise
        except RemoteError as error:
            error.args = (f"{error}. What was replayed is kept; to go on: {_same_command()}",)
            raise
    took = time.monotonic() - started
    _tell(summary, output, took)
    if json:
        print_json(_summary_of(summary, dataset, output, took))
    return int(bool(summary.failures))


@dataclass(frozen=True)
class _Chosen:
    """The rows that the flags choose; each `rows` reads the dataset anew."""

    dataset: Path
    websites: list[str]
    success: Success
    limit: int | None
    per_website_limit: int | None

    def __post_init__(self) -> None:
        for flag, value in (("--limit", self.limit), ("--per-website-limit", self.per_website_limit)):
            if value is not None and value < 1:
                raise UsageError(f"{flag} must be at least 1: {value}")

    def rows(self) -> "Iterator[Sample]":
        from score_model.dataset import load_samples
        from score_model.replay import select

        return select(
            load_samples(self.dataset),
            websites=self.websites,
            success={"true": True, "false": False, "all": None}[self.success],
            limit=self.limit,
            per_website_limit=self.per_website_limit,
        )


async def _replayed(
    chosen: _Chosen,
    sites: "SiteMap",
    names: set[str],
    settings: "ReplaySettings",
    destination: "Destination",
    line: ProgressLine,
    total: int,
) -> "ReplaySummary":
    from score_model.replay import Replayer, replay_all

    def progress(summary: "ReplaySummary", sample: "Sample") -> None:
        failed = f", {len(summary.failures):,} failed" if summary.failures else ""
        line.show(summary.ended, total, f"{sample.website}{failed}")

    async with Replayer(sites, settings, clock_us=clock_us, websites=names) as replayer:
        return await replay_all(chosen.rows(), replayer, sites, destination, progress=progress)


def _counted(chosen: _Chosen, sites: "SiteMap") -> tuple[int, set[str]]:
    """How many rows there are, and the sites that they need: the browser reaches no others."""
    rows, names = 0, set()
    for sample in chosen.rows():
        rows += 1
        try:
            names.add(sites.find(sample.start_url, sample.website).name)
        except ContractError:  # it is reported when its turn comes
            continue
    if not rows:
        raise UsageError(f"no solution of {chosen.dataset} is chosen by these flags")
    return rows, names


def _list(chosen: _Chosen, sites: "SiteMap", destination: "Destination", *, json: bool) -> int:
    """Says what would be done with each row; asks no site."""
    listed = [_plan(sample, sites, destination) for sample in chosen.rows()]
    for row in listed:
        say(f"{row['website']} {row['solution_id']}: {row['actions']:,} actions, {row['plan']}")
    say(f"{len(listed):,} solutions, {sum(row['plan'].startswith('replay') for row in listed):,} would be replayed")
    if json:
        print_json({"output": str(destination.output), "rows": listed})
    return 0


def _plan(sample: "Sample", sites: "SiteMap", destination: "Destination") -> dict[str, Any]:
    from score_model.replay import ReplayJob

    try:
        job = ReplayJob.from_sample(sample, sites, run_id=destination.run_id)
        decided = job.verdict_without_browser()
        if destination.done_of(sample, sites) is not None:
            plan = "done before"
        elif decided is not None:
            plan = f"failed without a browser ({decided.text.partition(';')[0]})"
        else:
            plan = f"replay on {job.site.url}"
    except ContractError as error:
        plan = f"can't be replayed: {error}"
    return {
        "website": sample.website,
        "task_id": sample.task_id,
        "solution_id": sample.solution_id,
        "actions": len(sample.actions),
        "plan": plan,
    }


def _tell(summary: "ReplaySummary", output: Path, took: float) -> None:
    from score_model.replay import format_agreement, format_expected_events

    done = [f"{summary.replayed:,} replayed ({summary.without_browser:,} of them needed no browser)"]
    done += [f"{summary.skipped:,} done before"] if summary.skipped else []
    done += [f"{summary.duplicates:,} rows of the same solution"] if summary.duplicates else []
    done += [f"{len(summary.failures):,} failed"] if summary.failures else []
    say(f"{', '.join(done)}: {output} ({took:.1f} s)")
    for name, count in sorted(summary.budgets_hit.items()):
        say(f"budget hit: {name}, by {count:,} solutions")
    for failure in summary.failures[:5]:
        say(f"failed: {failure.website} {failure.solution_id}: {failure.reason}")
    if summary.failures:
        say(f"all that failed, with reasons: {output / 'failed.ndjson'}")
    say("", "Recorded labels and replays:", *format_agreement(summary.agreement))
    if summary.expected:
        say("", "Tasks without tests:", *format_expected_events(summary.expected))


def _summary_of(summary: "ReplaySummary", dataset: Path, output: Path, took: float) -> dict[str, Any]:
    differing = [
        row
        for row in summary.comparisons
        if row.recorded is not None and row.replayed is not None and row.recorded != row.replayed
    ]
    return {
        "dataset": str(dataset),
        "output": str(output),
        "rows": summary.rows,
        "replayed": summary.replayed,
        "without_browser": summary.without_browser,
        "skipped": summary.skipped,
        "duplicates": summary.duplicates,
        "failed": len(summary.failures),
        "failures": summary.failures,
        "actions": summary.actions,
        "failed_actions": summary.failed_actions,
        "refusals": summary.refusals,
        "budgets_hit": dict(sorted(summary.budgets_hit.items())),
        "agreement": summary.agreement,
        "disagreements": differing,
        "expected_events": summary.expected,
        "seconds": round(took, 3),
    }


def _browser() -> Path | None:
    """The browser that SCORE_MODEL_BROWSER names: a path, or a name on the PATH."""
    named = variable("SCORE_MODEL_BROWSER")
    return Path(shutil.which(named) or named) if named else None


def _same_command() -> str:
    """The present command line."""
    given = sys.argv[1:]
    return shlex.join(["score-model", *(given if given[:1] == ["replay"] else ["replay", *given])])
