"""The report's files: metrics.json, report.md, report.html."""

from pathlib import Path

import msgspec

from score_model.atomic import atomic_write
from score_model.evaluation._records import EvaluationReport

FILES = ("metrics.json", "report.md", "report.html")


def write_report(folder: Path, report: EvaluationReport) -> None:
    """Writes each file whole or not at all. Equal reports give equal bytes: there is no time and no path in them.

    Raises MissingExtraError without matplotlib.
    """
    from score_model.evaluation._blocks import TITLE, report_blocks
    from score_model.evaluation._markdown import markdown
    from score_model.evaluation._page import page

    blocks = list(report_blocks(report))
    contents = (
        msgspec.json.format(msgspec.json.encode(report, order="deterministic"), indent=1) + b"\n",
        markdown(blocks).encode(),
        page(TITLE, blocks).encode(),
    )
    for name, content in zip(FILES, contents, strict=True):
        with atomic_write(folder / name) as file:
            file.write(content)
