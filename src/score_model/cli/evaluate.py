"""`score-model evaluate`: how good a model is."""

from pathlib import Path
from typing import Annotated

import cyclopts
import msgspec

from score_model.atomic import lock_output
from score_model.cli._console import ProgressLine, print_json, say
from score_model.cli._environment import DEFAULT_DATA_DIR, DataDir, Whole
from score_model.cli._outputs import check_apart, check_folder, check_only
from score_model.extras import require_extra


def evaluate(
    *,
    model: Path,
    dataset: Annotated[tuple[Path, ...], cyclopts.Parameter(consume_multiple=True)],
    features: Path | None = None,
    output: Path | None = None,
    stress: Annotated[bool, cyclopts.Parameter(negative="--no-stress")] = True,
    folds: Whole = 5,
    repeats: Whole = 3,
    resamples: Whole = 1000,
    seed: Whole = 0,
    data_dir: DataDir = DEFAULT_DATA_DIR,
    allow_plugin: list[str] | None = None,
    json: bool = False,
) -> int:
    """Say how good a model is, beside what needs no model, and where it fails.

    Measures the model as it was trained on the dataset's test split. Where that holds fewer than 100 failures, models
    of its kind are also learnt anew, out of fold over every row. Then come the stress splits: action templates, use
    cases, websites, validators and the future held out. Every figure has an interval that resamples whole tasks, and
    the baselines beside it. Answers with actions and trusted labels come first; if a shortcut beats the model, that
    does.

        score-model evaluate --model models/X --dataset data/score_model_pipeline/datasets/X.jsonl

    Writes metrics.json, report.md and report.html. Needs the extra `train`.

    Parameters
    ----------
    model: Path
        A folder that score-model train wrote.
    dataset: tuple[Path, ...]
        Datasets, JSON lines or Parquet.
    features: Path | None
        A folder that score-model features wrote; needed to measure what traces add.
    output: Path | None
        Folder of the report; by default evaluations/ and the name of the model, in the data directory.
    stress: bool
        Retrain with things held out; --no-stress leaves that away.
    folds: int
        Folds of what is measured out of fold.
    repeats: int
        How often that is repeated with other folds.
    resamples: int
        Resamples of each interval.
    seed: int
        Seed of everything random.
    data_dir: Path
        Where the project keeps its data.
    allow_plugin: list[str] | None
        A plug-in, by its name, that may be imported where the model is of its kind; repeatable.
    json: bool
        Print the whole report as one JSON object.
    """
    require_extra("train", "evaluating a model")
    from score_model.evaluation import FILES, EvaluateSettings, about_files, read_holdout_keys, write_report
    from score_model.evaluation import evaluate as measure
    from score_model.model import load_model, load_rows

    settings = EvaluateSettings(seed=seed, resamples=resamples, folds=folds, repeats=repeats, stress=stress)
    folder = output or data_dir / "evaluations" / model.resolve().name
    check_folder(folder)
    check_apart(folder, model, features, *dataset)
    with lock_output(folder / FILES[0]):
        check_only(folder, "a report", ("metrics.json", "report.md"))
        trained = load_model(model, allow_plugin or ())
        with ProgressLine("reading", "rows") as line:
            rows = load_rows(dataset, features, lambda done, _, what: line.show(done), note=say)
            keys = read_holdout_keys(dataset)
        about = about_files(model, dataset)
        with ProgressLine("evaluating", "fits") as line:
            report = measure(
                trained, rows, keys, settings, lambda done, total, what: line.show(done, total or None, what)
            )
        report = msgspec.structs.replace(report, about=about)
        write_report(folder, report)
    for head in report.heads.values():
        say(f"Head {head.head}: {head.model}.", *head.sentences)
    if report.traces is not None:
        say(report.traces)
    say(*(str(folder / name) for name in FILES))
    if json:
        print_json(report)
    return 0
