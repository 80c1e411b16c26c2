"""Book covers as SVG, drawn from the book alone: the same book always looks the same."""

from hashlib import blake2b
from html import escape
from random import Random

from score_model.arena.sites import Item
from score_model.arena.sites.autobooks._motifs import HEIGHT, MOTIFS, MOTIFS_OF, WIDTH, Inks

_INKS = (
    Inks("#17324d", "#2f6690", "#f2c14e", "#fdf6e3"),
    Inks("#f4e8d0", "#c8553d", "#588b8b", "#33261d"),
    Inks("#3b1f2b", "#8c2f39", "#e8b48a", "#fbeee2"),
    Inks("#dfe7d8", "#5a7d5a", "#d08c3f", "#22331f"),
    Inks("#f7d488", "#d1603d", "#2d4654", "#2d2217"),
    Inks("#1f3b34", "#4c8a6f", "#e9d8a6", "#f6f1df"),
    Inks("#e9e2f0", "#7d5ba6", "#e09f7d", "#2c2140"),
    Inks("#722f37", "#a8484f", "#f0c987", "#fff3e0"),
    Inks("#cfe3ea", "#31708e", "#f28482", "#14303d"),
    Inks("#2b2b3a", "#56587a", "#ef8354", "#f3f1ea"),
    Inks("#fbe3d6", "#b5485d", "#3d5a80", "#3a1f27"),
    Inks("#43512b", "#7a8c4a", "#f4d06f", "#fbf8e6"),
)
_SERIF = "Iowan Old Style, Palatino Linotype, Palatino, Georgia, Liberation Serif, serif"
_SIZES = (40, 36, 32, 28, 24, 20)  # px
_MOST_LINES = 5
_TEXT_WIDTH = 244
_TITLE_HEIGHT = 112
_MOTIF_TOP = 192  # where motifs begin
_LETTER = 0.53  # of the size: the width of an average bold serif letter


def cover_svg(item: Item) -> str:
    """The cover as an SVG document of 300 × 450."""
    fields = item.fields
    digest = blake2b(f"{item.id}\n{fields['name']}\n{fields['author']}".encode(), digest_size=8).digest()
    draw = Random(int.from_bytes(digest, "big"))  # noqa: S311 - a cover is no secret
    inks = _INKS[item.id * 5 % len(_INKS)]  # neighbours differ, and every cloth comes up
    genres = fields["genres"]
    motif = draw.choice(MOTIFS_OF[genres[0]] if genres else MOTIFS)
    size, lines = _fitted(_printable(str(fields["name"])))
    top = 66 + size * 0.35
    title = "".join(
        f'<text x="28" y="{top + row * size * 1.12:.0f}" font-size="{size}" font-weight="700">{escape(line)}</text>'
        for row, line in enumerate(lines)
    )
    below = top + (len(lines) - 1) * size * 1.12
    lowered = max(0.0, below + 58 - _MOTIF_TOP)
    author = _shortened(_printable(str(fields["author"])).upper(), 26)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}">'
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="{inks.cloth}"/>'
        f'<g transform="translate(0 {lowered:.0f})">{motif(draw, inks)}</g>'
        f'<rect width="{WIDTH}" height="{below + 58:.0f}" fill="{inks.cloth}"/>'
        f'<path d="M 28 30 H 272" stroke="{inks.second}" stroke-width="4"/>'
        f'<g fill="{inks.letters}" font-family="{_SERIF}">{title}'
        f'<text x="28" y="{below + 34:.0f}" font-size="13.5" letter-spacing="1.6">{escape(author)}</text></g>'
        f'<path d="M 0 0 H 14 V {HEIGHT} H 0 Z" fill="#000" opacity="0.16"/>'
        f'<path d="M 14 0 H 17 V {HEIGHT} H 14 Z" fill="#fff" opacity="0.14"/>'
        "</svg>"
    )


def _fitted(title: str) -> tuple[int, list[str]]:
    """The largest size at which the title fits, and its lines."""
    lines: list[str] = []
    for size in _SIZES:
        most = int(_TEXT_WIDTH / (size * _LETTER))
        lines = _wrapped(title, most)
        if len(lines) <= min(_MOST_LINES, _TITLE_HEIGHT // size) and all(len(line) <= most for line in lines):
            return size, lines
    most = int(_TEXT_WIDTH / (_SIZES[-1] * _LETTER))
    return _SIZES[-1], [_shortened(line, most) for line in lines[:_MOST_LINES]]


def _wrapped(title: str, most: int) -> list[str]:
    lines = [""]
    for word in title.split():
        joined = f"{lines[-1]} {word}".strip()
        if len(joined) <= most or not lines[-1]:
            lines[-1] = joined
        else:
            lines.append(word)
    return lines


def _shortened(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"


def _printable(text: str) -> str:
    """XML has no way to write control characters."""
    return "".join(letter for letter in text if letter.isprintable())
