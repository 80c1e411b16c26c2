"""`score-model rank`: the best of several answers to each task."""

from pathlib import Path
from typing import Any

from score_model.cli._console import ProgressLine, print_json, say
from score_model.cli._environment import Whole
from score_model.errors import UsageError

_MOST_FAULTS = 20
_MOST_SHOWN = 20


def rank(
    file: Path,
    *,
    model: Path,
    traces_dir: Path | None = None,
    top: Whole = 3,
    output: Path | None = None,
    json: bool = False,
) -> int:
    """Rank the answers to each task, best first: pick one of n without running any check.

    Reads what score-model score reads. Tasks with one answer are left out. Lines that can't be scored are counted and
    named; then the exit code is 1.

        score-model rank answers.jsonl --model data/score_model_pipeline/models/leaderboard_20251110_163155 --top 1

    Parameters
    ----------
    file: Path
        A dataset (JSON lines or Parquet), or JSON lines of tasks and actions.
    model: Path
        A model's folder, as score-model train writes it.
    traces_dir: Path | None
        Traces of a dataset's solutions, as score-model replay writes them.
    top: int
        How many answers to keep of each task.
    output: Path | None
        Write one JSON line per task there.
    json: bool
        Print the whole ranking as one JSON object.
    """
    import msgspec

    from score_model.atomic import atomic_write
    from score_model.cli._scoring import Scoring

    if top < 1:
        raise UsageError(f"--top is {top}: it must be 1 or more")
    scoring = Scoring(model, file, traces_dir)
    by_task: dict[str, list[tuple[str | None, Any]]] = {}
    unnamed = 0
    with ProgressLine("scoring", "answers") as line:
        for named, result in scoring.results(0, line.show):
            if named.task_id is not None:
                by_task.setdefault(named.task_id, []).append((named.solution_id, result))
            else:
                unnamed += 1
    ranking: list[dict[str, Any]] = [
        {
            "task_id": task,
            "answers": len(answers),
            "ranked": [
                {
                    "solution_id": solution,
                    "probability": result.probability,
                    "score": result.score,
                    "interval": result.interval,
                    "strength": result.strength,
                    "abstain": result.abstain,
                }
                for solution, result in sorted(answers, key=lambda answer: -answer[1].strength)[:top]
            ],
        }
        for task, answers in sorted(by_task.items())
        if len(answers) > 1
    ]
    if output is not None:
        with atomic_write(output) as written:
            written.writelines(msgspec.json.encode(each) + b"\n" for each in ranking)
    for each in ranking[:_MOST_SHOWN]:
        best = each["ranked"][0]
        say(
            f"{each['task_id']}: best of {each['answers']} is {best['solution_id']}, "
            f"probability {best['probability']:.3f}{' (abstains)' if best['abstain'] else ''}"
        )
    if len(ranking) > _MOST_SHOWN:
        say(f"… and {len(ranking) - _MOST_SHOWN:,} more tasks")
    if unnamed:
        say(f"{unnamed:,} answers have no taskId and are not ranked.")
    say(f"{len(ranking):,} tasks with more than one answer, of {len(by_task):,}.", *scoring.faults[:_MOST_FAULTS])
    if json:
        print_json({"tasks": ranking, "totals": scoring.totals, "faults": scoring.faults})
    return int(scoring.totals.failed > 0)
