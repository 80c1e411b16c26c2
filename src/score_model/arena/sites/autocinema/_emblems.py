"""Poster art: figures and things in the middle of the poster, each drawn by a generator that the film seeds."""

import math
from random import Random

from score_model.arena.sites.autocinema._shapes import HEIGHT, WIDTH, Ink, box, circle, line, path, ring


def action(draw: Random, ink: Ink) -> str:
    """A burst of light."""
    x, y, turn = draw.uniform(90, 210), draw.uniform(130, 210), draw.uniform(0, 15)
    rays = []
    for number in range(18):
        one, two = (math.radians(turn + number * 20 + side) for side in (-5, 5))
        rays.append(
            path(
                f"M{x:.0f} {y:.0f}L{x + 560 * math.cos(one):.0f} {y + 560 * math.sin(one):.0f} "
                f"L{x + 560 * math.cos(two):.0f} {y + 560 * math.sin(two):.0f}Z",
                ink.bright,
                0.3,
            )
        )
    shards = [
        path(f"M{x + 60 * math.cos(a):.0f} {y + 60 * math.sin(a):.0f}l{draw.uniform(6, 22):.0f} "
             f"{draw.uniform(-18, 18):.0f}l{draw.uniform(-14, 6):.0f} {draw.uniform(6, 22):.0f}Z", ink.pale, 0.9)
        for a in (draw.uniform(0, 6.3) for _ in range(14))
    ]  # fmt: skip
    return "".join((*rays, circle(x, y, 46, ink.bright), circle(x, y, 32, ink.pale), *shards))


def animation(draw: Random, ink: Ink) -> str:
    """A round face with ears."""
    balls = "".join(
        circle(draw.uniform(0, WIDTH), draw.uniform(0, HEIGHT), draw.uniform(8, 34), ink.pale, 0.22) for _ in range(12)
    )
    x, y, size = draw.uniform(120, 180), draw.uniform(165, 205), draw.uniform(78, 98)
    ears = circle(x - size * 0.72, y - size * 0.72, size * 0.34, ink.bright) + circle(
        x + size * 0.72, y - size * 0.72, size * 0.34, ink.bright
    )
    eyes = "".join(
        circle(x + side * size * 0.36, y - size * 0.12, size * 0.24, "#fff")
        + circle(x + side * size * 0.36 + draw.uniform(-4, 4), y - size * 0.08, size * 0.1, "#1b1240")
        for side in (-1, 1)
    )
    smile = line(
        f"M{x - size * 0.32:.0f} {y + size * 0.36:.0f}q{size * 0.32:.0f} {size * 0.3:.0f} {size * 0.64:.0f} 0",
        "#1b1240",
        5,
    )
    return balls + ears + circle(x, y, size, ink.bright) + eyes + smile


def comedy(draw: Random, ink: Ink) -> str:
    """A mouth of rings under confetti."""
    x, y = 150, draw.uniform(150, 180)
    rings = "".join(
        path(f"M{x - r} {y:.0f}a{r} {r} 0 0 0 {2 * r} 0Z", ink.pale if step % 2 else ink.bright)
        for step, r in enumerate((126, 104, 82, 60, 38))
    )
    eyes = "".join(
        circle(x + side * 54, y - 52, 17, ink.pale) + circle(x + side * 54, y - 50, 7, ink.top) for side in (-1, 1)
    )
    confetti = "".join(
        f'<rect x="{draw.uniform(0, 290):.0f}" y="{draw.uniform(0, 330):.0f}" width="9" height="5" fill="{colour}" '
        f'transform="rotate({draw.uniform(-40, 40):.0f} 150 150)" opacity="0.85"/>'
        for colour in (ink.pale, ink.top, ink.bright) * 11
    )
    return confetti + rings + eyes


def musical(draw: Random, ink: Ink) -> str:
    """A record with notes below it."""
    x, y = draw.uniform(110, 190), draw.uniform(150, 190)
    disc = circle(x, y, 118, "#120616") + "".join(ring(x, y, r, ink.pale, 1, 0.22) for r in range(54, 116, 6))
    shine = path(
        f"M{x:.0f} {y:.0f}L{x + 96:.0f} {y - 70:.0f}A118 118 0 0 1 {x + 112:.0f} {y - 34:.0f}Z", ink.pale, 0.16
    )
    label = circle(x, y, 44, ink.bright) + circle(x, y, 7, "#120616")
    staves = "".join(
        line(f"M0 {300 + step * 13}Q150 {270 + step * 13} 300 {312 + step * 13}", ink.pale, 1.4, 0.55)
        for step in range(5)
    )
    notes = "".join(
        f'<ellipse cx="{at:.0f}" cy="{drop:.0f}" rx="8" ry="6" fill="{ink.pale}"/>'
        + box(at + 6, drop - 40, 2.5, 40, ink.pale)
        for at, drop in ((draw.uniform(30 + 62 * n, 60 + 62 * n), draw.uniform(296, 342)) for n in range(4))
    )
    return disc + shine + label + staves + notes


def mystery(draw: Random, ink: Ink) -> str:
    """A keyhole, and who stands behind it."""
    x, y = 150, draw.uniform(150, 175)
    beam = path(
        f"M{x - 16} {y + 40:.0f}L{draw.uniform(-60, 10):.0f} 450H{draw.uniform(290, 360):.0f}L{x + 16} {y + 40:.0f}Z",
        ink.pale,
        0.16,
    )
    halo = "".join(ring(x, y, 74 + step * 17, ink.pale, 1.2, 0.5 - step * 0.08) for step in range(6))
    hole = circle(x, y, 42, ink.pale) + path(
        f"M{x - 16} {y + 28:.0f}L{x - 36} {y + 132:.0f}H{x + 36}L{x + 16} {y + 28:.0f}Z", ink.pale
    )
    figure = circle(x, y + 64, 8, ink.top) + path(
        f"M{x - 11} {y + 132:.0f}V{y + 86:.0f}q11 -16 22 0V{y + 132:.0f}Z", ink.top
    )
    return beam + halo + hole + figure


def romance(draw: Random, ink: Ink) -> str:
    """Two circles and a heart."""
    y, apart = draw.uniform(150, 185), draw.uniform(40, 54)
    pair = circle(150 - apart, y, 84, ink.bright, 0.85) + circle(150 + apart, y, 84, ink.pale, 0.6)
    heart = path(
        f"M150 {y + 34:.0f}c-46 -30 -34 -66 -13 -62q10 2 13 14q3 -12 13 -14c21 -4 33 32 -13 62Z", ink.top, 0.92
    )
    petals = "".join(
        f'<ellipse cx="{draw.uniform(10, 290):.0f}" cy="{draw.uniform(10, 400):.0f}" rx="9" ry="4.5" fill="{ink.pale}" '
        f'opacity="{draw.uniform(0.25, 0.6):.2f}" transform="rotate({draw.uniform(-60, 60):.0f} 150 220)"/>'
        for _ in range(20)
    )
    return petals + pair + heart


def thriller(draw: Random, ink: Ink) -> str:
    """Somebody in a door at the end of many frames."""
    x, y, turn = draw.uniform(120, 180), draw.uniform(165, 205), draw.uniform(4, 8) * draw.choice((-1, 1))
    frames = "".join(
        f'<rect x="{x - w / 2:.0f}" y="{y - w * 0.7:.0f}" width="{w:.0f}" height="{w * 1.4:.0f}" fill="{fill}" '
        f'stroke="{ink.pale}" stroke-width="1.5" stroke-opacity="0.5" '
        f'transform="rotate({step * turn:.0f} {x:.0f} {y:.0f})"/>'
        for step, (w, fill) in enumerate(zip((330, 250, 188, 140, 102, 74), (ink.bottom, ink.top) * 3, strict=True))
    )
    man = circle(x, y - 16, 7, "#08090b") + path(
        f"M{x - 9:.0f} {y + 36:.0f}V{y:.0f}q9 -14 18 0V{y + 36:.0f}Z", "#08090b"
    )
    door = box(x - 22, y - 36, 44, 72, ink.bright)
    shadow = path(f"M{x - 9:.0f} {y + 36:.0f}h18l{draw.uniform(20, 60):.0f} 200h-76Z", "#08090b", 0.55)
    return frames + door + man + shadow


def hat(draw: Random, ink: Ink) -> str:
    """A hat with glasses and whiskers."""
    x, y, tilt = 150, draw.uniform(128, 150), draw.uniform(-9, 9)
    stripes = "".join(box(step * 50, 0, 25, HEIGHT, ink.top, 0.16) for step in range(6))
    disc = circle(x, y + 34, 118, ink.pale)
    hat = path(f"M{x - 62} {y + 4:.0f}q2 -78 62 -78t62 78Z", ink.top) + box(x - 62, y - 12, 124, 15, ink.bright)
    brim = f'<rect x="{x - 96}" y="{y + 2:.0f}" width="192" height="15" rx="8" fill="{ink.top}"/>'
    lenses = "".join(ring(x + side * 33, y + 44, 21, ink.top, 5) for side in (-1, 1)) + box(
        x - 12, y + 40, 24, 5, ink.top
    )
    whiskers = path(
        f"M{x} {y + 84:.0f}c-14 -16 -40 -12 -54 -2c-8 6 -18 4 -22 -4c2 28 52 34 76 12"
        f"c24 22 74 16 76 -12c-4 8 -14 10 -22 4c-14 -10 -40 -14 -54 2Z",
        ink.top,
    )
    return f'{stripes}{disc}<g transform="rotate({tilt:.0f} {x} {y:.0f})">{hat}{brim}{lenses}{whiskers}</g>'


def compass(draw: Random, ink: Ink) -> str:
    """A compass on a map."""
    x, y, turn = 150, draw.uniform(150, 180), draw.uniform(-30, 30)
    lands = "".join(
        path(
            f"M{at:.0f} {up:.0f}q{draw.uniform(20, 60):.0f} {draw.uniform(-40, 0):.0f} {draw.uniform(60, 90):.0f} "
            f"{draw.uniform(0, 40):.0f}t-{draw.uniform(20, 50):.0f} {draw.uniform(30, 60):.0f}Z",
            ink.pale,
            0.22,
        )
        for at, up in ((draw.uniform(-30, 260), draw.uniform(10, 380)) for _ in range(9))
    )
    grid = "".join(line(f"M0 {step * 45}H300M{step * 45} 0V450", ink.pale, 0.6, 0.28) for step in range(1, 10))
    dial = ring(x, y, 104, ink.pale, 2.5) + ring(x, y, 94, ink.pale, 1, 0.7) + circle(x, y, 88, ink.top, 0.55)
    points = "".join(
        f'<g transform="rotate({turn + quarter * 45:.0f} {x} {y:.0f})">'
        + path(f"M{x} {y - reach:.0f}l13 {reach - 13:.0f}h-13Z", ink.bright if quarter == 0 else ink.pale)
        + path(f"M{x} {y - reach:.0f}l-13 {reach - 13:.0f}h13Z", ink.pale, 0.55)
        + "</g>"
        for quarter, reach in ((1, 56), (3, 56), (5, 56), (7, 56), (0, 92), (2, 84), (4, 84), (6, 84))
    )
    trail = (
        f'<path d="M20 330Q110 250 {x} {y:.0f}" fill="none" stroke="{ink.bright}" stroke-width="3" '
        'stroke-dasharray="2 9" stroke-linecap="round"/>'
    )
    return grid + lands + trail + dial + points + circle(x, y, 7, ink.top)
