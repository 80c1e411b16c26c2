"""What a report is about, by name and digest."""

import hashlib
from collections.abc import Sequence
from pathlib import Path

from score_model.evaluation._records import About, SourceFile


def about_files(model: Path, datasets: Sequence[Path]) -> About:
    """The config.json of the model's folder, and the datasets in the order given.

    Raises OSError where one can't be read.
    """
    return About(model=_source(model / "config.json"), datasets=tuple(_source(path) for path in datasets))


def _source(path: Path) -> SourceFile:
    with path.open("rb") as file:
        return SourceFile(name=path.name, sha256=hashlib.file_digest(file, "sha256").hexdigest())
