"""`score-model train`: a score model from a dataset."""

from importlib.util import find_spec
from pathlib import Path
from typing import Annotated, Any

import cyclopts

from score_model.atomic import lock_output
from score_model.cli._console import ProgressLine, print_json, say
from score_model.cli._environment import DEFAULT_DATA_DIR, DataDir, Whole
from score_model.cli._outputs import check_apart, check_folder
from score_model.errors import UsageError
from score_model.extras import require_extra

_KINDS = {
    list: "a path or a list of paths",
    str: "a text",
    float: "a number",
    int: "a whole number",
    bool: "true or false",
}


def train(
    *,
    dataset: Annotated[tuple[Path, ...], cyclopts.Parameter(consume_multiple=True)] = (),
    features: Path | None = None,
    output: Path | None = None,
    config: Path | None = None,
    model: str | None = None,
    network: Annotated[bool | None, cyclopts.Parameter(negative="--no-network")] = None,
    suspect_weight: float | None = None,
    folds: Whole | None = None,
    repeats: Whole | None = None,
    seed: Whole | None = None,
    data_dir: DataDir = DEFAULT_DATA_DIR,
    json: bool = False,
) -> int:
    """Train a score model and report how well it does beside the trivial baselines.

    Measures TF-IDF with logistic regression, gradient-boosted trees, their blend and, with the extra torch, a small
    network on grouped folds, takes the one with the lowest loss, calibrates it, and writes a folder with weights,
    metrics and a card. The dataset's test split is not learnt from. The same dataset and seed give the same model.

        score-model train --dataset data/score_model_pipeline/datasets/leaderboard_20251110_163155.jsonl

    Parameters
    ----------
    dataset: tuple[Path, ...]
        Datasets, JSON lines or Parquet.
    features: Path | None
        A folder that score-model features wrote; needed to learn from traces. Suffices if it holds labels.
    output: Path | None
        The model's folder; by default models/NAME in the data directory, NAME being the dataset's.
    config: Path | None
        A TOML file with the same names as these flags, which win over it.
    model: str | None
        Which model: text, trees, blend, network, or a plug-in's by its name; auto (the default) takes the one of ours
        that measures best.
    network: bool | None
        Let a small neural network take part; by default if the extra torch is installed.
    suspect_weight: float | None
        Weight of rows with suspect labels, 0 to 1; 0 (the default) leaves them out.
    folds: int | None
        Folds of the out-of-fold measurement (5).
    repeats: int | None
        How often it is repeated with other folds (3).
    seed: int | None
        Seed of everything random (0).
    data_dir: Path
        Where the project keeps its data.
    json: bool
        Print the whole report as one JSON object.
    """
    require_extra("train", "training a model")
    from score_model.evaluation import report_training, training_files
    from score_model.model import load_rows, save_model
    from score_model.model import train as train_model
    from score_model.model.fitting import AUTO, check_output, find_estimator

    flags: dict[str, Any] = {
        "dataset": list(dataset), "features": features, "output": output, "model": model, "network": network,
        "suspect_weight": suspect_weight, "folds": folds, "repeats": repeats, "seed": seed,
    }  # fmt: skip
    given = _configured(config) | {name: value for name, value in flags.items() if value not in (None, [])}
    datasets = [Path(path) for path in given.pop("dataset", [])]
    tables = Path(given.pop("features")) if "features" in given else None
    if datasets:
        named = datasets[0].stem
    elif tables is not None:
        named = tables.name
    else:
        raise UsageError("nothing to learn from: give --dataset, --features or both")
    folder = Path(given.pop("output", data_dir / "models" / named))
    if given.get("network") or given.get("model") == "network":
        require_extra("torch", "the network")
    given.setdefault("network", find_spec("torch") is not None)
    settings = _settings(given)
    if settings.model != AUTO:
        find_estimator(settings.model)  # said before the work: no such model, or a plug-in that can't be used
    check_output(folder)
    check_folder(folder)
    check_apart(folder, tables, config, *datasets)
    with lock_output(folder):
        with ProgressLine("reading", "rows") as line:
            rows = load_rows(datasets, tables, lambda done, _, what: line.show(done), note=say)
        with ProgressLine("training", "fits") as line:
            run = train_model(rows, settings, lambda done, total, what: line.show(done, total or None, what))
            report = report_training(run, lambda done, total, what: line.show(done, total or None, what))
        save_model(folder, run.model, training_files(report, settings))
    for head in report.heads.values():
        say(f"Head {head.head}: {head.model}.", *head.sentences)
    if report.traces is not None:
        say(report.traces)
    say(f"model: {folder}", f"card: {folder / 'README.md'}")
    if json:
        print_json({"model": str(folder), "report": report})
    return 0


def _configured(path: Path | None) -> dict[str, Any]:
    """The settings of a TOML file, under the flags' names; a table [train] counts as the file's whole. Relative paths
    are the working directory's."""
    if path is None:
        return {}
    import tomllib

    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise UsageError(f"{path}: no such file") from None
    except RecursionError:
        raise UsageError(f"{path}: nested too deeply") from None
    except ValueError as error:  # no TOML, no UTF-8, or a number of thousands of digits
        raise UsageError(f"{path}: {error}") from None
    if set(found) == {"train"} and isinstance(found["train"], dict):
        found = found["train"]
    found = {name.replace("-", "_"): value for name, value in found.items()}
    known: dict[str, type] = {"dataset": list, "features": str, "output": str, "model": str, "suspect_weight": float}
    known |= {"network": bool, "folds": int, "repeats": int, "seed": int}
    if isinstance(found.get("dataset"), str):
        found["dataset"] = [found["dataset"]]
    if isinstance(found.get("suspect_weight"), int):
        found["suspect_weight"] = float(found["suspect_weight"])
    for name, value in found.items():
        if name not in known:
            raise UsageError(f"{path}: no setting is called {name!r}; there are {', '.join(sorted(known))}")
        if type(value) is not known[name]:
            raise UsageError(f"{path}: {name} must be {_KINDS[known[name]]}")
    if not all(isinstance(each, str) for each in found.get("dataset", [])):
        raise UsageError(f"{path}: dataset must be {_KINDS[list]}")
    return found


def _settings(given: dict[str, Any]) -> Any:
    from score_model.model import TrainSettings

    return TrainSettings(**given)
