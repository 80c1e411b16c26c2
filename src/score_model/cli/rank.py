"""`score-model rank`: the best of several answers to each task."""

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from score_model.atomic import lock_output
from score_model.cli._console import ProgressLine, print_json, say
from score_model.cli._environment import Whole
from score_model.cli._outputs import check_apart, check_file
from score_model.errors import UsageError

if TYPE_CHECKING:
    from score_model.model import ScoreResult

_MOST_FAULTS = 20
_MOST_SHOWN = 20
_WIDEST_NAME = 100

_Answers = list[tuple[str | None, "ScoreResult"]]
"""The answers to a task: solution id and score."""


def rank(
    file: Path,
    *,
    model: Path,
    traces_dir: Path | None = None,
    top: Whole = 3,
    output: Path | None = None,
    allow_plugin: list[str] | None = None,
    json: bool = False,
) -> int:
    """Rank the answers to each task, best first: pick one of n without running any check.

    Reads what score-model score reads. Tasks with one answer are left out. Answers that the model can't tell apart are
    tied: they share a place. Lines that can't be scored, and task ids under which there are different tasks (another
    website or wording), are counted and named; then the exit code is 1.

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
    allow_plugin: list[str] | None
        A plug-in, by its name, that may be imported where the model is of its kind; repeatable.
    json: bool
        Print the whole ranking as one JSON object.
    """
    import msgspec

    from score_model.atomic import atomic_write
    from score_model.cli._attempts import Scoring

    if top < 1:
        raise UsageError(f"--top is {top}: it must be 1 or more")
    check_file(output)
    check_apart(output, file, model, traces_dir)
    with lock_output(output):
        scoring = Scoring(model, file, traces_dir, allow_plugin or ())
        by_task: dict[str, _Answers] = {}
        told: dict[str, tuple[str | None, str | None]] = {}
        several: set[str] = set()
        unnamed = 0
        with ProgressLine("scoring", "answers") as line:
            for named, result in scoring.results(0, line.show):
                if named.task_id is None:
                    unnamed += 1
                    continue
                by_task.setdefault(named.task_id, []).append((named.solution_id, result))
                if told.setdefault(named.task_id, named.about) != named.about:
                    several.add(named.task_id)
        faults = [f"task {_short(task)}: different tasks under one id, not ranked" for task in sorted(several)]
        faults += scoring.faults
        ranking = [
            _ranked(task, answers, top)
            for task, answers in sorted(by_task.items())
            if len(answers) > 1 and task not in several
        ]
        if output is not None:
            with atomic_write(output) as written:
                written.writelines(msgspec.json.encode(each) + b"\n" for each in ranking)
    for each in ranking[:_MOST_SHOWN]:
        say(*_lines(each))
    if len(ranking) > _MOST_SHOWN:
        say(f"… and {_counted(len(ranking) - _MOST_SHOWN, 'more task')}")
    if unnamed:
        say(f"{_counted(unnamed, 'answer')} without a taskId, not ranked.")
    say(
        f"{_counted(len(ranking), 'task')} with more than one answer, of {len(by_task):,}.",
        *faults[:_MOST_FAULTS],
    )
    if output is not None:
        say(f"ranking: {output}")
    if json:
        print_json({"tasks": ranking, "totals": scoring.totals, "faults": faults})
    return int(bool(faults))


def _ranked(task: str, answers: "_Answers", top: int) -> dict[str, Any]:
    """The best answers to a task, as the output has them."""
    from score_model.model.fitting import standings

    places = standings([result for _, result in answers])
    shared = Counter(places)
    best = sorted(range(len(answers)), key=places.__getitem__)[:top]
    return {
        "task_id": task,
        "answers": len(answers),
        "ranked": [
            {
                "place": places[number],
                "tied": shared[places[number]] > 1,
                "solution_id": solution,
                "probability": result.probability,
                "score": result.score,
                "interval": result.interval,
                "strength": result.strength,
                "head": result.head,
                "abstain": result.abstain,
            }
            for number in best
            for solution, result in (answers[number],)
        ],
    }


def _lines(task: dict[str, Any]) -> list[str]:
    """The task, and its best answers in their order."""
    ranked = task["ranked"]
    which = "the best" if len(ranked) == 1 else f"the best {len(ranked)}"
    if len(ranked) == task["answers"]:
        which = "all"
    lines = [f"{_short(task['task_id'])}: {which} of {_counted(task['answers'], 'answer')}"]
    for each in ranked:
        by = "" if each["head"] == "actions" else f", by {'its trace' if each['head'] == 'traces' else 'the rule'}"
        name = "without an id" if each["solution_id"] is None else _short(each["solution_id"])
        notes = f"{', abstains' if each['abstain'] else ''}{', tied' if each['tied'] else ''}"
        lines.append(f"  {each['place']}. {each['probability']:.3f} {name}{by}{notes}")
    return lines


def _short(name: str) -> str:
    return name if len(name) <= _WIDEST_NAME else f"{name[: _WIDEST_NAME - 1]}…"


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
