"""`score-model score`: how good the answers of a file are."""

import sys
from contextlib import ExitStack
from pathlib import Path

from score_model.atomic import lock_output
from score_model.cli._console import ProgressLine, print_json, say
from score_model.cli._environment import Whole
from score_model.cli._outputs import check_apart, check_file
from score_model.errors import UsageError

_MOST_FAULTS = 20


def score(
    file: Path,
    *,
    model: Path,
    traces_dir: Path | None = None,
    output: Path | None = None,
    drivers: Whole = 3,
    json: bool = False,
) -> int:
    """Score every answer of a file: probability of success, expected score, interval, what drove it, abstentions.

    Reads a dataset, or JSON lines such as {"task": {"website": …, "intent": …}, "actions": […], "solution_id": …}.
    Prints one JSON line per answer on stdout, or writes them to --output; the summary is on stderr. Lines that can't be
    scored are counted and named; then the exit code is 1.

        score-model score data/score_model_pipeline/datasets/leaderboard_20251110_163155.jsonl \\
            --model data/score_model_pipeline/models/leaderboard_20251110_163155 --output scores.jsonl

    Parameters
    ----------
    file: Path
        A dataset (JSON lines or Parquet), or JSON lines of tasks and actions.
    model: Path
        A model's folder, as score-model train writes it.
    traces_dir: Path | None
        Traces of a dataset's solutions, as score-model replay writes them.
    output: Path | None
        Write one JSON line per answer there, and none on stdout.
    drivers: int
        How many reasons to give for each score.
    json: bool
        Print the summary as one JSON object on stdout; then scores are written to --output alone.
    """
    import msgspec

    from score_model.atomic import atomic_write
    from score_model.cli._attempts import Scoring

    if drivers < 0:
        raise UsageError(f"--drivers is {drivers}: it can't be below 0")
    check_file(output)
    check_apart(output, file, model, traces_dir)
    with ExitStack() as stack:
        stack.enter_context(lock_output(output))
        scoring = Scoring(model, file, traces_dir)
        line = stack.enter_context(ProgressLine("scoring", "answers"))
        written = None if json else sys.stdout.buffer
        if output is not None:
            written = stack.enter_context(atomic_write(output))
        for named, result in scoring.results(drivers, line.show):
            if written is not None:
                keys = {"task_id": named.task_id, "solution_id": named.solution_id}
                written.write(msgspec.json.encode(keys | msgspec.to_builtins(result)) + b"\n")
    sys.stdout.flush()  # scores before the summary, where both go to one place
    total = scoring.totals
    say(
        f"{total.scored:,} answers scored, {total.without_actions:,} of them without actions; "
        f"{total.abstained:,} unlike the training data; mean probability of success {total.mean_probability:.3f}.",
        *scoring.faults[:_MOST_FAULTS],
    )
    if output is not None:
        say(f"scores: {output}")
    if json:
        print_json({"output": None if output is None else str(output), "totals": total, "faults": scoring.faults})
    return int(total.failed > 0)
