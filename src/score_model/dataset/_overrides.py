"""Labels given after the build (docs/relabel.md): a person's verdicts from a CSV file, and writing them down."""

import csv
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple, TextIO

import msgspec

from score_model.atomic import atomic_write
from score_model.contract import Sample
from score_model.contract.sample import Override
from score_model.dataset._samples import lines_and_samples
from score_model.errors import ContractError, UsageError

_REQUIRED = ("task_id", "solution_id", "passed")
_OPTIONAL = ("score", "note")
_HEADER = "task_id,solution_id,passed[,score][,note]"
_PASSED = {"true": True, "false": False}
_LONGEST_QUOTE = 40  # characters of a bad value that are shown

SampleId = tuple[str, str]
"""Task id and solution id."""


class Overrides(msgspec.Struct, frozen=True):
    """The good rows in the file's order, and one line of text for each bad one, with file and line number."""

    by_id: dict[SampleId, Override]
    faults: list[str]


def read_overrides(path: Path) -> Overrides:
    """The rows of a CSV file in UTF-8 with the columns task_id, solution_id, passed and, if wanted, score and note.

    Columns may stand in any order. Raises UsageError if the file is missing, is not UTF-8 or has another header.
    """
    if not path.is_file():
        raise UsageError(f"no overrides at {path}")
    by_id: dict[SampleId, Override] = {}
    first_lines: dict[SampleId, int] = {}
    faults = []
    with path.open(encoding="utf-8-sig", newline="") as file:  # spreadsheets put a byte order mark in front
        try:
            rows = _rows(file)
            columns = _columns(path, next(rows, (1, []))[1])
            for line, cells in rows:
                try:
                    identity, override = _override(columns, cells)
                    if identity in by_id:
                        raise ContractError(f"the solution is already in line {first_lines[identity]}")
                except ContractError as broken:
                    faults.append(f"{path}, line {line}: {broken}")
                else:
                    by_id[identity], first_lines[identity] = override, line
        except _NotCsvError as broken:
            faults.append(f"{path}, {broken}; what follows was not read")
        except UnicodeDecodeError:
            raise UsageError(f"{path}: not UTF-8") from None
    return Overrides(by_id, faults)


class _NotCsvError(Exception):
    """The text breaks CSV's rules: nobody can tell where the next row begins."""


def _rows(file: TextIO) -> Iterator[tuple[int, list[str]]]:
    """Rows that are not blank, with the number of the line in which each begins."""
    reader = csv.reader(file, strict=True)
    line = 1
    try:
        for cells in reader:
            if cells:
                yield line, [cell.strip() for cell in cells]
            line = reader.line_num + 1
    except csv.Error as broken:
        raise _NotCsvError(f"line {line}: not CSV: {broken}") from None


def _columns(path: Path, names: Sequence[str]) -> Sequence[str]:
    missing = [name for name in _REQUIRED if name not in names]
    unknown = [name for name in names if name not in _REQUIRED + _OPTIONAL]
    if missing or unknown or len(set(names)) < len(names):
        raise UsageError(f"{path}, line 1: the header must be {_HEADER}")
    return names


def _override(columns: Sequence[str], cells: Sequence[str]) -> tuple[SampleId, Override]:
    if len(cells) != len(columns):
        raise ContractError(f"{len(cells)} cells under {len(columns)} columns")
    row = dict(zip(columns, cells, strict=True))
    for name in ("task_id", "solution_id"):
        if not row[name]:
            raise ContractError(f"no {name}")
    passed = _PASSED.get(row["passed"].lower())
    if passed is None:
        raise ContractError(f"passed is {row['passed'][:_LONGEST_QUOTE]!r}: true or false")
    score = _score(row.get("score", ""))
    if score is not None and (passed, score) in ((True, 0.0), (False, 1.0)):
        raise ContractError(f"passed is {row['passed']} with score {score:g}")
    return (row["task_id"], row["solution_id"]), Override(passed=passed, score=score, note=row.get("note") or None)


def _score(text: str) -> float | None:
    if not text:
        return None
    try:
        score = float(text)
    except ValueError:
        score = -1.0
    if not 0.0 <= score <= 1.0:
        raise ContractError(f"score is {text[:_LONGEST_QUOTE]!r}: a number in 0..1, or nothing")
    return score


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
