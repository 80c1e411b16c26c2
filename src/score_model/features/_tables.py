"""The tables as files: Parquet with explicit schemas, in row groups, and the same rows as JSON lines on request."""

from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Self

import msgspec

from score_model.atomic import atomic_write
from score_model.extras import import_optional
from score_model.features._schema import EPISODE_COLUMNS, STEP_COLUMNS, Column
from score_model.printable import whole_characters

EPISODES = "episodes.parquet"
STEPS = "steps.parquet"
LABELS = "labels.parquet"

EPISODE_KEYS = ("task_id", "solution_id", "website", "use_case", "text", "has_trace")
STEP_KEYS = ("task_id", "solution_id", "step")
LABEL_COLUMNS = (
    "task_id", "solution_id", "website", "use_case", "group", "split",
    "label_score", "label_passed", "label_quality", "label_override_passed", "label_override_score",
)  # fmt: skip

_FLAGS = frozenset(("has_trace", "label_passed", "label_override_passed"))
_NUMBERS = frozenset(("label_score", "label_override_score"))
_ROWS = {EPISODES: 1_024, STEPS: 8_192, LABELS: 8_192}  # rows of a row group


def require_pyarrow() -> Any:
    """The module pyarrow. Raises MissingExtraError if it is not installed."""
    return import_optional("pyarrow", "feature tables", "train")


class Tables:
    """The tables of one run: each takes its name when the block ends well, and none does when it does not."""

    def __init__(self, folder: Path, *, labels: bool, jsonl: bool) -> None:
        self._folder = folder
        self._labelled = labels
        self._jsonl = jsonl
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        require_pyarrow()
        with ExitStack() as stack:
            self.episodes = self._table(stack, EPISODES, EPISODE_KEYS, EPISODE_COLUMNS)
            self.steps = self._table(stack, STEPS, STEP_KEYS, STEP_COLUMNS)
            self.labels = self._table(stack, LABELS, LABEL_COLUMNS, ()) if self._labelled else None
            self._stack = stack.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.__exit__(kind, error, trace)

    def _table(self, stack: ExitStack, name: str, keys: Sequence[str], columns: Sequence[Column]) -> "_Table":
        import pyarrow.parquet as pq

        schema = schema_of(keys, columns)
        lines = stack.enter_context(atomic_write((self._folder / name).with_suffix(".jsonl"))) if self._jsonl else None
        file = stack.enter_context(atomic_write(self._folder / name))
        writer = stack.enter_context(pq.ParquetWriter(file, schema, compression="zstd"))
        table = _Table(schema, writer, lines, _ROWS[name])
        stack.push(lambda kind, _error, _trace: table.flush() if kind is None else None)
        return table


class _Table:
    """Rows on their way into one file."""

    def __init__(self, schema: Any, writer: Any, lines: BinaryIO | None, most: int) -> None:
        self._schema, self._writer, self._lines, self._most = schema, writer, lines, most
        self._rows: list[dict[str, Any]] = []

    def add(self, row: dict[str, Any]) -> None:
        """One row, with a value for every column of the schema."""
        plain = {name: whole_characters(value) if isinstance(value, str) else value for name, value in row.items()}
        self._rows.append(plain)
        if self._lines is not None:
            self._lines.write(msgspec.json.encode(plain) + b"\n")
        if len(self._rows) >= self._most:
            self.flush()

    def flush(self) -> None:
        """Write what waits."""
        if not self._rows:
            return
        pa = require_pyarrow()
        columns = {name: [row[name] for row in self._rows] for name in self._schema.names}
        self._writer.write_table(pa.Table.from_pydict(columns, schema=self._schema))
        self._rows.clear()


def schema_of(keys: Sequence[str], columns: Sequence[Column]) -> Any:
    """The Arrow schema of a table: its keys, then its columns."""
    pa = require_pyarrow()

    def type_of(name: str) -> Any:
        if name in _FLAGS:
            return pa.bool_()
        if name in _NUMBERS:
            return pa.float64()
        return pa.int32() if name == "step" else pa.string()

    fields = [pa.field(name, type_of(name)) for name in keys]
    fields += [pa.field(column.name, pa.string() if column.type == "text" else pa.float64()) for column in columns]
    return pa.schema(fields)
