"""What the constraints are worth: trees with and without the features that hold an episode against its intent.

    python -m benchmarks.constraints [--folder DIR]

Reads the recorded episodes and traces of $SCORE_MODEL_SHARED, else ../shared. Each website is held out once, and trees
learn from the others, once with all columns and once without those that `constraints/` makes. Two tables, never
averaged: real agents' answers of 2025 with trusted labels, and the episodes of 2026, whose wrong ones are near misses.
The interval of the difference resamples tasks.
"""

import argparse
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from benchmarks.models import SHARED, command, recorded_rows
from score_model.arrays import Floats
from score_model.metrics import auroc, clustered_bootstrap, difference
from score_model.model import TrainingSet, load_rows
from score_model.model.fitting import COLUMN_NAMES, Rows, find_estimator, sigmoid, trusted_rows

_OF_CONSTRAINTS = ("_satisfied", "_violated", "_missing", "_complete")
_NOT_OF_CONSTRAINTS = ("targets_missing",)
_FEW = 30  # failures: below, an AUROC says little


def main(folder: Path) -> None:
    """Prints a line for each set of episodes."""
    with_constraints = tuple(name for name in COLUMN_NAMES if _is_of_constraints(name))
    print(f"columns: {len(COLUMN_NAMES)}, of these from constraints: {len(with_constraints)}\n")
    print("| episodes | rows | failures | websites | all columns | without constraints | difference |")
    print("| --- " * 7 + "|")
    rest = tuple(name for name in COLUMN_NAMES if name not in with_constraints)
    for name, rows in _row_sets(folder):
        failures = int((rows.labels == 0).sum())
        whole, without = predict_held_out(rows, COLUMN_NAMES), predict_held_out(rows, rest)
        scored = ~np.isnan(whole)
        truth = rows.labels[scored]
        tasks = [task for task, use in zip(rows.task_ids, scored, strict=True) if use]
        one, other = auroc(truth, whole[scored]), auroc(truth, without[scored])
        gap = clustered_bootstrap(difference(one, other), tasks, resamples=1000, seed=0)
        note = "" if failures >= _FEW else f" (under {_FEW} failures)"
        websites = len(set(rows.inputs.websites))
        print(
            f"| {name} | {len(rows):,} | {failures}{note} | {websites} | {one.value():.3f} | {other.value():.3f} | "
            f"{gap.value:+.3f} ({gap.low:+.3f} to {gap.high:+.3f}) |"
        )


def _is_of_constraints(name: str) -> bool:
    return name.endswith(_OF_CONSTRAINTS) and name not in _NOT_OF_CONSTRAINTS


def _row_sets(folder: Path) -> Iterator[tuple[str, Rows]]:
    """Non-empty rows with a trace and a label that is trusted, by what they are."""
    recorded = recorded_rows(folder)
    if recorded is not None:
        yield "real agents, 2025", _read(folder, "recorded", *recorded)
    episodes = SHARED / "production2026" / "episodes.jsonl"
    if episodes.exists():
        command("dataset", "build", episodes, "--output-prefix", "episodes", "--no-parquet", "--data-dir", folder)
        dataset = folder / "datasets" / "episodes.jsonl"
        yield (
            "right answers and near misses, 2026",
            _read(folder, "episodes", dataset, SHARED / "production2026" / "traces"),
        )


def _read(folder: Path, name: str, dataset: Path, traces: Path) -> Rows:
    features = folder / "features" / name
    command("features", "--dataset", dataset, "--traces-dir", traces, "--output-dir", features, accepted=(0, 1))
    rows = load_rows([dataset], features)
    return rows.take(trusted_rows(rows) & ~rows.empty & rows.inputs.has_trace & ~np.isnan(rows.labels))


def predict_held_out(rows: Rows, columns: tuple[str, ...]) -> Floats:
    """Return each row's probability by trees that learnt from the other websites, NaN where these have one label."""
    trees = find_estimator("trees")
    found = np.full(len(rows), np.nan)
    websites = np.array([website or "" for website in rows.inputs.websites])
    for website in sorted(set(websites)):
        held = websites == website
        weights = np.where(held, 0.0, 1.0)
        if len(set(rows.labels[~held])) == 2:
            learnt = TrainingSet.of(rows, columns, weights, 0)
            found[held] = sigmoid(learnt.fit(trees).predict_logits(rows.inputs.take(held)))
    return found


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder", type=Path)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        main(arguments.folder or Path(temporary))
