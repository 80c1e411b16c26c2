"""Rows, keys and a report that several tests share: they are only read."""

import tempfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import msgspec

from score_model.contract import Sample
from score_model.evaluation import EvaluateSettings, EvaluationReport, HoldoutKeys, evaluate, read_holdout_keys
from score_model.model import load_rows
from score_model.model.fitting import Rows
from tests.model.factories import dataset_of, make_samples, trained_model

QUICK = EvaluateSettings(resamples=60, folds=3, repeats=2)

_HOUR = "2025-11-11T{:02d}:{:02d}:00+00:00"


def varied_samples(count: int = 320) -> Iterator[Sample]:
    """The model tests' samples, answered at different times and judged by three validators, some of them suspect."""
    for number, each in enumerate(make_samples(count, seed=5)):
        yield msgspec.structs.replace(
            each,
            validator_uid=20 + number // 4 % 3,
            solution_created_at=_HOUR.format(number // 60 % 24, number % 60),
            split="val" if each.group in ("g30", "g31", "g32", "g33") else each.split,
            label_quality="environment_suspect" if number % 25 == 0 else "ok",
        )


@cache
def rows_and_keys() -> tuple[Rows, HoldoutKeys]:
    """The samples' rows and keys."""
    with tempfile.TemporaryDirectory() as folder:
        path = dataset_of(Path(folder) / "rows.jsonl", varied_samples())
        rows = load_rows([path])
        return rows, read_holdout_keys([path])


@cache
def report() -> EvaluationReport:
    """A whole evaluation of the model tests' model."""
    rows, keys = rows_and_keys()
    return evaluate(trained_model(), rows, keys, QUICK)
