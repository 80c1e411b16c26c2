"""Film posters as SVG: drawn from the film alone, so that the same film always looks the same."""

import re
from collections.abc import Callable
from hashlib import blake2b
from html import escape
from random import Random

from score_model.arena.sites import Item
from score_model.arena.sites.autocinema import _emblems as emblems
from score_model.arena.sites.autocinema import _scenes as scenes
from score_model.arena.sites.autocinema._shapes import HEIGHT, WIDTH, Ink, box, line

Motif = Callable[[Random, Ink], str]

MOTIFS: dict[str, tuple[Motif, ...]] = {
    "Action": (emblems.action,),
    "Adventure": (scenes.adventure, emblems.compass),
    "Animation": (emblems.animation,),
    "Comedy": (emblems.comedy, emblems.hat),
    "Crime": (scenes.crime,),
    "Drama": (scenes.drama, scenes.lamp),
    "Fantasy": (scenes.fantasy,),
    "History": (scenes.history,),
    "Horror": (scenes.horror,),
    "Musical": (emblems.musical,),
    "Mystery": (emblems.mystery,),
    "Romance": (emblems.romance,),
    "Sci-Fi": (scenes.sci_fi,),
    "Thriller": (emblems.thriller,),
}
"""The motifs of each of the site's genres."""

INKS: dict[str, tuple[Ink, ...]] = {
    "Action": (Ink("#3a0d0a", "#c73a1b", "#ffae3b", "#fff1cf"), Ink("#0d1b2e", "#b5471f", "#ff7a33", "#ffe6c4")),
    "Adventure": (Ink("#0f3a45", "#e39a4c", "#ffd27a", "#fbe9c0"), Ink("#3a1f4a", "#e0705a", "#ffc46b", "#ffe8cf")),
    "Animation": (Ink("#3f2d96", "#ff77ad", "#ffd84d", "#ffe9f3"), Ink("#0d5c75", "#7fd1ae", "#ff8f5c", "#eafff3")),
    "Comedy": (
        Ink("#c4410c", "#f59a16", "#7a1f08", "#fff0bd"),
        Ink("#0b5f6b", "#43b0a2", "#e4572e", "#fff3d6"),
        Ink("#8c1c4b", "#ee6c8a", "#ffcb47", "#ffeef0"),
    ),
    "Crime": (Ink("#0b0f15", "#475565", "#f2c45a", "#e8edf2"), Ink("#170c12", "#6b2f3c", "#ff9f68", "#f7e3da")),
    "Drama": (
        Ink("#1c2a4c", "#cf7460", "#e4513f", "#f7dcae"),
        Ink("#14323a", "#7fa08a", "#e58f4a", "#f3ecd2"),
        Ink("#33213a", "#a8627a", "#f2b263", "#f8e3dc"),
    ),
    "Fantasy": (Ink("#1a113d", "#7350b8", "#ffcf6b", "#f1dcff"), Ink("#0a2a33", "#2f8f7f", "#ffe08a", "#dcfff1")),
    "History": (Ink("#3c2a1d", "#a9834f", "#8c3b24", "#f3e6c6"), Ink("#26303a", "#8d98a0", "#b0532f", "#f1ede2")),
    "Horror": (Ink("#120608", "#57121a", "#d9323a", "#f3d9d2"), Ink("#050d0c", "#1f4a3d", "#b9d66a", "#e6f2cf")),
    "Musical": (Ink("#2b0a47", "#b32590", "#ffca5c", "#ffe3f6"), Ink("#081f4d", "#2d76c4", "#ff6f91", "#e3f0ff")),
    "Mystery": (Ink("#0b2228", "#39696c", "#9fd0a8", "#e2ecc9"), Ink("#191433", "#54508c", "#e0b0ff", "#e6e3ff")),
    "Romance": (Ink("#64123f", "#e27590", "#f0476c", "#ffe3e4"), Ink("#7a2e1d", "#f0a07a", "#e2543f", "#fff0dc")),
    "Sci-Fi": (Ink("#050b22", "#16508c", "#ff9f6b", "#86ddf7"), Ink("#12061f", "#5b2a7c", "#63f0c8", "#e2c9ff")),
    "Thriller": (Ink("#0c1319", "#245463", "#ff6a3d", "#cfe6e6"), Ink("#140e0b", "#6b5a3a", "#ffc531", "#f2ead6")),
}
"""Some inks for each of the site's genres."""

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # what XML 1.0 can't hold
_FACES = (
    ("Georgia, 'Iowan Old Style', 'Liberation Serif', serif", "700", 0.56, False),
    (
        "'Avenir Next Condensed', 'Roboto Condensed', 'Arial Narrow', 'Liberation Sans Narrow', sans-serif",
        "700",
        0.52,
        True,
    ),
    ("'Helvetica Neue', Arial, 'Liberation Sans', sans-serif", "800", 0.6, False),
)  # family, weight, width of a letter in em, in capitals
_MOST_LINES = 5
_MARGIN = 24


def cover_svg(film: Item) -> str:
    """The poster of a film, 300 × 450 px: one of its genres' motifs, its title, and who directed it."""
    name, director = (_text(film.fields[key]) for key in ("name", "director"))
    genres = [genre for genre in film.fields["genres"] if genre in MOTIFS]
    seed = blake2b(repr((film.id, name, genres)).encode("utf-8", "replace"), digest_size=8).digest()
    draw = Random(int.from_bytes(seed, "big"))  # noqa: S311 - a poster is no secret
    genre = draw.choice(genres or sorted(MOTIFS))
    motif, ink = draw.choice(MOTIFS[genre]), draw.choice(INKS[genre])
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}">'
        f"<title>{escape(name)}</title>{_backdrop(ink)}{motif(draw, ink)}{_credits(draw, name, director, ink)}</svg>"
    )


def initials(name: str) -> str:
    """The first letters of a title's words, at most three."""
    return "".join(word[0] for word in re.findall(r"\w+", name)[:3]).upper()


def _backdrop(ink: Ink) -> str:
    return (
        f'<defs><linearGradient id="sky" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="{ink.top}"/>'
        f'<stop offset="1" stop-color="{ink.bottom}"/></linearGradient>'
        '<linearGradient id="shade" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="#000" stop-opacity="0"/>'
        '<stop offset="0.55" stop-color="#000" stop-opacity="0.72"/>'
        '<stop offset="1" stop-color="#000" stop-opacity="0.9"/>'
        '</linearGradient></defs><rect width="300" height="450" fill="url(#sky)"/>'
    )


def _credits(draw: Random, name: str, director: str, ink: Ink) -> str:
    """Shade, title, director and a thin frame; the title is set as large as it fits."""
    family, weight, letter, capitals = draw.choice(_FACES)
    shown = name.upper() if capitals else name
    size, lines = _set(shown, letter)
    centred = draw.random() < 0.5
    x, anchor = (WIDTH / 2, "middle") if centred else (_MARGIN, "start")
    foot = HEIGHT - 44
    top = foot - (len(lines) - 1) * size * 1.12
    title = "".join(
        f'<text x="{x:.0f}" y="{top + step * size * 1.12:.0f}">{escape(text)}</text>' for step, text in enumerate(lines)
    )
    mark = WIDTH / 2 - 20 if centred else _MARGIN
    rule = line(f"M{mark:.0f} {top - size - 8:.0f}h40", ink.bright, 3)
    by = (
        f'<text x="{x:.0f}" y="{HEIGHT - 21}" font-size="11" font-weight="400" letter-spacing="1.2" '
        f'fill="{ink.pale}">{escape(_fitted(director.upper(), 30))}</text>'
    )
    frame = (
        f'<rect x="9" y="9" width="{WIDTH - 18}" height="{HEIGHT - 18}" fill="none" stroke="{ink.pale}" '
        f'stroke-opacity="0.35"/>'
        if draw.random() < 0.4
        else ""
    )
    corner = (
        f'<text x="{WIDTH - 20}" y="34" text-anchor="end" font-size="13" letter-spacing="2" fill="{ink.pale}" '
        f'opacity="0.85">{escape(initials(name))}</text>'
    )
    shade = box(0, 220, WIDTH, 230, "url(#shade)")
    return (
        f'{shade}{frame}<g font-family="{family}" font-weight="{weight}" fill="#fff">{corner}'
        f'{rule}<g text-anchor="{anchor}" font-size="{size:.0f}">{title}{by}</g></g>'
    )


def _set(text: str, letter: float) -> tuple[float, list[str]]:
    """Font size in px and lines of a title in a column of the poster's width."""
    room = WIDTH - 2 * _MARGIN
    for size in (40, 36, 32, 28, 24, 20):
        lines = _wrapped(text, int(room / (size * letter)))
        if len(lines) <= (3 if size > 24 else _MOST_LINES):
            return size, lines
    return 18, [*_wrapped(text, 24)[: _MOST_LINES - 1], "…"]


def _wrapped(text: str, width: int) -> list[str]:
    """Lines of whole words; a word that is too long for its line makes too many lines of it."""
    lines: list[str] = []
    for word in text.split() or [""]:
        if lines and len(lines[-1]) + 1 + len(word) <= width:
            lines[-1] += f" {word}"
        else:
            lines += [word[start : start + width] for start in range(0, len(word), width)] or [""]
            if len(word) > width:
                lines += [""] * _MOST_LINES
    return lines


def _fitted(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"


def _text(value: object) -> str:
    return _NOT_XML.sub("", str(value))
