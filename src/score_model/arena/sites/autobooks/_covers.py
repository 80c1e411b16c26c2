"""Book covers as SVG, drawn from the book alone: the same book always looks the same."""

from collections.abc import Callable
from dataclasses import dataclass
from hashlib import blake2b
from html import escape
from math import cos, pi, sin
from random import Random

from score_model.arena.sites import Item

WIDTH, HEIGHT = 300, 450

_SERIF = "Iowan Old Style, Palatino Linotype, Palatino, Georgia, Liberation Serif, serif"
_SIZES = (40, 36, 32, 28, 24, 20)  # px
_MOST_LINES = 5
_TEXT_WIDTH = 244
_TITLE_HEIGHT = 112
_MOTIF_TOP = 192  # where motifs begin
_LETTER = 0.53  # of the size: the width of an average bold serif letter


@dataclass(frozen=True)
class Inks:
    """The colours of one cover: its cloth, two for the drawing, one for the letters."""

    cloth: str
    first: str
    second: str
    letters: str


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


Motif = Callable[[Random, Inks], str]


def _circle(x: float, y: float, radius: float, fill: str, extra: str = "") -> str:
    return f'<circle cx="{x:.0f}" cy="{y:.0f}" r="{radius:.1f}" fill="{fill}"{extra}/>'


def _path(points: str, fill: str, extra: str = "") -> str:
    return f'<path d="{points}" fill="{fill}"{extra}/>'


def rings(draw: Random, inks: Inks) -> str:
    """Circles around one point, as of a planet or a dropped stone."""
    x, y = draw.choice(((150, 400), (40, 430), (260, 420)))
    rounds = (
        f'<circle cx="{x}" cy="{y}" r="{radius}" fill="none" stroke="{inks.first}" stroke-width="3"/>'
        for radius in range(70, 330, 26)
    )
    return "".join(rounds) + _circle(x, y, 46, inks.second)


def waves(draw: Random, inks: Inks) -> str:
    """Rows of waves below a low sun."""
    parts = [_circle(draw.choice((90, 150, 210)), 250, 44, inks.second)]
    for row in range(6):
        y = 270 + row * 32
        shift = draw.randrange(0, 50)
        crests = "".join(f"q 25 {-26 if step % 2 else 26} 50 0 " for step in range(8))
        fill = inks.first if row % 2 else inks.second
        parts.append(_path(f"M {-shift} {y} {crests} V 460 H {-shift} Z", fill, f' opacity="{0.45 + 0.1 * row:.2f}"'))
    return "".join(parts)


def hills(draw: Random, inks: Inks) -> str:
    """Ridges, one behind the other, and a sun."""
    parts = [_circle(draw.randrange(70, 230), 235, 36, inks.second)]
    for ridge in range(4):
        y = 285 + ridge * 42
        points = [f"{x} {y + draw.randrange(-30, 22)}" for x in range(0, 301, 50)]
        fill = inks.second if ridge % 2 else inks.first
        parts.append(_path(f"M 0 460 L {' L '.join(points)} L 300 460 Z", fill, f' opacity="{0.5 + 0.16 * ridge:.2f}"'))
    return "".join(parts)


def moon(draw: Random, inks: Inks) -> str:
    """A crescent over rooftops, with stars."""
    x = draw.choice((95, 205))
    parts = [_circle(x, 250, 52, inks.second), _circle(x + 22, 238, 46, inks.cloth)]
    stars = [(draw.randrange(20, 280), draw.randrange(194, 350), draw.choice((1.4, 2.0, 2.8))) for _ in range(16)]
    parts += [_circle(at_x, at_y, size, inks.second) for at_x, at_y, size in stars]
    at = 0
    while at < WIDTH:
        wide, high = draw.randrange(36, 70), draw.randrange(40, 90)
        roof = f"M {at} 460 V {460 - high} L {at + wide / 2:.0f} {430 - high} L {at + wide} {460 - high} V 460 Z"
        parts.append(_path(roof, inks.first))
        at += wide
    return "".join(parts)


def leaves(draw: Random, inks: Inks) -> str:
    """A stem with leaves on both sides."""
    parts = [f'<path d="M 150 455 C 140 380 160 300 150 200" fill="none" stroke="{inks.first}" stroke-width="5"/>']
    for step in range(6):
        y = 425 - step * 38
        size = 74 - step * 8 + draw.randrange(-6, 7)
        for side in (-1, 1):
            tip, over, under = (f"{150 + side * size * reach:.0f}" for reach in (1, 0.4, 0.7))
            leaf = f"M 150 {y} Q {over} {y - 48} {tip} {y - 34} Q {under} {y + 4} 150 {y} Z"
            parts.append(_path(leaf, inks.first if (step + (side > 0)) % 2 else inks.second))
    return "".join(parts)


def tiles(draw: Random, inks: Inks) -> str:
    """Quarter circles and squares, as on a kitchen wall."""
    parts = []
    for row in range(4):
        for column in range(5):
            x, y, ink = column * 60, 216 + row * 60, draw.choice((inks.first, inks.second))
            corner = draw.choice(
                (f"M {x} {y} h 60 a 60 60 0 0 1 -60 60 Z", f"M {x + 60} {y + 60} h -60 a 60 60 0 0 1 60 -60 Z")
            )
            parts.append(_path(corner, ink))
            if draw.random() < 0.25:
                parts.append(_circle(x + 30, y + 30, 9, inks.letters))
    return "".join(parts)


def rays(draw: Random, inks: Inks) -> str:
    """Beams from the lower edge."""
    count, turn = draw.choice((9, 11, 13)), draw.random() * 0.2
    parts = []
    for beam in range(count * 2):
        if beam % 2:
            continue
        angles = [pi + pi * (beam + side) / (count * 2) + turn for side in (0, 1)]
        ends = " L ".join(f"{150 + 420 * cos(angle):.0f} {450 + 420 * sin(angle):.0f}" for angle in angles)
        parts.append(_path(f"M 150 450 L {ends} Z", inks.first, ' opacity="0.75"'))
    return "".join(parts) + _circle(150, 450, 84, inks.second)


def rain(draw: Random, inks: Inks) -> str:
    """Slanting rain on an umbrella."""
    parts = []
    for _ in range(70):
        x, y, long = draw.randrange(-10, 300), draw.randrange(180, 440), draw.randrange(10, 26)
        parts.append(f'<path d="M {x} {y} l {-long / 3:.0f} {long}" stroke="{inks.first}" stroke-width="2.4"/>')
    dome = "M 62 372 a 88 88 0 0 1 176 0 q -22 -20 -44 0 q -22 -20 -44 0 q -22 -20 -44 0 q -22 -20 -44 0 Z"
    handle = f'<path d="M 150 300 V 420 q 0 20 -20 20" fill="none" stroke="{inks.letters}" stroke-width="5"/>'
    return "".join(parts) + handle + _path(dome, inks.second)


def windows(draw: Random, inks: Inks) -> str:
    """A tower block at night: some windows are lit."""
    parts = [f'<rect x="54" y="205" width="192" height="250" fill="{inks.first}"/>']
    for row in range(6):
        for column in range(5):
            ink = inks.second if draw.random() < 0.42 else inks.cloth
            x, y = 68 + column * 34, 220 + row * 38
            parts.append(f'<rect x="{x}" y="{y}" width="24" height="26" rx="2" fill="{ink}"/>')
    return "".join(parts)


def labyrinth(draw: Random, inks: Inks) -> str:
    """Short diagonals at random: a maze."""
    parts = []
    for row in range(8):
        for column in range(10):
            x, y = column * 30, 212 + row * 30
            line = f"M {x} {y} l 30 30" if draw.random() < 0.5 else f"M {x + 30} {y} l -30 30"
            ink = inks.second if draw.random() < 0.12 else inks.first
            parts.append(f'<path d="{line}" stroke="{ink}" stroke-width="6" stroke-linecap="round"/>')
    return "".join(parts)


MOTIFS: tuple[Motif, ...] = (rings, waves, hills, moon, leaves, tiles, rays, rain, windows, labyrinth)

MOTIFS_OF: dict[str, tuple[Motif, ...]] = {
    "Biography": (rays, windows, rings),
    "Children": (rays, hills, moon),
    "Classics": (leaves, hills, labyrinth),
    "Cooking": (tiles, leaves),
    "Dystopian": (windows, rain, labyrinth),
    "Fantasy": (moon, hills, rings),
    "Historical Fiction": (hills, waves, leaves),
    "Horror": (moon, rain, windows),
    "Humor": (tiles, rays, rain),
    "Memoir": (leaves, waves, windows),
    "Mystery": (labyrinth, rain, moon),
    "Psychology": (labyrinth, rings),
    "Romance": (leaves, waves, rays),
    "Sci-Fi": (rings, windows, rays),
    "Science": (rings, tiles, waves),
    "Self-Help": (rays, leaves, hills),
    "Travel": (hills, waves, rays),
}


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
