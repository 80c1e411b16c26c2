"""How good score models are: the arena's answers, and the production dumps where they are at hand.

    python -m benchmarks.models [--tasks 480] [--folder DIR]

Runs the commands that a user would: agents answer the arena's tasks, every answer is evaluated in a browser and leaves
a trace, the export is mirrored, features are made, a model is trained and evaluated, all with the commands' defaults.
With 480 tasks that is 2,155 answers and takes an hour or more, nearly all of it in the browser; with --folder what is
there is not made again. Then the same from the dumps and traces of $SCORE_MODEL_SHARED, else ../shared. Prints a line
for each way to hold rows out.
"""

import argparse
import contextlib
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

SHARED = Path(os.environ.get("SCORE_MODEL_SHARED", Path(__file__).parents[2] / "shared"))
DUMPS = ("20251110_163155", "20251110_cinema_books", "20251111_autoconnect")


def command(*words: object, accepted: tuple[int, ...] = (0,)) -> None:
    """Runs a command of score-model; its progress goes to stderr."""
    print("$ score-model", *words, file=sys.stderr)
    code = subprocess.run([sys.executable, "-m", "score_model", *map(str, words)], check=False).returncode
    if code not in accepted:
        sys.exit(code)


@contextlib.contextmanager
def serving(database: Path) -> Iterator[str]:
    """The leaderboard's address while an arena runs on that database."""
    words = [sys.executable, "-m", "score_model", "arena", "serve", "--port", "0", "--database", str(database)]
    with subprocess.Popen([*words, "--site-ports", "free"], stdout=subprocess.PIPE) as arena:
        try:
            assert arena.stdout is not None
            yield json.loads(arena.stdout.readline())["leaderboard_url"]
        finally:
            arena.terminate()


def arena_rows(folder: Path, tasks: int) -> tuple[Path, Path]:
    """The dataset of an evaluated arena, and its traces. What is there already is not made again."""
    database, traces, dataset = folder / "arena.sqlite", folder / "traces", folder / "datasets" / "arena.jsonl"
    if not database.exists():
        command("arena", "seed", "--tasks", tasks, "--seed", 5, "--database", database)
    command("arena", "evaluate", "--parallel", 3, "--traces-dir", traces, "--database", database)
    if not dataset.exists():
        with serving(database) as url:
            command(
                "mirror", "--base-url", url, "--pages-per-filter", "all", "--max-requests-per-second", 0,
                "--output-prefix", "arena", "--data-dir", folder,
            )  # fmt: skip
    return dataset, traces


def recorded_rows(folder: Path) -> tuple[Path, Path] | None:
    """The dataset of the production dumps, and the folder of their traces; None where they are not at hand."""
    dumps = [SHARED / "leaderboard" / f"leaderboard_{name}.jsonl" for name in DUMPS]
    if not all(dump.exists() for dump in dumps):
        return None
    command("dataset", "build", *dumps, "--output-prefix", "recorded", "--no-parquet", "--data-dir", folder)
    return folder / "datasets" / "recorded.jsonl", SHARED / "traces"


def measured(name: str, dataset: Path, traces: Path, folder: Path) -> dict[str, Any]:
    """The report of a model that is trained on these rows and their traces."""
    features, model, report = (folder / kind / name for kind in ("features", "models", "evaluations"))
    sources = ("--dataset", dataset, "--features", features)
    command("features", "--dataset", dataset, "--traces-dir", traces, "--output-dir", features, accepted=(0, 1))
    command("train", *sources, "--output", model)
    command("evaluate", "--model", model, *sources, "--output", report)
    found: dict[str, Any] = json.loads((report / "metrics.json").read_bytes())
    return found


def shown(estimate: dict[str, Any] | None) -> str:
    """A value with its interval."""
    if estimate is None or estimate["value"] is None:
        return "–"
    ends = "" if estimate["low"] is None else f" ({estimate['low']:.3f} to {estimate['high']:.3f})"
    return f"{estimate['value']:.3f}{ends}"


def area(table: dict[str, Any], contestant: str) -> dict[str, Any]:
    """AUROC, within parts where rows were scored in parts."""
    metrics: dict[str, Any] = table["contestants"][contestant]["metrics"]
    found: dict[str, Any] = metrics.get("auroc_within_parts", metrics["auroc"])
    return found


def lines(report: dict[str, Any]) -> Iterator[str]:
    """The report's figures on answers with actions as a Markdown table."""
    yield "| head: model | held out | labels | rows | failures | AUROC | best baseline | calibration error |"
    yield "| --- " * 8 + "|"
    for head in report["heads"].values():
        for split in head["splits"].values():
            for labels in ("trusted", "non_empty"):
                table = split["tables"].get(labels)
                if table is None or (labels == "non_empty" and table["rows"] == split["tables"]["trusted"]["rows"]):
                    continue
                others = [name for name in table["contestants"] if name not in ("model", "without_traces")]
                best = max(others, key=lambda name: area(table, name)["value"] or 0.0)
                error = table["contestants"]["model"]["metrics"]["expected_calibration_error"]
                yield (
                    f"| {head['head']}: {head['model']} | {split['name']} | {labels} | {table['rows']:,} | "
                    f"{table['failures']:,} | {shown(area(table, 'model'))} | "
                    f"{best} {shown(area(table, best))} | {shown(error)} |"
                )


def main(tasks: int, folder: Path) -> None:
    """Prints both tables."""
    rows = {"arena": arena_rows(folder, tasks), "recorded": recorded_rows(folder)}
    for name, sources in rows.items():
        if sources is None:
            print(f"{name}: no dumps in {SHARED}")
            continue
        report = measured(name, *sources, folder)
        print(f"\n{name}: {report['labelled']:,} labelled answers\n", *lines(report), sep="\n", flush=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tasks", type=int, default=480)
    parser.add_argument("--folder", type=Path)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        chosen = arguments.folder or Path(temporary)
        chosen.mkdir(parents=True, exist_ok=True)
        main(arguments.tasks, chosen)
