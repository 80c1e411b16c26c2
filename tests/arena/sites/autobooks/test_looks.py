"""What a seed changes about the shop's looks, and that every palette can be read."""

import re
from importlib.resources import files
from itertools import pairwise

from score_model.arena.sites import Layout
from score_model.arena.sites.autobooks._boot import LOOKS, WORDS, look_of

_ROOT = "parchment"
# Pairs of letters and ground, by the names of their colours, that pages put on each other.
PAIRS = (
    ("ink", "ground"),
    ("ink", "sheet"),
    ("ink", "accent-soft"),
    ("faded", "ground"),
    ("faded", "sheet"),
    ("accent", "ground"),
    ("accent", "sheet"),
    ("accent-ink", "accent"),
    ("panel-ink", "panel"),
    ("tag-ink", "tag"),
    ("wrong", "sheet"),
)
_AA = 4.5  # contrast of normal text, WCAG 2.2, 1.4.3


def palettes() -> dict[str, dict[str, str]]:
    """The colours of each palette; what one does not set it has from the first."""
    style = files("score_model.arena.sites.autobooks").joinpath("static", "theme.css").read_text()
    found: dict[str, dict[str, str]] = {}
    for selector, rules in re.findall(r'(:root|\[data-palette="\w+"\])\s*\{([^}]*)\}', style):
        name = _ROOT if selector == ":root" else selector.split('"')[1]
        found[name] = dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{6}|var\(--[\w-]+\))", rules))
    return {name: found[_ROOT] | colours for name, colours in found.items()}


def luminance(colour: str) -> float:
    """Relative luminance of `#rrggbb` (WCAG 2.2)."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_every_palette_can_be_read() -> None:
    """Letters stand out from their ground by at least 4.5 to 1 in every palette."""
    found = palettes()
    assert set(found) == set(LOOKS["palette"])
    for palette, colours in found.items():
        for pair in PAIRS:
            values = [colours[name] for name in pair]
            resolved = [colours[value[6:-1]] if value.startswith("var") else value for value in values]
            dark, light = sorted(map(luminance, resolved))
            assert (light + 0.05) / (dark + 0.05) >= _AA, (palette, pair)


def test_seeds_look_different() -> None:
    """Every variant of every part is drawn by some seed, and neighbouring seeds rarely share all."""
    looks = [look_of(Layout("autobooks", seed)) for seed in range(1, 301)]
    for part, options in LOOKS.items():
        assert {look[part] for look in looks} == set(options)
    assert sum(one == other for one, other in pairwise(looks)) < 3


def test_variants_have_styles() -> None:
    """Each variant of the palette, type, header and form is one that the style sheets know, or their default."""
    folder = files("score_model.arena.sites.autobooks").joinpath("static")
    styles = "".join(entry.read_text() for entry in folder.iterdir() if entry.name.endswith(".css"))
    for part in ("header", "form"):
        for option in LOOKS[part]:
            assert f'[data-{part}="{option}"]' in styles
    for part, prefix in (("hero", "hero"), ("cards", "cards")):
        for option in LOOKS[part]:
            assert f".{prefix}-{option}" in styles


def test_words_say_what_is_filled_in() -> None:
    """All wordings of one sentence take the same values."""
    for name, options in WORDS.items():
        assert len({frozenset(re.findall(r"\{(\w+)\}", option)) for option in options}) == 1, name
        assert len(set(options)) == len(options) > 1, name
