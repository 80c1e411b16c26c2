"""`score-model arena evaluate`: verdicts on what agents have handed in."""

import asyncio
import signal
import time
from pathlib import Path
from typing import TYPE_CHECKING

from score_model.cli._arena_options import database_path, evaluation_settings, run_on_uvloop
from score_model.cli._console import ProgressLine, print_json, say
from score_model.cli._environment import DEFAULT_DATA_DIR, DataDir, Whole, clock_us
from score_model.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from score_model.arena import EvaluationReport, WorkerSettings
    from score_model.arena.api import EvaluationJob
    from score_model.replay import ReplaySettings

    Show = Callable[[EvaluationReport, EvaluationJob, int | None], None]


def evaluate(
    *,
    parallel: Whole = 2,
    limit: Whole | None = None,
    watch: bool = False,
    traces_dir: Path | None = None,
    website: list[str] | None = None,
    database: str | None = None,
    data_dir: DataDir = DEFAULT_DATA_DIR,
    json: bool = False,
) -> int:
    """Replay the solutions that wait for a verdict in a real browser, and record status, score, verdict and checks.

    Works beside a running arena and without one, and beside other evaluations: no solution is evaluated twice. The
    browser meets websites of this command's own, which are as fresh for each solution.

        score-model arena evaluate --parallel 2

    Needs the extra `replay` and a Chromium; SCORE_MODEL_BROWSER names one that is not found by itself.

    Parameters
    ----------
    parallel: int
        Solutions at a time.
    limit: int | None
        Stop after so many solutions.
    watch: bool
        Wait for further solutions, until SIGTERM or Ctrl-C.
    traces_dir: Path | None
        Keep what each evaluation saw in this folder, as `score-model replay` does.
    website: list[str] | None
        Website of a plug-in to evaluate solutions on beside the arena's own, by its name; repeatable.
    database: str | None
        SQLite file, or its sqlite:/// URL; by default arena/arena.sqlite under the data directory.
    data_dir: Path
        Where the project keeps its data.
    json: bool
        Print the counts as one JSON object.
    """
    from score_model.arena import EvaluationReport

    path = database_path(database, data_dir)
    if not path.exists():
        raise UsageError(f"there is no arena at {path}: score-model arena seed --tasks 50 makes one with work in it")
    replaying, working = evaluation_settings(parallel, limit=limit, watch=watch, traces=traces_dir)
    report, started = EvaluationReport(), time.monotonic()
    with ProgressLine("evaluating", "solutions") as line:

        def show(latest: "EvaluationReport", job: "EvaluationJob", total: int | None) -> None:
            nonlocal report
            report = latest
            line.show(latest.evaluated + latest.failed, total, job.task.title or "")

        ended = run_on_uvloop(_run(path, replaying, working, show, website or ()))
    _tell(report, path, time.monotonic() - started)
    if json:
        print_json({"database": str(path), **report.as_dict(), "seconds": round(time.monotonic() - started, 3)})
    if not ended and not watch:
        say("The same command goes on where this one ended.")
        raise KeyboardInterrupt
    return int(report.failed > 0)


async def _run(
    path: Path, replaying: "ReplaySettings", working: "WorkerSettings", show: "Show", websites: "Sequence[str]"
) -> bool:
    """Whether the evaluation came to its end; SIGTERM and Ctrl-C end it before, in order."""
    from score_model.arena import running_evaluator
    from score_model.arena.api import count_waiting

    main, loop = asyncio.current_task(), asyncio.get_running_loop()
    assert main is not None
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, main.cancel)
    try:
        async with running_evaluator(path, replaying, clock_us, websites) as evaluator:
            waiting, taken = count_waiting(evaluator.engine, clock_us)
            say(f"{waiting:,} solutions wait for a verdict{f', {taken:,} are with other workers' if taken else ''}")
            total = None if working.watch else min(waiting, working.limit or waiting)
            await evaluator.run(working, lambda report, job: show(report, job, total))
    except asyncio.CancelledError:
        return False
    return True


def _tell(report: "EvaluationReport", path: Path, took: float) -> None:
    counts = ", ".join(f"{count:,} {status}" for status, count in sorted(report.by_status.items()))
    details = [counts, f"{report.without_browser:,} of them needed no browser"] if report.evaluated else []
    details += [f"{report.lost:,} more had become another worker's"] if report.lost else []
    detail = f" ({'; '.join(details)})" if details else ""
    say(f"{report.evaluated:,} solutions evaluated{detail}: {path} ({took:.1f} s)")
    if report.failed:
        say(f"{report.failed:,} could not be evaluated and wait again, without a verdict:")
    say(*(f"  {one.solution_id}: {one.reason}" for one in report.reasons))
