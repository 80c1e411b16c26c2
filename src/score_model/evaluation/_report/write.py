"""The report's files: metrics.json, report.md, report.html."""

import hashlib
from collections.abc import Sequence
from pathlib import Path

import msgspec

from score_model.atomic import atomic_write
from score_model.evaluation._records import About, EvaluationReport, SourceFile

FILES = ("metrics.json", "report.md", "report.html")


def write_report(folder: Path, report: EvaluationReport) -> None:
    """Writes each file whole or not at all. Equal reports give equal bytes: there is no time and no path in them.

    Raises MissingExtraError without matplotlib.
    """
    from score_model.evaluation._report.blocks import TITLE, report_blocks
    from score_model.evaluation._report.html import page
    from score_model.evaluation._report.markdown import markdown

    blocks = list(report_blocks(report))
    contents = (
        msgspec.json.format(msgspec.json.encode(report, order="deterministic"), indent=1) + b"\n",
        markdown(blocks).encode(),
        page(TITLE, blocks).encode(),
    )
    for name, content in zip(FILES, contents, strict=True):
        with atomic_write(folder / name) as file:
            file.write(content)


def about_files(model: Path, datasets: Sequence[Path]) -> About:
    """The config.json of the model's folder, and the datasets in the order given.

    Raises OSError where one can't be read.
    """
    return About(model=_source(model / "config.json"), datasets=tuple(_source(path) for path in datasets))


def _source(path: Path) -> SourceFile:
    with path.open("rb") as file:
        return SourceFile(name=path.name, sha256=hashlib.file_digest(file, "sha256").hexdigest())
