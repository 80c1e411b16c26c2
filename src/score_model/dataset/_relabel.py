"""Rewriting a dataset's labels: `label_quality` and `override` change, every other byte of a value stays."""

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import NamedTuple

import msgspec

from score_model.atomic import atomic_write
from score_model.contract import Override, Sample
from score_model.dataset._samples import lines_and_samples
from score_model.errors import UsageError


class Labelling(NamedTuple):
    """The two columns that may be written after the build."""

    label_quality: str
    override: Override | None


def rewrite_labels(dataset: Path, target: Path, label: Callable[[Sample], Labelling]) -> None:
    """Writes the `.jsonl` dataset to `target`, which may be the dataset itself, with the labels that `label` gives.

    `label` sees each sample once, in the file's order. Columns that we don't know stay. The target appears whole or not
    at all. Raises UsageError if the dataset is missing, is not `.jsonl` or, with the line's number, has a bad line;
    OSError if the target can't be written.
    """
    if dataset.suffix != ".jsonl":
        raise UsageError(f"{dataset}: not a .jsonl dataset (its Parquet file is rewritten with it)")
    if not dataset.is_file():
        raise UsageError(f"no dataset at {dataset}: build one with score-model dataset build")
    with atomic_write(target) as file:
        for line, sample in lines_and_samples(dataset):
            file.write(_relabelled(line, label(sample)))


@cache
def _decoder() -> msgspec.json.Decoder[dict[str, msgspec.Raw]]:
    return msgspec.json.Decoder(dict[str, msgspec.Raw])


def _relabelled(line: bytes, labelling: Labelling) -> bytes:
    columns: dict[str, msgspec.Raw] = {}
    for name, value in _decoder().decode(line).items():
        if name == "label_quality":
            columns[name] = msgspec.Raw(msgspec.json.encode(labelling.label_quality))
            columns["override"] = msgspec.Raw(msgspec.json.encode(labelling.override))
        elif name != "override":
            columns[name] = value
    return msgspec.json.encode(columns) + b"\n"
