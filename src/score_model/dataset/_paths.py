"""Where a dataset's files lie under the data directory (docs/architecture.md, "Formats")."""

from pathlib import Path

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
