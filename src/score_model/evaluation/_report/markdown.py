"""The report as Markdown: the model's card."""

import re
from collections.abc import Iterable

from score_model.evaluation._report.document import (
    Block,
    Bullets,
    Entry,
    Fold,
    Grid,
    Heading,
    Pictures,
    Text,
    printable,
)

_BARE_LINK = re.compile(r"(?i)(www)\.")  # some readers make a link of it
_SPECIAL = re.compile(r"([\\`*_\[\]#|~$])")


def markdown(blocks: Iterable[Block]) -> str:
    """The blocks as Markdown. Whatever a text holds, it stays text."""
    return "\n".join(_lines(blocks, 0)).rstrip() + "\n"


def _lines(blocks: Iterable[Block], deeper: int) -> list[str]:
    lines: list[str] = []
    for block in blocks:
        match block:
            case Heading(level, text):
                lines += [f"{'#' * min(6, level + deeper)} {_escape(text)}", ""]
            case Text(text, lead):
                lines += [f"**{_escape(text)}**" if lead else _escape(text), ""]
            case Bullets(items):
                lines += [*(f"- {_escape(item)}" for item in items), ""]
            case Grid(headers, rows):
                lines += _grid(headers, rows)
            case Pictures(pictures):
                lines += [*(f"- {_escape(picture.words)}" for picture in pictures), ""]
            case Fold(title, inside):
                lines += [f"### {_escape(title)}", "", *_lines(inside, 1)]
    return lines


def _grid(headers: tuple[str, ...], rows: tuple[tuple[Entry, ...], ...]) -> list[str]:
    lines = [
        f"| {' | '.join(_escape(header) for header in headers)} |",
        "| --- " + "| ---: " * (len(headers) - 1) + "|",
    ]
    for row in rows:
        cells = [_escape(f"{cell.text} ({cell.small})" if cell.small else cell.text) for cell in row]
        lines.append(f"| {' | '.join(cells)} |")
    return [*lines, ""]


def _escape(text: str) -> str:
    """Text in which nothing means anything to Markdown or HTML."""
    harmless = printable(text, 2000).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    escaped = _SPECIAL.sub(r"\\\1", harmless).replace("://", ":&#47;/").replace("@", "&#64;")
    return _BARE_LINK.sub("\\1&#46;", escaped)
