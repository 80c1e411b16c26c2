"""The stylesheet keeps to WCAG AA in every palette, and loads nothing from elsewhere."""

import re
from importlib.resources import files

import pytest

from score_model.arena.sites.autocinema._look import PALETTES

STATIC = files("score_model.arena.sites.autocinema").joinpath("static")
TOKENS = STATIC.joinpath("tokens.css").read_text(encoding="utf-8")
SURFACES = ("bg", "bg-2", "surface", "raised")
PAIRS = [
    *((ink, surface) for ink in ("ink", "muted", "link", "grave") for surface in SURFACES),
    ("on-accent", "accent"), ("on-accent", "link"), ("on-good", "good"), ("bg", "grave"), ("ink", "glow"),
    ("muted", "glow"),
]  # fmt: skip


def colours(palette: str) -> dict[str, str]:
    """A palette's colours by their names."""
    match = re.search(rf"body\.palette-{palette} \{{(.*?)\}}", TOKENS, re.DOTALL)
    assert match
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", match[1]))


def luminance(colour: str) -> float:
    """Relative luminance (WCAG 2.2)."""
    channels = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast ratio (WCAG 2.2)."""
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("palette", PALETTES)
def test_contrast(palette: str) -> None:
    """Text has a contrast of at least 4.5 to 1 on whatever it stands on."""
    named = colours(palette)
    weak = {pair: round(contrast(*(named[name] for name in pair)), 2) for pair in PAIRS}
    assert {pair: ratio for pair, ratio in weak.items() if ratio < 4.5} == {}


def test_nothing_from_elsewhere() -> None:
    """No style sheet loads a font, an image or another style sheet."""
    for sheet in STATIC.iterdir():
        text = sheet.read_text(encoding="utf-8")
        assert "url(" not in text, sheet.name
        assert "@import" not in text, sheet.name
