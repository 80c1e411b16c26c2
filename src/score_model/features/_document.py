"""The schema as a document: `docs/features.md` holds it, and a test holds that to this."""

from collections.abc import Sequence

from score_model.features._columns import Column
from score_model.features._episode_columns import EPISODE_COLUMNS
from score_model.features._step_columns import STEP_COLUMNS


def schema_document() -> str:
    """The feature columns of both tables, in Markdown."""
    parts = []
    for title, columns in (("episodes.parquet", EPISODE_COLUMNS), ("steps.parquet", STEP_COLUMNS)):
        for needs_trace in (False, True):
            chosen = [column for column in columns if column.needs_trace is needs_trace]
            what = "from a trace" if needs_trace else "from task and actions"
            parts.append(f"### `{title}`, {what} ({len(chosen)} columns)\n\n{_table(chosen)}")
    return "\n".join(parts)


def _table(columns: Sequence[Column]) -> str:
    lines = ["| column | type | what it holds |", "| --- | --- | --- |"]
    lines += [f"| `{column.name}` | {column.type} | {column.description} |" for column in columns]
    return "\n".join(lines) + "\n"
