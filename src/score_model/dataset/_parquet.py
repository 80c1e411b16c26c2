"""The dataset as Parquet: an explicit schema (never inferred: that turns ISO texts into timestamps), in row groups."""

from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import msgspec

from score_model.atomic import atomic_write
from score_model.dataset._flatten import FlatRow
from score_model.extras import import_optional

_ROWS = 8192  # rows of a row group at most
_BYTES = 32 * 1024 * 1024  # bytes of JSON of a row group at most

JSON_COLUMNS = ("tests", "actions", "trajectory", "filters", "override")
"""Columns that hold JSON texts; a JSON null is a null of the column."""


def require_pyarrow() -> Any:
    """The module pyarrow. Raises MissingExtraError if it is not installed."""
    return import_optional("pyarrow", "Parquet", "data")


@cache
def _schema() -> Any:
    pa = require_pyarrow()
    other = {
        "miner_uid": pa.int64(), "validator_uid": pa.int64(), "score": pa.float64(), "passed": pa.bool_(),
        "num_actions": pa.int64(), "schema_version": pa.int64(),
    }  # fmt: skip
    return pa.schema([pa.field(name, other.get(name, pa.string())) for name in FlatRow.__struct_fields__])


class _StoredRow(FlatRow, gc=False):
    """A dataset line with its JSON columns left as they are."""

    solution_id: str | None  # type: ignore[assignment]
    actions: msgspec.Raw  # type: ignore[assignment]
    filters: msgspec.Raw  # type: ignore[assignment]


def write_parquet(dataset: Path, parquet: Path) -> None:
    """Writes the rows of a JSONL dataset, whole or not at all. Raises MissingExtraError without pyarrow."""
    pa = require_pyarrow()
    import pyarrow.parquet as pq

    schema = _schema()
    with atomic_write(parquet) as file, pq.ParquetWriter(file, schema, compression="zstd") as writer:
        for columns in _batches(dataset):
            writer.write_table(pa.Table.from_pydict(columns, schema=schema))


def _batches(dataset: Path) -> Iterator[dict[str, Sequence[Any]]]:
    decode = msgspec.json.Decoder(_StoredRow).decode
    rows: list[_StoredRow] = []
    size = 0
    with dataset.open("rb") as file:
        for line in file:
            rows.append(decode(line))
            size += len(line)
            if len(rows) >= _ROWS or size >= _BYTES:
                yield _columns(rows)
                rows, size = [], 0
    if rows:
        yield _columns(rows)


def _columns(rows: list[_StoredRow]) -> dict[str, Sequence[Any]]:
    values = zip(*map(msgspec.structs.astuple, rows), strict=True)
    columns: dict[str, Sequence[Any]] = dict(zip(FlatRow.__struct_fields__, values, strict=True))
    for name in JSON_COLUMNS:
        columns[name] = [_json_text(raw) for raw in columns[name]]
    return columns


def _json_text(raw: msgspec.Raw) -> str | None:
    text = bytes(raw).decode()
    return None if text == "null" else text


def read_parquet(path: Path) -> Iterator[dict[str, Any]]:
    """The rows of a Parquet dataset, one by one, their JSON columns still texts."""
    import pyarrow.parquet as pq

    with pq.ParquetFile(path) as file:
        for batch in file.iter_batches(batch_size=256):
            yield from batch.to_pylist()
