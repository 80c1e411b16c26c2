"""What a build reports, and where its files lie (docs/architecture.md, "Formats")."""

from pathlib import Path
from typing import Any

import msgspec


class DatasetPaths(msgspec.Struct, frozen=True, kw_only=True):
    """The files of one output prefix."""

    raw: Path
    rejected: Path
    dataset: Path
    parquet: Path
    metrics: Path

    @classmethod
    def of(cls, data_dir: Path, prefix: str) -> "DatasetPaths":
        """`raw/`, `datasets/` and `metrics/` under `data_dir`, each with the prefix as the file's stem."""
        return cls(
            raw=data_dir / "raw" / f"{prefix}.jsonl",
            rejected=data_dir / "raw" / f"{prefix}.rejected.jsonl",
            dataset=data_dir / "datasets" / f"{prefix}.jsonl",
            parquet=data_dir / "datasets" / f"{prefix}.parquet",
            metrics=data_dir / "metrics" / f"{prefix}.json",
        )


class Label(msgspec.Struct, frozen=True):
    """What one copy of a row said."""

    score: float | None
    passed: bool | None


class Conflict(msgspec.Struct, frozen=True, kw_only=True):
    """Two copies with one key that disagree; the ids are those of the later copy."""

    task_id: str
    solution_id: str
    miner_uid: int | None
    first: Label
    other: Label


class PassSeconds(msgspec.Struct, frozen=True, kw_only=True):
    """Wall-clock seconds of each pass: kept apart from the counts, which are the same on every run."""

    index: float
    assess: float
    write: float
    parquet: float


class BuildCounts(msgspec.Struct, frozen=True, kw_only=True):
    """The deterministic half of a build's result.

    `rows_read` counts lines that are not blank; rows_read = samples + duplicates + rejected. `exact_duplicates` are
    those duplicates whose entry is byte for byte that of the copy before. `conflicts` counts keys, not rows. The three
    `unknown_…` tables count rows or actions by the name that the contract does not know.
    """

    rows_read: int
    samples: int
    duplicates: int
    exact_duplicates: int
    conflicts: int
    conflict_examples: tuple[Conflict, ...]
    rejected: int
    rejected_reasons: dict[str, int]
    unknown_fields: dict[str, int]
    unknown_actions: dict[str, int]
    unknown_action_fields: dict[str, int]

    def metrics(self) -> dict[str, Any]:
        """The counts as JSON values, for the metrics file."""
        values: dict[str, Any] = msgspec.to_builtins(self)
        return values


class BuildResult(msgspec.Struct, frozen=True, kw_only=True):
    """A finished build: what was counted, where the files are (None: not written), how long it took."""

    counts: BuildCounts
    dataset: Path
    parquet: Path | None
    rejected_file: Path | None
    seconds: PassSeconds
