"""The simple shapes that posters are made of, as SVG in an area of 300 × 450."""

from dataclasses import dataclass
from random import Random

WIDTH, HEIGHT = 300, 450


@dataclass(frozen=True)
class Ink:
    """The colours of a poster: background from top to bottom, something bright, and something pale."""

    top: str
    bottom: str
    bright: str
    pale: str


def circle(x: float, y: float, radius: float, fill: str, opacity: float = 1) -> str:
    """A disc."""
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}" fill="{fill}" opacity="{opacity:.2f}"/>'


def ring(x: float, y: float, radius: float, stroke: str, width: float, opacity: float = 1) -> str:
    """A circle's line."""
    return (
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}" fill="none" stroke="{stroke}" '
        f'stroke-width="{width:.1f}" opacity="{opacity:.2f}"/>'
    )


def path(points: str, fill: str, opacity: float = 1) -> str:
    """A filled path."""
    return f'<path d="{points}" fill="{fill}" opacity="{opacity:.2f}"/>'


def line(points: str, stroke: str, width: float, opacity: float = 1) -> str:
    """A path's line, with round ends."""
    return (
        f'<path d="{points}" fill="none" stroke="{stroke}" stroke-width="{width:.1f}" '
        f'stroke-linecap="round" opacity="{opacity:.2f}"/>'
    )


def box(x: float, y: float, width: float, height: float, fill: str, opacity: float = 1) -> str:
    """A rectangle."""
    size = f'width="{width:.1f}" height="{height:.1f}"'
    return f'<rect x="{x:.1f}" y="{y:.1f}" {size} fill="{fill}" opacity="{opacity:.2f}"/>'


def ridge(draw: Random, base: float, rise: float, steps: int) -> str:
    """The outline of a range of hills that fills everything below it."""
    xs = [WIDTH * step / steps for step in range(steps + 1)]
    tops = [base - draw.uniform(0, rise) for _ in xs]
    return (
        f"M0 {HEIGHT} " + " ".join(f"L{x:.0f} {y:.0f}" for x, y in zip(xs, tops, strict=True)) + f" L{WIDTH} {HEIGHT}Z"
    )


def stars(draw: Random, count: int, fill: str, depth: float = 300) -> str:
    """Small stars in the upper part."""
    return "".join(
        circle(draw.uniform(0, WIDTH), draw.uniform(0, depth), draw.uniform(0.5, 1.8), fill, draw.uniform(0.4, 1))
        for _ in range(count)
    )
