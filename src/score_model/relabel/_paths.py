"""Where a relabelled dataset goes (docs/relabel.md)."""

from pathlib import Path

import msgspec


class RelabelPaths(msgspec.Struct, frozen=True, kw_only=True):
    """The files that are written; `parquet` is None if the source has no Parquet file."""

    dataset: Path
    parquet: Path | None
    report: Path

    @classmethod
    def of(cls, source: Path, prefix: str | None) -> "RelabelPaths":
        """Beside the source, in its place if `prefix` is None.

        The report goes to `metrics/` beside the folder `datasets/`; that of a dataset elsewhere lies beside it.
        """
        dataset = source if prefix is None else source.with_name(f"{prefix}.jsonl")
        folder = source.parent
        reports = folder.parent / "metrics" if folder.absolute().name == "datasets" else folder
        return cls(
            dataset=dataset,
            parquet=dataset.with_suffix(".parquet") if source.with_suffix(".parquet").exists() else None,
            report=reports / f"{dataset.stem}.relabel.json",
        )
