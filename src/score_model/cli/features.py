"""`score-model features`: tables of features from a dataset, from traces, or from both."""

from pathlib import Path

from score_model.atomic import lock_output
from score_model.cli._console import ProgressLine, print_json, say
from score_model.cli._environment import DEFAULT_DATA_DIR, DataDir
from score_model.cli._outputs import check_apart, check_folder, check_only
from score_model.errors import UsageError

_TABLES = ("episodes.parquet", "steps.parquet", "labels.parquet")


def features(
    *,
    dataset: Path | None = None,
    traces_dir: Path | None = None,
    output_dir: Path | None = None,
    split_dir: Path | None = None,
    jsonl: bool = False,
    data_dir: DataDir = DEFAULT_DATA_DIR,
    json: bool = False,
) -> int:
    """Turn recorded work into tables of features: episodes.parquet and steps.parquet; labels.parquet apart.

    A dataset gives one episode for each of its rows, with the traces that replay wrote where there are some; traces
    alone give one for each trace, and no labels. docs/features.md describes every column.

        score-model features --dataset data/score_model_pipeline/datasets/X.jsonl --traces-dir data/raw_traces/X

    Traces that are torn or foreign are named, and the exit code is then 1. Needs the extra `train`.

    Parameters
    ----------
    dataset: Path | None
        The dataset, JSON lines or Parquet.
    traces_dir: Path | None
        Folder of traces, searched with the folders below it.
    output_dir: Path | None
        Folder of the tables; by default features/ and the name of dataset or traces, in the data directory.
    split_dir: Path | None
        Accepted and not used: splits are in the dataset.
    jsonl: bool
        Write each table as JSON lines as well.
    data_dir: Path
        Where the project keeps its data.
    json: bool
        Print the result as one JSON object.
    """
    from score_model.features import REPORT, build_features

    if split_dir is not None:
        say("--split-dir is not used: each row's split is in the dataset, and stays with its group")
    given = dataset or traces_dir
    if given is None:
        raise UsageError("give --dataset, --traces-dir, or both")
    output = output_dir or data_dir / "features" / (dataset.stem if dataset is not None else given.name)
    check_folder(output)
    check_apart(output, dataset, traces_dir)
    with lock_output(output / REPORT):
        check_only(output, "feature tables", *((name,) for name in _TABLES))
        with ProgressLine("features", "episodes") as line:
            report = build_features(dataset, traces_dir, output, jsonl=jsonl, progress=line.show)
    say(*report.lines(), f"Written to {output}")
    if json:
        print_json(report)
    return int(not report.complete)
