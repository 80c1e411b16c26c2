"""The report as one HTML page: no script, nothing loaded from anywhere, every text escaped."""

from collections.abc import Iterable
from html import escape

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

_STYLE = """
:root { color-scheme: light; }
body { margin: 0; background: #f4f5f7; color: #1c2430;
  font: 16px/1.55 system-ui, "Segoe UI", "DejaVu Sans", sans-serif; }
main { max-width: 1180px; margin: 0 auto; padding: 2.5rem 2rem 4rem; background: #fff; min-height: 100vh;
  box-sizing: border-box; }
h1 { font-size: 1.9rem; line-height: 1.2; margin: 0 0 1rem; letter-spacing: -.01em; }
h2 { font-size: 1.4rem; margin: 3rem 0 .75rem; padding-top: 1.25rem; border-top: 2px solid #1c2430; }
h3 { font-size: 1.1rem; margin: 2rem 0 .5rem; }
h4 { font-size: .95rem; margin: 1.5rem 0 .4rem; color: #45505f; }
p, ul { max-width: 78ch; margin: .4rem 0 1rem; }
ul { padding-left: 1.2rem; }
li { margin: .25rem 0; }
.lead { max-width: none; font-size: 1.15rem; line-height: 1.45; background: #eaf2f9; border-left: 5px solid #0072b2;
  padding: .9rem 1.1rem; }
.grid { overflow-x: auto; margin: .5rem 0 1.25rem; }
table { border-collapse: collapse; width: 100%; font-size: .86rem; font-variant-numeric: tabular-nums; }
th { text-align: right; vertical-align: bottom; font-weight: 600; color: #45505f; border-bottom: 1.5px solid #1c2430;
  padding: .3rem .45rem; line-height: 1.25; }
td { text-align: right; vertical-align: top; border-bottom: 1px solid #dfe3e8; padding: .35rem .45rem; }
th:first-child, td:first-child { text-align: left; padding-left: .3rem; min-width: 9.5em; overflow-wrap: anywhere; }
td small { display: block; color: #5b6675; font-size: .74rem; white-space: nowrap; }
tr.ours td { background: #eaf2f9; font-weight: 600; }
tr.ours td small { font-weight: 400; }
.pictures { display: flex; flex-wrap: wrap; gap: 1rem; margin: 1rem 0 1.5rem; }
figure { margin: 0; flex: 1 1 440px; min-width: 0; border: 1px solid #dfe3e8; padding: .75rem; box-sizing: border-box; }
figure.wide { flex-basis: 100%; }
figure svg { width: 100%; height: auto; display: block; }
figcaption { font-size: .84rem; color: #45505f; margin-top: .5rem; line-height: 1.4; }
details { border: 1px solid #dfe3e8; margin: .6rem 0; padding: 0 1rem; }
summary { cursor: pointer; padding: .65rem 0; font-weight: 600; }
@media print { body { background: #fff; } details > * { display: block; } }
"""

_CONTENT_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"


def page(title: str, blocks: Iterable[Block]) -> str:
    """The whole page. Titles, names and sentences are escaped; only our own charts are markup."""
    return "\n".join(
        [
            "<!doctype html>",
            '<html lang="en">',
            "<head>",
            '<meta charset="utf-8">',
            f'<meta http-equiv="Content-Security-Policy" content="{_CONTENT_POLICY}">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            '<meta name="referrer" content="no-referrer">',
            f"<title>{_text(title)}</title>",
            f"<style>{_STYLE}</style>",
            "</head>",
            "<body>",
            "<main>",
            *_parts(blocks),
            "</main>",
            "</body>",
            "</html>",
            "",
        ]
    )


def _parts(blocks: Iterable[Block]) -> list[str]:
    parts: list[str] = []
    for block in blocks:
        match block:
            case Heading(level, text):
                parts.append(f"<h{level}>{_text(text)}</h{level}>")
            case Text(text, lead):
                parts.append(f'<p class="lead">{_text(text)}</p>' if lead else f"<p>{_text(text)}</p>")
            case Bullets(items):
                parts += ["<ul>", *(f"<li>{_text(item)}</li>" for item in items), "</ul>"]
            case Grid():
                parts += _grid(block)
            case Pictures(pictures):
                parts.append('<div class="pictures">')
                for picture in pictures:
                    wide = ' class="wide"' if picture.wide else ""
                    parts.append(f"<figure{wide}>{picture.svg}<figcaption>{_text(picture.words)}</figcaption></figure>")
                parts.append("</div>")
            case Fold(title, inside):
                parts += ["<details>", f"<summary>{_text(title)}</summary>", *_parts(inside), "</details>"]
    return parts


def _grid(block: Grid) -> list[str]:
    parts = ['<div class="grid"><table>', "<thead><tr>"]
    parts += [f'<th scope="col">{_text(header)}</th>' for header in block.headers]
    parts += ["</tr></thead>", "<tbody>"]
    for number, row in enumerate(block.rows):
        ours = ' class="ours"' if block.first_is_ours and number == 0 else ""
        parts.append(f"<tr{ours}>{''.join(f'<td>{_cell(cell)}</td>' for cell in row)}</tr>")
    return [*parts, "</tbody></table></div>"]


def _cell(cell: Entry) -> str:
    return f"{_text(cell.text)}<small>{_text(cell.small)}</small>" if cell.small else _text(cell.text)


def _text(text: str) -> str:
    return escape(printable(text, 2000))
