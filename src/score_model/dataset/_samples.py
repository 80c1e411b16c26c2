"""The one documented way to read a dataset from Python."""

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import msgspec

from score_model.contract import Sample
from score_model.dataset._parquet import JSON_COLUMNS, read_parquet, require_pyarrow
from score_model.errors import UsageError

_MOST_DIGITS = 4300  # Python refuses to parse longer integers


def load_samples(path: str | Path) -> Iterator[Sample]:
    """The samples of a `.jsonl` or `.parquet` dataset, streamed in the file's order.

    Raises UsageError if the file is missing or, with the line's number, if a line is no sample; MissingExtraError if
    Parquet support is not installed.
    """
    path = Path(path)
    if not path.is_file():
        raise UsageError(f"no dataset at {path}: build one with score-model dataset build")
    if path.suffix == ".parquet":
        return _from_parquet(path)
    return (sample for _, sample in lines_and_samples(path))


def lines_and_samples(path: Path) -> Iterator[tuple[bytes, Sample]]:
    """Each line of a `.jsonl` dataset and its sample, blank lines passed over. Raises UsageError as `load_samples`."""
    with path.open("rb") as file:
        for number, line in enumerate(file, 1):
            if line.isspace():
                continue
            try:
                sample = _sample(line)
            except (ValueError, RecursionError) as broken:
                raise UsageError(f"{path}, line {number}: not a sample: {broken}") from None
            yield line, sample


def _from_parquet(path: Path) -> Iterator[Sample]:
    invalid = require_pyarrow().lib.ArrowInvalid
    try:
        for number, row in enumerate(read_parquet(path), 1):
            try:
                for name in JSON_COLUMNS:
                    if row.get(name) is not None:
                        row[name] = _json_value(row[name])
                sample = msgspec.convert(row, Sample)
            except (ValueError, RecursionError, AttributeError) as broken:
                raise UsageError(f"{path}, row {number}: not a sample: {broken}") from None
            yield sample
    except invalid as broken:
        raise UsageError(f"{path}: not a Parquet file: {broken}") from None


@cache
def _decoder() -> msgspec.json.Decoder[Sample]:
    return msgspec.json.Decoder(Sample)


def _sample(line: bytes) -> Sample:
    try:
        return _decoder().decode(line)
    except msgspec.ValidationError as broken:
        if "out of range" not in str(broken):
            raise
    return msgspec.convert(_json_value(line), Sample)


def _json_value(text: str | bytes) -> Any:
    """Python's own parser takes what JSON allows and msgspec does not: numbers beyond a float's range."""
    return json.loads(text, parse_int=_integer)


def _integer(digits: str) -> int | float:
    return int(digits) if len(digits) <= _MOST_DIGITS else float(digits)
